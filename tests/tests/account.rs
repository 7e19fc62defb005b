//! Whole accounts, behind a proxy with real pages, compared with the truth.

use dharmagraph_tests::{Account, FaultProxy, Server, ServerSettings, Truth, finished, perfect, python, script};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

static SMALL: Account = Account::new(200, 11, &["eu-west-1", "ap-southeast-2"]);
static WHOLE: Account = Account::new(847, 5, &["us-east-1", "us-west-2"]);

async fn discovered_in_pages_of(account: &Account, page: u32) -> (Server, FaultProxy, TempDir) {
    let (server, proxy, folder) = account.discovered().await;
    drop(server);
    proxy.inject(page, &[]).await;
    let server = ServerSettings::new(folder.path().join("again"), Some(proxy.url())).start().await;
    let task = server.discovered(&account.regions()).await;
    assert_eq!(task["status"], "completed", "{task}");
    (server, proxy, folder)
}

#[tokio::test]
async fn an_account_of_239_resources_is_found_whole() {
    let (server, _proxy, _folder) = SMALL.discovered().await;
    perfect(&server, SMALL.truth().await).await;
}

#[tokio::test]
async fn an_account_of_847_resources_is_found_whole() {
    let (server, _proxy, _folder) = WHOLE.discovered().await;
    perfect(&server, WHOLE.truth().await).await;
}

#[tokio::test]
async fn pages_of_three_items_lose_nothing() {
    let (server, _proxy, _folder) = discovered_in_pages_of(&SMALL, 3).await;
    perfect(&server, SMALL.truth().await).await;
}

#[tokio::test]
async fn the_task_counts_what_was_found() {
    let (server, _proxy, _folder) = SMALL.discovered().await;
    let task = &server.get("/discovery").await.expect(200)["tasks"][0];
    let expected = SMALL.truth().await.resources().len();
    assert_eq!(task["resources_discovered"], expected);
    assert_eq!(task["created"], expected);
    assert_eq!(task["errors"], Value::Array(Vec::new()));
    assert_eq!(task["progress"]["scopes_done"], task["progress"]["scopes_total"]);
    assert!(task["progress"]["api_calls"].as_u64() > Some(0), "{task}");
    assert_eq!(server.get("/statistics").await.expect(200)["total_resources"], expected);
}

#[tokio::test]
async fn every_instance_has_the_facts_of_its_type_and_each_type_is_asked_once_a_region() {
    let (server, proxy, _folder) = SMALL.discovered().await;
    let instances = server.all("/resources?native_type=AWS::EC2::Instance", "resources").await;
    assert_eq!(instances.len(), SMALL.truth().await.count("AWS::EC2::Instance", None));
    for instance in &instances {
        let facts = &instance["metadata"];
        assert!(facts["cpu_cores"].as_u64() > Some(0) && facts["memory_gb"].as_f64() > Some(0.0), "{instance}");
        if facts["instance_type"] == "t3.medium" {
            assert_eq!((facts["cpu_cores"].as_u64(), facts["memory_gb"].as_f64()), (Some(2), Some(4.0)), "{instance}");
        }
    }
    let calls = proxy.statistics().await["calls"].clone();
    for region in SMALL.regions() {
        let of_region = instances.iter().filter(|instance| instance["region"] == region.as_str());
        let mut types: Vec<&str> = of_region.filter_map(|instance| instance["metadata"]["instance_type"].as_str()).collect();
        types.sort_unstable();
        types.dedup();
        let asked = calls[format!("ec2 {region} DescribeInstanceTypes")].as_u64().expect("a number of calls");
        assert!(asked <= types.len() as u64, "{asked} calls for {types:?} in {region}");
    }
}

#[tokio::test]
async fn the_checker_finds_every_kind_of_error() {
    let folder = tempfile::tempdir().unwrap();
    let (truth, dump) = (folder.path().join("truth.json"), folder.path().join("dump.jsonl"));
    SMALL.truth().await.write(&truth);
    let make = ["--make-dump".as_ref(), dump.as_os_str(), "--inject".as_ref(), "3".as_ref()];
    let made = finished(Command::new(python()).arg(script("check_inventory.py")).arg(&truth).args(make)).await;
    assert!(made.status.success(), "{}", made.errors);
    let check = ["--dump".as_ref(), dump.as_os_str()];
    let checked = finished(Command::new(python()).arg(script("check_inventory.py")).arg(&truth).args(check)).await;
    assert_eq!(checked.status.code(), Some(1), "{}", checked.output);
    let verdict = "DIFFERENT: 3 missing, 3 surplus, 3 duplicate, 15 mismatched fields, ";
    assert!(checked.output.contains(verdict), "{}", checked.output);
    assert!(Truth::read(&truth).resources().len() > 100);
}
