//! Relationships, walks and queries.

use serde_json::json;

use crate::support::{TestServer, send};

#[tokio::test]
async fn relationships_are_listed_with_their_other_ends() {
    let server = TestServer::start().await;
    let answer = server.get("/resources/i-1/relationships?direction=outgoing&type=ATTACHED_TO").await.json();
    let related = json!({"id": "vol-1", "type": "STORAGE", "name": "root disk"});
    let relationship = json!({"type": "ATTACHED_TO", "direction": "outgoing", "related_resource": related});
    assert_eq!(answer, json!({"resource_id": "i-1", "relationships": [relationship]}));
    server.get("/resources/i-1/relationships?direction=up").await.problem(400, "INVALID");
    server.get("/resources/i-1/relationships?type=NEAR").await.problem(400, "INVALID");
}

#[tokio::test]
async fn the_graph_around_a_resource_comes_as_json_or_in_other_forms() {
    let server = TestServer::start().await;
    let graph = server.get("/graph/vpc-1?depth=1&types=&max_nodes=").await.json();
    let ids: Vec<&str> = graph["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["i-1", "i-2", "vpc-1"]);
    assert_eq!(graph["truncated"], false);
    for format in ["mermaid", "dot", "graphml", "cytoscape"] {
        let answer = server.get(&format!("/graph/vpc-1?format={format}")).await;
        assert_eq!(answer.status, 200, "{format}");
        assert!(answer.text.contains("root disk"), "{format}: {}", answer.text);
    }
    for query in ["depth=11", "depth=-1", "max_nodes=0", "format=png", "direction=up", "types=NEAR"] {
        server.get(&format!("/graph/vpc-1?{query}")).await.problem(400, "INVALID");
    }
}

#[tokio::test]
async fn the_impact_of_a_failing_network_is_its_machines() {
    let server = TestServer::start().await;
    let impact = server.get("/impact/vpc-1").await.json();
    let ids: Vec<&str> = impact["impacted"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["i-1", "i-2"]);
    assert_eq!(impact["impacted"][0]["via"], json!(["BELONGS_TO_VPC"]));
}

#[tokio::test]
async fn a_query_is_unsupported_until_the_store_can_answer_one() {
    let server = TestServer::start().await;
    let query = json!({"query": "MATCH (n) RETURN n"});
    server.post("/graph/query", &query).await.problem(501, "UNSUPPORTED");
    let request = server.request(reqwest::Method::POST, "/graph/query?as_of=2025-01-18T12:30:45Z").json(&query);
    assert!(send(request).await.problem(400, "INVALID").contains("`as_of`"));
}
