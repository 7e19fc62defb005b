//! The check of discoverers tells those that keep their contract from those that do not.

use std::sync::Arc;

use dharmagraph_cmdb::sync::DiscoveryRequest;
use dharmagraph_cmdb::testkit::check_discovery;
use dharmagraph_cmdb::{Connector, Provider};

use crate::script::{Listing, Script, ScriptedConnector, machine, scope};

async fn check(script: Script) -> Vec<String> {
    let connector = ScriptedConnector(Arc::new(script));
    let discoverer = connector.connect(&DiscoveryRequest::new(Provider::AWS)).await.unwrap();
    let ended = check_discovery(&*discoverer).await;
    assert_eq!(ended[&scope("machines")].as_ref().unwrap().resources, [machine("i-1")]);
    ended.into_iter().filter_map(|(scope, ended)| ended.is_err().then_some(scope.native_type)).collect()
}

fn script() -> Script {
    let script = Script::default();
    script.holds("machines", &["i-1"]);
    script.say("volumes", Listing::Fails("AccessDenied"));
    script
}

#[tokio::test]
async fn a_discovery_that_keeps_its_contract_passes() {
    assert_eq!(check(script()).await, ["volumes"]);
}

#[tokio::test]
#[should_panic(expected = "scopes that never ended")]
async fn a_scope_without_end_is_found() {
    let script = script();
    script.say("silent", Listing::Silent);
    check(script).await;
}

#[tokio::test]
#[should_panic(expected = "stores hash, not discoverers")]
async fn a_discoverer_that_does_the_stores_work_is_found() {
    let script = script();
    let mut hashed = machine("i-2");
    hashed.content_hash = Some(hashed.hash());
    script.say("hashed", Listing::Holds(vec![hashed]));
    check(script).await;
}
