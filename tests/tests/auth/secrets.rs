//! What must not be found anywhere.

use reqwest::Method;
use serde_json::json;

use crate::setup::{ADMIN, Estate, PASSWORD, PRODUCTION, bootstrap_token, text, totp};

#[tokio::test]
async fn no_secret_is_in_the_log_or_in_the_data_directory() {
    let configuration = format!("{PRODUCTION}[log]\nlevel = 'trace'\n");
    let mut estate = Estate::start_with(&configuration, |settings| settings).await;
    let admin = estate.admin.clone();
    let first = estate.login(ADMIN, PASSWORD).await.expect(200);
    let next = estate.refresh(&text(&first["refresh_token"])).await.expect(200);
    let key = text(&estate.key(&admin, &["cmdb:read"]).await["key"]);
    estate.with_key(&key, Method::GET, "//api/v3/cmdb/resources").await.expect(200);
    let secret = text(&estate.post(&admin, "/totp/enrol", &json!({})).await.expect(200)["secret"]);
    let confirmed = estate.post(&admin, "/totp/confirm", &json!({"code": totp(&secret, 0)})).await.expect(200);
    estate.login(ADMIN, "the-wrong-passw0rd-here").await.problem(401, "UNAUTHENTICATED");
    estate.post("", "/login", &json!({"email": ADMIN, "passwort": "misspelt-passw0rd"})).await.problem(400, "INVALID");
    estate.get("", &format!("//api/v3/cmdb/resources?token={admin}")).await.problem(400, "INVALID");
    let logged = estate.server.logged();
    let bootstrap = bootstrap_token(&logged).unwrap();
    let logged = logged.replace(&format!("bootstrap token: {bootstrap}\n"), "");
    estate.server.terminated().await;

    let secrets = [
        ("a password", PASSWORD.to_owned()),
        ("a wrong password", "the-wrong-passw0rd-here".to_owned()),
        ("a password of another name", "misspelt-passw0rd".to_owned()),
        ("an access token", admin),
        ("a refresh token", text(&first["refresh_token"])),
        ("its successor", text(&next["refresh_token"])),
        ("an API key", key.clone()),
        ("an API key's secret", key[key.len() - 49..key.len() - 6].to_owned()),
        ("a TOTP secret", secret),
        ("a recovery code", text(&confirmed["recovery_codes"][0])),
        ("the bootstrap token", bootstrap),
    ];
    for (what, secret) in &secrets {
        assert!(!logged.contains(secret.as_str()), "{what} was logged");
    }
    let files = std::fs::read_dir(estate.server.data_directory()).unwrap().map(|file| file.unwrap().path());
    for path in files.filter(|path| path.is_file()) {
        let bytes = std::fs::read(&path).unwrap();
        for (what, secret) in &secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{what} is in {}", path.display());
        }
    }
}
