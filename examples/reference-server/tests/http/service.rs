//! The server's own pages.

use serde_json::json;

use crate::support::TestServer;

#[tokio::test]
async fn the_root_names_the_service_and_links_that_answer() {
    let server = TestServer::start().await;
    let root = server.get("/").await.json();
    assert_eq!((&root["service"], &root["version"]), (&json!("dharmagraph"), &json!(env!("CARGO_PKG_VERSION"))));
    for (name, link) in root["links"].as_object().unwrap() {
        assert_eq!(server.get(link.as_str().unwrap()).await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn health_names_each_dependency_and_turns_when_the_server_stops() {
    let server = TestServer::start().await;
    let answer = server.get("/health").await;
    let health = answer.json();
    assert_eq!((answer.status, &health["status"], &health["ready"]), (200, &json!("healthy"), &json!(true)));
    assert_eq!(health["dependencies"]["store"], json!({"status": "healthy", "backend": "memory"}));
    assert_eq!(server.get("/ready").await.json(), json!({"ready": true}));
    server.state.stopping().cancel();
    let answer = server.get("/health").await;
    assert_eq!((answer.status, &answer.json()["status"]), (503, &json!("stopping")));
    assert_eq!(server.get("/ready").await.status, 503);
}

#[tokio::test]
async fn the_openapi_document_and_the_page_to_try_it_are_served() {
    let server = TestServer::start().await;
    let document = server.get("/api/v3/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    let answers = &document["paths"]["/api/v3/cmdb/resources/{id}"]["get"]["responses"];
    assert!(answers["409"]["content"]["application/problem+json"].is_object(), "{answers}");
    let page = server.get("/docs/").await;
    assert!(page.text.contains("swagger-ui"), "{}", page.text);
    assert!(server.get("/docs/swagger-initializer.js").await.text.contains("/api/v3/openapi.json"));
}

#[tokio::test]
async fn metrics_count_requests_tasks_and_the_inventory() {
    let server = TestServer::start().await;
    for path in ["/resources/i-1", "/resources/i-2", "/resources/i-9"] {
        server.get(path).await;
    }
    let text = server.get("/metrics").await.text;
    let route = "/api/v3/cmdb/resources/{id}";
    for line in [
        format!("http_requests_total{{method=\"GET\",route=\"{route}\",status=\"200\"}} 2"),
        format!("http_requests_total{{method=\"GET\",route=\"{route}\",status=\"404\"}} 1"),
        format!("http_request_duration_seconds_count{{method=\"GET\",route=\"{route}\"}} 3"),
        "dharmagraph_resources{resource_type=\"COMPUTE\"} 2".to_owned(),
        "dharmagraph_relationships{type=\"ATTACHED_TO\"} 1".to_owned(),
        "dharmagraph_tasks{status=\"running\"} 0".to_owned(),
    ] {
        assert!(text.contains(&line), "{line}\n{text}");
    }
}

#[tokio::test]
async fn every_parameter_that_is_documented_is_taken() {
    let server = TestServer::start().await;
    let document = server.get("/api/v3/openapi.json").await.json();
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(parameters) = item["get"]["parameters"].as_array() else { continue };
        let names = parameters.iter().filter(|parameter| parameter["in"] == "query");
        let query: Vec<String> = names.map(|parameter| format!("{}=", parameter["name"].as_str().unwrap())).collect();
        let path = path.replace("{id}", "i-1").replace("{root_id}", "i-1");
        let answer = server.get(&format!("{path}?{}", query.join("&"))).await;
        let expected = match path.as_str() {
            path if path.starts_with("/api/v3/auth/") => 401,
            path if path.contains("{task_id}") || path.starts_with("/api/v3/aiops/models/") => 404,
            _ => 200,
        };
        assert_eq!(answer.status, expected, "{path}: {}", answer.text);
    }
}
