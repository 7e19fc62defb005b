//! A server in production with its first administrator.

use std::process::Command;

use dharmagraph_tests::{Answer, Server, ServerSettings, python};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// A password that may be set.
pub(crate) const PASSWORD: &str = "Tr7-kq9_Zw2m-long";
/// The e-mail address of the first administrator.
pub(crate) const ADMIN: &str = "ada@example.org";

/// Tests sign in more often than people.
pub(crate) const PRODUCTION: &str = "profile = 'production'\n[auth]\nlogins_per_minute = 10000\nsignups_per_hour = 10000\n";

/// A server, how to start it again, and its administrator's access token.
pub(crate) struct Estate {
    pub(crate) server: Server,
    pub(crate) settings: ServerSettings,
    pub(crate) admin: String,
    pub(crate) folder: tempfile::TempDir,
}

impl Estate {
    /// A server in production on SQLite.
    pub(crate) async fn start() -> Self {
        Self::start_with(PRODUCTION, |settings| settings).await
    }

    /// A server with this configuration and these settings.
    pub(crate) async fn start_with(configuration: &str, change: impl FnOnce(ServerSettings) -> ServerSettings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = change(ServerSettings::new(folder.path().join("data"), None).configuration(configuration));
        let server = settings.start().await;
        let mut estate = Self { server, settings, admin: String::new(), folder };
        let tokens = estate.bootstrap(&bootstrap_token(&estate.server.logged()).unwrap()).await.expect(201);
        estate.admin = text(&tokens["token"]);
        estate
    }

    pub(crate) async fn bootstrap(&self, token: &str) -> Answer {
        let body = json!({"token": token, "email": ADMIN, "username": "ada", "password": PASSWORD});
        self.post("", "/bootstrap", &body).await
    }

    /// A request of the auth API, or of a whole path where it begins with two slashes; without credentials where `token` is empty.
    pub(crate) fn request(&self, token: &str, method: Method, path: &str) -> RequestBuilder {
        let path = if path.starts_with("//") { path.to_owned() } else { format!("//api/v3/auth{path}") };
        let request = self.server.request(method, &path);
        if token.is_empty() { request } else { request.bearer_auth(token) }
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        self.server.send(self.request(token, Method::GET, path)).await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.server.send(self.request(token, Method::POST, path).json(body)).await
    }

    pub(crate) async fn patch(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.server.send(self.request(token, Method::PATCH, path).json(body)).await
    }

    pub(crate) async fn delete(&self, token: &str, path: &str) -> Answer {
        self.server.send(self.request(token, Method::DELETE, path)).await
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Answer {
        self.post("", "/login", &json!({"email": email, "password": password})).await
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        self.post("", "/refresh", &json!({"refresh_token": token})).await
    }

    /// A new user of this role, signed in.
    pub(crate) async fn user(&self, name: &str, role: &str) -> Value {
        let email = format!("{name}@example.org");
        let body = json!({"email": email, "username": name, "password": PASSWORD, "role": role});
        self.post(&self.admin, "/users", &body).await.expect(201);
        self.login(&email, PASSWORD).await.expect(200)
    }

    /// An API key of whoever has this token.
    pub(crate) async fn key(&self, token: &str, scopes: &[&str]) -> Value {
        self.post(token, "/api-keys", &json!({"name": "ci", "scopes": scopes})).await.expect(201)
    }

    pub(crate) async fn with_key(&self, key: &str, method: Method, path: &str) -> Answer {
        self.server.send(self.request("", method, path).header("x-api-key", key)).await
    }
}

/// The one-time token that a server wrote.
pub(crate) fn bootstrap_token(logged: &str) -> Option<String> {
    logged.lines().find_map(|line| line.strip_prefix("bootstrap token: ")).map(str::to_owned)
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The time-based code of a secret in base32 (RFC 6238), so many periods from now.
pub(crate) fn totp(secret: &str, periods: i32) -> String {
    const PROGRAM: &str = "
import base64, hashlib, hmac, struct, sys, time
secret = base64.b32decode(sys.argv[1] + '=' * (-len(sys.argv[1]) % 8))
mac = hmac.new(secret, struct.pack('>Q', int(time.time()) // 30 + int(sys.argv[2])), hashlib.sha1).digest()
print('%06d' % ((struct.unpack_from('>I', mac, mac[19] & 15)[0] & 0x7fffffff) % 10**6))";
    let output = Command::new(python()).args(["-c", PROGRAM, secret, &periods.to_string()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
