//! How much is sent to Neo4j.

use dharmagraph_cmdb::GraphStore;
use dharmagraph_cmdb::store::StatementCounts;

use super::estate::{account, tell};
use super::neo4j;

/// Resources of the account.
const RESOURCES: u64 = 10_000;

#[tokio::test]
async fn a_sync_sends_few_statements_with_distinct_rows_and_an_unchanged_one_only_its_times() {
    let store = neo4j::emptied().await;
    let account = |changed| account(RESOURCES as usize, changed);
    // The schema is made by the first use.
    store.ping().await.unwrap();
    let mut before = store.counts();
    let mut sent = || {
        let now = store.counts();
        now - std::mem::replace(&mut before, now)
    };

    let report = tell(&*store, 1, account(0)).await;
    assert_eq!((report.created, report.relationships_created), (RESOURCES, 2 * RESOURCES));
    let first = sent();
    assert!(first.writes + first.reads <= 40, "{first:?}");
    // The scopes; each resource, its owner's word and its version; each relationship, its owner's word and its version.
    assert_eq!(first.rows, 100 + 3 * RESOURCES + 3 * 2 * RESOURCES, "{first:?}");

    let report = tell(&*store, 2, account(0)).await;
    assert_eq!((report.unchanged, report.created + report.updated + report.removed), (RESOURCES, 0));
    let again = sent();
    assert_eq!(again, StatementCounts { reads: 2, writes: 1, rows: 100 });

    let report = tell(&*store, 3, account(100)).await;
    assert_eq!((report.updated, report.unchanged), (100, RESOURCES - 100));
    let changed = sent();
    assert_eq!(changed.rows, 100 + 3 * 100, "the scopes; each changed resource, its owner's word and its version: {changed:?}");
    assert!(changed.writes + changed.reads <= 10, "{changed:?}");
}
