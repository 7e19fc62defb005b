//! Drift is seen where it is, and not where there is none.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dharmagraph_aiops::data::{Feature, FeatureKind, Schema, Table};
use dharmagraph_aiops::drift::{DriftReference, MINIMUM_ROWS};
use dharmagraph_aiops::model::{Warning, load, save};
use proptest::prelude::*;

fn schema() -> Schema {
    let state = FeatureKind::Categorical { levels: vec!["up".into(), "down".into(), "odd".into()] };
    let feature = |name: &str, kind| Feature { name: name.into(), unit: None, kind };
    Schema::new(vec![feature("load", FeatureKind::Numeric), feature("state", state)]).unwrap()
}

/// Rows of a load that is spread evenly, shifted, and of states of which a share is down.
fn rows(count: u32, seed: u32, shift: f64, down: u32) -> Table {
    let values = (0..count).flat_map(|row| {
        let drawn = row.wrapping_mul(2_654_435_761).wrapping_add(seed);
        let missing = drawn % 20 == 0;
        [
            if missing { f64::NAN } else { f64::from(drawn >> 8) / f64::from(1 << 24) + shift },
            f64::from(u32::from(drawn % 100 < down)),
        ]
    });
    Table::new(values.collect(), 2).unwrap()
}

fn drifted(reference: &DriftReference, rows: &Table) -> Vec<(String, String)> {
    let name = |warning| match warning {
        Warning::Drift { feature, measure, value, threshold } => {
            assert!(value > threshold);
            (feature, measure)
        }
        other => panic!("{other:?}"),
    };
    reference.compare(rows).unwrap().into_iter().map(name).collect()
}

#[test]
fn data_like_the_trainings_is_no_drift_and_shifted_data_is() {
    let reference = DriftReference::new(&schema(), &rows(20_000, 1, 0.0, 10)).unwrap();
    assert!(drifted(&reference, &rows(2000, 99, 0.0, 10)).is_empty());
    assert!(drifted(&reference, &rows(150, 7, 0.0, 10)).is_empty());
    let pair = |feature: &str, measure: &str| (feature.to_owned(), measure.to_owned());
    assert_eq!(drifted(&reference, &rows(2000, 99, 0.5, 10)), [pair("load", "psi"), pair("load", "ks")]);
    assert_eq!(drifted(&reference, &rows(2000, 99, 0.0, 60)), [pair("state", "psi")]);
}

#[test]
fn what_went_missing_is_drift() {
    let reference = DriftReference::new(&schema(), &rows(20_000, 1, 0.0, 10)).unwrap();
    let gone = Table::new((0..1000).flat_map(|row| [f64::NAN, f64::from(u32::from(row % 10 == 0))]).collect(), 2).unwrap();
    assert_eq!(drifted(&reference, &gone), [("load".to_owned(), "psi".to_owned())]);
}

#[test]
fn few_rows_are_not_judged_and_foreign_ones_are_refused() {
    let reference = DriftReference::new(&schema(), &rows(1000, 1, 0.0, 10)).unwrap();
    assert!(reference.measure(&rows(MINIMUM_ROWS as u32 - 1, 1, 9.0, 10)).unwrap().is_empty());
    assert!(reference.measure(&Table::new(vec![1.0; 300], 3).unwrap()).is_err());
    assert!(DriftReference::new(&schema(), &Table::new(Vec::new(), 2).unwrap()).is_err());
    assert!(DriftReference::new(&schema(), &Table::new(vec![1.0; 3], 3).unwrap()).is_err());
}

fn odd_rows() -> impl Strategy<Value = Table> {
    let load =
        prop_oneof![Just(f64::NAN), Just(0.0), Just(-0.0), Just(f64::MAX), Just(f64::MIN), -1e3..1e3, Just(f64::MIN_POSITIVE)];
    let state = prop_oneof![Just(f64::NAN), Just(0.0), Just(1.0), Just(-7.0), Just(1e300), Just(2.5)];
    prop::collection::vec((load, state), 1..300)
        .prop_map(|rows| Table::new(rows.into_iter().flat_map(|(load, state)| [load, state]).collect(), 2).unwrap())
}

proptest! {
    #[test]
    fn odd_rows_give_finite_measures_and_the_file_reads_back(training in odd_rows(), found in odd_rows()) {
        let reference = DriftReference::new(&schema(), &training).unwrap();
        for drift in reference.measure(&found).unwrap() {
            prop_assert!(drift.value.is_finite() && drift.value >= 0.0 && drift.threshold.is_finite(), "{:?}", drift);
        }
        let file = save(&reference).unwrap();
        prop_assert_eq!(load::<DriftReference>(&file).unwrap(), reference);
        let same = DriftReference::new(&schema(), &found).unwrap();
        prop_assert!(same.compare(&found).unwrap().is_empty());
    }
}
