//! Each ability of the boosters does what it says: a model without it would fail here.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dharmagraph_aiops::boost::{Booster, Examples, Loss, Parameters};
use dharmagraph_aiops::data::{Feature, FeatureKind, Schema, Table};
use dharmagraph_aiops::model::Trainer;

/// Numbers from 0 to 1 that look drawn.
fn drawn(number: u32) -> f64 {
    let mixed = (number ^ (number >> 15)).wrapping_mul(0x2c1b_3c6d);
    f64::from((mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39) >> 8) / f64::from(1 << 24)
}

/// One split, which is taken in full.
fn one_split(data: &Examples) -> Booster {
    let parameters = Parameters { loss: Loss::Squared, rounds: 1, leaves: 2, learning_rate: 1.0, ..Parameters::default() };
    parameters.check().unwrap().fit(data).unwrap()
}

fn mean_square(booster: &Booster, data: &Examples) -> f64 {
    let square = |(row, target): (&[f64], &f64)| (booster.answer(row).unwrap() - target).powi(2);
    data.rows().iter().zip(data.targets()).map(square).sum::<f64>() / data.targets().len() as f64
}

#[test]
fn one_split_puts_any_words_apart() {
    let levels = (0..30).map(|level| format!("level {level}")).collect();
    let kind = FeatureKind::Categorical { levels };
    let rows = Table::new((0..3000).map(|row| f64::from(row % 30)).collect(), 1).unwrap();
    let targets: Vec<f64> = rows.column(0).map(|level| f64::from(u8::from(level % 3.0 == 1.0))).collect();
    let learnt = |kind: FeatureKind| {
        let schema = Schema::new(vec![Feature { name: "level".into(), unit: None, kind }]).unwrap();
        let data = Examples::new(schema, rows.clone(), targets.clone()).unwrap();
        mean_square(&one_split(&data), &data)
    };
    assert!(learnt(kind) < 1e-3);
    // As numbers they have an order, in which one split cannot.
    assert!(learnt(FeatureKind::Numeric) > 0.15);
}

#[test]
fn one_split_puts_what_is_missing_apart() {
    let value = |row: u32| if row % 7 == 3 { f64::NAN } else { drawn(row) };
    let rows = Table::new((0..3000).map(value).collect(), 1).unwrap();
    let targets = rows.column(0).map(|value| f64::from(u8::from(value.is_nan()))).collect();
    let data = Examples::new(Schema::numeric(["value"]).unwrap(), rows, targets).unwrap();
    let booster = one_split(&data);
    assert!(mean_square(&booster, &data) < 1e-3);
    assert!(booster.answer(&[f64::NAN]).unwrap() > 0.9 && booster.answer(&[0.0]).unwrap() < 0.1);
}

#[test]
fn what_is_missing_goes_the_way_that_was_better_at_the_training() {
    for high in [true, false] {
        let value = |row: u32| if row % 7 == 3 { f64::NAN } else { drawn(row) };
        let rows = Table::new((0..3000).map(value).collect(), 1).unwrap();
        let targets = rows.column(0).map(|value| f64::from(u8::from(if value.is_nan() { high } else { value > 0.5 }))).collect();
        let data = Examples::new(Schema::numeric(["value"]).unwrap(), rows, targets).unwrap();
        let booster = one_split(&data);
        assert!(mean_square(&booster, &data) < 5e-3, "{}", mean_square(&booster, &data));
    }
}

#[test]
fn the_weight_of_the_rarer_class_counts_as_weights_of_its_rows() {
    let rows = Table::new((0..4000).map(drawn).collect(), 2).unwrap();
    let targets: Vec<f64> = rows.iter().map(|row| f64::from(u8::from(row[0] + row[1] > 1.7))).collect();
    let data = Examples::new(Schema::numeric(["a", "b"]).unwrap(), rows, targets.clone()).unwrap();
    let fit = |positive_weight: f64, data: &Examples| {
        Parameters { positive_weight, rounds: 10, ..Parameters::default() }.check().unwrap().fit(data).unwrap()
    };
    let weights = targets.iter().map(|target| if *target == 1.0 { 20.0 } else { 1.0 }).collect();
    let (weighted, by_rows) = (fit(20.0, &data), fit(1.0, &data.clone().with_weights(weights).unwrap()));
    assert_eq!(weighted, by_rows);
    let mean = |booster: &Booster| data.rows().iter().map(|row| booster.answer(row).unwrap()).sum::<f64>();
    assert!(mean(&weighted) > 1.2 * mean(&fit(1.0, &data)));
}

#[test]
fn patience_ends_and_keeps_the_trees_up_to_the_least_cost() {
    let rows = Table::new((0..1200).map(drawn).collect(), 2).unwrap();
    let targets = rows.iter().zip(7_000..).map(|(row, place)| f64::from(u8::from(row[0] + drawn(place) > 1.0))).collect();
    let data = Examples::new(Schema::numeric(["a", "b"]).unwrap(), rows, targets).unwrap();
    let (train, rest): (Vec<usize>, Vec<usize>) = (0..600).partition(|row| row % 2 == 0);
    let (train, rest) = (data.select(&train), data.select(&rest));
    // Trees of few rows each: the cost falls and rises from one to the next.
    let parameters = |rounds, patience| {
        Parameters { rounds, patience, rows: 0.2, minimum_samples: 5, ..Parameters::default() }.check().unwrap()
    };
    let cost = |rounds: usize| {
        let booster = parameters(rounds, None).fit(&train).unwrap();
        let cost = |(row, target): (&[f64], &f64)| -(1.0 - target - booster.answer(row).unwrap()).abs().max(1e-15).ln();
        (booster.trees(), rest.rows().iter().zip(rest.targets()).map(cost).sum::<f64>())
    };
    let costs: Vec<(usize, f64)> = (1..=60).map(cost).collect();
    for patience in [1, 3, 10] {
        let (mut best, mut waited) = (costs[0], 0);
        for now in &costs[1..] {
            (best, waited) = if now.1 < best.1 { (*now, 0) } else { (best, waited + 1) };
            if waited == patience {
                break;
            }
        }
        assert_eq!(waited, patience, "the costs do not tell patience {patience}: {costs:?}");
        let stopped = parameters(60, Some(patience)).fit_validated(&train, &rest).unwrap();
        assert_eq!(stopped.trees(), best.0, "patience {patience}: {costs:?}");
    }
}
