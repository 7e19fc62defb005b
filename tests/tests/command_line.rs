//! The command line, on a data directory and on a running server.

use std::path::Path;

use dharmagraph_tests::{Account, FaultProxy, Finished, ServerSettings, dharmagraph, finished};
use serde_json::{Value, json};
use tempfile::TempDir;

static ACCOUNT: Account = Account::new(60, 71, &["us-east-1", "us-west-2"]);

struct Terminal {
    proxy: FaultProxy,
    folder: TempDir,
}

impl Terminal {
    async fn new() -> Self {
        Self { proxy: ACCOUNT.proxy().await, folder: tempfile::tempdir().expect("a temporary folder") }
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    async fn run(&self, line: &str) -> Finished {
        let mut command = dharmagraph(self.proxy.url(), self.folder.path());
        command.args(line.split(' ')).env("DHARMAGRAPH_DATA_DIR", self.data());
        finished(&mut command).await
    }

    async fn json(&self, line: &str) -> Value {
        self.run(&format!("{line} --json")).await.succeeded().json()
    }

    async fn text(&self, line: &str) -> String {
        self.run(line).await.succeeded().output
    }

    /// A server on the same data directory.
    fn settings(&self) -> ServerSettings {
        ServerSettings::new(self.data(), Some(self.proxy.url()))
    }
}

const DISCOVER: &str = "discover aws --region us-east-1 --region us-west-2";

fn list<'a>(document: &'a Value, key: &str) -> &'a Vec<Value> {
    document.as_array().or_else(|| document[key].as_array()).unwrap_or_else(|| panic!("no list of {key} in {document}"))
}

#[tokio::test]
async fn everything_can_be_asked_on_a_data_directory_without_a_server() {
    let terminal = Terminal::new().await;
    let task = terminal.json(DISCOVER).await;
    let total = ACCOUNT.truth().await.resources().len();
    assert_eq!((&task["status"], &task["created"]), (&json!("completed"), &json!(total)), "{task}");
    assert_eq!(terminal.json("stats").await["total_resources"], total);
    assert_eq!(list(&terminal.json("resources --all").await, "resources").len(), total);
    let compute = terminal.json("resources --type COMPUTE --region us-west-2 --all").await;
    assert_eq!(list(&compute, "resources").len(), ACCOUNT.truth().await.count("AWS::EC2::Instance", Some("us-west-2")));
    assert_eq!(list(&terminal.json("changes --all").await, "changes").len(), total);
    let id = ACCOUNT.truth().await.any("AWS::EC2::VPC");
    assert!(terminal.text(&format!("graph {id}")).await.starts_with("flowchart"));
    assert!(terminal.text(&format!("graph {id} --format dot")).await.starts_with("digraph"));
    assert_eq!(terminal.json(&format!("graph {id} --depth 0")).await["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(terminal.json(&format!("resources {id}")).await["id"], id);
    assert!(terminal.json(&format!("impact {id}")).await["impacted"].as_array().unwrap().len() > 5);
    assert_eq!(list(&terminal.json("tasks").await, "tasks").len(), 1);
    for (line, expected) in [("stats", "COMPUTE"), ("resources", "AWS"), ("changes", "created"), ("tasks", "completed")] {
        let shown = terminal.text(line).await;
        assert!(shown.to_lowercase().contains(&expected.to_lowercase()), "{line}: {shown}");
        assert!(!shown.contains('\u{1b}'), "{line} colours what is no terminal");
    }
    let summary = terminal.text(DISCOVER).await;
    assert!(summary.contains(&total.to_string()), "{summary}");
}

#[tokio::test]
async fn a_running_server_answers_for_its_data_directory() {
    let terminal = Terminal::new().await;
    let server = terminal.settings().start().await;
    let task = terminal.json(DISCOVER).await;
    assert_eq!(task["status"], "completed", "{task}");
    let by_server = server.get("/statistics").await.expect(200);
    assert_eq!(by_server["total_resources"], ACCOUNT.truth().await.resources().len());
    assert_eq!(terminal.json("stats").await, by_server);
    let named = terminal.json(&format!("stats --server {}", server.url())).await;
    assert_eq!(named, by_server);
    let listed = terminal.json("resources --type STORAGE --all").await;
    let filtered = server.all("/resources?resource_type=STORAGE", "resources").await;
    assert_eq!(list(&listed, "resources"), &filtered);
    let id = ACCOUNT.truth().await.any("AWS::EC2::Subnet");
    assert_eq!(terminal.json(&format!("graph {id}")).await, server.get(&format!("/graph/{id}")).await.expect(200));
    assert_eq!(list(&terminal.json("changes --all").await, "changes"), &server.all("/changes", "changes").await);
    assert_eq!(server.get("/discovery").await.expect(200)["tasks"][0]["task_id"], task["task_id"]);
}

#[tokio::test]
async fn a_server_that_was_killed_does_not_keep_its_directory() {
    let terminal = Terminal::new().await;
    let mut server = terminal.settings().start().await;
    server.discovered(&ACCOUNT.regions()).await;
    server.kill();
    assert_eq!(terminal.json("stats").await["total_resources"], ACCOUNT.truth().await.resources().len());
}

#[tokio::test]
async fn the_exit_status_tells_how_it_went() {
    let terminal = Terminal::new().await;
    let nothing_yet = terminal.run("stats").await;
    assert_eq!(nothing_yet.status.code(), Some(2), "{}{}", nothing_yet.output, nothing_yet.errors);
    assert!(terminal.run(DISCOVER).await.status.success());
    for (line, status, said) in [
        ("resources --type COMPUT", 2, "COMPUTE"),
        ("discover aws --region mars", 2, "us-east-1"),
        ("discover aws", 2, "region"),
        ("resources i-nothing", 1, "i-nothing"),
        ("graph i-nothing", 1, "not found"),
        ("stats --server http://127.0.0.1:9", 1, "127.0.0.1:9"),
    ] {
        let run = terminal.run(line).await;
        assert_eq!(run.status.code(), Some(status), "{line}: {}{}", run.output, run.errors);
        assert!(run.errors.contains(said), "{line}: {}", run.errors);
        assert_eq!(run.output, "", "{line}");
    }
    let denied = json!({"match": {"service": "rds"}, "then": {"error": {"code": "AccessDenied", "status": 403}}});
    terminal.proxy.inject(100, &[denied]).await;
    let partial = terminal.run(DISCOVER).await;
    assert_eq!(partial.status.code(), Some(3), "{}{}", partial.output, partial.errors);
    assert!((partial.output + &partial.errors).contains("AccessDenied"));
}

#[tokio::test]
async fn completions_and_manual_pages_are_made() {
    let terminal = Terminal::new().await;
    for shell in ["bash", "zsh", "fish"] {
        assert!(terminal.text(&format!("completions {shell}")).await.contains("dharmagraph"), "{shell}");
    }
    assert!(terminal.text("man").await.contains(".TH"));
    let pages = terminal.folder.path().join("man");
    std::fs::create_dir(&pages).unwrap();
    terminal.text(&format!("man --output {}", pages.display())).await;
    let count = |folder: &Path| std::fs::read_dir(folder).unwrap().count();
    assert!(count(&pages) > 5);
    assert!(terminal.text("--help").await.contains("discover"));
}
