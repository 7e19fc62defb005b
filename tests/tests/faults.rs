//! An AWS API that refuses, fails, is slow or answers nonsense.

#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use std::collections::{BTreeMap, BTreeSet};

use dharmagraph_tests::{Account, Server, ServerSettings, Truth, perfect, without_times};
use serde_json::{Value, json};

const EAST: &str = "us-east-1";
const WEST: &str = "us-west-2";
const DATABASES: [&str; 3] = ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::RDS::DBSubnetGroup"];
const PAGE: u32 = 10;

static ACCOUNT: Account = Account::new(60, 21, &[EAST, WEST]);

fn scopes(region: &str, native_types: &[&str]) -> BTreeSet<String> {
    native_types.iter().map(|native_type| format!("aws/123456789012/{region}/{native_type}")).collect()
}

fn scope_of(resource: &Value) -> String {
    let text = |key: &str| resource[key].as_str().unwrap_or_else(|| panic!("no {key} in {resource}")).to_owned();
    format!("aws/{}/{}/{}", text("account"), text("region"), text("native_type"))
}

async fn inventory(server: &Server) -> BTreeMap<String, Value> {
    let resources = server.all("/resources", "resources").await;
    resources.into_iter().map(|resource| (resource["id"].as_str().unwrap().to_owned(), resource)).collect()
}

/// Makes sure that these scopes failed, with this code, and no others.
fn failed(task: &Value, scopes: &BTreeSet<String>, codes: &[&str]) {
    assert_eq!(task["status"], "partial", "{task}");
    let errors = task["errors"].as_array().unwrap();
    let named: BTreeSet<String> = errors.iter().map(|error| error["scope"].as_str().unwrap().to_owned()).collect();
    assert_eq!(&named, scopes, "{task}");
    for error in errors {
        assert!(codes.contains(&error["code"].as_str().unwrap()), "{error}");
        assert!(!error["message"].as_str().unwrap().is_empty(), "{error}");
    }
    assert_eq!(task["progress"]["scopes_done"], task["progress"]["scopes_total"], "{task}");
}

fn outside<'a>(truth: &'a Truth, scopes: &BTreeSet<String>) -> BTreeSet<&'a str> {
    let scope = |resource: &Value| {
        format!("aws/123456789012/{}/{}", resource["region"].as_str().unwrap(), resource["native_type"].as_str().unwrap())
    };
    truth.resources().into_iter().filter(|(_, resource)| !scopes.contains(&scope(resource))).map(|(id, _)| id).collect()
}

/// A fault that lasts: the rest completes, the fault's scopes are named and stay as they were, and the next good
/// discovery puts all right.
async fn fails_only(failing: BTreeSet<String>, codes: &[&str], faults: &[Value]) {
    let truth = ACCOUNT.truth().await;
    let (server, proxy, folder) = ACCOUNT.discovered().await;
    let before = inventory(&server).await;
    let statistics = server.get("/statistics").await.expect(200);

    let fresh = ServerSettings::new(folder.path().join("fresh"), Some(proxy.url())).start().await;
    proxy.inject(PAGE, faults).await;
    let regions = ACCOUNT.regions();
    let (task, first) = tokio::join!(server.discovered(&regions), fresh.discovered(&regions));
    failed(&task, &failing, codes);
    failed(&first, &failing, codes);
    for counter in ["created", "updated", "removed", "held_back"] {
        assert_eq!(task[counter], 0, "{counter}: {task}");
    }
    let after = inventory(&server).await;
    for (id, resource) in &before {
        assert_eq!(without_times(&after[id]), without_times(resource));
        let marked = after[id]["last_discovered"] != resource["last_discovered"];
        assert_eq!(marked, !failing.contains(&scope_of(resource)), "{resource}");
    }
    assert_eq!(server.get("/statistics").await.expect(200), statistics);
    let changes = server.all(&format!("/changes?task_id={}", task["task_id"].as_str().unwrap()), "changes").await;
    assert_eq!(changes, Vec::<Value>::new());

    let found = inventory(&fresh).await;
    assert_eq!(found.keys().map(String::as_str).collect::<BTreeSet<_>>(), outside(truth, &failing));

    proxy.inject(PAGE, &[]).await;
    for server in [&server, &fresh] {
        let task = server.discovered(&ACCOUNT.regions()).await;
        assert_eq!(task["status"], "completed", "{task}");
        perfect(server, truth).await;
    }
}

/// A fault that trying again cures: everything completes in one discovery.
async fn is_cured(rule: &str, faults: &[Value], retried: bool) {
    let proxy = ACCOUNT.proxy().await;
    proxy.inject(PAGE, faults).await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let task = server.discovered(&ACCOUNT.regions()).await;
    assert!(proxy.hits(rule).await > 0, "the fault was never met");
    assert_eq!(task["status"], "completed", "{task}");
    if retried {
        assert!(task["progress"]["retries"].as_u64() > Some(0), "{task}");
    }
    perfect(&server, ACCOUNT.truth().await).await;
}

#[tokio::test]
async fn a_denied_service_fails_alone() {
    let fault = json!({"match": {"service": "rds", "region": WEST}, "then": {"error": {"code": "AccessDenied", "status": 403}}});
    fails_only(scopes(WEST, &DATABASES), &["AccessDenied"], &[fault]).await;
}

#[tokio::test]
async fn a_denied_call_fails_its_type_alone() {
    let fault = json!({"match": {"action": "DescribeVolumes", "region": EAST},
                       "then": {"error": {"code": "UnauthorizedOperation", "status": 403}}});
    fails_only(scopes(EAST, &["AWS::EC2::Volume"]), &["UnauthorizedOperation"], &[fault]).await;
}

#[tokio::test]
async fn a_refusal_after_the_first_page_takes_nothing_away() {
    let fault = json!({"match": {"action": "DescribeNetworkInterfaces", "region": EAST}, "when": {"after": 1},
                       "then": {"error": {"code": "UnauthorizedOperation", "status": 403}}});
    let proxy = ACCOUNT.proxy().await;
    proxy.inject(5, &[fault]).await;
    let folder = tempfile::tempdir().unwrap();
    let server = ServerSettings::new(folder.path().join("data"), Some(proxy.url())).start().await;
    let failing = scopes(EAST, &["AWS::EC2::NetworkInterface"]);
    failed(&server.discovered(&ACCOUNT.regions()).await, &failing, &["UnauthorizedOperation"]);
    let found = inventory(&server).await;
    assert_eq!(found.keys().map(String::as_str).collect::<BTreeSet<_>>(), outside(ACCOUNT.truth().await, &failing));
}

#[tokio::test]
async fn denied_instance_types_change_no_instance() {
    let (server, proxy, _folder) = ACCOUNT.discovered().await;
    let before = inventory(&server).await;
    let fault = json!({"match": {"action": "DescribeInstanceTypes"}, "then": {"error": {"code": "UnauthorizedOperation", "status": 403}}});
    proxy.inject(PAGE, &[fault]).await;
    let task = server.discovered(&ACCOUNT.regions()).await;
    assert_eq!((&task["updated"], &task["removed"]), (&json!(0), &json!(0)), "{task}");
    let after = inventory(&server).await;
    assert!(before.iter().all(|(id, resource)| without_times(&after[id]) == without_times(resource)));
}

#[tokio::test]
async fn endless_throttling_fails_its_scope_alone() {
    let fault = json!({"match": {"action": "DescribeSubnets", "region": WEST},
                       "then": {"error": {"code": "RequestLimitExceeded", "status": 503}}});
    fails_only(scopes(WEST, &["AWS::EC2::Subnet"]), &["RequestLimitExceeded"], &[fault]).await;
}

#[tokio::test]
async fn throttling_for_a_while_is_waited_out() {
    let fault = json!({"name": "throttled", "match": {"service": "ec2"},
                       "then": {"throttle": {"rate": 1, "burst": 1, "code": "RequestLimitExceeded", "status": 503}}});
    is_cured("throttled", &[fault], true).await;
}

#[tokio::test]
async fn throttling_in_json_is_waited_out() {
    let fault = json!({"name": "throttled", "match": {"service": "ecs"}, "when": {"every": 3},
                       "then": {"error": {"code": "ThrottlingException", "status": 400}}});
    is_cured("throttled", &[fault], true).await;
}

#[tokio::test]
async fn a_slow_api_is_waited_for() {
    is_cured("slow", &[json!({"name": "slow", "match": {"service": "ecs"}, "then": {"delay": [0.05, 0.4]}})], false).await;
}

#[tokio::test]
async fn an_api_that_never_answers_fails_its_scope_alone() {
    let fault = json!({"match": {"action": "DescribeDBClusters", "region": EAST}, "then": {"drop": "hang"}});
    fails_only(scopes(EAST, &["AWS::RDS::DBCluster"]), &["Timeout"], &[fault]).await;
}

#[tokio::test]
async fn server_errors_now_and_then_are_cured() {
    let fault = json!({"name": "flaky", "match": {"service": "elasticloadbalancing"}, "when": {"every": 3},
                       "then": {"error": {"code": "InternalFailure", "status": 500}}});
    is_cured("flaky", &[fault], true).await;
}

#[tokio::test]
async fn resets_now_and_then_are_cured() {
    let before = json!({"name": "reset", "when": {"every": 7}, "then": {"drop": "reset"}});
    let after = json!({"when": {"every": 11}, "then": {"drop": "after"}});
    is_cured("reset", &[before, after], true).await;
}

#[tokio::test]
async fn endless_resets_fail_their_scope_alone() {
    let fault = json!({"match": {"action": "DescribeNetworkAcls", "region": EAST}, "then": {"drop": "reset"}});
    fails_only(scopes(EAST, &["AWS::EC2::NetworkAcl"]), &["Unreachable"], &[fault]).await;
}

#[tokio::test]
async fn one_truncated_answer_is_asked_for_again() {
    let fault =
        json!({"name": "truncated", "match": {"action": "DescribeVolumes"}, "when": {"first": 2}, "then": {"truncate": 0.5}});
    is_cured("truncated", &[fault], true).await;
}

#[tokio::test]
async fn answers_that_are_always_truncated_fail_their_scope_alone() {
    let fault = json!({"match": {"action": "DescribeVolumes", "region": WEST}, "then": {"truncate": 0.5}});
    fails_only(scopes(WEST, &["AWS::EC2::Volume"]), &["Unreachable", "BadResponse"], &[fault]).await;
}

#[tokio::test]
async fn half_an_xml_answer_fails_its_scope_alone() {
    let ec2 = json!({"match": {"action": "DescribeSubnets", "region": EAST}, "then": {"cut": 0.5}});
    fails_only(scopes(EAST, &["AWS::EC2::Subnet"]), &["BadResponse"], &[ec2]).await;
}

#[tokio::test]
async fn half_a_database_answer_fails_its_scope_alone() {
    let rds = json!({"match": {"action": "DescribeDBInstances", "region": EAST}, "then": {"cut": 0.7}});
    fails_only(scopes(EAST, &["AWS::RDS::DBInstance"]), &["BadResponse"], &[rds]).await;
}

#[tokio::test]
async fn half_a_json_answer_fails_its_scope_alone() {
    let ecs = json!({"match": {"action": "DescribeServices", "region": WEST}, "then": {"cut": 0.5}});
    fails_only(scopes(WEST, &["AWS::ECS::Service"]), &["BadResponse"], &[ecs]).await;
}

fn page_of_html(action: &str) -> Value {
    let body = "<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>";
    json!({"match": {"action": action, "region": WEST}, "then": {"replace": {"status": 200, "body": body}}})
}

#[tokio::test]
async fn a_login_page_in_place_of_xml_fails_its_scope_alone() {
    fails_only(scopes(WEST, &["AWS::EC2::Instance"]), &["BadResponse"], &[page_of_html("DescribeInstances")]).await;
}

#[tokio::test]
async fn a_login_page_in_place_of_a_database_answer_fails_its_scope_alone() {
    fails_only(scopes(WEST, &["AWS::RDS::DBInstance"]), &["BadResponse"], &[page_of_html("DescribeDBInstances")]).await;
}

#[tokio::test]
async fn a_login_page_in_place_of_json_fails_its_scope_alone() {
    fails_only(scopes(WEST, &["AWS::ECS::Service"]), &["BadResponse"], &[page_of_html("DescribeServices")]).await;
}

#[tokio::test]
async fn an_empty_answer_fails_its_scope_alone() {
    let nothing = json!({"match": {"action": "DescribeVpcs", "region": WEST}, "then": {"cut": 0.0}});
    fails_only(scopes(WEST, &["AWS::EC2::VPC"]), &["BadResponse"], &[nothing]).await;
}

#[tokio::test]
async fn an_account_that_lets_nobody_in_loses_nothing() {
    let (server, proxy, _folder) = ACCOUNT.discovered().await;
    let before = server.get("/statistics").await.expect(200);
    proxy.inject(PAGE, &[json!({"then": {"error": {"code": "AuthFailure", "status": 401}}})]).await;
    let task = server.discovered(&ACCOUNT.regions()).await;
    assert_eq!(task["status"], "failed", "{task}");
    assert!(!task["errors"].as_array().unwrap().is_empty(), "{task}");
    assert_eq!(server.get("/statistics").await.expect(200), before);
    proxy.inject(PAGE, &[]).await;
    assert_eq!(server.discovered(&ACCOUNT.regions()).await["status"], "completed");
    perfect(&server, ACCOUNT.truth().await).await;
}

#[tokio::test]
async fn an_endpoint_where_nobody_listens_loses_nothing() {
    let (mut server, proxy, folder) = ACCOUNT.discovered().await;
    let before = server.get("/statistics").await.expect(200);
    assert!(server.terminated().await.success());
    let nowhere = format!("http://{}", dharmagraph_tests::free_address());
    let server = ServerSettings::new(folder.path().join("data"), Some(&nowhere)).start().await;
    let task = server.discovered(&ACCOUNT.regions()).await;
    assert_eq!(task["status"], "failed", "{task}");
    assert_eq!(server.get("/statistics").await.expect(200), before);
    drop((server, proxy));
}
