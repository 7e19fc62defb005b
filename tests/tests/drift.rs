//! An account that changes between two discoveries, and one that does not.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::BTreeMap;

use dharmagraph_tests::{
    Emulator, FaultProxy, Server, ServerSettings, dharmagraph, fields_between, finished, percent_encoded, perfect, without_times,
};
use serde_json::Value;

const REGIONS: [&str; 2] = ["us-east-1", "eu-central-1"];

async fn inventory(server: &Server, as_of: &str) -> BTreeMap<String, Value> {
    let resources = server.all(&format!("/resources{as_of}"), "resources").await;
    resources.iter().map(|resource| (resource["id"].as_str().unwrap().to_owned(), without_times(resource))).collect()
}

async fn completed(server: &Server, regions: &[String]) -> Value {
    let task = server.discovered(regions).await;
    assert_eq!(task["status"], "completed", "{task}");
    task
}

#[tokio::test]
async fn a_second_discovery_finds_every_change_and_nothing_else() {
    let (emulator, first_truth) = Emulator::with_account(200, 3, &REGIONS).await;
    let proxy = FaultProxy::start(emulator.url(), 50, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let first_task = completed(&server, emulator.regions()).await;
    perfect(&server, &first_truth).await;
    let before = inventory(&server, "").await;
    let statistics_before = server.get("/statistics").await.expect(200);

    let second_truth = emulator.drift(9, 40).await;
    let task = completed(&server, emulator.regions()).await;
    perfect(&server, &second_truth).await;
    let after = inventory(&server, "").await;

    let changes = server.all(&format!("/changes?task_id={}", task["task_id"].as_str().unwrap()), "changes").await;
    let changed: BTreeMap<&str, &Value> = changes.iter().map(|change| (change["id"].as_str().unwrap(), change)).collect();
    assert_eq!(changed.len(), changes.len(), "each resource changes once in one discovery");
    let differences = first_truth.differences(&second_truth);
    assert!(differences.len() > 20, "{differences:?}");
    for id in &differences {
        assert!(changed.contains_key(id.as_str()), "{id} differs in the API and is not among the changes");
    }

    // A server that never saw the old state shows what the API says now: no change may tell anything else.
    let fresh = ServerSettings::new(folder.path().join("fresh"), Some(proxy.url())).start().await;
    completed(&fresh, emulator.regions()).await;
    let now = inventory(&fresh, "").await;
    assert_eq!(after, now);
    let mut counts = BTreeMap::from([("created", 0_u64), ("updated", 0), ("removed", 0)]);
    for (id, change) in &changed {
        let kind = match (before.get(*id), now.get(*id)) {
            (None, Some(_)) => "created",
            (Some(_), None) => "removed",
            (Some(old), Some(new)) => {
                let fields = fields_between(old, new);
                assert!(!fields.is_empty(), "{id} did not change: {change}");
                assert_eq!(change["fields"], Value::Object(fields), "{id}");
                "updated"
            }
            (None, None) => panic!("{id} was and is not there: {change}"),
        };
        assert_eq!(change["kind"], kind, "{change}");
        *counts.get_mut(kind).unwrap() += 1;
    }
    for (kind, count) in counts {
        assert_eq!(task[kind], count, "{kind}: {task}");
    }
    let silent: Vec<&String> =
        now.keys().filter(|id| before.get(*id) != now.get(*id) && !changed.contains_key(id.as_str())).collect();
    assert!(silent.is_empty(), "changed without a word: {silent:?}");

    // The past can still be asked for.
    let as_of = percent_encoded(first_task["completed_at"].as_str().unwrap());
    let past = inventory(&server, &format!("?as_of={as_of}")).await;
    assert_eq!(past, before);
    assert_eq!(server.get(&format!("/statistics?as_of={as_of}")).await.expect(200), statistics_before);
    for id in differences.iter().take(10) {
        let history = server.get(&format!("/resources/{}/history", percent_encoded(id))).await.expect(200);
        let newest = &history["versions"][0];
        assert_eq!(newest["task_id"], task["task_id"], "{history}");
        assert_eq!(newest["kind"], changed[id.as_str()]["kind"], "{history}");
    }
}

#[tokio::test]
async fn an_unchanged_account_writes_nothing_but_the_task_and_the_scopes_times() {
    let (emulator, truth) = Emulator::with_account(60, 4, &REGIONS).await;
    let proxy = FaultProxy::start(emulator.url(), 50, &[]).await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let discover = || async {
        let mut command = dharmagraph(proxy.url(), folder.path());
        command.args(["discover", "aws", "--json", "--region", REGIONS[0], "--region", REGIONS[1], "--data-dir"]).arg(&data);
        finished(&mut command).await.succeeded().json()
    };
    let export = || async {
        let mut command = dharmagraph(proxy.url(), folder.path());
        command.args(["export", "--data-dir"]).arg(&data);
        let lines = finished(&mut command).await.succeeded().output;
        let records = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("a record on each line"));
        let kept = records.filter(|record| {
            ["resource", "relationship", "resource_change", "relationship_change"].iter().any(|kind| record["record"] == *kind)
        });
        kept.map(|mut record| {
            if let Some(resource) = record.get_mut("resource") {
                *resource = without_times(resource);
            }
            record
        })
        .collect::<Vec<Value>>()
    };
    discover().await;
    let before = export().await;
    assert!(before.iter().any(|record| record["record"] == "relationship"));
    assert!(before.iter().any(|record| record["record"] == "resource_change"));
    let task = discover().await;
    let zero = |key: &str| assert_eq!(task[key], 0, "{key}: {task}");
    ["created", "updated", "removed", "held_back"].into_iter().for_each(zero);
    assert_eq!(task["unchanged"], truth.resources().len(), "{task}");
    assert_eq!(export().await, before);
}
