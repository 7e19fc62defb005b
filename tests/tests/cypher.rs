//! Cypher over the REST API and the command line: the contract's example, and what nobody means well.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use dharmagraph_tests::{Account, Server, ServerSettings, dharmagraph, finished, finished_with_input};
use serde_json::{Value, json};
use tempfile::TempDir;

static ACCOUNT: Account = Account::new(60, 83, &["us-east-1", "us-west-2"]);

const EXAMPLE: &str = "MATCH (c:Resource:COMPUTE)-[:ATTACHED_TO]->(v:Resource:STORAGE) WHERE c.provider = $provider \
                       RETURN c.name, v.name, v.size_gb";

async fn filled_server() -> (Server, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let proxy = ACCOUNT.proxy().await;
    let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let task = server.discovered(&["us-east-1".to_owned(), "us-west-2".to_owned()]).await;
    assert_eq!(task["status"], "completed", "{task}");
    (server, folder)
}

async fn ask(server: &Server, query: &str, parameters: Value) -> dharmagraph_tests::Answer {
    server.post("/graph/query", &json!({"query": query, "parameters": parameters})).await
}

async fn results(server: &Server, query: &str, parameters: Value) -> Value {
    ask(server, query, parameters).await.expect(200)["results"].take()
}

#[tokio::test]
async fn the_graph_answers_in_cypher_what_it_answers_over_rest() {
    let (server, _folder) = filled_server().await;
    let answer = ask(&server, EXAMPLE, json!({"provider": "aws"})).await.expect(200);
    assert_eq!(answer["columns"], json!(["c.name", "v.name", "v.size_gb"]));
    let mut expected = Vec::new();
    for machine in server.all("/resources?resource_type=COMPUTE", "resources").await {
        let id = machine["id"].as_str().unwrap();
        let ties = server.get(&format!("/resources/{id}/relationships?direction=outgoing&type=ATTACHED_TO")).await.expect(200);
        for tie in ties["relationships"].as_array().unwrap() {
            if tie["related_resource"]["type"] == "STORAGE" {
                let volume =
                    server.get(&format!("/resources/{}", tie["related_resource"]["id"].as_str().unwrap())).await.expect(200);
                let size = &volume["metadata"]["size_gb"];
                expected.push(json!({"c.name": machine["name"], "v.name": volume["name"], "v.size_gb": size}).to_string());
            }
        }
    }
    let mut found: Vec<_> = answer["results"].as_array().unwrap().iter().map(ToString::to_string).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert!(!found.is_empty());
    assert_eq!(found, expected);

    let statistics = server.get("/statistics").await.expect(200);
    let counted = results(&server, "MATCH (n:Resource) RETURN n.resource_type AS type, count(*) AS count", json!({})).await;
    let counted = counted.as_array().unwrap().iter().map(|row| (row["type"].as_str().unwrap().to_owned(), row["count"].clone()));
    assert_eq!(Value::Object(counted.collect()), statistics["by_type"]);

    let profile = ask(&server, &format!("PROFILE {EXAMPLE}"), json!({"provider": "aws"})).await.expect(200);
    assert_eq!(profile["results"].as_array().unwrap().len(), found.len());
    assert_eq!(profile["plan"]["rows"], found.len(), "{profile}");
    assert!(profile["plan_text"].as_str().unwrap().lines().count() > 2, "{profile}");
}

#[tokio::test]
async fn what_nobody_means_well_is_refused_or_cut_and_changes_nothing() {
    let (server, _folder) = filled_server().await;
    let before = server.get("/statistics").await.expect(200);
    let nested =
        |open: &str, inside: &str, close: &str| format!("RETURN {}{inside}{}", open.repeat(20_000), close.repeat(20_000));
    let many = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*)";
    for (query, status, code) in [
        ("CREATE (n:Resource {id: 'x'})", 403, "FORBIDDEN"),
        ("MATCH (n) DETACH DELETE n", 403, "FORBIDDEN"),
        ("MATCH (n:Resource) SET n.name = 'x' RETURN count(n)", 403, "FORBIDDEN"),
        ("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", 403, "FORBIDDEN"),
        ("CALL db.labels()", 403, "FORBIDDEN"),
        ("USE system RETURN 1", 403, "FORBIDDEN"),
        ("SHOW DATABASES", 403, "FORBIDDEN"),
        ("MATCH (n) OPTIONAL CALL (n) { RETURN 1 AS x } RETURN x", 501, "UNSUPPORTED"),
        ("MATCH (n) FOREACH (x IN [n] | SET x.seen = true)", 501, "UNSUPPORTED"),
        ("RETURN 1; RETURN 2", 400, "INVALID"),
        ("RETURN 1; MATCH (n) DETACH DELETE n", 403, "FORBIDDEN"),
        ("MATCH (n RETURN n", 400, "INVALID"),
        ("MATCH (n) RETURN m", 400, "INVALID"),
        ("", 400, "INVALID"),
        ("MATCH (n:Resource) RETURN n.id SKIP $text", 400, "INVALID"),
        ("MATCH (n:Resource) RETURN n.id LIMIT $missing", 400, "INVALID"),
        ("RETURN 'a' =~ $text", 400, "INVALID"),
        (&nested("(", "1", ")"), 422, "LIMIT_EXCEEDED"),
        (&nested("[", "", "]"), 422, "LIMIT_EXCEEDED"),
        (&nested("NOT ", "true", ""), 422, "LIMIT_EXCEEDED"),
        (&nested("1 + ", "1", ""), 422, "LIMIT_EXCEEDED"),
        (&format!("RETURN '{}'", "x".repeat(900_000)), 422, "LIMIT_EXCEEDED"),
        (&format!("RETURN '{}'", "x".repeat(1024 * 1024)), 413, "LIMIT_EXCEEDED"),
        (many, 422, "LIMIT_EXCEEDED"),
        ("MATCH p = (a)-[*]-(b) RETURN count(p)", 422, "LIMIT_EXCEEDED"),
        ("RETURN reduce(s = 'x', i IN range(1, 60) | s + s)", 422, "LIMIT_EXCEEDED"),
        ("RETURN size(range(1, 1000000000000))", 422, "LIMIT_EXCEEDED"),
    ] {
        let answer = ask(&server, query, json!({"text": "(a"})).await;
        let shown: String = query.chars().take(80).collect();
        let found = answer.json();
        assert_eq!((answer.status.as_u16(), found["code"].as_str()), (status, Some(code)), "{shown}: {found}");
        assert!(answer.problem(status, code).len() < 1000, "{shown}");
    }
    let linear = json!({"text": "x".repeat(20_000) + "!"});
    assert_eq!(results(&server, "RETURN $text =~ '(x+x+)+y' AS fits", linear).await, json!([{"fits": false}]));
    let injection = json!({"x": "' OR 1=1 //' DETACH DELETE n"});
    assert_eq!(results(&server, "MATCH (n:Resource) WHERE n.name = $x RETURN count(n) AS n", injection).await, json!([{"n": 0}]));
    for body in
        [json!({}), json!({"query": 7}), json!({"query": "RETURN 1", "parameters": [1]}), json!({"query": "RETURN 1", "x": 1})]
    {
        server.post("/graph/query", &body).await.problem(400, "INVALID");
    }
    let as_of = json!({"query": "RETURN 1 AS one"});
    server.post("/graph/query?as_of=2025-01-01T00:00:00Z", &as_of).await.problem(400, "INVALID");
    assert_eq!(server.get("/statistics").await.expect(200), before);
    server.get("/health").await.expect(200);
}

#[tokio::test]
async fn the_command_line_asks_a_server_and_a_data_directory_alike() {
    let (mut server, folder) = filled_server().await;
    let data = server.data_directory().to_owned();
    let run = async |words: &[&str], input: &[u8]| {
        let mut command = dharmagraph("http://127.0.0.1:9", folder.path());
        command.arg("query").args(words).env("DHARMAGRAPH_DATA_DIR", &data);
        finished_with_input(&mut command, input).await
    };
    let words = [EXAMPLE, "-p", "provider=aws", "--json"];
    let asked_of_the_server = run(&words, b"").await.succeeded().json();
    assert_eq!(asked_of_the_server["columns"], json!(["c.name", "v.name", "v.size_gb"]));
    assert!(server.terminated().await.success());
    let asked_of_the_directory = run(&words, b"").await.succeeded().json();
    assert_eq!(asked_of_the_directory, asked_of_the_server);

    let typed = run(&["-"], b"MATCH (n:COMPUTE) RETURN n.id AS id, n.status AS status ORDER BY id LIMIT 2").await.succeeded();
    assert!(typed.output.starts_with("id") && typed.output.lines().count() == 3, "{}", typed.output);
    let plan = run(&["EXPLAIN MATCH (n:COMPUTE) RETURN n.id"], b"").await.succeeded();
    assert!(plan.output.contains("COMPUTE"), "{}", plan.output);
    for (words, said) in [
        (vec!["MATCH (n) RETURN"], "line 1, column"),
        (vec!["MATCH (n) DELETE n"], "only read"),
        (vec!["RETURN $x"], "$x"),
        (vec!["RETURN 1", "-p", "x"], "NAME=VALUE"),
    ] {
        let refused = run(&words, b"").await;
        assert!(!refused.status.success() && refused.errors.contains(said), "{words:?}: {}", refused.errors);
    }
    let mut nothing = dharmagraph("http://127.0.0.1:9", folder.path());
    assert!(!finished(nothing.arg("query")).await.status.success());
}
