//! The embedded store keeps every promise of its traits, and what it acknowledged survives a restart.
#![cfg(all(feature = "embedded", feature = "testkit"))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use dharmagraph_cmdb::store::EmbeddedStore;
use dharmagraph_cmdb::testkit::{everything, import, store_conformance, task_store_conformance};
use dharmagraph_cmdb::{
    Error, ExportRecord, GraphStore, Provider, ReconcileOptions, Relationship, RelationshipKind, Resource, ResourceId,
    ResourceType, Scope, ScopeSnapshot, Snapshot, TaskId, Timestamp,
};
use futures_util::{StreamExt, stream};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use tempfile::TempDir;

/// A store whose file has no name any more: it goes when the store does.
fn fresh() -> EmbeddedStore {
    let folder = TempDir::new().unwrap();
    EmbeddedStore::open(folder.path().join("inventory.redb")).unwrap()
}

#[tokio::test]
async fn the_embedded_store_keeps_the_promises_of_a_graph_store() {
    store_conformance(async || fresh()).await;
}

#[tokio::test]
async fn the_embedded_store_keeps_the_promises_of_a_task_store() {
    task_store_conformance(async || fresh()).await;
}

#[tokio::test]
async fn the_tasks_of_an_export_come_along_into_the_embedded_store() {
    import::tasks_come_along(&fresh(), &fresh()).await;
    import::a_store_with_a_task_takes_nothing_in(&fresh()).await;
}

fn listing(names: &[&str]) -> ScopeSnapshot {
    let resource = |name: &&str| {
        let mut resource = Resource::new(*name, Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "eu-west-1");
        resource.name = Some((*name).to_owned());
        resource.tags.insert("Team".into(), format!("team of {name}"));
        resource.metadata.insert("arn".into(), format!("arn:aws:ec2:{name}").into());
        resource
    };
    let id = |name: &str| ResourceId::new(name);
    let edge = |pair: &[&str]| Relationship::new(id(pair[0]), RelationshipKind::RUNS_ON, id(pair[1]));
    ScopeSnapshot {
        scope: Scope::new(Provider::AWS, "1", "eu-west-1", "AWS::EC2::Instance"),
        resources: names.iter().map(resource).collect(),
        relationships: names.windows(2).map(edge).chain(names.first().map(|name| edge(&[name, "unknown"]))).collect(),
        complete: true,
    }
}

async fn tell(store: &EmbeddedStore, names: &[&str]) -> dharmagraph_cmdb::ReconcileReport {
    let snapshot = Snapshot { task_id: TaskId::new("test"), at: Timestamp::now(), scopes: vec![listing(names)] };
    store.reconcile(snapshot, &ReconcileOptions::default()).await.unwrap()
}

#[tokio::test]
async fn everything_survives_a_restart() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("inventory.redb");
    let ids = ["a", "b", "c", "d", "e", "f", "g", "unknown"].map(ResourceId::new);
    let before = {
        let store = EmbeddedStore::open(&path).unwrap();
        for names in [&["a", "b", "c"][..], &["b", "c", "d"], &["d", "a", "unknown"], &["e", "f"], &["f", "a", "b", "e"]] {
            tell(&store, names).await;
        }
        everything(&store, &ids).await
    };
    let store = EmbeddedStore::open(&path).unwrap();
    assert_eq!(everything(&store, &ids).await, before);
    // Numbers that were let go before the restart are used again, without mixing anything up.
    tell(&store, &["g", "a"]).await;
    let after = everything(&store, &ids).await;
    drop(store);
    assert_eq!(everything(&EmbeddedStore::open(&path).unwrap(), &ids).await, after);
}

/// Every table's rows, but for those that an unchanged sync may write.
fn rows(path: &Path) -> BTreeMap<&'static str, String> {
    let file = Database::open(path).unwrap();
    let reading = file.begin_read().unwrap();
    macro_rules! table {
        ($name:literal, $key:ty, $value:ty) => {{
            let table = reading.open_table(TableDefinition::<$key, $value>::new($name)).unwrap();
            let rows: Vec<_> =
                table.iter().unwrap().map(|row| row.map(|(k, v)| format!("{:?} {:?}", k.value(), v.value()))).collect();
            ($name, format!("{rows:?}"))
        }};
    }
    BTreeMap::from([
        table!("facts", &str, i64),
        table!("strings", u32, &str),
        table!("nodes", u32, &[u8]),
        table!("edges", u32, &[u8]),
        table!("changes", (i64, &str), &[u8]),
        table!("versions", (&str, i64), ()),
        table!("edge_changes", i64, &[u8]),
    ])
}

#[tokio::test]
async fn an_unchanged_sync_writes_no_resource_no_relationship_and_no_history() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("inventory.redb");
    let store = EmbeddedStore::open(&path).unwrap();
    tell(&store, &["a", "b", "c"]).await;
    drop(store);
    let before = rows(&path);
    let store = EmbeddedStore::open(&path).unwrap();
    let report = tell(&store, &["a", "b", "c"]).await;
    assert_eq!((report.unchanged, report.created, report.updated), (3, 0, 0));
    drop(store);
    assert_eq!(rows(&path), before);
}

#[tokio::test]
async fn a_second_opening_is_told_that_the_file_is_locked() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("inventory.redb");
    let _first = EmbeddedStore::open(&path).unwrap();
    assert!(matches!(EmbeddedStore::open(&path), Err(Error::Locked { .. })));
}

#[tokio::test]
async fn a_file_of_a_later_format_or_none_of_ours_is_refused_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("inventory.redb");
    drop(EmbeddedStore::open(&path).unwrap());
    let file = Database::open(&path).unwrap();
    let writing = file.begin_write().unwrap();
    writing.open_table(TableDefinition::<&str, i64>::new("facts")).unwrap().insert("format", 99).unwrap();
    writing.commit().unwrap();
    drop(file);
    let error = EmbeddedStore::open(&path).unwrap_err().to_string();
    assert!(error.contains("format 99") && error.contains("format 1"), "{error}");

    let text = folder.path().join("text");
    std::fs::write(&text, "not a database").unwrap();
    assert!(matches!(EmbeddedStore::open(&text), Err(Error::Backend { .. })));
}

#[tokio::test]
async fn readers_see_a_reconcile_whole_or_not_at_all() {
    let store = fresh();
    let all: Vec<String> = (0..500).map(|number| format!("i-{number:03}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let reader = {
        let store = store.clone();
        tokio::spawn(async move {
            loop {
                let count = store.statistics(None).await.unwrap().total_resources;
                assert!(count == 0 || count == 500, "{count}");
                if count == 500 {
                    return;
                }
                tokio::task::yield_now().await;
            }
        })
    };
    tell(&store, &all).await;
    reader.await.unwrap();
}

#[tokio::test]
async fn an_import_survives_a_restart_and_goes_on() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("inventory.redb");
    let ids = ["a", "b", "c", "d", "unknown"].map(ResourceId::new);
    let original = fresh();
    for names in [&["a", "b", "c"][..], &["b", "c", "d"], &["d", "a", "unknown"]] {
        tell(&original, names).await;
    }
    EmbeddedStore::open(&path).unwrap().import(original.export()).await.unwrap();
    let copy = EmbeddedStore::open(&path).unwrap();
    assert_eq!(everything(&copy, &ids).await, everything(&original, &ids).await);
    assert_eq!(tell(&copy, &["a", "c"]).await, tell(&original, &["a", "c"]).await);
    let after = everything(&copy, &ids).await;
    drop(copy);
    assert_eq!(everything(&EmbeddedStore::open(&path).unwrap(), &ids).await, after);
}

#[tokio::test]
async fn an_import_that_ends_early_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("inventory.redb");
    let original = fresh();
    tell(&original, &["a", "b", "c"]).await;
    tell(&original, &["b", "c"]).await;
    let records: Vec<_> = original.export().collect().await;
    let count = records.len();
    {
        let store = EmbeddedStore::open(&path).unwrap();
        let parts = original.export().take(count - 1);
        assert!(matches!(store.import(Box::pin(parts)).await, Err(Error::Invalid { .. })));
        // Records that never end: whoever waits for them goes away.
        let stuck = original.export().take(count - 1).chain(stream::pending());
        assert!(tokio::time::timeout(Duration::from_millis(50), store.import(Box::pin(stuck))).await.is_err());
        tell(&store, &[]).await;
    }
    let store = EmbeddedStore::open(&path).unwrap();
    let left: Vec<_> = store.export().collect().await;
    assert!(
        matches!(left.as_slice(), [Ok(ExportRecord::Header { .. }), Ok(ExportRecord::Scope(_)), Ok(ExportRecord::End(_))]),
        "{left:?}"
    );
}
