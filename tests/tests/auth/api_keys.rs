//! API keys.

use reqwest::Method;
use serde_json::json;

use crate::setup::{Estate, text};

#[tokio::test]
async fn a_key_may_what_its_scopes_and_its_user_may_until_it_is_revoked() {
    let estate = Estate::start().await;
    let token = text(&estate.user("grace", "OPERATOR").await["token"]);
    let made = estate.key(&token, &["cmdb:read"]).await;
    let key = text(&made["key"]);
    assert!(key.starts_with("dgk_"), "a key is known by its beginning");
    let resources = "//api/v3/cmdb/resources";
    estate.with_key(&key, Method::GET, resources).await.expect(200);
    estate.with_key(&key, Method::POST, "//api/v3/cmdb/graph/query").await.problem(403, "FORBIDDEN");
    let listed = estate.get(&token, "/api-keys").await.expect(200);
    assert_eq!(listed["api_keys"][0]["id"], made["id"]);
    assert!(!listed.to_string().contains(&key));
    assert!(listed["api_keys"][0]["last_used_at"].is_string());
    for (method, path) in [(Method::POST, "/logout"), (Method::DELETE, "/sessions/x"), (Method::POST, "/totp/enrol")] {
        estate.with_key(&key, method, path).await.problem(403, "FORBIDDEN");
    }
    let revoked = estate.delete(&token, &format!("/api-keys/{}", text(&made["id"]))).await;
    assert_eq!(revoked.status, 204);
    estate.with_key(&key, Method::GET, resources).await.problem(401, "UNAUTHENTICATED");
    estate.delete(&token, &format!("/api-keys/{}", text(&made["id"]))).await.problem(404, "NOT_FOUND");
}

#[tokio::test]
async fn a_key_that_cannot_be_made_is_refused() {
    let estate = Estate::start().await;
    let token = text(&estate.user("grace", "VIEWER").await["token"]);
    let make = async |body| estate.post(&token, "/api-keys", &body).await;
    make(json!({"name": "ci", "scopes": ["cmdb:query"]})).await.problem(403, "FORBIDDEN");
    for body in [
        json!({"name": "ci", "scopes": ["cmdb:reed"]}),
        json!({"name": "ci", "scopes": []}),
        json!({"name": "ci"}),
        json!({"name": "", "scopes": ["cmdb:read"]}),
        json!({"name": "ci", "scopes": ["cmdb:read"], "expires_at": "2001-01-01T00:00:00Z"}),
        json!({"name": "ci", "scopes": ["cmdb:read"], "user": "somebody"}),
    ] {
        make(body).await.problem(400, "INVALID");
    }
}

#[tokio::test]
async fn one_credential_comes_in_one_header_and_never_in_the_address() {
    let estate = Estate::start().await;
    let key = text(&estate.key(&estate.admin, &["cmdb:read"]).await["key"]);
    let resources = "//api/v3/cmdb/resources";
    let both = estate.request(&estate.admin, Method::GET, resources).header("x-api-key", &key);
    estate.server.send(both).await.problem(400, "INVALID");
    let twice = estate.request(&estate.admin, Method::GET, resources).header("authorization", "Bearer x");
    estate.server.send(twice).await.problem(400, "INVALID");
    for name in ["access_token", "token", "api_key"] {
        let answer = estate.get("", &format!("{resources}?{name}={}", estate.admin)).await;
        let detail = answer.problem(400, "INVALID");
        assert!(!detail.contains(&estate.admin), "{detail}");
    }
}
