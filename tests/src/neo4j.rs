//! A real Neo4j.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

use crate::child::ChildProcess;
use crate::place::{python, repository};
use crate::server::ServerSettings;

/// How long Neo4j may take to start or to end; far more than it needs on a slow machine.
const PATIENCE: Duration = Duration::from_secs(150);
const POLL: Duration = Duration::from_millis(20);

/// The one that the tests of a program take turns with.
static SHARED: OnceCell<Mutex<Neo4j>> = OnceCell::const_new();

/// A Neo4j of this program alone, which can be stopped and started again. It ends with its owner.
#[derive(Debug)]
pub struct Neo4j {
    process: ChildProcess,
    answers: usize,
    description: Map<String, Value>,
}

impl Neo4j {
    /// The program's own Neo4j, running and empty, for the caller alone until it lets go of it.
    pub async fn empty() -> MutexGuard<'static, Self> {
        let shared = SHARED.get_or_init(|| async { Mutex::new(Self::launch().await) }).await;
        let mut neo4j = shared.lock().await;
        neo4j.start().await;
        neo4j.rows("MATCH (n) DETACH DELETE n").await;
        neo4j
    }

    async fn launch() -> Self {
        let mut command = Command::new(python());
        command.arg(repository().join("tests/neo4j/serve.py"));
        let process = ChildProcess::spawn("tests/neo4j/serve.py", &mut command);
        let mut neo4j = Self { process, answers: 0, description: Map::new() };
        neo4j.answered().await;
        neo4j
    }

    /// Waits for the next answer of the script.
    async fn answered(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let written = self.process.written();
            let complete = written.rfind('\n').map_or("", |end| &written[..end]);
            let mut answers = complete.lines().filter_map(|line| serde_json::from_str(line).ok());
            if let Some(Value::Object(description)) = answers.nth(self.answers) {
                self.description = description;
                self.answers += 1;
                return;
            }
            assert!(self.process.ended().is_none(), "Neo4j does not start:\n{written}");
            assert!(Instant::now() < deadline, "Neo4j does not answer:\n{written}");
            tokio::time::sleep(POLL).await;
        }
    }

    async fn told(&mut self, command: &str) {
        self.process.say(command);
        self.answered().await;
    }

    /// Ends it as an administrator does, if it runs; its data stays.
    pub async fn stop(&mut self) {
        self.told("stop").await;
    }

    /// Ends it at once (SIGKILL), if it runs; its data stays.
    pub async fn kill(&mut self) {
        self.told("kill").await;
    }

    /// Starts it on the same data and ports, unless it runs.
    pub async fn start(&mut self) {
        if self.described("state") != "up" {
            self.told("start").await;
        }
    }

    fn described(&self, what: &str) -> &str {
        self.description[what].as_str().unwrap_or_else(|| panic!("no {what} in {:?}", self.description))
    }

    /// The password of its only user.
    #[must_use]
    pub fn password(&self) -> &str {
        self.described("password")
    }

    /// The variables that name it to a program.
    #[must_use]
    pub fn variables(&self) -> [(&'static str, String); 3] {
        [("NEO4J_URI", "uri"), ("NEO4J_USER", "user"), ("NEO4J_PASSWORD", "password")]
            .map(|(variable, what)| (variable, self.described(what).to_owned()))
    }

    /// The server of these settings, with its graph here.
    #[must_use]
    pub fn keeps(&self, settings: ServerSettings) -> ServerSettings {
        let settings = settings.variable("DHARMAGRAPH_STORE", "neo4j");
        self.variables().into_iter().fold(settings, |settings, (name, value)| settings.variable(name, &value))
    }

    /// The rows that a query gives, asked directly.
    pub async fn rows(&self, cypher: &str) -> Vec<Vec<Value>> {
        let request = reqwest::Client::new().post(format!("{}/db/neo4j/query/v2", self.described("http")));
        let request = request.basic_auth(self.described("user"), Some(self.password()));
        let answer = request.json(&json!({"statement": cypher})).send().await.expect("Neo4j answers");
        let status = answer.status();
        let answer: Value = answer.json().await.expect("JSON");
        assert!(status.is_success() && answer["errors"].is_null(), "{cypher}: {status} {answer}");
        serde_json::from_value(answer["data"]["values"].clone()).unwrap_or_else(|error| panic!("{cypher}: {error}: {answer}"))
    }

    /// The only number that a query gives.
    pub async fn count(&self, cypher: &str) -> u64 {
        let rows = self.rows(cypher).await;
        rows[0][0].as_u64().unwrap_or_else(|| panic!("{cypher}: {rows:?}"))
    }
}
