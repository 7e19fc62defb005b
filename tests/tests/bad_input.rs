//! Requests that cannot be used: each gets a status, a code and what was expected.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::process::Command;

use dharmagraph_tests::{Server, ServerSettings, binary, dharmagraph, finished, percent_encoded};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

const NOWHERE: &str = "http://127.0.0.1:9";

async fn empty_server() -> (Server, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(NOWHERE)).start().await;
    (server, folder)
}

fn chain(regions: &Value) -> Value {
    json!({"credentials": {"source": "default_chain", "regions": regions}})
}

#[tokio::test]
async fn discoveries_that_cannot_be_used_are_refused_before_a_task_exists() {
    let (server, _folder) = empty_server().await;
    let good = chain(&json!(["us-east-1"]));
    let with = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    for (body, expected) in [
        (chain(&json!(["us_east_1"])), "us-east-1"),
        (chain(&json!(["US-EAST-1"])), "us-east-1"),
        (chain(&json!(["us-east-1", ""])), "region"),
        (chain(&json!(["us-east-1/../.."])), "region"),
        (chain(&json!(["a".repeat(300)])), "region"),
        (chain(&json!(["us-east-1\r\nx: y"])), "region"),
        (chain(&json!([])), "region"),
        (chain(&json!("us-east-1")), "regions"),
        (chain(&json!([7])), "regions"),
        (json!({}), "credentials"),
        (json!([]), "expected"),
        (json!({"credentials": {"source": "magic", "regions": ["us-east-1"]}}), "default_chain"),
        (json!({"credentials": {"source": "profile", "regions": ["us-east-1"]}}), "profile"),
        (json!({"credentials": {"source": "assume_role", "role_arn": "admin", "regions": ["us-east-1"]}}), "arn"),
        (json!({"credentials": {"access_key": "a", "regions": ["us-east-1"]}}), "secret_key"),
        (with("resource_types", json!(["COMPUT"])), "COMPUT"),
        (with("resource_types", json!("COMPUTE")), "resource_types"),
        (with("dry_run", json!("yes")), "dry_run"),
        (with("endpoint_url", json!("http://169.254.169.254")), "endpoint_url"),
        (with("endpoint", json!("http://169.254.169.254")), "endpoint"),
        (with("idempotency_key", json!("")), "idempotency_key"),
        (with("idempotency_key", json!("k".repeat(5000))), "idempotency_key"),
    ] {
        let detail = server.post("/discover/aws", &body).await.problem(400, "INVALID");
        assert!(detail.contains(expected), "{body}: {detail}");
    }
    assert_eq!(server.get("/discovery").await.expect(200)["tasks"], json!([]));
}

#[tokio::test]
async fn providers_that_are_unknown_or_not_built_in_are_told_apart() {
    let (server, _folder) = empty_server().await;
    let body = chain(&json!(["us-east-1"]));
    for provider in ["nonsense", "AWS2", "..%2F"] {
        let answer = server.post(&format!("/discover/{provider}"), &body).await;
        let code = answer.json()["code"].as_str().unwrap().to_owned();
        assert!([(400, "INVALID"), (404, "NOT_FOUND")].contains(&(answer.status.as_u16(), code.as_str())), "{}", answer.text);
        answer.problem(answer.status.as_u16(), &code);
    }
    for provider in ["azure", "gcp", "kubernetes", "onprem"] {
        let detail = server.post(&format!("/discover/{provider}"), &body).await.problem(501, "UNSUPPORTED");
        assert!(detail.contains(provider), "{detail}");
    }
}

#[tokio::test]
async fn references_that_no_allow_list_names_are_forbidden() {
    let (server, _folder) = empty_server().await;
    let reference =
        |key: &str| json!({"credentials": {"source": "ref", "access_key": key, "secret_key": key, "regions": ["us-east-1"]}});
    for key in ["env://HOME", "file:///etc/passwd"] {
        server.post("/discover/aws", &reference(key)).await.problem(403, "FORBIDDEN");
    }
    server.post("/discover/aws", &reference("https://example.com/key")).await.problem(400, "INVALID");
    server.post("/discover/terraform", &json!({"path": "/etc/passwd"})).await.problem(403, "FORBIDDEN");
    assert_eq!(server.get("/discovery").await.expect(200)["tasks"], json!([]));
}

#[tokio::test]
async fn bodies_that_are_not_what_a_route_takes_are_refused() {
    let (server, _folder) = empty_server().await;
    let send = async |kind: &'static str, body: String| {
        server.send(server.request(Method::POST, "/discover/aws").header("content-type", kind).body(body)).await
    };
    for body in ["", "{", "null", "\u{0}", "{\"credentials\": }", &"[".repeat(10_000)] {
        let detail = send("application/json", body.to_owned()).await.problem(400, "INVALID");
        assert!(detail.contains("expected"), "{detail}");
    }
    let mut large = chain(&json!(["us-east-1"]));
    large["idempotency_key"] = json!("x".repeat(3 << 20));
    send("application/json", large.to_string()).await.problem(413, "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn parameters_that_cannot_be_used_are_named() {
    let (server, _folder) = empty_server().await;
    for (path, expected) in [
        ("/resources?limit=0", "limit"),
        ("/resources?limit=1001", "1000"),
        ("/resources?limit=-1", "limit"),
        ("/resources?limit=many", "many"),
        ("/resources?limit=10&limit=20", "limit"),
        ("/resources?offset=-1", "offset"),
        ("/resources?offset=1&cursor=x", "cursor"),
        ("/resources?cursor=garbage", "cursor"),
        ("/resources?as_of=yesterday", "2025-01-18T12:30:45Z"),
        ("/resources?resource_type=COMPUT", "COMPUT"),
        ("/resources?status=RUNING", "RUNING"),
        ("/resources?provider=amazon", "amazon"),
        ("/resources?colour=red", "colour"),
        ("/resources?tag.=x", "tag"),
        ("/discovery?limit=0", "limit"),
        ("/discovery?cursor=garbage", "cursor"),
        ("/changes?from=now", "from"),
        ("/changes?to=2025-13-01T00:00:00Z", "to"),
        ("/changes?cursor=garbage", "cursor"),
        ("/changes?limit=1001", "1000"),
        ("/changes?resource_type=COMPUT", "COMPUT"),
        ("/changes?kind=x", "kind"),
        ("/statistics?as_of=x", "as_of"),
        ("/statistics?x=1", "x"),
        ("/graph/vpc-1?depth=11", "depth"),
        ("/graph/vpc-1?depth=-1", "depth"),
        ("/graph/vpc-1?direction=up", "incoming"),
        ("/graph/vpc-1?types=EATS", "EATS"),
        ("/graph/vpc-1?max_nodes=0", "max_nodes"),
        ("/graph/vpc-1?format=png", "mermaid"),
        ("/impact/vpc-1?depth=11", "depth"),
        ("/impact/vpc-1?max_nodes=x", "max_nodes"),
        ("/resources/i-1/relationships?direction=up", "incoming"),
        ("/resources/i-1/relationships?type=EATS", "EATS"),
        ("/resources/i-1/history?limit=0", "limit"),
    ] {
        let detail = server.get(path).await.problem(400, "INVALID");
        assert!(detail.contains(expected) && detail.contains("expected"), "{path}: {detail}");
    }
}

#[tokio::test]
async fn names_that_nothing_has_are_not_found() {
    let (server, _folder) = empty_server().await;
    let awkward = percent_encoded("'); MATCH (n) DETACH DELETE n // ☃ %00 ../../etc/passwd");
    for id in ["i-0123456789abcdef0", "arn%3Aaws%3Ards%3Aus-east-1%3A1%3Adb%3Ax", &awkward, "..%2F..%2Fetc%2Fpasswd"] {
        for path in ["/resources/ID", "/resources/ID/relationships", "/resources/ID/history", "/graph/ID", "/impact/ID"] {
            server.get(&path.replace("ID", id)).await.problem(404, "NOT_FOUND");
        }
    }
    server.get("/discovery/aws-discovery-20200101-000000").await.problem(404, "NOT_FOUND");
    server.get("/discovery/aws-discovery-20200101-000000/events").await.problem(404, "NOT_FOUND");
    let cancel = server.request(Method::DELETE, "/discovery/aws-discovery-20200101-000000");
    server.send(cancel).await.problem(404, "NOT_FOUND");
    for path in ["/nothing", "//nothing", "//api/v2/cmdb/resources", "/resources/"] {
        server.get(path).await.problem(404, "NOT_FOUND");
    }
    let broken = server.get("/resources/%FF%FE").await;
    assert!([400, 404].contains(&broken.status.as_u16()), "{}", broken.text);
}

#[tokio::test]
async fn methods_that_a_route_does_not_take_are_refused_with_those_it_does() {
    let (server, _folder) = empty_server().await;
    for (method, path, allowed) in [
        (Method::PUT, "/resources", "GET"),
        (Method::DELETE, "/resources/i-1", "GET"),
        (Method::GET, "/discover/aws", "POST"),
        (Method::GET, "/graph/query", "POST"),
        (Method::PATCH, "/discovery/x", "DELETE"),
    ] {
        let answer = server.send(server.request(method, path)).await;
        // The graph of a resource that is named `query` is a question of its own.
        if path == "/graph/query" && answer.status.as_u16() == 404 {
            continue;
        }
        answer.problem(405, "INVALID");
        assert!(answer.header("allow").contains(allowed), "{path}: {:?}", answer.headers);
    }
}

#[tokio::test]
async fn a_region_that_nobody_knows_is_an_error_of_its_scopes() {
    let (server, _folder) = empty_server().await;
    let task = server.begin_with(&chain(&json!(["xx-nowhere-9"]))).await;
    let ended = server.ended(&task).await;
    assert_eq!(ended["status"], "failed", "{ended}");
    assert!(!ended["errors"].as_array().unwrap().is_empty(), "{ended}");
}

async fn refused(arguments: &[&str], configuration: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("server.toml");
    std::fs::write(&file, configuration).unwrap();
    let mut command = dharmagraph(NOWHERE, folder.path());
    command.arg("serve").args(arguments).arg("--config").arg(&file).arg("--data-dir").arg(folder.path().join("data"));
    let run = tokio::time::timeout(std::time::Duration::from_secs(60), finished(&mut command)).await;
    let run = run.unwrap_or_else(|_| panic!("served in spite of {arguments:?} and {configuration}"));
    assert!(!run.status.success(), "{}", run.output);
    run.errors + &run.output
}

#[tokio::test]
async fn a_server_in_development_listens_to_this_machine_alone() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let said = refused(&["--listen", address], "").await;
        assert!(said.contains("loopback") && said.contains("--profile production"), "{address}: {said}");
    }
    let said = refused(&[], "listen = ['127.0.0.1:0', '0.0.0.0:0']").await;
    assert!(said.contains("loopback"), "{said}");
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_names_the_key() {
    for (configuration, expected) in [
        ("colour = 'red'", "colour"),
        ("[aws]\nconcurrency = 0", "aws.concurrency"),
        ("listen = [", "TOML"),
        ("listen = 7", "listen"),
    ] {
        let said = refused(&["--listen", "127.0.0.1:0"], configuration).await;
        assert!(said.contains(expected), "{configuration}: {said}");
    }
}

#[tokio::test]
async fn a_data_directory_belongs_to_one_server() {
    let (server, folder) = empty_server().await;
    let mut command = dharmagraph(NOWHERE, folder.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(server.data_directory());
    let second = finished(&mut command).await;
    assert!(!second.status.success(), "{}", second.output);
    assert!(second.errors.contains("in use"), "{}", second.errors);
    server.get("/health").await.expect(200);
}

#[test]
fn the_program_says_what_it_is() {
    let version = Command::new(binary()).arg("--version").output().unwrap();
    assert!(String::from_utf8(version.stdout).unwrap().starts_with("dharmagraph "));
}
