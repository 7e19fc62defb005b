//! Faults between the server and the emulated AWS API.

use std::process::Command;

use serde_json::{Value, json};

use crate::child::ChildProcess;
use crate::place::{free_address, python, script};

/// A proxy in front of an emulator: it cuts lists into pages, as AWS does, and injects the faults that it is told.
#[derive(Debug)]
pub struct FaultProxy {
    process: ChildProcess,
    url: String,
}

impl FaultProxy {
    /// Starts a proxy with these faults, in the order in which they are tried.
    pub async fn start(upstream: &str, page: u32, faults: &[Value]) -> Self {
        loop {
            let address = free_address();
            let mut command = Command::new(python());
            command.arg(script("fault_proxy.py")).args(["--with-parent", "--listen", &address, "--upstream", upstream]);
            let mut process = ChildProcess::spawn("fault_proxy.py", &mut command);
            let url = format!("http://{address}");
            if process.answers(&format!("{url}/__faults/stats")).await {
                let proxy = Self { process, url };
                proxy.inject(page, faults).await;
                return proxy;
            }
            let written = process.written();
            assert!(written.contains("address already in use"), "the proxy does not start:\n{written}");
        }
    }

    /// Where it answers.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Puts these faults in the place of the earlier ones, all counters at zero.
    pub async fn inject(&self, page: u32, faults: &[Value]) {
        let mut rules = vec![json!({"name": "pages", "then": {"paginate": page}})];
        rules.extend_from_slice(faults);
        self.control("rules", &json!({"seed": 7, "rules": rules})).await;
    }

    /// How often the rule of this name was applied.
    pub async fn hits(&self, rule: &str) -> u64 {
        let statistics = self.statistics().await;
        let rules = statistics["rules"].as_array().expect("a list of rules");
        let found = rules.iter().find(|candidate| candidate["name"] == rule);
        found.and_then(|rule| rule["hits"].as_u64()).unwrap_or_else(|| panic!("no rule `{rule}` in {statistics}"))
    }

    /// How often each call came, by `service region action`.
    pub async fn statistics(&self) -> Value {
        let answer = reqwest::get(format!("{}/__faults/stats", self.url)).await.expect("the proxy answers");
        answer.json().await.expect("JSON")
    }

    async fn control(&self, what: &str, body: &Value) {
        let request = reqwest::Client::new().post(format!("{}/__faults/{what}", self.url)).json(body);
        let answer = request.send().await.expect("the proxy answers");
        let status = answer.status();
        let text = answer.text().await.expect("text");
        assert!(status.is_success(), "{text}\n{}", self.process.written());
    }
}
