//! Every route, by everybody.

use reqwest::Method;

use crate::setup::{Estate, text};

/// Who is let in without credentials.
const OPEN: [&str; 8] = [
    "GET /.well-known/jwks.json",
    "GET /api/v3/aiops/health",
    "GET /api/v3/cmdb/health",
    "GET /api/v3/cmdb/ready",
    "POST /api/v3/auth/bootstrap",
    "POST /api/v3/auth/login",
    "POST /api/v3/auth/refresh",
    "POST /api/v3/auth/signup",
];

/// The least role that may use a route: 0 VIEWER, 1 OPERATOR, 2 ADMIN.
fn least_role(route: &str) -> usize {
    let (method, path) = route.split_once(' ').unwrap();
    if path.starts_with("/api/v3/auth/users") || path.starts_with("/api/v3/auth/audit") {
        2
    } else if path == "/api/v3/aiops/models/{name}/{version}" {
        // A model tells of the data that it learnt from.
        1
    } else if ["/api/v3/cmdb/", "/api/v3/aiops/models/"].iter().any(|part| path.starts_with(part)) && method != "GET" {
        1
    } else {
        0
    }
}

#[tokio::test]
async fn every_route_lets_in_whom_it_should_and_nobody_else() {
    let estate = Estate::start().await;
    let people = [estate.user("viewer", "VIEWER").await, estate.user("operator", "OPERATOR").await];
    let roles = [text(&people[0]["token"]), text(&people[1]["token"]), estate.admin.clone()];
    let key = estate.key(&estate.admin, &["cmdb:read"]).await;
    estate.delete(&estate.admin, &format!("/api-keys/{}", text(&key["id"]))).await;
    let ended = estate.login("viewer@example.org", crate::setup::PASSWORD).await.expect(200);
    estate.post(&text(&ended["token"]), "/logout", &serde_json::json!({})).await;
    let flipped = {
        let mut token = roles[2].clone();
        let last = if token.pop() == Some('A') { 'B' } else { 'A' };
        token.insert(token.len() - 40, last);
        token
    };

    let document = estate.get(&estate.admin, "//api/v3/openapi.json").await.expect(200);
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let route = format!("{} {path}", method.to_uppercase());
            // No route takes this parameter, so that what is let in changes nothing.
            let address =
                format!("/{}?nonsense=1", path.replace("{root_id}", "x").replace("{id}", "x").replace("{task_id}", "x"));
            let address = address.replace("{kind}", "failure").replace("{name}", "failure").replace("{version}", "1");
            let address = address.replace("{provider}", "onprem");
            let method: Method = method.to_uppercase().parse().unwrap();
            let ask = async |token: &str| estate.server.send(estate.request(token, method.clone(), &address)).await;
            asked += 1;
            if OPEN.contains(&route.as_str()) {
                assert_eq!(ask("").await.status, 400, "{route}");
                continue;
            }
            for token in ["", "garbage", &flipped, &text(&people[0]["refresh_token"]), &text(&ended["token"])] {
                ask(token).await.problem(401, "UNAUTHENTICATED");
            }
            let revoked = estate.with_key(&text(&key["key"]), method.clone(), &address).await;
            revoked.problem(401, "UNAUTHENTICATED");
            for (role, token) in roles.iter().enumerate() {
                let (status, code) = if role < least_role(&route) { (403, "FORBIDDEN") } else { (400, "INVALID") };
                ask(token).await.problem(status, code);
            }
        }
    }
    assert!(asked > 40, "{asked} routes");
    for path in ["//docs", "//docs/", "//docs/index.html", "//api/v3/openapi.json", "//nowhere"] {
        estate.get("", path).await.problem(401, "UNAUTHENTICATED");
        assert_ne!(estate.get(&roles[0], path).await.status, 401, "{path}");
    }
}
