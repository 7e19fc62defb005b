//! What users ask of an inventory: reading queries are answered, writing ones refused.

use dharmagraph_cypher::Error;

use crate::graph::InMemoryGraph;
use crate::{scenario, workers};

/// The queries of the file that write.
const WRITING: [&str; 6] = [
    "12 unwind merge set +=",
    "13 merge rel on create/match",
    "28 detach delete",
    "29 delete with rels errors",
    "44 add/remove label",
    "45 set null removes",
];

/// Those with a clause that the executor does not know.
const UNSUPPORTED: [&str; 2] = ["48 CALL subquery", "51 foreach"];

#[test]
fn queries_that_read_the_inventory_are_answered_and_those_that_write_are_refused() {
    let Some(scenarios) = scenario::read("cmdb_queries.jsonl") else { return };
    let outcomes = workers::each(&scenarios, |scenario| {
        let (writes, unknown) = (WRITING.contains(&scenario.id.as_str()), UNSUPPORTED.contains(&scenario.id.as_str()));
        match scenario.ask(&InMemoryGraph::default()) {
            _ if !writes && !unknown => scenario.check(),
            Err(Error::Forbidden { .. }) if writes => Ok(()),
            Err(Error::Unsupported { .. }) if unknown => Ok(()),
            other => Err(format!("expected a refusal\nfound {other:?}")),
        }
    });
    let mut failures = Vec::new();
    for (scenario, outcome) in scenarios.iter().zip(outcomes) {
        if let Err(reason) = outcome.and_then(|outcome| outcome) {
            failures.push(format!("{}\n{}\n{reason}", scenario.id, scenario.query));
        }
    }
    assert_eq!(scenarios.len(), 54, "the file has another number of queries");
    assert!(failures.is_empty(), "{} of {} queries failed:\n\n{}", failures.len(), scenarios.len(), failures.join("\n\n"));
}
