//! Copying a store: what is asked of the copy is answered as by the original.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use dharmagraph_tests::{Finished, Neo4j, dharmagraph, finished};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A terminal in a folder with data directories.
struct Terminal {
    folder: TempDir,
    /// What else is in its environment.
    variables: Vec<(&'static str, String)>,
}

impl Terminal {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn run(&self, line: &str) -> Finished {
        let mut command = dharmagraph("http://127.0.0.1:9", self.folder.path());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.args(line.split(' ')).current_dir(self.folder.path());
        finished(&mut command).await
    }

    async fn done(&self, line: &str) {
        let run = self.run(line).await;
        assert!(run.status.success(), "{line}: {}{}", run.output, run.errors);
    }

    async fn json(&self, line: &str) -> Value {
        self.run(&format!("{line} --json")).await.succeeded().json()
    }

    /// A data directory that saw machines come, change and go, in three discoveries.
    async fn fill(&self, data: &str) {
        for serial in 1..=3 {
            std::fs::write(self.path("state.tfstate"), state(serial).to_string()).unwrap();
            let task = self.json(&format!("discover terraform state.tfstate --accept-removals --data-dir {data}")).await;
            assert_eq!(task["status"], "completed", "{task}");
        }
    }

    /// Every record of a data directory's export but the header, which has a time of its own.
    async fn exported(&self, data: &str) -> Vec<String> {
        let export = self.run(&format!("export --data-dir {data}")).await.succeeded().output;
        export.lines().skip(1).map(str::to_owned).collect()
    }

    /// All that the command line answers about the store that these options name.
    async fn answers(&self, store: &str) -> Vec<Value> {
        let first = self.json(&format!("changes --all {store}")).await["changes"][0]["at"].clone();
        let mut answers = Vec::new();
        for question in ["stats", "resources --all", "changes --all", "tasks", "graph vpc-1", "resources i-9"] {
            answers.push(self.json(&format!("{question} {store}")).await);
        }
        answers.push(self.json(&format!("resources --all --as-of {} {store}", first.as_str().unwrap())).await);
        answers
    }
}

/// A network with machines: each state file has one more, all have another type than before, and the first one goes.
fn state(serial: u64) -> Value {
    let resource = |kind: &str, name: String, attributes: Value| {
        json!({"mode": "managed", "type": kind, "name": name, "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
               "instances": [{"schema_version": 1, "attributes": attributes}]})
    };
    let arn = |kind: &str, id: &str| format!("arn:aws:ec2:us-east-1:123456789012:{kind}/{id}");
    let network = json!({"id": "vpc-1", "arn": arn("vpc", "vpc-1"), "cidr_block": "10.0.0.0/16", "tags": {}, "tags_all": {}});
    let subnet = json!({"id": "subnet-1", "arn": arn("subnet", "subnet-1"), "vpc_id": "vpc-1", "cidr_block": "10.0.1.0/24",
                        "availability_zone": "us-east-1a", "tags": {}, "tags_all": {}});
    let machine = |number: u64| {
        let id = format!("i-{number}");
        json!({"id": id, "arn": arn("instance", &id), "instance_type": format!("t{serial}.medium"), "instance_state": "running",
               "availability_zone": "us-east-1a", "subnet_id": "subnet-1", "vpc_security_group_ids": ["sg-unknown"],
               "tags": {"Name": format!("web-{number}")}, "tags_all": {"Name": format!("web-{number}")}})
    };
    let mut resources = vec![
        resource("aws_vpc", "main".into(), network),
        resource("aws_subnet", "a".into(), subnet),
        resource("aws_instance", "kept".into(), machine(9)),
    ];
    resources.extend((serial..serial + 4).map(|number| resource("aws_instance", format!("web{number}"), machine(number))));
    json!({"version": 4, "terraform_version": "1.9.5", "serial": serial, "lineage": "5a6b7c8d-0000-4000-8000-000000000001",
           "outputs": {}, "resources": resources, "check_results": null})
}

#[tokio::test]
async fn a_data_directory_comes_out_of_a_file_as_it_went_in() {
    let terminal = Terminal::new();
    terminal.fill("one").await;
    terminal.done("export --output all.jsonl --data-dir one").await;
    let told = terminal.json("copy --from all.jsonl --to two").await;
    let stats = terminal.json("stats --data-dir one").await;
    assert_eq!((&told["resources"], &told["tasks"]), (&stats["total_resources"], &json!(3)), "{told}");
    assert_eq!(terminal.exported("two").await, terminal.exported("one").await);
    assert_eq!(terminal.answers("--data-dir two").await, terminal.answers("--data-dir one").await);

    let told = terminal.run("copy --from two --to embedded:three").await.succeeded();
    assert!(told.output.contains("RESOURCES") && !told.output.contains('\u{1b}'), "{}", told.output);
    assert_eq!(terminal.exported("three").await, terminal.exported("one").await);
    let lines = terminal.run("copy --from three --to -").await.succeeded().output;
    assert_eq!(lines.lines().skip(1).collect::<Vec<_>>(), terminal.exported("one").await);
}

#[tokio::test]
async fn a_data_directory_moves_to_neo4j_and_back() {
    let neo4j = Neo4j::empty().await;
    let mut terminal = Terminal::new();
    terminal.variables = neo4j.variables().into();
    terminal.fill("one").await;
    let told = terminal.json("copy --from one --to neo4j").await;
    let stats = terminal.json("stats --data-dir one").await;
    assert_eq!((&told["resources"], &told["tasks"]), (&stats["total_resources"], &json!(3)), "{told}");
    assert_eq!(terminal.answers("--data-dir keys --store neo4j").await, terminal.answers("--data-dir one").await);

    let uri = &terminal.variables[0].1;
    terminal.done(&format!("copy --from {uri} --to two")).await;
    assert_eq!(terminal.exported("two").await, terminal.exported("one").await);
    let again = terminal.run("copy --from two --to neo4j").await;
    assert_eq!(again.status.code(), Some(1), "{}", again.output);
    assert!(again.errors.contains("not empty"), "{}", again.errors);
    assert!(!again.errors.contains(neo4j.password()), "{}", again.errors);
}

#[tokio::test]
async fn a_copy_that_cannot_be_made_says_so_and_changes_nothing() {
    let terminal = Terminal::new();
    terminal.fill("one").await;
    terminal.done("copy --from one --to all.jsonl").await;
    let text = std::fs::read_to_string(terminal.path("all.jsonl")).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let cut = lines[..lines.len() - 5].join("\n");
    std::fs::write(terminal.path("cut.jsonl"), cut).unwrap();
    std::fs::write(terminal.path("other.jsonl"), "{\"name\": \"no export\"}\n").unwrap();
    let before = terminal.exported("one").await;
    for (line, status, said) in [
        ("copy --from none --to two", 2, "there is no data directory none"),
        ("copy --from all.jsonl --to one", 1, "not empty"),
        ("copy --from cut.jsonl --to two", 2, "end"),
        ("copy --from other.jsonl --to two", 2, "other.jsonl, line 1"),
        ("copy --from one --to http://127.0.0.1:8200", 2, "bolt://"),
        ("copy --from one --to neo4j", 2, "NEO4J_PASSWORD"),
        ("copy --from one --to bolt://neo4j:hunter2@127.0.0.1:9", 2, "NEO4J_PASSWORD"),
    ] {
        let run = terminal.run(line).await;
        assert_eq!(run.status.code(), Some(status), "{line}: {}{}", run.output, run.errors);
        assert!(run.errors.contains(said), "{line}: {}", run.errors);
        assert_eq!(run.output, "", "{line}");
    }
    assert_eq!(terminal.exported("one").await, before);
    // What was refused left the new directory empty: the next copy finds room.
    terminal.done("copy --from all.jsonl --to two").await;
    assert_eq!(terminal.exported("two").await, before);
}

#[tokio::test]
async fn a_directory_that_a_server_has_open_is_not_copied() {
    let terminal = Terminal::new();
    terminal.fill("one").await;
    let server = dharmagraph_tests::ServerSettings::new(terminal.path("one"), None).start().await;
    for line in ["copy --from one --to two", "copy --from all.jsonl --to one"] {
        std::fs::write(terminal.path("all.jsonl"), "").unwrap();
        let run = terminal.run(line).await;
        assert_eq!(run.status.code(), Some(1), "{line}: {}{}", run.output, run.errors);
        assert!(run.errors.contains("in use by another process") && run.errors.contains("hint:"), "{line}: {}", run.errors);
    }
    drop(server);
}
