//! The registry keeps what it was given, and says which version answers.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use dharmagraph_aiops::ErrorKind;
use dharmagraph_aiops::data::Schema;
use dharmagraph_aiops::model::{load, save};
use dharmagraph_aiops::registry::{NewModel, Registry};
use proptest::prelude::*;

fn model(name: &str, content: u8) -> NewModel {
    NewModel {
        name: name.into(),
        kind: "failure".into(),
        trained_at: 1_700_000_000 + i64::from(content),
        data_hash: "d".repeat(64),
        schema: Some(Schema::numeric(["cpu"]).unwrap()),
        metrics: BTreeMap::from([("auc_pr".into(), 0.96)]),
        file: vec![content; 10],
    }
}

#[test]
fn versions_count_up_and_none_answers_before_it_is_promoted() {
    let mut registry = Registry::new();
    assert_eq!(registry.register(model("a", 1)).unwrap(), 1);
    assert_eq!(registry.register(model("a", 2)).unwrap(), 2);
    assert_eq!(registry.register(model("b", 3)).unwrap(), 1);
    assert_eq!(registry.current("a").unwrap(), None);
    registry.promote("a", 1).unwrap();
    registry.promote("a", 2).unwrap();
    assert_eq!(registry.current("a").unwrap().unwrap().version, 2);
    assert_eq!(registry.roll_back("a").unwrap(), 1);
    assert_eq!(registry.current("a").unwrap().unwrap().version, 1);
    assert_eq!(registry.roll_back("a").unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(registry.file("a", 2).unwrap(), [2; 10]);
    let listed: Vec<(&str, u32)> = registry.list().map(|version| (version.name.as_str(), version.version)).collect();
    assert_eq!(listed, [("a", 1), ("a", 2), ("b", 1)]);
}

#[test]
fn the_current_version_stays_and_numbers_are_not_given_again() {
    let mut registry = Registry::new();
    (1..=5).for_each(|content| {
        registry.register(model("a", content)).unwrap();
    });
    registry.promote("a", 1).unwrap();
    registry.promote("a", 3).unwrap();
    assert_eq!(registry.remove("a", 3).unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(registry.remove_old("a", 2).unwrap(), [2, 4, 5]);
    assert_eq!(registry.roll_back("a").unwrap(), 1);
    registry.remove("a", 3).unwrap();
    assert_eq!(registry.register(model("a", 9)).unwrap(), 6);
    assert_eq!(registry.version("a", 3).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn what_cannot_be_kept_is_refused_and_changes_nothing() {
    let mut registry = Registry::new();
    registry.register(model("a", 1)).unwrap();
    let before = registry.clone();
    assert!(registry.register(model("", 1)).is_err());
    assert!(registry.register(model(&"x".repeat(201), 1)).is_err());
    assert!(registry.register(NewModel { file: Vec::new(), ..model("a", 1) }).is_err());
    assert!(registry.register(NewModel { kind: "threat".into(), ..model("a", 1) }).is_err());
    assert!(registry.register(NewModel { metrics: BTreeMap::from([("f1".into(), f64::NAN)]), ..model("b", 1) }).is_err());
    assert!(registry.promote("a", 2).is_err() && registry.promote("b", 1).is_err() && registry.current("b").is_err());
    assert_eq!(registry, before);
}

#[derive(Debug, Clone)]
enum Step {
    Register(u8),
    Promote(u8, u32),
    RollBack(u8),
    Remove(u8, u32),
    RemoveOld(u8, usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..3_u8).prop_map(Step::Register),
        3 => (0..3_u8, 0..8_u32).prop_map(|(name, version)| Step::Promote(name, version)),
        1 => (0..3_u8).prop_map(Step::RollBack),
        1 => (0..3_u8, 0..8_u32).prop_map(|(name, version)| Step::Remove(name, version)),
        1 => (0..3_u8, 0..4_usize).prop_map(|(name, keep)| Step::RemoveOld(name, keep)),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    #[test]
    fn nothing_is_lost_and_the_file_reads_back(steps in steps()) {
        let mut registry = Registry::new();
        let mut expected: BTreeSet<(String, u32)> = BTreeSet::new();
        let mut given: BTreeMap<String, u32> = BTreeMap::new();
        for (place, step) in steps.iter().enumerate() {
            let before = registry.clone();
            let refused = match step {
                Step::Register(name) => {
                    let name = name.to_string();
                    let version = registry.register(model(&name, place as u8)).unwrap();
                    let last = given.entry(name.clone()).or_default();
                    prop_assert_eq!(version, *last + 1);
                    *last = version;
                    expected.insert((name, version));
                    false
                }
                Step::Promote(name, version) => {
                    let name = name.to_string();
                    let done = registry.promote(&name, *version);
                    prop_assert_eq!(done.is_ok(), expected.contains(&(name.clone(), *version)));
                    if done.is_ok() {
                        prop_assert_eq!(registry.current(&name).unwrap().map(|current| current.version), Some(*version));
                    }
                    done.is_err()
                }
                Step::RollBack(name) => {
                    let name = name.to_string();
                    let done = registry.roll_back(&name);
                    if let Ok(version) = done {
                        prop_assert_eq!(registry.current(&name).unwrap().map(|current| current.version), Some(version));
                    }
                    done.is_err()
                }
                Step::Remove(name, version) => {
                    let name = name.to_string();
                    let done = registry.remove(&name, *version);
                    if done.is_ok() {
                        prop_assert!(expected.remove(&(name, *version)));
                    }
                    done.is_err()
                }
                Step::RemoveOld(name, keep) => {
                    let name = name.to_string();
                    let done = registry.remove_old(&name, *keep);
                    for version in done.iter().flatten() {
                        prop_assert!(expected.remove(&(name.clone(), *version)));
                    }
                    done.is_err()
                }
            };
            if refused {
                prop_assert_eq!(&registry, &before);
            }
        }
        let listed: BTreeSet<(String, u32)> = registry.list().map(|version| (version.name.clone(), version.version)).collect();
        prop_assert_eq!(&listed, &expected);
        for (name, version) in &expected {
            prop_assert_eq!(registry.file(name, *version).unwrap().len(), 10);
        }
        let file = save(&registry).unwrap();
        prop_assert_eq!(load::<Registry>(&file).unwrap(), registry);
    }
}
