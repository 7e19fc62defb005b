//! Queries that take too long, or whose asker has gone.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use dharmagraph_cypher::{Answer, Cancellation, Error, Limits, Statement, TextLimits};

use crate::graph::RingGraph;
use crate::workers::on_small_stack;

const GRAPH: RingGraph = RingGraph { nodes: 1_000_000, reach: 30 };

/// None of these would end within a lifetime, and none keeps much.
const ENDLESS: [&str; 7] = [
    "MATCH (a), (b), (c) WHERE id(a) + id(b) + id(c) < 0 RETURN a",
    "MATCH (a)-[*]->(b) WHERE id(b) < 0 RETURN a",
    "MATCH (a) WHERE NOT EXISTS { MATCH (b)-->(c) WHERE id(c) < 0 } AND id(a) < 0 RETURN a",
    "UNWIND range(1, 1000000) AS x UNWIND range(1, 1000000) AS y RETURN count(*) AS n",
    "RETURN all(x IN range(1, 100000) WHERE all(y IN range(1, 100000) WHERE all(z IN range(1, 100000) WHERE true))) AS x",
    "MATCH (a), (b), (c) RETURN count(*), min(id(a) + id(b) + id(c))",
    "RETURN reduce(n = 0, x IN range(1, 100000) | reduce(m = n, y IN range(1, 100000) | m % 7 + x + y)) AS n",
];

/// Asks without any limit but these.
fn ask(text: &str, timeout: Duration, cancellation: &Cancellation) -> Result<Answer, Error> {
    let mut limits = Limits::default();
    (limits.timeout, limits.expansions, limits.memory) = (timeout, u64::MAX, u64::MAX);
    let statement = Statement::parse(text, &TextLimits::default()).unwrap();
    on_small_stack(|| statement.run(&GRAPH, &BTreeMap::new(), limits, cancellation)).unwrap()
}

#[test]
fn a_query_ends_soon_after_its_time() {
    let timeout = Duration::from_millis(100);
    for text in ENDLESS {
        let begin = Instant::now();
        let found = ask(text, timeout, &Cancellation::default());
        assert!(matches!(found, Err(Error::Timeout { limit }) if limit == timeout), "{text}: {found:?}");
        assert!(begin.elapsed() < Duration::from_secs(5), "{text}: it took {:?}", begin.elapsed());
    }
}

#[test]
fn a_query_ends_soon_after_it_is_cancelled_from_another_thread() {
    for text in ENDLESS {
        let (cancellation, (begin, begun)) = (Cancellation::default(), mpsc::channel());
        thread::scope(|scope| {
            let query = scope.spawn(|| {
                begin.send(()).unwrap();
                ask(text, Duration::from_secs(600), &cancellation)
            });
            begun.recv().unwrap();
            cancellation.cancel();
            let found = query.join().unwrap();
            assert!(matches!(found, Err(Error::Cancelled)), "{text}: {found:?}");
        });
    }
}

#[test]
fn a_query_whose_asker_has_gone_before_it_began_does_not_run_to_its_end() {
    let cancellation = Cancellation::default();
    cancellation.cancel();
    for text in ENDLESS {
        let found = ask(text, Duration::from_secs(600), &cancellation);
        assert!(matches!(found, Err(Error::Cancelled)), "{text}: {found:?}");
    }
}
