//! What an operator decides for a server in production.

use std::sync::Arc;
use std::time::Duration;

use dharmagraph_auth::service::{AuthService, AuthSettings, Caller, Login};
use dharmagraph_auth::store::SqliteStore;
use dharmagraph_auth::testkit::ManualClock;
use dharmagraph_auth::{Clock, MasterKey, Secret, SystemClock};
use reqwest::Method;
use serde_json::json;

use crate::setup::{ADMIN, Estate, PASSWORD, PRODUCTION, text};

#[tokio::test]
async fn keys_of_a_cloud_are_refused_in_requests() {
    let estate = Estate::start().await;
    let body = json!({"credentials": {"access_key": "AKIAEXAMPLE", "secret_key": "secret", "regions": ["us-east-1"]}});
    let answer = estate.post(&estate.admin, "//api/v3/cmdb/discover/aws", &body).await;
    answer.problem(403, "FORBIDDEN");
}

#[tokio::test]
async fn a_role_of_the_configuration_adds_what_it_names() {
    let roles = "[[auth.roles]]\nname = 'auditor'\npermissions = ['audit:read']\n";
    let estate = Estate::start_with(&format!("{PRODUCTION}{roles}"), |settings| settings).await;
    let user = estate.user("grace", "VIEWER").await;
    let (token, path) = (text(&user["token"]), format!("/users/{}", text(&user["user"]["id"])));
    estate.get(&token, "/audit").await.problem(403, "FORBIDDEN");
    estate.patch(&estate.admin, &path, &json!({"custom_roles": ["auditor"]})).await.expect(200);
    estate.get(&token, "/audit").await.expect(200);
    estate.get(&token, "/users").await.problem(403, "FORBIDDEN");
    let me = estate.get(&token, "/me").await.expect(200);
    assert_eq!(me["permissions"], json!(["aiops:predict", "audit:read", "cmdb:read"]));
    estate.patch(&estate.admin, &path, &json!({"custom_roles": ["nobody"]})).await.problem(400, "INVALID");
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_caller_has_tries_of_its_own() {
    let configuration = PRODUCTION.replace("logins_per_minute = 10000", "logins_per_minute = 2\ntrusted_proxies = ['127.0.0.1']");
    let estate = Estate::start_with(&configuration, |settings| settings).await;
    let login = async |from: &str| {
        let body = json!({"email": "nobody@example.org", "password": PASSWORD});
        let request = estate.request("", Method::POST, "/login").header("x-forwarded-for", format!("203.0.113.9, {from}"));
        estate.server.send(request.json(&body)).await
    };
    for from in ["192.0.2.1", "192.0.2.2"] {
        for _ in 0..2 {
            login(from).await.problem(401, "UNAUTHENTICATED");
        }
        login(from).await.problem(429, "RATE_LIMITED");
    }
}

#[tokio::test]
async fn a_token_whose_time_is_over_is_told_so() {
    let estate = Estate::start().await;
    let data = estate.server.data_directory();
    let key = MasterKey::from_text(&Secret::new(std::fs::read_to_string(data.join("auth.key")).unwrap())).unwrap();
    // Another process of the installation, whose clock is a day and an hour behind.
    let clock = ManualClock::new(SystemClock.now().before(Duration::from_secs(25 * 60 * 60)));
    let store = Arc::new(SqliteStore::open(data.join("auth.db")).await.unwrap());
    let settings = AuthSettings::new("dharmagraph", "dharmagraph");
    let service = AuthService::builder(store, settings, key).clock(Arc::new(clock)).open().await.unwrap();
    let login = Login { email: ADMIN.to_owned(), password: Secret::new(PASSWORD), totp: None };
    let signed_in = service.login(login, &Caller::default()).await.unwrap();
    estate.get(signed_in.token.expose(), "/me").await.problem(401, "TOKEN_EXPIRED");
    let next = estate.refresh(signed_in.refresh_token.expose()).await.expect(200);
    estate.get(&text(&next["token"]), "/me").await.expect(200);
}
