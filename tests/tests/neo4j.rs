//! A server with its graph in Neo4j: the same inventory, the same answers, and nothing lost when Neo4j goes away.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::pin::pin;
use std::time::{Duration, Instant};

use dharmagraph_tests::{
    Account, Answer, FaultProxy, Finished, Neo4j, Server, ServerSettings, dharmagraph, finished, percent_encoded, perfect,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

static ACCOUNT: Account = Account::new(200, 41, &["us-east-1", "us-west-2"]);

/// The longest that an answer may take that tells of a Neo4j that is down.
const TOLD_WITHIN: Duration = Duration::from_secs(2);
/// How long a server may take to notice that Neo4j is back; far more than it needs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a server needs besides Neo4j.
struct Surroundings {
    proxy: FaultProxy,
    folder: TempDir,
}

impl Surroundings {
    async fn new() -> Self {
        Self { proxy: ACCOUNT.proxy().await, folder: tempfile::tempdir().unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn settings(&self, neo4j: &Neo4j) -> ServerSettings {
        neo4j.keeps(ServerSettings::new(self.data(), Some(self.proxy.url())))
    }

    /// A line that a person types.
    fn command(&self, neo4j: &Neo4j, line: &str) -> Command {
        let mut command = dharmagraph(self.proxy.url(), self.folder.path());
        command.args(line.split(' ')).args(["--store", "neo4j"]).envs(neo4j.variables());
        command.env("DHARMAGRAPH_DATA_DIR", self.data());
        command
    }

    async fn run(&self, neo4j: &Neo4j, line: &str) -> Finished {
        finished(&mut self.command(neo4j, line)).await
    }

    /// A server that has discovered the account into Neo4j.
    async fn discovered(&self, neo4j: &Neo4j) -> Server {
        let server = self.settings(neo4j).start().await;
        let task = server.discovered(&ACCOUNT.regions()).await;
        assert_eq!(task["status"], "completed", "{task}");
        server
    }
}

/// A document without what differs between two discoveries of one account: times, and what is named after them.
fn timeless(document: &Value) -> Value {
    const TIMES: [&str; 9] = [
        "at",
        "task_id",
        "first_discovered",
        "last_discovered",
        "started_at",
        "completed_at",
        "valid_from",
        "valid_to",
        "next_cursor",
    ];
    match document {
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !TIMES.contains(&name.as_str()));
            kept.map(|(name, value)| (name.clone(), timeless(value))).collect()
        }
        Value::Array(items) => items.iter().map(timeless).collect(),
        other => other.clone(),
    }
}

fn sorted(mut items: Vec<Value>) -> Vec<Value> {
    items.sort_by_key(ToString::to_string);
    items
}

/// Waits until the server says that it can do its work.
async fn ready(server: &Server) {
    let deadline = Instant::now() + PATIENCE;
    while server.get("/ready").await.status != 200 {
        assert!(Instant::now() < deadline, "the server does not notice that Neo4j is back:\n{}", server.logged());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn an_account_in_neo4j_is_the_truth() {
    let neo4j = Neo4j::empty().await;
    let surroundings = Surroundings::new().await;
    let server = surroundings.discovered(&neo4j).await;
    perfect(&server, ACCOUNT.truth().await).await;
    let again = server.discovered(&ACCOUNT.regions()).await;
    let changed = ["created", "updated", "removed"].map(|counter| again[counter].as_u64().unwrap());
    assert_eq!((again["status"].as_str(), changed), (Some("completed"), [0, 0, 0]), "{again}");
    perfect(&server, ACCOUNT.truth().await).await;
    let health = server.get("/health").await.expect(200);
    assert_eq!(health["dependencies"]["store"]["backend"], "neo4j", "{health}");
}

#[tokio::test]
async fn both_stores_answer_alike() {
    let neo4j = Neo4j::empty().await;
    let surroundings = Surroundings::new().await;
    let server = surroundings.discovered(&neo4j).await;
    let (embedded, _proxy, _folder) = ACCOUNT.discovered().await;
    let truth = ACCOUNT.truth().await;

    let mut paths: Vec<String> = [
        "/statistics",
        "/resources",
        "/resources?limit=7&offset=30",
        "/resources?resource_type=COMPUTE&status=RUNNING",
        "/resources?region=us-west-2&limit=1000",
        "/resources?q=WEB",
        "/resources?tag.Environment=production",
        "/resources?native_type=AWS::EC2::Volume&region=us-east-1",
        "/resources?account=none",
        "/statistics?as_of=2001-01-01T00:00:00Z",
    ]
    .map(str::to_owned)
    .into();
    for id in truth.resources().into_keys().map(percent_encoded) {
        let parts = ["", "/relationships", "/relationships?direction=incoming", "/history"];
        paths.extend(parts.map(|part| format!("/resources/{id}{part}")));
        paths.extend([format!("/graph/{id}?depth=2"), format!("/impact/{id}?depth=5")]);
    }
    let root = percent_encoded(&truth.any("AWS::EC2::VPC"));
    let options = ["depth=0", "depth=3&direction=outgoing", "depth=4&max_nodes=10", "depth=1&format=mermaid", "types=RUNS_ON"];
    paths.extend(options.map(|options| format!("/graph/{root}?{options}")));
    let refused = [
        "/resources?limit=0",
        "/resources?cursor=nonsense",
        "/resources/i-nothing",
        "/resources/i-nothing/relationships",
        "/resources/i-nothing/history",
        "/graph/i-nothing",
        "/impact/i-nothing",
        "/changes?cursor=nonsense",
    ];
    let paths = paths.into_iter().map(|path| (path, true)).chain(refused.map(|path| (path.to_owned(), false)));
    for (path, answered) in paths {
        let (expected, found) = (embedded.get(&path).await, server.get(&path).await);
        assert_eq!(expected.status == 200, answered, "{path}: {}", expected.text);
        let shown = |answer: &Answer| match serde_json::from_str(&answer.text) {
            Ok(document) => {
                let mut document = timeless(&document);
                if let Value::Object(members) = &mut document {
                    members.remove("request_id");
                }
                document
            }
            Err(_) => Value::from(answer.text.as_str()),
        };
        assert_eq!((shown(&found), found.status), (shown(&expected), expected.status), "{path}");
    }

    for (path, key) in [("/resources", "resources"), ("/changes", "changes")] {
        let (expected, found) = (embedded.all(path, key).await, server.all(path, key).await);
        let timeless = |items: &[Value]| sorted(items.iter().map(timeless).collect());
        assert_eq!(timeless(&found), timeless(&expected), "{path}");
        assert_eq!(found.len(), truth.resources().len(), "{path}");
    }
}

#[tokio::test]
async fn nodes_have_the_label_of_their_type_and_relationships_their_kind() {
    let neo4j = Neo4j::empty().await;
    let surroundings = Surroundings::new().await;
    let server = surroundings.discovered(&neo4j).await;
    let statistics = server.get("/statistics").await.expect(200);

    let labels = neo4j.rows("MATCH (n:Resource) RETURN n.id, labels(n), n.resource_type").await;
    assert_eq!(labels.len(), statistics["total_resources"].as_u64().unwrap() as usize);
    for row in &labels {
        let found: BTreeSet<&str> = row[1].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(found, BTreeSet::from(["Resource", row[2].as_str().unwrap()]), "{row:?}");
    }
    let kinds = neo4j.rows("MATCH (:Resource)-[r]->(:Resource) RETURN type(r), count(r)").await;
    let kinds: Value = kinds.into_iter().map(|row| (row[0].as_str().unwrap().to_owned(), row[1].clone())).collect();
    assert_eq!(kinds, statistics["by_relationship"]);
    let stray = "MATCH (n:Resource)-[r]-(other) WHERE NOT other:Resource RETURN count(r)";
    assert_eq!(neo4j.count(stray).await, 0, "history is apart from the present");
    let indexed =
        neo4j.rows("SHOW INDEXES YIELD labelsOrTypes, properties WHERE labelsOrTypes = ['Resource'] RETURN properties").await;
    let indexed: BTreeSet<&str> = indexed.iter().flat_map(|row| row[0].as_array().unwrap()).filter_map(Value::as_str).collect();
    for property in ["id", "provider", "resource_type", "status", "region", "name"] {
        assert!(indexed.contains(property), "no index on {property}: {indexed:?}");
    }
}

#[tokio::test]
async fn cypher_in_tags_names_and_requests_is_data() {
    let neo4j = Neo4j::empty().await;
    let surroundings = Surroundings::new().await;
    let server = surroundings.discovered(&neo4j).await;
    let hostile = "'); MATCH (n) DETACH DELETE n //";
    let names = ACCOUNT.truth().await.resources().into_values().filter(|resource| resource["tags"]["Name"] == hostile).count();
    assert!(names > 0, "the account has no such tag any more");
    let found = server.all(&format!("/resources?tag.Name={}", percent_encoded(hostile)), "resources").await;
    assert_eq!(found.len(), names);

    let before = neo4j.rows("MATCH (n) RETURN count(n), sum(size(keys(n)))").await;
    let schema = "CALL db.labels() YIELD label RETURN label ORDER BY label";
    let labels = neo4j.rows(schema).await;
    for text in [hostile, "`}) DETACH DELETE n //", "x\" OR 1=1 //", "$id", "COMPUTE`:Evil", "*/ MATCH (n) SET n.x = 1 /*"] {
        let text = percent_encoded(text);
        for path in [
            format!("/resources/{text}"),
            format!("/resources/{text}/relationships?type={text}"),
            format!("/resources?q={text}"),
            format!("/resources?resource_type={text}&region={text}&status={text}"),
            format!("/resources?tag.{text}={text}"),
            format!("/resources?cursor={text}"),
            format!("/graph/{text}?types={text}"),
            format!("/impact/{text}"),
            format!("/changes?resource_type={text}&task_id={text}"),
            format!("/discovery/{text}"),
        ] {
            let answer = server.get(&path).await;
            assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text);
        }
    }
    assert_eq!(neo4j.rows("MATCH (n) RETURN count(n), sum(size(keys(n)))").await, before);
    assert_eq!(neo4j.rows(schema).await, labels);
    perfect(&server, ACCOUNT.truth().await).await;
}

/// Whether a discovery has asked for about a third of the account.
fn under_way(task: &Value) -> bool {
    task["progress"]["api_calls"].as_u64() >= Some(30)
}

/// A discovery during which Neo4j goes away `how`.
async fn interrupted(how: impl AsyncFnOnce(&mut Neo4j)) {
    let mut neo4j = Neo4j::empty().await;
    let surroundings = Surroundings::new().await;
    surroundings.proxy.inject(20, &[json!({"then": {"delay": [0.05, 0.4]}})]).await;
    let server = surroundings.settings(&neo4j).start().await;
    let task = server.begin(&ACCOUNT.regions()).await;
    // What small scopes list is stored together: the outage begins before that and ends after the last page.
    let seen = server.reached(&task, under_way).await;
    assert_eq!(seen["status"], "running", "the discovery ended too early: {seen}");
    how(&mut neo4j).await;
    neo4j.start().await;
    surroundings.proxy.inject(20, &[]).await;

    ready(&server).await;
    let ended = server.ended(&task).await;
    assert_eq!((&ended["status"], &ended["errors"]), (&json!("completed"), &json!([])), "{ended}");
    perfect(&server, ACCOUNT.truth().await).await;
    let changes = server.all("/changes", "changes").await;
    let created: BTreeSet<&str> = changes.iter().filter_map(|change| change["id"].as_str()).collect();
    assert_eq!((changes.len(), created.len()), (created.len(), ACCOUNT.truth().await.resources().len()));
    assert!(changes.iter().all(|change| change["kind"] == "created"));
    let doubles = "MATCH (:Resource)-[r]->(:Resource) WITH startNode(r) AS a, endNode(r) AS b, type(r) AS t, count(r) AS n
                   WHERE n > 1 RETURN count(*)";
    assert_eq!(neo4j.count(doubles).await, 0);
}

#[tokio::test]
async fn a_neo4j_that_is_restarted_in_the_middle_of_a_discovery_loses_nothing() {
    interrupted(async |neo4j| neo4j.stop().await).await;
}

#[tokio::test]
async fn a_neo4j_that_is_killed_in_the_middle_of_a_discovery_loses_nothing() {
    interrupted(async |neo4j| neo4j.kill().await).await;
}

#[tokio::test]
async fn a_server_that_is_killed_in_the_middle_of_a_discovery_into_neo4j_resumes_it() {
    let neo4j = Neo4j::empty().await;
    let surroundings = Surroundings::new().await;
    surroundings.proxy.inject(20, &[json!({"then": {"delay": [0.05, 0.4]}})]).await;
    let mut server = surroundings.settings(&neo4j).start().await;
    let task = server.begin(&ACCOUNT.regions()).await;
    server.reached(&task, under_way).await;
    server.kill();
    surroundings.proxy.inject(20, &[]).await;
    let server = surroundings.settings(&neo4j).start().await;
    let resumed = server.ended(&task).await;
    assert_eq!(resumed["status"], "completed", "{resumed}");
    perfect(&server, ACCOUNT.truth().await).await;
}

/// Makes sure that the server soon says what it lacks, and does what it can without it.
async fn tells_that_neo4j_is_down(server: &Server, id: &str) {
    let mut answers = Vec::new();
    for path in ["", "/relationships", "/history"] {
        answers.push(timed(server.get(&format!("/resources/{id}{path}"))).await);
    }
    for path in ["/resources", "/changes", "/statistics", "/discovery"] {
        answers.push(timed(server.get(path)).await);
    }
    for path in ["/graph", "/impact"] {
        answers.push(timed(server.get(&format!("{path}/{id}"))).await);
    }
    let body = json!({"credentials": {"source": "default_chain", "regions": ACCOUNT.regions()}});
    answers.push(timed(server.post("/discover/aws", &body)).await);
    answers.push(timed(server.post("/graph/query", &json!({"query": "MATCH (n:Resource) RETURN count(n)"}))).await);
    for answer in answers {
        let detail = answer.problem(503, "BACKEND");
        assert!(detail.contains("neo4j"), "{}: {detail}", answer.request);
        assert!(answer.header("retry-after").parse::<u32>().is_ok(), "{}: {:?}", answer.request, answer.headers);
    }
    let health = timed(server.get("/health")).await.expect(503);
    let store = &health["dependencies"]["store"];
    assert_eq!((&health["status"], &health["ready"]), (&json!("unhealthy"), &json!(false)), "{health}");
    assert_eq!((&store["backend"], &store["status"]), (&json!("neo4j"), &json!("unhealthy")), "{health}");
    timed(server.get("/ready")).await.expect(503);
    for path in ["//", "//docs/", "//api/v3/openapi.json", "//metrics"] {
        let answer = timed(server.get(path)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    }
    let metrics = server.get("//metrics").await.text;
    assert!(metrics.contains("dharmagraph_store_up 0") && !metrics.contains("dharmagraph_resources"), "{metrics}");
}

/// The answer, after making sure that it came soon.
async fn timed(answer: impl Future<Output = Answer>) -> Answer {
    let begun = Instant::now();
    let answer = answer.await;
    assert!(begun.elapsed() < TOLD_WITHIN, "{} took {:?}", answer.request, begun.elapsed());
    answer
}

#[tokio::test]
async fn a_neo4j_that_is_down_is_told_within_two_seconds_and_missed_no_longer_than_it_is_away() {
    let mut neo4j = Neo4j::empty().await;
    let surroundings = Surroundings::new().await;
    let id = ACCOUNT.truth().await.any("AWS::EC2::VPC");
    neo4j.stop().await;
    let server = surroundings.settings(&neo4j).start_unready().await;
    tells_that_neo4j_is_down(&server, &id).await;
    neo4j.start().await;
    ready(&server).await;
    let task = server.discovered(&ACCOUNT.regions()).await;
    assert_eq!(task["status"], "completed", "{task}");

    neo4j.kill().await;
    tells_that_neo4j_is_down(&server, &id).await;
    neo4j.start().await;
    ready(&server).await;
    assert_eq!(server.get(&format!("/resources/{id}")).await.expect(200)["id"], id);
    assert!(server.get("//metrics").await.text.contains("dharmagraph_store_up 1"));
    perfect(&server, ACCOUNT.truth().await).await;
}

/// Waits until so many of these queries run in Neo4j; far less long than the server lets one run.
async fn until(neo4j: &Neo4j, count: u64) {
    let running = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH 'UNWIND range' RETURN count(*)";
    let reached = async {
        while neo4j.count(running).await != count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), reached).await.unwrap_or_else(|_| panic!("never {count} queries"));
}

#[tokio::test]
async fn a_query_ends_in_neo4j_when_the_client_of_the_server_leaves() {
    let neo4j = Neo4j::empty().await;
    let surroundings = Surroundings::new().await;
    let server = surroundings.settings(&neo4j).start().await;
    let endless = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b WITH a, b WHERE a = -b RETURN count(*)";
    let body = json!({"query": endless});
    {
        let mut asked = pin!(server.post("/graph/query", &body));
        tokio::select! {
            answer = &mut asked => panic!("an answer: {answer:?}"),
            () = until(&neo4j, 1) => {}
        }
    }
    until(&neo4j, 0).await;
}

#[tokio::test]
async fn the_password_of_neo4j_turns_up_nowhere() {
    let neo4j = Neo4j::empty().await;
    let surroundings = Surroundings::new().await;
    let settings = surroundings.settings(&neo4j).variable("DHARMAGRAPH_LOG__LEVEL", "trace");
    let mut server = settings.start().await;
    let mut shown = String::new();
    for path in ["/health", "/resources", "/statistics", "//metrics"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        shown.push_str(&answer.text);
    }
    server.terminated().await;
    shown.push_str(&server.logged());
    assert!(shown.contains("neo4j") && !shown.contains(neo4j.password()), "{shown}");
    let files = std::fs::read_dir(surroundings.data()).unwrap().map(|file| file.unwrap().path());
    for path in files.filter(|path| path.is_file()) {
        let bytes = std::fs::read(path).unwrap();
        assert!(!bytes.windows(neo4j.password().len()).any(|window| window == neo4j.password().as_bytes()));
    }

    let wrong = "not-the-password-of-neo4j";
    let mut command = surroundings.command(&neo4j, "serve --listen 127.0.0.1:0");
    let refused = finished(command.env("NEO4J_PASSWORD", wrong)).await;
    assert_eq!(refused.status.code(), Some(1), "{}{}", refused.output, refused.errors);
    assert!(refused.errors.contains("Unauthorized"), "{}", refused.errors);
    assert!(!format!("{}{}", refused.output, refused.errors).contains(wrong), "{}", refused.errors);
}

#[tokio::test]
async fn the_command_line_works_on_neo4j_with_and_without_a_server() {
    let mut neo4j = Neo4j::empty().await;
    let surroundings = Surroundings::new().await;
    let total = ACCOUNT.truth().await.resources().len();
    let discovery = "discover aws --region us-east-1 --region us-west-2 --json";
    let task = surroundings.run(&neo4j, discovery).await.succeeded().json();
    assert_eq!((&task["status"], &task["created"]), (&json!("completed"), &json!(total)), "{task}");
    assert_eq!(neo4j.count("MATCH (n:Resource) RETURN count(n)").await, total as u64);
    let alone = surroundings.run(&neo4j, "stats --json").await.succeeded().json();
    assert_eq!(alone["total_resources"], total);

    let server = surroundings.settings(&neo4j).start().await;
    assert_eq!(surroundings.run(&neo4j, "stats --json").await.succeeded().json(), alone);
    assert_eq!(server.get("/statistics").await.expect(200), alone);
    let task = surroundings.run(&neo4j, discovery).await.succeeded().json();
    assert_eq!(server.get("/discovery").await.expect(200)["tasks"][0]["task_id"], task["task_id"], "the server did it");
    perfect(&server, ACCOUNT.truth().await).await;
    drop(server);

    neo4j.stop().await;
    let down = surroundings.run(&neo4j, "stats").await;
    assert_eq!(down.status.code(), Some(1), "{}{}", down.output, down.errors);
    assert!(down.errors.contains("neo4j") && !down.errors.contains(neo4j.password()), "{}", down.errors);
}
