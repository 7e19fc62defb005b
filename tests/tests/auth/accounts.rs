//! What administrators do, and what users do with their own accounts.

use serde_json::json;

use crate::setup::{Estate, PASSWORD, text, totp};

#[tokio::test]
async fn a_user_that_is_switched_off_is_out_at_once() {
    let estate = Estate::start().await;
    let user = estate.user("grace", "OPERATOR").await;
    let key = estate.key(&text(&user["token"]), &["cmdb:read"]).await;
    let path = format!("/users/{}", text(&user["user"]["id"]));
    let changed = estate.patch(&estate.admin, &path, &json!({"active": false})).await.expect(200);
    assert_eq!(changed["active"], false);
    estate.get(&text(&user["token"]), "/me").await.problem(401, "UNAUTHENTICATED");
    estate.refresh(&text(&user["refresh_token"])).await.problem(401, "UNAUTHENTICATED");
    estate.login("grace@example.org", PASSWORD).await.problem(401, "UNAUTHENTICATED");
    let answer = estate.with_key(&text(&key["key"]), reqwest::Method::GET, "//api/v3/cmdb/resources").await;
    answer.problem(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_role_that_changes_holds_for_tokens_that_are_out() {
    let estate = Estate::start().await;
    let user = estate.user("grace", "VIEWER").await;
    let (token, path) = (text(&user["token"]), format!("/users/{}", text(&user["user"]["id"])));
    estate.get(&token, "/users").await.problem(403, "FORBIDDEN");
    estate.patch(&estate.admin, &path, &json!({"role": "ADMIN"})).await.expect(200);
    let page = estate.get(&token, "/users?limit=1").await.expect(200);
    let next = estate.get(&token, &format!("/users?limit=1&cursor={}", text(&page["next_cursor"]))).await.expect(200);
    assert_eq!((&next["users"][0]["username"], &next["next_cursor"]), (&json!("grace"), &json!(null)));
    estate.patch(&token, &path, &json!({"role": "ROOT"})).await.problem(400, "INVALID");
    estate.patch(&token, &path, &json!({})).await.problem(400, "INVALID");
    estate.patch(&token, "/users/nobody", &json!({"active": true})).await.problem(404, "NOT_FOUND");
    let ended = estate.delete(&estate.admin, &format!("{path}/sessions")).await;
    assert_eq!(ended.status, 204);
    estate.get(&token, "/me").await.problem(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn another_password_ends_the_other_sessions() {
    let estate = Estate::start().await;
    let other = estate.user("grace", "VIEWER").await;
    let token = text(&estate.login("grace@example.org", PASSWORD).await.expect(200)["token"]);
    let change = |current: &str| json!({"current": current, "new": "Zx8-another-one-41"});
    estate.post(&token, "/password", &change("not the password")).await.problem(401, "UNAUTHENTICATED");
    assert_eq!(estate.post(&token, "/password", &change(PASSWORD)).await.status, 204);
    estate.get(&token, "/me").await.expect(200);
    estate.get(&text(&other["token"]), "/me").await.problem(401, "UNAUTHENTICATED");
    estate.login("grace@example.org", PASSWORD).await.problem(401, "UNAUTHENTICATED");
    estate.login("grace@example.org", "Zx8-another-one-41").await.expect(200);
}

#[tokio::test]
async fn an_administrator_lets_in_again_who_lost_password_and_device() {
    let estate = Estate::start().await;
    let user = estate.user("grace", "VIEWER").await;
    let (token, path) = (text(&user["token"]), format!("/users/{}", text(&user["user"]["id"])));
    let secret = text(&estate.post(&token, "/totp/enrol", &json!({})).await.expect(200)["secret"]);
    estate.post(&token, "/totp/confirm", &json!({"code": totp(&secret, 0)})).await.expect(200);
    let reset = async |new: &str| {
        let request = estate.request(&estate.admin, reqwest::Method::PUT, &format!("{path}/password"));
        estate.server.send(request.json(&json!({"new": new}))).await
    };
    reset("grace").await.problem(400, "INVALID");
    assert_eq!(reset("Zx8-another-one-41").await.status, 204);
    estate.get(&token, "/me").await.problem(401, "UNAUTHENTICATED");
    estate.login("grace@example.org", "Zx8-another-one-41").await.problem(401, "UNAUTHENTICATED");
    assert_eq!(estate.delete(&estate.admin, &format!("{path}/totp")).await.status, 204);
    estate.login("grace@example.org", "Zx8-another-one-41").await.expect(200);
    estate.delete(&estate.admin, &format!("{path}/totp")).await.problem(404, "NOT_FOUND");
}

#[tokio::test]
async fn a_second_factor_is_asked_for_once_it_is_confirmed() {
    let estate = Estate::start().await;
    let token = text(&estate.user("grace", "VIEWER").await["token"]);
    let enrolment = estate.post(&token, "/totp/enrol", &json!({})).await.expect(200);
    let secret = text(&enrolment["secret"]);
    assert!(text(&enrolment["uri"]).starts_with("otpauth://totp/"));
    estate.login("grace@example.org", PASSWORD).await.expect(200);
    estate.post(&token, "/totp/confirm", &json!({"code": "12345"})).await.problem(401, "UNAUTHENTICATED");
    let confirmed = estate.post(&token, "/totp/confirm", &json!({"code": totp(&secret, -1)})).await.expect(200);
    let login = async |code: &str| {
        let body = json!({"email": "grace@example.org", "password": PASSWORD, "totp": code});
        estate.post("", "/login", &body).await
    };
    estate.login("grace@example.org", PASSWORD).await.problem(401, "UNAUTHENTICATED");
    let code = totp(&secret, 1);
    login(&code).await.expect(200);
    login(&code).await.problem(401, "UNAUTHENTICATED");
    let recovery = text(&confirmed["recovery_codes"][3]);
    login(&recovery).await.expect(200);
    login(&recovery).await.problem(401, "UNAUTHENTICATED");
    let remove = |code: &str| estate.request(&token, reqwest::Method::DELETE, "/totp").json(&json!({"code": code}));
    estate.server.send(remove(&recovery)).await.problem(401, "UNAUTHENTICATED");
    let removed = estate.server.send(remove(&text(&confirmed["recovery_codes"][4]))).await;
    assert_eq!(removed.status, 204);
    estate.login("grace@example.org", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn the_audit_trail_is_read_by_administrators_page_by_page() {
    let estate = Estate::start().await;
    let viewer = text(&estate.user("grace", "VIEWER").await["token"]);
    estate.get(&viewer, "/audit").await.problem(403, "FORBIDDEN");
    let denied = estate.get(&estate.admin, "/audit?action=auth.denied").await.expect(200);
    assert_eq!(
        (&denied["events"][0]["changes"]["permission"], &denied["events"][0]["success"]),
        (&json!("audit:read"), &json!(false))
    );
    let mut path = "/audit?limit=2".to_owned();
    let mut sequences = Vec::new();
    loop {
        let page = estate.get(&estate.admin, &path).await.expect(200);
        sequences.extend(page["events"].as_array().unwrap().iter().map(|event| event["sequence"].as_u64().unwrap()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/audit?limit=2&cursor={cursor}");
    }
    assert!(sequences.len() > 3 && sequences.is_sorted_by(|a, b| a > b) && sequences.ends_with(&[1]), "{sequences:?}");
    estate.get(&estate.admin, "/audit?from=yesterday").await.problem(400, "INVALID");
}

#[tokio::test]
async fn nobody_sees_or_changes_another_tenants_users() {
    let mut estate = Estate::start().await;
    estate.server.terminated().await;
    let other = estate.settings.clone().variable("DHARMAGRAPH_AUTH__TENANT", "other");
    estate.server = other.variable("DHARMAGRAPH_AUTH__SIGNUP", "true").start().await;
    let person = json!({"email": "eve@example.org", "username": "eve", "password": PASSWORD});
    let eve = estate.post("", "/signup", &person).await.expect(201);
    assert_eq!(eve["user"]["tenant"], "other");
    let users = estate.get(&estate.admin, "/users").await.expect(200);
    assert_eq!(users["users"].as_array().unwrap().len(), 1);
    let path = format!("/users/{}", text(&eve["user"]["id"]));
    estate.patch(&estate.admin, &path, &json!({"active": false})).await.problem(404, "NOT_FOUND");
    estate.delete(&estate.admin, &format!("{path}/sessions")).await.problem(404, "NOT_FOUND");
    estate.get(&text(&eve["token"]), "/me").await.expect(200);
}
