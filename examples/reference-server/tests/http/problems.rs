//! What is refused, and how.

use reqwest::Method;

use crate::support::{TestServer, send};

#[tokio::test]
async fn unknown_routes_and_wrong_methods_are_problems_too() {
    let server = TestServer::start().await;
    assert!(server.get("/nothing").await.problem(404, "NOT_FOUND").contains("`/nothing`"));
    server.get("/docs/nothing.js").await.problem(404, "NOT_FOUND");
    let answer = send(server.request(Method::PUT, "/resources/i-1")).await;
    answer.problem(405, "INVALID");
    assert_eq!(answer.header("allow"), "GET,HEAD");
    let answer = send(server.request(Method::GET, "/discover/aws")).await;
    answer.problem(405, "INVALID");
    assert_eq!(answer.header("allow"), "POST");
}

#[tokio::test]
async fn every_answer_carries_a_request_id_of_the_callers_choice_or_ours() {
    let server = TestServer::start().await;
    let with = |id: &str| server.request(Method::GET, "/resources/i-9").header("x-request-id", id.to_owned());
    assert_eq!(send(with("trace-1")).await.header("x-request-id"), "trace-1");
    let long = "a".repeat(129);
    for id in ["two words", &long] {
        assert_eq!(send(with(id)).await.header("x-request-id").len(), 36);
    }
}

#[tokio::test]
async fn foreign_web_pages_are_refused() {
    let server = TestServer::start().await;
    let request = server.request(Method::POST, "/discover/aws").header("origin", "https://example.com").body("{}");
    send(request).await.problem(403, "FORBIDDEN");
    let request = server.request(Method::GET, "/resources").header("host", "rebound.example.com:8200");
    send(request).await.problem(403, "FORBIDDEN");
}

#[tokio::test]
async fn routes_without_parameters_refuse_any() {
    let server = TestServer::start().await;
    for path in ["/?x=1", "/metrics?x=1", "/health?x=1", "/ready?x=1", "/discovery/none?x=1", "/resources/i-1?x=1"] {
        assert!(server.get(path).await.problem(400, "INVALID").contains("`x`"), "{path}");
    }
}
