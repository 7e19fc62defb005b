//! What the store on Neo4j sends for an account of 10,000 resources: first, again without a change, and with one of a
//! hundred changed. Counted statements and rows, and CPU time of this process; Neo4j's own is not in it.
//!
//! Standard output is one JSON object for each of the three; `tests/bench/bench.py` starts the Neo4j that NEO4J_URI names,
//! and compares with the figures to meet.

#![expect(clippy::print_stdout, reason = "the results are this program's output")]

#[path = "store/generate.rs"]
mod generate;

use dharmagraph_cmdb::store::{Neo4jOptions, Neo4jStore};
use dharmagraph_cmdb::{GraphStore, ReconcileOptions, Secret, Snapshot, Timestamp};
use dharmagraph_tests::cpu_seconds;
use serde_json::json;

use generate::accounts;
/// Networks of about a thousand resources each.
const BLOCKS: usize = 10;

#[tokio::main]
async fn main() {
    let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} names a Neo4j: run `make bench`"));
    let password = Secret::new(variable("NEO4J_PASSWORD"));
    let options = Neo4jOptions::new(variable("NEO4J_URI"), variable("NEO4J_USER"), password);
    let store = Neo4jStore::connect(&options).expect("a URI");
    store.clear().await.expect("a Neo4j that answers");
    store.ping().await.expect("a Neo4j that answers");
    for (name, changed_every) in [("first", None), ("again", None), ("one_percent_changed", Some(100))] {
        let snapshot = account(changed_every);
        let resources: usize = snapshot.scopes.iter().map(|scope| scope.resources.len()).sum();
        let (before, begin) = (store.counts(), cpu_seconds());
        let report = store.reconcile(snapshot, &ReconcileOptions::default()).await.expect("a snapshot that can be stored");
        let (spent, sent) = (cpu_seconds() - begin, store.counts() - before);
        println!(
            "{}",
            json!({
                "sync": name, "resources": resources, "created": report.created, "updated": report.updated,
                "statements": sent.reads + sent.writes, "writes": sent.writes, "rows": sent.rows, "cpu_seconds": spent,
            })
        );
    }
    store.clear().await.expect("a Neo4j that answers");
}

/// Every account as one snapshot, as the engine brings small scopes together; each so many-th resource is another.
fn account(changed_every: Option<usize>) -> Snapshot {
    let mut snapshots = accounts(BLOCKS).map(|account| account.snapshot());
    let mut whole = snapshots.next().expect("an account");
    snapshots.for_each(|snapshot| whole.scopes.extend(snapshot.scopes));
    whole.at = Timestamp::now();
    let resources = whole.scopes.iter_mut().flat_map(|scope| &mut scope.resources);
    if let Some(every) = changed_every {
        resources.step_by(every).for_each(|resource| drop(resource.tags.insert("Changed".to_owned(), "yes".to_owned())));
    }
    whole
}
