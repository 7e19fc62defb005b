//! The first administrator, signing in and out, and what a session is good for.

use dharmagraph_tests::{Postgres, ServerSettings};
use serde_json::json;

use crate::setup::{ADMIN, Estate, PASSWORD, PRODUCTION, bootstrap_token, text};

#[tokio::test]
async fn the_first_administrator_is_made_once_with_the_token_of_the_newest_start() {
    let folder = tempfile::tempdir().unwrap();
    let settings = ServerSettings::new(folder.path().join("data"), None).configuration(PRODUCTION);
    let old = bootstrap_token(&settings.start().await.logged()).unwrap();
    let server = settings.start().await;
    let new = bootstrap_token(&server.logged()).unwrap();
    let mut estate = Estate { server, settings, admin: String::new(), folder };
    assert_ne!(old, new);
    assert_eq!(estate.server.logged().matches("bootstrap token").count(), 1);
    estate.bootstrap(&old).await.problem(401, "UNAUTHENTICATED");
    let tokens = estate.bootstrap(&new).await.expect(201);
    assert_eq!((&tokens["user"]["role"], &tokens["token_type"]), (&json!("ADMIN"), &json!("Bearer")));
    estate.bootstrap(&new).await.problem(404, "NOT_FOUND");
    estate.server.terminated().await;
    estate.server = estate.settings.start().await;
    assert_eq!(bootstrap_token(&estate.server.logged()), None);
    estate.get(&text(&tokens["token"]), "/me").await.expect(200);
}

async fn a_session_goes_on_by_its_newest_token_alone(estate: &Estate) {
    let first = estate.user("grace", "VIEWER").await;
    let me = estate.get(&text(&first["token"]), "/me").await;
    assert_eq!(me.header("cache-control"), "no-store");
    let me = me.expect(200);
    assert_eq!((&me["email"], &me["roles"]), (&json!("grace@example.org"), &json!(["VIEWER"])));
    assert_eq!(me["permissions"], json!(["aiops:predict", "cmdb:read"]));
    let second = estate.refresh(&text(&first["refresh_token"])).await.expect(200);
    let third = estate.refresh(&text(&second["refresh_token"])).await.expect(200);
    assert_eq!(estate.get(&text(&third["token"]), "/sessions").await.expect(200)["sessions"].as_array().unwrap().len(), 1);
    // Two uses back: no answer that was lost, so somebody else has it.
    estate.refresh(&text(&first["refresh_token"])).await.problem(401, "UNAUTHENTICATED");
    for tokens in [&first, &second, &third] {
        estate.get(&text(&tokens["token"]), "/me").await.problem(401, "UNAUTHENTICATED");
        estate.refresh(&text(&tokens["refresh_token"])).await.problem(401, "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn a_refresh_token_that_is_used_again_ends_its_session_on_sqlite() {
    a_session_goes_on_by_its_newest_token_alone(&Estate::start().await).await;
}

#[tokio::test]
async fn a_refresh_token_that_is_used_again_ends_its_session_on_postgres() {
    let postgres = Postgres::launch().await;
    a_session_goes_on_by_its_newest_token_alone(&Estate::start_with(PRODUCTION, |settings| postgres.keeps(settings)).await).await;
}

#[tokio::test]
async fn signing_out_holds_at_once_for_one_session_or_all() {
    let estate = Estate::start().await;
    let one = estate.user("grace", "VIEWER").await;
    let mut others = Vec::new();
    for _ in 0..2 {
        others.push(estate.login("grace@example.org", PASSWORD).await.expect(200));
    }
    let out = estate.post(&text(&one["token"]), "/logout", &json!({"all": false})).await;
    assert_eq!(out.status, 204);
    estate.get(&text(&one["token"]), "/me").await.problem(401, "UNAUTHENTICATED");
    let sessions = estate.get(&text(&others[0]["token"]), "/sessions").await.expect(200);
    let sessions = sessions["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let ended = estate.delete(&text(&others[0]["token"]), &format!("/sessions/{}", text(&other["id"]))).await;
    assert_eq!(ended.status, 204);
    estate.get(&text(&others[1]["token"]), "/me").await.problem(401, "UNAUTHENTICATED");
    estate.post(&text(&others[0]["token"]), "/logout", &json!({"all": true})).await;
    estate.get(&text(&others[0]["token"]), "/me").await.problem(401, "UNAUTHENTICATED");
    let refused = estate.refresh(&text(&others[0]["refresh_token"])).await;
    refused.problem(401, "UNAUTHENTICATED");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
}

#[tokio::test]
async fn unknown_wrong_locked_and_disabled_are_answered_alike() {
    let configuration = format!("{PRODUCTION}tries = 3\n");
    let estate = Estate::start_with(&configuration, |settings| settings).await;
    estate.user("locked", "VIEWER").await;
    let off = estate.user("disabled", "VIEWER").await;
    let path = format!("/users/{}", text(&off["user"]["id"]));
    estate.patch(&estate.admin, &path, &json!({"active": false})).await.expect(200);
    for _ in 0..3 {
        estate.login("locked@example.org", "not the password").await.problem(401, "UNAUTHENTICATED");
    }
    let mut answers = Vec::new();
    for (email, password) in [
        ("nobody@example.org", PASSWORD),
        (ADMIN, "not the password"),
        ("locked@example.org", PASSWORD),
        ("disabled@example.org", PASSWORD),
    ] {
        let answer = estate.login(email, password).await;
        let mut headers: Vec<(String, String)> =
            answer.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        headers.retain(|(name, _)| name != "date" && name != "x-request-id");
        answers.push((answer.status, headers, answer.text.replace(answer.header("x-request-id"), "")));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert_eq!(answers[0].0, 401);
}

#[tokio::test]
async fn sign_up_is_closed_in_production_and_open_in_development() {
    let person = json!({"email": "eve@example.org", "username": "eve", "password": PASSWORD});
    let estate = Estate::start().await;
    estate.post("", "/signup", &person).await.problem(403, "FORBIDDEN");
    let estate = Estate::start_with("", |settings| settings).await;
    let tokens = estate.post("", "/signup", &person).await.expect(201);
    assert_eq!(tokens["user"]["role"], "VIEWER");
    estate.post("", "/signup", &person).await.problem(409, "CONFLICT");
    for (member, value) in [("role", "ADMIN"), ("tenant", "other"), ("active", "true")] {
        let mut body = json!({"email": "mallory@example.org", "username": "mallory", "password": PASSWORD});
        body[member] = json!(value);
        let detail = estate.post("", "/signup", &body).await.problem(400, "INVALID");
        assert!(detail.contains(member), "{detail}");
    }
    let weak = json!({"email": "eve2@example.org", "username": "eve2", "password": "short"});
    let detail = estate.post("", "/signup", &weak).await.problem(400, "INVALID");
    assert!(detail.contains("password") && !detail.contains("short,"), "{detail}");
}

#[tokio::test]
async fn development_leaves_the_inventory_open_but_refuses_a_bad_credential() {
    let estate = Estate::start_with("", |settings| settings).await;
    for path in ["//", "//metrics", "//api/v3/cmdb/resources", "//api/v3/openapi.json"] {
        assert_eq!(estate.get("", path).await.status, 200, "{path}");
        assert_eq!(estate.get(&estate.admin, path).await.status, 200, "{path}");
        estate.get("garbage", path).await.problem(401, "UNAUTHENTICATED");
    }
    estate.get("", "/me").await.problem(401, "UNAUTHENTICATED");
    estate.get("", "/users").await.problem(401, "UNAUTHENTICATED");
}
