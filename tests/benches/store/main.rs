//! What the embedded store costs: CPU time of this process, not of the clock on the wall, and its highest memory.
//!
//! Each graph is measured in a process of its own, since the highest memory of a process never falls. Standard output is
//! one JSON object for each graph; `tests/bench/bench.py` compares it with the figures to meet.

#![expect(clippy::print_stdout, reason = "the results are this program's output")]

mod generate;
mod questions;

use std::process::Command;

use dharmagraph_cmdb::store::EmbeddedStore;
use dharmagraph_cmdb::{GraphStore, ReconcileOptions, ReconcileReport};
use dharmagraph_tests::{cpu_of, cpu_seconds, highest_memory};
use serde_json::{Map, Value, json};

use generate::accounts;

const CHILD: &str = "--blocks";

// As in the program: the store makes many small texts for each answer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|argument| argument == CHILD) {
        let blocks = arguments[at + 1].parse().expect("a number of blocks");
        println!("{}", measured(blocks));
        return;
    }
    let mut sizes = vec![100];
    if arguments.iter().any(|argument| argument == "--full") {
        sizes.push(1000);
    }
    for blocks in sizes {
        let program = std::env::current_exe().expect("the path of this program");
        let status = Command::new(program).args([CHILD, &blocks.to_string()]).status().expect("this program starts");
        assert!(status.success(), "{status}");
    }
}

/// One graph of `blocks` networks with a thousand members each.
fn measured(blocks: usize) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("inventory.redb");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let mut results = Map::new();
    let mut note = |name: &str, value: Value| results.insert(name.to_owned(), value);

    let (store, seconds) = cpu_of(|| EmbeddedStore::open(&path).expect("an empty store"));
    note("open_empty_cpu_seconds", json!(seconds));
    let (created, seconds) = runtime.block_on(load(&store, blocks));
    note("load_cpu_seconds", json!(seconds));
    let (repeated, seconds) = runtime.block_on(load(&store, blocks));
    note("load_again_cpu_seconds", json!(seconds));
    assert_eq!(repeated, ReconcileReport { unchanged: created.created, ..ReconcileReport::default() });
    note("memory_mib", json!(highest_memory()));
    note("file_mib", json!(std::fs::metadata(&path).expect("the store's file").len() >> 20));

    let statistics = runtime.block_on(store.statistics(None)).expect("statistics");
    assert_eq!(statistics.total_resources, created.created);
    note("resources", json!(statistics.total_resources));
    note("relationships", json!(statistics.total_relationships));
    for (name, microseconds) in runtime.block_on(questions::asked(&store, blocks)) {
        note(name, json!(microseconds));
    }
    note("memory_after_questions_mib", json!(highest_memory()));

    drop(store);
    let (store, seconds) = cpu_of(|| EmbeddedStore::open(&path).expect("the store that was written"));
    note("reopen_cpu_seconds", json!(seconds));
    assert_eq!(runtime.block_on(store.statistics(None)).expect("statistics"), statistics);
    Value::Object(results)
}

/// Brings every account to the store, as one discovery after another does; the time of making them up does not count.
async fn load(store: &dyn GraphStore, blocks: usize) -> (ReconcileReport, f64) {
    let mut sum = ReconcileReport::default();
    let mut seconds = 0.0;
    for account in accounts(blocks) {
        let snapshot = account.snapshot();
        let begin = cpu_seconds();
        let report = store.reconcile(snapshot, &ReconcileOptions::default()).await.expect("a snapshot that can be stored");
        seconds += cpu_seconds() - begin;
        sum.created += report.created;
        sum.updated += report.updated;
        sum.unchanged += report.unchanged;
        sum.removed += report.removed;
        sum.relationships_created += report.relationships_created;
        sum.relationships_removed += report.relationships_removed;
        sum.held_back.extend(report.held_back);
    }
    (sum, seconds)
}
