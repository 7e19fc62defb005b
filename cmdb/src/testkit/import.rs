//! Taking in what another store exported.

use futures_core::stream::BoxStream;
use futures_util::StreamExt;
use futures_util::stream;

use super::answers::{answers, everything, exported};
use super::fixtures::{
    INSTANCE, VOLUME, get, id, listing, machine, machines, named, ok, partial, refused, scope, second, state_file, tell, tie,
};
use super::history::{eventful, known};
use super::spoiled;
use crate::error::{Error, Result};
use crate::model::{RelationshipKind, ResourceId, Timestamp};
use crate::store::{ExportRecord, GraphStore, MemoryStore};
use crate::sync::TaskStore;

/// All that can happen to a store: lives and deaths, several owners, unknown ends, removals that were held back, and a
/// scope that only says a relationship.
async fn tell_all(store: &dyn GraphStore) {
    for n in 1..=6 {
        eventful(store, n).await;
    }
    let runs = tie("i-2", RelationshipKind::RUNS_ON, "unknown");
    tell(store, 7, vec![listing(scope(INSTANCE), vec![named(machine("i-2"), "shown")], vec![runs.clone()])]).await;
    tell(store, 8, vec![partial(state_file(INSTANCE), vec![machine("i-2"), machine("i-3")])]).await;
    tell(store, 9, vec![listing(state_file(VOLUME), machines(20), vec![])]).await;
    assert_eq!(tell(store, 10, vec![listing(state_file(VOLUME), vec![], vec![])]).await.held_back.len(), 1);
    let mut says = partial(scope("AWS::EC2::VPC"), vec![]);
    says.relationships.push(runs);
    tell(store, 11, vec![says]).await;
}

fn ids() -> Vec<ResourceId> {
    known().into_iter().chain(["i-3", "i-000", "unknown"].map(id)).collect()
}

/// A [`MemoryStore`] that was told all of it.
async fn reference() -> MemoryStore {
    let store = MemoryStore::new();
    tell_all(&store).await;
    store
}

/// An export as it comes out of a file: each record as text and back.
pub(super) fn read_back(records: Vec<ExportRecord>) -> BoxStream<'static, Result<ExportRecord>> {
    let read_back = |record: ExportRecord| {
        let text = serde_json::to_string(&record);
        text.and_then(|text| serde_json::from_str(&text)).map_err(|error| Error::backend("test", "read a record back", error))
    };
    stream::iter(records.into_iter().map(read_back)).boxed()
}

/// Compares all that two stores answer, now and as of every second.
async fn assert_same(store: &dyn GraphStore, expected: &dyn GraphStore) {
    assert_eq!(everything(store, &ids()).await, everything(expected, &ids()).await);
    for n in 0..=12 {
        match (expected.statistics(Some(second(n))).await, store.statistics(Some(second(n))).await) {
            (Ok(_), Ok(_)) => {
                let then = Some(second(n));
                assert_eq!(answers(store, &ids(), then).await, answers(expected, &ids(), then).await, "as of second {n}");
            }
            (Err(expected), Err(error)) => assert_eq!(error.to_string(), expected.to_string()),
            (expected, answer) => panic!("as of second {n}: expected {expected:?}, got {answer:?}"),
        }
    }
}

/// What another store exported is answered here as there, history, times and `as_of` included, and goes on as there; the
/// report says how much it was.
pub async fn what_was_exported_is_answered_as_there(store: &dyn GraphStore) {
    let reference = reference().await;
    let records = exported(&reference).await;
    let report = ok(store.import(read_back(records.clone())).await);
    assert_eq!(records.last(), Some(&ExportRecord::End(report)));
    assert_same(store, &reference).await;
    let next = || {
        let back = vec![named(machine("i-1"), "back"), machine("i-2"), machine("unknown")];
        vec![listing(scope(INSTANCE), back, vec![]), listing(state_file(INSTANCE), vec![], vec![])]
    };
    assert_eq!(tell(store, 12, next()).await, tell(&reference, 12, next()).await);
    assert_same(store, &reference).await;
}

/// What this store exports another one takes in.
pub async fn what_is_exported_can_be_imported_elsewhere(store: &dyn GraphStore) {
    tell_all(store).await;
    let copy = MemoryStore::new();
    ok(copy.import(store.export()).await);
    assert_same(&copy, store).await;
}

/// Where the other store forgot its history, this one does not claim to know it.
pub async fn a_pruned_history_keeps_its_horizon(store: &dyn GraphStore) {
    let reference = reference().await;
    ok(reference.prune(second(4)).await);
    ok(store.import(reference.export()).await);
    assert_same(store, &reference).await;
    let error = refused(store.get(&id("i-1"), Some(second(3))).await);
    assert!(error.to_string().contains(&second(4).to_string()), "says since when: {error}");
}

/// Also where no change is left to tell, the times of new changes come after all that happened.
pub async fn a_history_that_was_pruned_to_nothing_goes_on_after_its_end(store: &dyn GraphStore) {
    let reference = reference().await;
    ok(reference.prune(second(12)).await);
    ok(store.import(reference.export()).await);
    assert_same(store, &reference).await;
    tell(store, 1, vec![partial(scope(INSTANCE), vec![machine("i-9")])]).await;
    let first = get(store, "i-9").await.first_discovered;
    assert!(first > Some(second(10)), "{first:?}");
}

/// A store that was ever told anything is not written over.
pub async fn a_store_that_is_not_empty_takes_nothing_in(store: &dyn GraphStore) {
    tell(store, 1, vec![listing(scope(VOLUME), vec![], vec![])]).await;
    let before = everything(store, &ids()).await;
    let error = refused(store.import(reference().await.export()).await);
    assert!(matches!(error, Error::Taken { .. }), "{error:?}");
    assert_eq!(everything(store, &ids()).await, before);

    tell(store, 2, vec![listing(scope(INSTANCE), vec![machine("i-1")], vec![])]).await;
    tell(store, 3, vec![listing(scope(INSTANCE), vec![], vec![])]).await;
    ok(store.prune(second(4)).await);
    let error = refused(store.import(reference().await.export()).await);
    assert!(matches!(error, Error::Taken { .. }), "{error:?}");
}

/// Where the records end with an error, so does the import.
pub async fn records_that_cannot_be_read_end_the_import(store: &dyn GraphStore) {
    let mut records: Vec<_> = exported(&reference().await).await.into_iter().map(Ok).collect();
    records.insert(5, Err(Error::invalid("line 6", "a record", "nonsense")));
    let error = refused(store.import(stream::iter(records).boxed()).await);
    assert!(error.to_string().contains("line 6"), "{error}");
}

/// Records that are not an export, or only a part of one, are refused by name. Whatever is left of them is not taken for
/// a whole: the store is empty, or says that it is to be emptied.
pub async fn what_is_no_export_is_refused<S, F>(make: &F)
where
    S: GraphStore,
    F: AsyncFn() -> S,
{
    let good = exported(&reference().await).await;
    for (name, spoil) in spoiled::EXPORTS {
        let mut records = good.clone();
        spoil(&mut records);
        assert_ne!(records, good, "{name}");
        let store = make().await;
        let error = refused(store.import(stream::iter(records.into_iter().map(Ok)).boxed()).await);
        assert!(matches!(error, Error::Invalid { .. }), "{name}: expected Error::Invalid, got {error:?}");
        match store.import(stream::iter(good.clone().into_iter().map(Ok)).boxed()).await {
            Ok(_) => assert_eq!(exported(&store).await.len(), good.len(), "{name}"),
            Err(error) => assert!(matches!(error, Error::Taken { .. }), "{name}: {error:?}"),
        }
    }
}

/// The tasks of the other store come along, so that history's task ids lead somewhere; a store with a task is not empty.
pub async fn tasks_come_along<S: GraphStore + TaskStore>(store: &S, copy: &S) {
    for n in [1, 2] {
        ok(TaskStore::insert(store, &super::task::with_everything(&format!("task-{n}"), second(n))).await);
    }
    tell_all(store).await;
    let report = ok(copy.import(read_back(exported(store).await)).await);
    assert_eq!(report.tasks, 2);
    assert_eq!(ok(copy.tasks(&super::fixtures::first(10)).await), ok(store.tasks(&super::fixtures::first(10)).await));
    assert_eq!(ok(copy.unfinished().await), ok(store.unfinished().await));
    assert_eq!(exported(copy).await, exported(store).await);
}

/// A store with a task is not empty.
pub async fn a_store_with_a_task_takes_nothing_in<S: GraphStore + TaskStore>(store: &S) {
    ok(TaskStore::insert(store, &super::task::with_everything("task-1", Timestamp::MIN)).await);
    let error = refused(store.import(reference().await.export()).await);
    assert!(matches!(error, Error::Taken { .. }), "{error:?}");
}
