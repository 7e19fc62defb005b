//! Resources, counts and history.

use serde_json::json;

use crate::support::{AWKWARD, TestServer, encoded};

#[tokio::test]
async fn a_resource_is_found_by_id_arn_or_unique_name_however_awkward() {
    let server = TestServer::start().await;
    let answer = server.get("/resources/i-1").await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    let resource = answer.json();
    assert_eq!((&resource["id"], &resource["resource_type"]), (&json!("i-1"), &json!("COMPUTE")));
    assert_eq!(server.get("/resources/root%20disk").await.json()["id"], "vol-1");
    assert_eq!(server.get(&format!("/resources/{}", encoded(AWKWARD))).await.json()["id"], AWKWARD);
    for below in ["relationships", "history"] {
        let answer = server.get(&format!("/resources/{}/{below}", encoded(AWKWARD))).await;
        assert_eq!(answer.json()["resource_id"], AWKWARD);
    }
}

#[tokio::test]
async fn a_name_of_two_resources_is_a_conflict_with_its_candidates() {
    let server = TestServer::start().await;
    for path in ["/resources/web", "/resources/web/relationships", "/graph/web", "/impact/web"] {
        let answer = server.get(path).await;
        answer.problem(409, "CONFLICT");
        assert_eq!(answer.json()["candidates"], json!(["i-1", "i-2"]), "{path}");
    }
}

#[tokio::test]
async fn an_unknown_resource_is_not_found_under_every_route() {
    let server = TestServer::start().await;
    for path in ["/resources/i-9", "/resources/i-9/relationships", "/resources/i-9/history", "/graph/i-9", "/impact/i-9"] {
        assert!(server.get(path).await.problem(404, "NOT_FOUND").contains("i-9"), "{path}");
    }
    server.get("/resources/%FF").await.problem(400, "INVALID");
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let server = TestServer::start().await;
    let page = server.get("/resources?resource_type=COMPUTE&status=STOPPED&tag.aws%3Acost%2Fteam=a+b").await.json();
    assert_eq!((&page["total"], &page["resources"][0]["id"]), (&json!(1), &json!("i-2")));
    assert_eq!(page["next_cursor"], json!(null));

    let first = server.get("/resources?limit=3").await.json();
    assert_eq!((first["total"].as_u64(), first["resources"].as_array().unwrap().len()), (Some(5), 3));
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = server.get(&format!("/resources?limit=3&cursor={cursor}")).await.json();
    assert_eq!(second["resources"].as_array().unwrap().len(), 2);
    let offset = server.get("/resources?limit=3&offset=3").await.json();
    assert_eq!(offset["resources"], second["resources"]);

    let bad = [
        "limit=0",
        "limit=1001",
        "offset=1&cursor=x",
        "cursor=!!",
        "regoin=x",
        "as_of=now",
        "provider=amazon",
        "limit=1&limit=2",
    ];
    for query in bad {
        server.get(&format!("/resources?{query}")).await.problem(400, "INVALID");
    }
    let detail = server.get("/resources?regoin=x").await.problem(400, "INVALID");
    assert!(detail.contains("`regoin`") && detail.contains("region, account, tag.KEY"), "{detail}");
}

#[tokio::test]
async fn statistics_count_what_there_is_and_was() {
    let server = TestServer::start().await;
    let now = server.get("/api/v3/cmdb/statistics").await.json();
    assert_eq!((&now["total_resources"], &now["total_relationships"]), (&json!(5), &json!(3)));
    assert_eq!(now["by_type"]["COMPUTE"], 2);
    let then = server.get("/api/v3/cmdb/statistics?as_of=2025-01-18T12%3A30%3A45Z").await.json();
    assert_eq!(then, now);
}

#[tokio::test]
async fn changes_and_versions_tell_how_it_came_about() {
    let server = TestServer::start().await;
    let changes = server.get("/changes?resource_type=COMPUTE&from=2025-01-18T00:00:00Z&limit=1").await.json();
    assert_eq!(changes["changes"][0]["kind"], "created");
    assert!(changes["next_cursor"].is_string());
    let versions = server.get("/resources/i-1/history").await.json();
    assert_eq!(versions["versions"][0]["resource"]["id"], "i-1");
    let detail = server.get("/changes?from=2025-01-02T00:00:00Z&to=2025-01-01T00:00:00Z").await.problem(400, "INVALID");
    assert!(detail.contains("2025-01-02"), "{detail}");
}
