//! Starting, following and stopping discoveries.

use reqwest::Method;
use serde_json::json;

use crate::support::{TestServer, send};

#[tokio::test]
async fn the_plain_body_starts_a_discovery_and_is_deprecated() {
    let server = TestServer::start().await;
    let keys = json!({"access_key": "AKIAPLAIN", "secret_key": "hunter2", "regions": ["us-east-1"]});
    let answer = server.post("/discover/aws", &json!({"credentials": keys, "store_in_graph": true})).await;
    assert_eq!((answer.status, answer.header("deprecation")), (202, "@1735689600"));
    let accepted = answer.json();
    let id = accepted["task_id"].as_str().unwrap();
    assert!(id.starts_with("aws-discovery-"), "{id}");
    assert_eq!((&accepted["provider"], &accepted["status"]), (&json!("aws"), &json!("running")));
    assert_eq!(accepted["status_url"], format!("/api/v3/cmdb/discovery/{id}"));
    assert_eq!(answer.header("location"), accepted["status_url"]);

    let task = server.get(accepted["status_url"].as_str().unwrap()).await;
    assert_eq!(task.json()["request"]["credentials"], json!({"source": "inline"}));
    assert!(!task.text.contains("hunter2") && !task.text.contains("AKIAPLAIN"));
}

#[tokio::test]
async fn safe_credentials_are_not_deprecated_and_refusals_keep_their_status() {
    let server = TestServer::start().await;
    let with = |credentials| json!({"credentials": credentials, "regions": ["us-east-1"], "dry_run": true});
    let answer = server.post("/discover/aws", &with(json!({"source": "default_chain"}))).await;
    assert_eq!((answer.status, answer.header("deprecation")), (202, ""));
    server.post("/discover/aws", &with(json!({"source": "profile", "profile": "x"}))).await.problem(403, "FORBIDDEN");
    let nowhere = json!({"credentials": {"source": "default_chain", "regions": ["nowhere"]}});
    assert!(server.post("/discover/aws", &nowhere).await.problem(400, "INVALID").contains("nowhere"));
    assert_eq!(server.get("/discovery").await.json()["tasks"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_malformed_request_is_refused_before_a_task_exists_and_never_repeated() {
    let server = TestServer::start().await;
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let bodies = [
        format!("{{\"credentials\": {{\"secret_key\": {secret}"),
        format!("{{\"credentials\": \"{secret}\"}}"),
        format!("{{\"credentials\": {{\"access_key\": \"{secret}\", \"secret_key\": [\"{secret}\"]}}}}"),
        format!("{{\"credentials\": {{\"access_key\": \"a\", \"secret_key\": \"b\", \"{secret}\": 1}}}}"),
        String::new(),
        "[]".to_owned(),
    ];
    for body in bodies {
        let request = server.request(Method::POST, "/discover/aws").body(body.clone());
        let answer = send(request).await;
        answer.problem(400, "INVALID");
        assert!(!answer.text.contains(secret), "{body}");
    }
    assert_eq!(server.get("/discovery").await.json()["tasks"], json!([]));
}

#[tokio::test]
async fn unknown_providers_are_not_found_and_known_ones_unsupported() {
    let server = TestServer::start().await;
    for provider in ["onprem", "kubernetes", "azure", "gcp"] {
        let detail = server.post(&format!("/discover/{provider}"), &json!({})).await.problem(501, "UNSUPPORTED");
        assert!(detail.contains(provider), "{detail}");
    }
    let detail = server.post("/discover/amazon", &json!({})).await.problem(404, "NOT_FOUND");
    assert!(detail.contains("`amazon`") && detail.contains("terraform"), "{detail}");
}

#[tokio::test]
async fn a_terraform_state_comes_by_path_or_whole() {
    let server = TestServer::start().await;
    assert_eq!(server.post("/discover/terraform", &json!({"path": "/states/a.tfstate"})).await.status, 202);
    let padding = "x".repeat(2 * 1024 * 1024);
    let answer = server.post("/discover/terraform", &json!({"state": {"version": 4, "padding": padding}})).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    let large = json!({"credentials": {"source": "default_chain"}, "regions": [padding.repeat(4)]});
    assert!(server.post("/discover/aws", &large).await.problem(413, "LIMIT_EXCEEDED").contains("1048576"));
}

#[tokio::test]
async fn a_discovery_is_followed_until_it_is_cancelled() {
    let server = TestServer::start().await;
    let body = json!({"credentials": {"source": "default_chain"}, "regions": ["us-east-1"]});
    let accepted = server.post("/discover/aws", &body).await.json();
    let path = format!("/discovery/{}", accepted["task_id"].as_str().unwrap());

    let mut events = server.request(Method::GET, &format!("{path}/events")).send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let first = events.chunk().await.unwrap().unwrap();
    assert!(first.starts_with(b"event: progress\ndata: {"), "{first:?}");

    let cancelled = send(server.request(Method::DELETE, &path)).await;
    assert_eq!((cancelled.status, &cancelled.json()["task_id"]), (202, &accepted["task_id"]));
    let mut rest = String::new();
    while let Some(chunk) = events.chunk().await.unwrap() {
        rest.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    let (_, end) = rest.rsplit_once("event: end\ndata: ").unwrap_or_else(|| panic!("{rest}"));
    let task: serde_json::Value = serde_json::from_str(end.trim()).unwrap();
    assert_eq!(task["status"], "cancelled");

    for path in ["/discovery/none", "/discovery/none/events"] {
        server.get(path).await.problem(404, "NOT_FOUND");
    }
    send(server.request(Method::DELETE, "/discovery/none")).await.problem(404, "NOT_FOUND");
}

#[tokio::test]
async fn event_streams_end_when_the_server_stops() {
    let server = TestServer::start().await;
    let body = json!({"credentials": {"source": "default_chain"}, "regions": ["us-east-1"]});
    let accepted = server.post("/discover/aws", &body).await.json();
    let path = format!("/discovery/{}/events", accepted["task_id"].as_str().unwrap());
    let mut events = server.request(Method::GET, &path).send().await.unwrap();
    server.state.stopping().cancel();
    let mut text = String::new();
    while let Some(chunk) = events.chunk().await.unwrap() {
        text.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(!text.contains("event: end"), "{text}");
}
