//! Whatever a store is told, it answers as the reference does.
#![cfg(feature = "testkit")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dharmagraph_cmdb::store::MemoryStore;
use dharmagraph_cmdb::testkit::{answers, everything};
use dharmagraph_cmdb::{
    GraphStore, Provider, ReconcileOptions, ReconcileReport, Relationship, RelationshipKind, RemovalGuard, Resource, ResourceId,
    ResourceType, Scope, ScopeSnapshot, Snapshot, Status, TaskId, Timestamp,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::Value;

/// Between two steps.
const TICK: i64 = 2;
/// More steps than any test does.
const STEPS: i64 = 13;
const IDS: [&str; 6] = ["i-1", "i-2", "i-3", "igw-1", "vol-1", "arn:aws:x:y/z"];

/// One thing that is done to both stores.
#[derive(Debug, Clone)]
enum Step {
    Reconcile { snapshot: Snapshot, options: ReconcileOptions },
    Prune(Timestamp),
}

/// What a store says of a step.
#[derive(Debug, PartialEq)]
enum Done {
    Reconciled(ReconcileReport),
    Forgot(u64),
}

fn scopes() -> Vec<Scope> {
    vec![
        Scope::new(Provider::AWS, "1", "eu-west-1", "AWS::EC2::Instance"),
        Scope::new(Provider::AWS, "1-a", "eu-west-1", "AWS::EC2::Instance"),
        Scope::new(Provider::AWS, "1", "eu-west-1", "AWS::EC2::Volume"),
        Scope::new(Provider::TERRAFORM, "state", "eu-west-1", "AWS::EC2::Instance"),
    ]
}

/// Few values for each fact, so that states repeat, names collide and owners disagree.
fn resource() -> impl Strategy<Value = Resource> {
    let name = select(vec![None, Some("web"), Some("Web"), Some("i-1")]);
    let kind = select(vec![ResourceType::COMPUTE, ResourceType::STORAGE]);
    let status = select(vec![None, Some(Status::RUNNING), Some(Status::STOPPED)]);
    let provider = select(vec![Provider::AWS, Provider::AWS, Provider::GCP]);
    (select(&IDS[..]), name, kind, status, provider, 0..3_u8).prop_map(|(id, name, kind, status, provider, fact)| {
        let mut resource = Resource::new(id, provider, kind, "AWS::EC2::Instance", "1", "eu-west-1");
        resource.name = name.map(str::to_owned);
        resource.status = status;
        match fact {
            0 => drop(resource.metadata.insert("arn".into(), "arn:aws:shared".into())),
            1 => drop(resource.metadata.insert("size".into(), serde_json::json!({"gb": [1, 2.5, null]}))),
            _ => drop(resource.tags.insert("Team".into(), "Blue".into())),
        }
        resource
    })
}

fn relationship() -> impl Strategy<Value = Relationship> {
    let kinds =
        vec![RelationshipKind::ATTACHED_TO, RelationshipKind::DEPENDS_ON, RelationshipKind::TRIGGERS, RelationshipKind::MONITORS];
    let end = || select(&IDS[..]).prop_map(ResourceId::new);
    (end(), select(kinds), end()).prop_map(|(source, kind, target)| Relationship::new(source, kind, target))
}

fn listing(scope: Scope) -> impl Strategy<Value = ScopeSnapshot> {
    let resources = prop::collection::vec(resource(), 0..5);
    let relationships = prop::collection::vec(relationship(), 0..6);
    (resources, relationships, prop::bool::weighted(0.8)).prop_map(move |(resources, relationships, complete)| ScopeSnapshot {
        scope: scope.clone(),
        resources,
        relationships,
        complete,
    })
}

fn snapshot() -> impl Strategy<Value = Snapshot> {
    let scopes = subsequence(scopes(), 1..=3).prop_flat_map(|scopes| scopes.into_iter().map(listing).collect::<Vec<_>>());
    (scopes, 0..3_u8).prop_map(|(scopes, task)| Snapshot {
        task_id: TaskId::new(format!("task-{task}")),
        at: Timestamp::MIN,
        scopes,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let options = (prop::bool::weighted(0.1), any::<bool>(), 1..4_u64).prop_map(|(dry_run, accept_removals, minimum)| {
        ReconcileOptions { dry_run, accept_removals, guard: RemovalGuard { share: 0.5, minimum } }
    });
    prop_oneof![
        9 => (snapshot(), options).prop_map(|(snapshot, options)| Step::Reconcile { snapshot, options }),
        1 => (0..STEPS * TICK).prop_map(|at| Step::Prune(Timestamp::from_micros(at))),
    ]
}

fn ids() -> Vec<ResourceId> {
    IDS.into_iter().chain(["unknown"]).map(ResourceId::new).collect()
}

/// Does one step, at `TICK` times its number.
async fn make(store: &dyn GraphStore, n: usize, step: &Step) -> Done {
    match step {
        Step::Reconcile { snapshot, options } => {
            let snapshot = Snapshot { at: Timestamp::from_micros(n as i64 * TICK), ..snapshot.clone() };
            Done::Reconciled(store.reconcile(snapshot, options).await.unwrap())
        }
        Step::Prune(horizon) => Done::Forgot(store.prune(*horizon).await.unwrap()),
    }
}

/// Does the steps to both stores, one every `TICK` microseconds from `start` on, and compares every answer after each.
async fn compare(reference: &dyn GraphStore, other: &dyn GraphStore, start: usize, steps: &[Step]) {
    let ids = ids();
    for (n, step) in (start..).zip(steps) {
        assert_eq!(make(other, n, step).await, make(reference, n, step).await);
        assert_same(&everything(reference, &ids).await, &everything(other, &ids).await);
    }
    compare_past(reference, other, &ids).await;
}

/// Does the first half of the steps to one store, copies it into the other, and compares them from then on.
async fn compare_copy(original: &dyn GraphStore, copy: &dyn GraphStore, steps: &[Step]) {
    let (before, after) = steps.split_at(steps.len() / 2);
    for (n, step) in before.iter().enumerate() {
        make(original, n, step).await;
    }
    copy.import(original.export()).await.unwrap();
    let ids = ids();
    assert_same(&everything(original, &ids).await, &everything(copy, &ids).await);
    compare_past(original, copy, &ids).await;
    compare(original, copy, before.len(), after).await;
}

/// Compares every answer as of each time at which something may have changed.
async fn compare_past(reference: &dyn GraphStore, other: &dyn GraphStore, ids: &[ResourceId]) {
    for micros in -1..STEPS * TICK {
        let time = Timestamp::from_micros(micros);
        match (reference.statistics(Some(time)).await, other.statistics(Some(time)).await) {
            (Ok(_), Ok(_)) => {
                assert_same(&answers(reference, ids, Some(time)).await, &answers(other, ids, Some(time)).await);
            }
            (Err(expected), Err(error)) => assert_eq!(error.to_string(), expected.to_string()),
            (expected, answer) => panic!("as of {time}: expected {expected:?}, got {answer:?}"),
        }
    }
}

/// Names the first places at which two answers differ: whole answers would be too long to read.
fn assert_same(expected: &Value, answer: &Value) {
    let mut differences = Vec::new();
    differ("", expected, answer, &mut differences);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn differ(place: &str, expected: &Value, answer: &Value, differences: &mut Vec<String>) {
    match (expected, answer) {
        (Value::Object(one), Value::Object(other)) => {
            for key in one.keys().chain(other.keys().filter(|key| !one.contains_key(*key))) {
                let member = |of: &serde_json::Map<String, Value>| of.get(key).cloned().unwrap_or_default();
                differ(&format!("{place}/{key}"), &member(one), &member(other), differences);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (n, (one, other)) in one.iter().zip(other).enumerate() {
                differ(&format!("{place}/{n}"), one, other, differences);
            }
        }
        _ if expected == answer => {}
        _ => differences.push(format!("{place}: expected {expected}, got {answer}")),
    }
}

fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_memory_stores_agree(steps in prop::collection::vec(step(), 1..6)) {
        run(compare(&MemoryStore::new(), &MemoryStore::new(), 0, &steps));
    }

    #[test]
    fn a_copy_of_a_memory_store_agrees_with_it(steps in prop::collection::vec(step(), 1..8)) {
        run(compare_copy(&MemoryStore::new(), &MemoryStore::new(), &steps));
    }
}

#[cfg(feature = "embedded")]
mod embedded {
    use dharmagraph_cmdb::store::EmbeddedStore;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_embedded_store_agrees_with_the_reference_also_after_a_restart(steps in prop::collection::vec(step(), 1..12)) {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("graph.redb");
            run(async {
                let reference = MemoryStore::new();
                let (before, after) = steps.split_at(steps.len() / 2);
                compare(&reference, &EmbeddedStore::open(&path).unwrap(), 0, before).await;
                compare(&reference, &EmbeddedStore::open(&path).unwrap(), before.len(), after).await;
            });
        }

        #[test]
        fn a_copy_into_the_embedded_store_agrees_with_the_reference(steps in prop::collection::vec(step(), 1..12)) {
            let folder = tempfile::tempdir().unwrap();
            run(async {
                let copy = EmbeddedStore::open(folder.path().join("graph.redb")).unwrap();
                compare_copy(&MemoryStore::new(), &copy, &steps).await;
            });
        }

        #[test]
        fn a_copy_out_of_the_embedded_store_agrees_with_it(steps in prop::collection::vec(step(), 1..12)) {
            let folder = tempfile::tempdir().unwrap();
            run(async {
                let original = EmbeddedStore::open(folder.path().join("graph.redb")).unwrap();
                compare_copy(&original, &MemoryStore::new(), &steps).await;
            });
        }
    }
}

#[cfg(feature = "neo4j")]
mod neo4j;

#[cfg(feature = "neo4j")]
mod over_neo4j {
    use super::*;

    proptest! {
        // Each answer is a way to the server and back, and there are thousands in a case.
        #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_neo4j_store_agrees_with_the_reference(steps in prop::collection::vec(step(), 1..8)) {
            run(async {
                let store = neo4j::emptied().await;
                compare(&MemoryStore::new(), &*store, 0, &steps).await;
            });
        }
    }
}
