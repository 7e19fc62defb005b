//! What boosters promise, from outside.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use dharmagraph_aiops::boost::{Booster, Boosting, Examples, Explainer, Loss, Monotone, Parameters};
use dharmagraph_aiops::data::{Feature, FeatureKind, Schema, Table};
use dharmagraph_aiops::model::{Predictor, Trainer, load, save};
use proptest::prelude::*;

fn checked(parameters: Parameters) -> Boosting {
    parameters.check().unwrap()
}

/// A number from 0 to 1 for each place and column, mixed by multiplication.
fn mixed(place: u32, column: u32) -> f64 {
    let mixed = (place.wrapping_mul(0x9e37_79b9) ^ column.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0xc2b2_ae35);
    f64::from((mixed ^ mixed >> 15).wrapping_mul(0x27d4_eb2f) >> 8) / f64::from(1 << 24)
}

fn table(rows: u32, columns: u32) -> Table {
    let values = (0..rows).flat_map(|row| (0..columns).map(move |column| mixed(row, column))).collect();
    Table::new(values, columns as usize).unwrap()
}

fn examples(rows: u32, columns: u32, target: impl Fn(&[f64]) -> f64) -> Examples {
    let rows = table(rows, columns);
    let targets = rows.iter().map(target).collect();
    Examples::new(Schema::numeric((0..columns).map(|column| format!("f{column}"))).unwrap(), rows, targets).unwrap()
}

fn mean_square(booster: &Booster, data: &Examples) -> f64 {
    let square = |(row, target): (&[f64], &f64)| (booster.answer(row).unwrap() - target).powi(2);
    data.rows().iter().zip(data.targets()).map(square).sum::<f64>() / data.targets().len() as f64
}

#[test]
fn a_function_of_several_features_is_learnt() {
    let data = examples(4000, 4, |row| row[0] * row[1] * 4.0 + (row[2] * 6.0).sin());
    let booster = checked(Parameters { loss: Loss::Squared, ..Parameters::default() }).fit(&data).unwrap();
    assert!(mean_square(&booster, &data) < 0.005);
}

#[test]
fn a_quantile_has_its_share_below() {
    let data = examples(4000, 2, |row| row[0] * 10.0 + row[1] * row[0]);
    let rows = Table::new(data.rows().column(0).collect(), 1).unwrap();
    let data = Examples::new(Schema::numeric(["f0"]).unwrap(), rows, data.targets().to_vec()).unwrap();
    for level in [0.1, 0.5, 0.9] {
        let booster = checked(Parameters { loss: Loss::Quantile(level), ..Parameters::default() }).fit(&data).unwrap();
        let below = |(row, target): &(&[f64], &f64)| **target <= booster.answer(row).unwrap();
        let share = data.rows().iter().zip(data.targets()).filter(below).count() as f64 / 4000.0;
        assert!((share - level).abs() < 0.03, "{level} {share}");
    }
}

#[test]
fn classes_have_probabilities_that_sum_to_one() {
    let data = examples(3000, 3, |row| (row[0] * 3.0).floor());
    let booster = checked(Parameters { loss: Loss::Softmax(3), rounds: 30, ..Parameters::default() }).fit(&data).unwrap();
    let answers = booster.predict(data.rows()).unwrap();
    assert!(answers.iter().all(|answer| (answer.iter().sum::<f64>() - 1.0).abs() < 1e-12));
    let right = answers.iter().zip(data.targets()).filter(|(answer, target)| answer[**target as usize] > 0.5).count();
    assert!(right > 2950, "{right}");
}

#[test]
fn missing_values_and_categories_are_learnt_from() {
    let levels: Vec<String> = (0..40).map(|level| format!("level {level}")).collect();
    let category = Feature { name: "category".into(), unit: None, kind: FeatureKind::Categorical { levels } };
    let number = Feature { name: "number".into(), unit: None, kind: FeatureKind::Numeric };
    let (mut values, mut targets) = (Vec::new(), Vec::new());
    for row in 0..4000 {
        let (level, missing) = ((mixed(row, 0) * 40.0).floor(), mixed(row, 1) < 0.3);
        values.extend([level, if missing { f64::NAN } else { mixed(row, 2) }]);
        targets.push(f64::from(level % 3.0 == 1.0) + if missing { 2.0 } else { 0.0 });
    }
    let data = Examples::new(Schema::new(vec![category, number]).unwrap(), Table::new(values, 2).unwrap(), targets).unwrap();
    let booster = checked(Parameters { loss: Loss::Squared, ..Parameters::default() }).fit(&data).unwrap();
    assert!(mean_square(&booster, &data) < 1e-3);
    let unseen = booster.answer(&[99.0, 0.5]).unwrap();
    assert!((-0.1..=1.1).contains(&unseen), "{unseen}");
}

#[test]
fn a_monotone_feature_moves_the_score_one_way() {
    let data = examples(2000, 3, |row| (row[0] * 9.0).sin() + row[1] - row[2]);
    let monotone = BTreeMap::from([("f0".into(), Monotone::Increasing), ("f1".into(), Monotone::Decreasing)]);
    let booster = checked(Parameters { loss: Loss::Squared, monotone, ..Parameters::default() }).fit(&data).unwrap();
    for row in table(200, 3).iter() {
        for (column, sign) in [(0, 1.0), (1, -1.0)] {
            let score = |step: u32| {
                let mut row = row.to_vec();
                row[column] = f64::from(step) / 50.0;
                sign * booster.score(&row).unwrap()
            };
            assert!((1..=50).all(|step| score(step) >= score(step - 1)));
        }
    }
    let unknown = BTreeMap::from([("other".into(), Monotone::Increasing)]);
    assert!(checked(Parameters { monotone: unknown, ..Parameters::default() }).fit(&data).is_err());
}

#[test]
fn patience_ends_where_the_validation_part_does_not_gain() {
    let data = examples(1000, 3, |row| f64::from(row[0] + (row[1] * 1e4).fract() > 1.0));
    let (train, rest): (Vec<usize>, Vec<usize>) = (0..1000).partition(|row| row % 2 == 0);
    let (train, rest) = (data.select(&train), data.select(&rest));
    let boosting = checked(Parameters { patience: Some(5), rounds: 500, ..Parameters::default() });
    let stopped = boosting.fit_validated(&train, &rest).unwrap();
    assert!((1..100).contains(&stopped.trees()), "{}", stopped.trees());
    let longer = checked(Parameters { rounds: 500, ..Parameters::default() }).fit(&train).unwrap();
    assert!(mean_square(&stopped, &rest) < mean_square(&longer, &rest));
}

#[test]
fn weights_count_as_repeated_rows() {
    let data = examples(600, 2, |row| f64::from(row[0] + row[1] / 3.0 > 0.7));
    // Few values, so that both have the same bins.
    let rows = Table::new(data.rows().values().iter().map(|value| (value * 50.0).floor()).collect(), 2).unwrap();
    let data = Examples::new(data.schema().clone(), rows, data.targets().to_vec()).unwrap();
    let repeated: Vec<usize> = (0..600).flat_map(|row| std::iter::repeat_n(row, if row % 2 == 0 { 3 } else { 1 })).collect();
    let weights = (0..600).map(|row| if row % 2 == 0 { 3.0 } else { 1.0 }).collect();
    let boosting = checked(Parameters { minimum_samples: 1, rounds: 20, ..Parameters::default() });
    let repeated = boosting.fit(&data.select(&repeated)).unwrap();
    let weighted = boosting.fit(&data.clone().with_weights(weights).unwrap()).unwrap();
    let off = data.rows().iter().map(|row| (repeated.answer(row).unwrap() - weighted.answer(row).unwrap()).abs());
    let off = off.fold(0.0, f64::max);
    // Sums are rounded to units of all of them, and so may choose another of two nearly equal splits.
    assert!(off < 0.05, "{off}");
}

#[test]
fn scores_out_of_fold_are_of_models_that_have_not_seen_the_row() {
    // What a row is cannot be known from others: only a model that has seen it tells.
    let data = examples(500, 3, |row| f64::from((row[1] * 1e5).fract() > 0.5));
    let folds: Vec<usize> = (0..500).map(|row| row % 5).collect();
    let boosting = checked(Parameters { rounds: 50, minimum_samples: 1, ..Parameters::default() });
    let (booster, scores) = boosting.fit_folds(&data, &folds).unwrap();
    assert_eq!(booster, boosting.fit(&data).unwrap());
    let right = |score: f64, row: usize| (score > 0.0) == (data.targets()[row] > 0.5);
    let seen = (0..500).filter(|row| right(booster.score(data.rows().row(*row)).unwrap(), *row)).count();
    let unseen = (0..500).filter(|row| right(scores[*row].unwrap(), *row)).count();
    assert!(seen > 450 && (200..300).contains(&unseen), "{seen} {unseen}");
    assert!(boosting.fit_folds(&data, &[0, 1]).is_err());
}

#[test]
fn parameters_and_data_that_cannot_be_used_are_refused() {
    let refused = |parameters: Parameters| assert!(parameters.check().is_err());
    refused(Parameters { rounds: 0, ..Parameters::default() });
    refused(Parameters { learning_rate: f64::NAN, ..Parameters::default() });
    refused(Parameters { l2: -1.0, ..Parameters::default() });
    refused(Parameters { loss: Loss::Quantile(1.0), ..Parameters::default() });
    refused(Parameters { loss: Loss::Softmax(1), ..Parameters::default() });
    let boosting = checked(Parameters::default());
    assert!(boosting.fit(&examples(50, 2, |_| 1.0)).is_err());
    assert!(boosting.fit(&examples(50, 2, |row| row[0])).is_err());
    assert!(boosting.fit(&examples(0, 2, |row| row[0])).is_err());
    let fitted = boosting.fit(&examples(50, 2, |row| row[0].round())).unwrap();
    assert!(fitted.score(&[1.0]).is_err());
    assert!(fitted.predict(&table(1, 3)).is_err());
}

#[test]
fn a_file_reads_back_and_a_content_that_does_not_hold_is_refused() {
    let booster = checked(Parameters::default()).fit(&examples(500, 3, |row| row[0].round())).unwrap();
    assert_eq!(load::<Booster>(&save(&booster).unwrap()).unwrap(), booster);
    let damage = |part: &str, value: serde_json::Value| {
        let mut content = serde_json::to_value(&booster).unwrap();
        *content.pointer_mut(part).unwrap() = value;
        let damaged: Booster = serde_json::from_value(content).unwrap();
        assert!(load::<Booster>(&save(&damaged).unwrap()).is_err(), "{part}");
    };
    damage("/base", serde_json::json!([]));
    damage("/loss", serde_json::json!({"softmax": 1}));
    damage("/forest/trees/0/root", 7000.into());
    damage("/forest/trees/0/output", 1.into());
    damage("/forest/nodes/0/children/0", 0.into());
    damage("/forest/nodes/0/children/1", (-7000).into());
    damage("/forest/nodes/0/feature", 9.into());
    damage("/forest/nodes/0/categorical", true.into());
    damage("/forest/covers/0", 0.into());
    damage("/forest/values/0", 1e308.into());
}

/// Any number that a table holds, odd ones above all.
fn odd() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(0.0),
        Just(-0.0),
        Just(f64::MAX),
        Just(f64::MIN),
        Just(f64::MIN_POSITIVE),
        Just(5e-324),
        (-3_i32..3).prop_map(f64::from),
        proptest::num::f64::NORMAL,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_table_gives_numbers_the_same_for_one_row_and_many(
        values in proptest::collection::vec(odd(), 3..240),
        loss in prop_oneof![Just(Loss::Logistic), Just(Loss::Squared), Just(Loss::Quantile(0.8)), Just(Loss::Softmax(3))],
        seed in 0_u64..9,
    ) {
        let levels = ["a", "b", "c"].map(String::from).to_vec();
        let kinds = [FeatureKind::Numeric, FeatureKind::Categorical { levels }, FeatureKind::Numeric];
        let features = kinds.into_iter().zip(["x", "y", "z"]).map(|(kind, name)| Feature { name: name.into(), unit: None, kind });
        let rows = Table::new(values[..values.len() / 3 * 3].to_vec(), 3).unwrap();
        let targets = rows.iter().zip(0_u32..).map(|(row, place)| match loss {
            Loss::Logistic => f64::from(place % 2),
            Loss::Softmax(_) => f64::from(place % 3),
            _ if row[0].is_nan() => 0.0,
            _ => row[0].clamp(-1e100, 1e100),
        });
        let targets = targets.collect();
        let data = Examples::new(Schema::new(features.collect()).unwrap(), rows.clone(), targets).unwrap();
        let parameters = Parameters { loss, seed, rounds: 8, minimum_samples: 1, l2: 0.0, rows: 0.9, columns: 0.7, ..Parameters::default() };
        let boosting = checked(parameters);
        let Ok(booster) = boosting.fit(&data) else { return Ok(()) };
        prop_assert_eq!(save(&booster).unwrap(), save(&boosting.fit(&data).unwrap()).unwrap());
        prop_assert!(load::<Booster>(&save(&booster).unwrap()).is_ok());
        let explainer = Explainer::new(&booster);
        for (row, answers) in rows.iter().zip(booster.predict(&rows).unwrap()) {
            prop_assert_eq!(&answers, &booster.predict(&Table::new(row.to_vec(), 3).unwrap()).unwrap()[0]);
            prop_assert!(answers.iter().all(|answer| answer.is_finite()));
            let score = booster.score(row).unwrap();
            let contributions = explainer.contributions(row).unwrap();
            let sum = explainer.base()[0] + contributions.iter().sum::<f64>();
            let size = 1.0 + explainer.base()[0].abs() + contributions.iter().map(|part| part.abs()).sum::<f64>();
            prop_assert!((sum - score).abs() <= 1e-9 * size);
        }
    }
}
