//! A real Neo4j.

use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard, OnceCell};

use crate::server::ServerSettings;
use crate::told::Told;

/// The one that the tests of a program take turns with.
static SHARED: OnceCell<Mutex<Neo4j>> = OnceCell::const_new();

/// A Neo4j of this program alone, which can be stopped and started again. It ends with its owner.
#[derive(Debug)]
pub struct Neo4j {
    service: Told,
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
        Self { service: Told::launch("tests/neo4j/serve.py").await }
    }

    /// Ends it as an administrator does, if it runs; its data stays.
    pub async fn stop(&mut self) {
        self.service.tell("stop").await;
    }

    /// Ends it at once (SIGKILL), if it runs; its data stays.
    pub async fn kill(&mut self) {
        self.service.tell("kill").await;
    }

    /// Starts it on the same data and ports, unless it runs.
    pub async fn start(&mut self) {
        if self.described("state") != "up" {
            self.service.tell("start").await;
        }
    }

    fn described(&self, what: &str) -> &str {
        self.service.described(what)
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
