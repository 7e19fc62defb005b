//! The openCypher Technology Compatibility Kit: every scenario whose query only reads.
//!
//! `tck_passing.txt` names the scenarios that pass. The test fails when one of them fails and when another one passes, so that
//! the list stays exact; `DHARMAGRAPH_TCK_UPDATE=1 cargo test -p dharmagraph-cypher tck` writes it anew.
//! `DHARMAGRAPH_TCK=match/Match1 cargo test -p dharmagraph-cypher tck` runs the scenarios whose names contain the text, and
//! shows what each of them that fails expected and found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::scenario::{self, Scenario};
use crate::workers;

/// The category whose scenarios are counted apart.
const TEMPORAL: &str = "expressions/temporal";

/// Scenarios that pass, of a number of them.
#[derive(Default, Clone, Copy)]
struct Share {
    passed: usize,
    total: usize,
}

impl Share {
    fn add(&mut self, passed: bool) {
        self.passed += usize::from(passed);
        self.total += 1;
    }

    fn is_at_least(self, percent: usize) -> bool {
        self.passed * 100 >= self.total * percent
    }
}

#[test]
fn scenarios_of_the_tck_that_only_read_pass() {
    let Some(mut scenarios) = scenario::read("opencypher_tck.jsonl.gz") else { return };
    scenarios.retain(|scenario| scenario.reads_only());
    let wanted = std::env::var("DHARMAGRAPH_TCK").ok();
    scenarios.retain(|scenario| wanted.as_ref().is_none_or(|wanted| scenario.id.contains(wanted)));

    let outcomes = workers::each(&scenarios, |scenario| scenario.check());
    let (mut passing, mut failing) = (BTreeSet::new(), BTreeMap::new());
    for (scenario, outcome) in scenarios.iter().zip(outcomes) {
        match outcome.and_then(|outcome| outcome) {
            Ok(()) => _ = passing.insert(scenario.id.as_str()),
            Err(reason) => _ = failing.insert(scenario.id.as_str(), describe(scenario, &reason)),
        }
    }
    let (table, general, temporal) = count(&scenarios, &passing);
    show(&table);
    if let Ok(path) = std::env::var("DHARMAGRAPH_TCK_FAILURES") {
        std::fs::write(path, joined(failing.values())).unwrap();
    }
    if wanted.is_some() {
        assert!(failing.is_empty(), "{} scenarios failed:\n\n{}", failing.len(), joined(failing.values()));
        return;
    }
    check_list(&passing, &failing);
    assert!(general.is_at_least(95), "fewer than 95 % of the scenarios outside of {TEMPORAL} pass");
    assert!(temporal.is_at_least(80), "fewer than 80 % of the scenarios of {TEMPORAL} pass");
}

/// Compares what passes with the list.
fn check_list(passing: &BTreeSet<&str>, failing: &BTreeMap<&str, String>) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/tck_passing.txt");
    if std::env::var_os("DHARMAGRAPH_TCK_UPDATE").is_some() {
        let text: String = passing.iter().map(|id| format!("{id}\n")).collect();
        std::fs::write(path, text).unwrap();
        return;
    }
    let text = std::fs::read_to_string(path).unwrap();
    let listed: BTreeSet<_> = text.lines().collect();
    let lost: Vec<_> = listed.difference(passing).collect();
    let reasons = joined(lost.iter().map(|id| failing.get(**id).map_or(**id, String::as_str)));
    assert!(lost.is_empty(), "{} scenarios passed before and fail now, or are no longer there:\n\n{reasons}", lost.len());
    let gained: Vec<_> = passing.difference(&listed).copied().collect();
    assert!(
        gained.is_empty(),
        "{} more scenarios pass than tests/tck_passing.txt names; write it anew with DHARMAGRAPH_TCK_UPDATE=1:\n{}",
        gained.len(),
        gained.join("\n"),
    );
}

/// How many pass of each category, as a table; of all outside of the temporal ones; of the temporal ones.
fn count(scenarios: &[Arc<Scenario>], passing: &BTreeSet<&str>) -> (String, Share, Share) {
    let (mut categories, mut general, mut temporal) = (BTreeMap::<_, Share>::new(), Share::default(), Share::default());
    for scenario in scenarios {
        let passed = passing.contains(scenario.id.as_str());
        categories.entry(&scenario.category).or_default().add(passed);
        if scenario.category == TEMPORAL { &mut temporal } else { &mut general }.add(passed);
    }
    let mut table = String::new();
    let totals = [("outside of expressions/temporal", general), ("inside", temporal)];
    for (name, share) in categories.iter().map(|(name, share)| (name.as_str(), *share)).chain(totals) {
        writeln!(table, "{name:<40}{:>6} of {:>6}", share.passed, share.total).unwrap();
    }
    (table, general, temporal)
}

/// Writes past the test harness, which keeps the output of tests that pass to itself.
fn show(table: &str) {
    io::Write::write_all(&mut io::stderr(), table.as_bytes()).unwrap();
}

fn describe(scenario: &Scenario, reason: &str) -> String {
    format!("{}\n{}\n{reason}", scenario.id, scenario.query)
}

fn joined<T: AsRef<str>>(texts: impl Iterator<Item = T>) -> String {
    texts.map(|text| text.as_ref().to_owned()).collect::<Vec<_>>().join("\n\n")
}
