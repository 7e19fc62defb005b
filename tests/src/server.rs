//! The server, as its users run it.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::child::ChildProcess;
use crate::place::{binary, free_address};

/// How long a discovery may take before a test gives up; far more than it needs on a slow machine.
const PATIENCE: Duration = Duration::from_secs(600);
const POLL: Duration = Duration::from_millis(30);
const PREFIX: &str = "/api/v3/cmdb";

/// The environment of a process that speaks to the emulated account and knows nothing of the machine's own.
pub(crate) fn environment(endpoint: Option<&str>, home: &Path) -> Vec<(String, String)> {
    let home = home.to_str().expect("temporary folders have readable names");
    let path = std::env::var("PATH").expect("PATH is set");
    let mut variables = vec![
        ("PATH", path.as_str()),
        ("HOME", home),
        ("AWS_ACCESS_KEY_ID", "testing"),
        ("AWS_SECRET_ACCESS_KEY", "testing"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    variables.extend(endpoint.map(|endpoint| ("AWS_ENDPOINT_URL", endpoint)));
    variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// How to start a server.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    data_directory: PathBuf,
    variables: Vec<(String, String)>,
    configuration: String,
}

impl ServerSettings {
    /// A server on this data directory, made where it is missing; `endpoint` is where the AWS API is.
    #[must_use]
    pub fn new(data_directory: impl Into<PathBuf>, endpoint: Option<&str>) -> Self {
        let data_directory = data_directory.into();
        let variables = environment(endpoint, data_directory.parent().expect("a data directory lies in a folder"));
        Self { data_directory, variables, configuration: String::new() }
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Gives it this configuration file.
    #[must_use]
    pub fn configuration(mut self, toml: impl Into<String>) -> Self {
        self.configuration = toml.into();
        self
    }

    /// Starts it and waits until it can do its work.
    pub async fn start(&self) -> Server {
        self.start_until(&format!("{PREFIX}/health")).await
    }

    /// Starts it and waits until it answers, be it that its store does not.
    pub async fn start_unready(&self) -> Server {
        self.start_until("/").await
    }

    async fn start_until(&self, path: &str) -> Server {
        let configuration = self.data_directory.with_extension("toml");
        std::fs::write(&configuration, &self.configuration).expect("the folder can be written to");
        loop {
            let address = free_address();
            let mut command = Command::new(binary());
            command.env_clear().envs(self.variables.iter().cloned());
            command.arg("serve").arg("--config").arg(&configuration);
            command.arg("--data-dir").arg(&self.data_directory).args(["--listen", &address]);
            let mut process = ChildProcess::spawn("dharmagraph serve", &mut command);
            let url = format!("http://{address}");
            if process.answers(&format!("{url}{path}")).await {
                let client = Client::builder().timeout(PATIENCE).build().expect("a client");
                return Server { process, url, client, data_directory: self.data_directory.clone() };
            }
            let written = process.written();
            let address_taken = written.contains("in use") && !written.contains("data directory");
            assert!(
                address_taken,
                "the server does not start:
{written}"
            );
        }
    }
}

/// A running server and a client of it. Killed when dropped.
#[derive(Debug)]
pub struct Server {
    process: ChildProcess,
    url: String,
    client: Client,
    data_directory: PathBuf,
}

impl Server {
    /// Where it answers, without a path.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its process.
    pub const fn process(&mut self) -> &mut ChildProcess {
        &mut self.process
    }

    /// Where it keeps its data.
    #[must_use]
    pub fn data_directory(&self) -> &Path {
        &self.data_directory
    }

    /// Everything that it logged.
    #[must_use]
    pub fn logged(&self) -> String {
        self.process.written()
    }

    /// Kills it (SIGKILL).
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    pub async fn terminated(&mut self) -> ExitStatus {
        self.process.terminated().await
    }

    /// A request of the REST API: `path` is what follows `/api/v3/cmdb`, or a whole path where it begins with two
    /// slashes.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let path =
            path.strip_prefix('/').filter(|rest| rest.starts_with('/')).map_or_else(|| format!("{PREFIX}{path}"), str::to_owned);
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let request = request.build().expect("a request that can be sent");
        let description = format!("{} {}", request.method(), request.url());
        let answer = self.client.execute(request).await.unwrap_or_else(|error| panic!("{description}: {error}"));
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = answer.text().await.unwrap_or_else(|error| panic!("{description}: {error}"));
        Answer { request: description, status, headers, text }
    }

    /// GET; for `path` see [`Server::request`].
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST with a JSON body; for `path` see [`Server::request`].
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Starts a discovery of AWS with the server's own keys; gives the task's id.
    pub async fn begin(&self, regions: &[String]) -> String {
        self.begin_with(&json!({"credentials": {"source": "default_chain", "regions": regions}})).await
    }

    /// Starts the discovery of AWS that this body asks for; gives the task's id.
    pub async fn begin_with(&self, body: &Value) -> String {
        let task = self.post("/discover/aws", body).await.expect(202);
        task["task_id"].as_str().expect("a task has an id").to_owned()
    }

    /// Discovers AWS with the server's own keys; gives the task when it has ended.
    pub async fn discovered(&self, regions: &[String]) -> Value {
        let task = self.begin(regions).await;
        self.ended(&task).await
    }

    /// The task, when it has ended.
    pub async fn ended(&self, task: &str) -> Value {
        self.reached(task, |task| task["status"] != "running").await
    }

    /// The task, as soon as it is as wanted or has ended.
    pub async fn reached(&self, task: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let now = self.get(&format!("/discovery/{task}")).await.expect(200);
            if wanted(&now) || now["status"] != "running" {
                return now;
            }
            assert!(Instant::now() < deadline, "the task does not get there: {now}");
            tokio::time::sleep(POLL).await;
        }
    }

    /// Every item of a paged list, over all its pages; `path` holds the filters. `key` is the list's name.
    pub async fn all(&self, path: &str, key: &str) -> Vec<Value> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("{path}{separator}limit=500{cursor}")).await.expect(200);
            items.extend_from_slice(page[key].as_array().unwrap_or_else(|| panic!("no list `{key}` in {page}")));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={}", crate::percent_encoded(next)),
                None => return items,
            }
        }
    }
}
