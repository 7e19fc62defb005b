//! What failure models promise, from outside.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::time::Duration;

use dharmagraph_aiops::Error;
use dharmagraph_aiops::boost;
use dharmagraph_aiops::data::{Feature, FeatureKind, Schema, Series, Table};
use dharmagraph_aiops::evaluate::failure::evaluate;
use dharmagraph_aiops::failure::{Failure, FailureModel, FailureTrainer, Parameters, Records, Value, Windows, hazard};
use dharmagraph_aiops::model::{Predictor, Trainer, Warning, load, save};
use proptest::prelude::*;

/// Units that wear out after 60 to 119 steps: `heat` rises towards the end, `noise` does not.
fn engines(units: u64) -> Records {
    let (mut values, mut names, mut remaining) = (Vec::new(), Vec::new(), Vec::new());
    for unit in 0..units {
        let life = 60 + unit * 37 % 60;
        for step in 0..life {
            let left = (life - step - 1) as f64;
            let noise = ((unit * 7919 + step * 104_729) % 1000) as f64 / 1000.0;
            values.extend([40.0 + 400.0 / (left + 8.0) + noise, noise]);
            names.push(unit);
            remaining.push(left);
        }
    }
    let heat = Feature { name: "heat".into(), unit: Some("celsius".into()), kind: FeatureKind::Numeric };
    let noise = Feature { name: "noise".into(), unit: None, kind: FeatureKind::Numeric };
    let schema = Schema::new(vec![heat, noise]).unwrap();
    let records = Records::with_remaining(schema, Table::new(values, 2).unwrap(), names, remaining, 15.0).unwrap();
    records.windowed(&Windows::new(vec![3, 10], 5).unwrap()).unwrap()
}

fn trainer() -> FailureTrainer {
    let rounds = |parameters: boost::Parameters| boost::Parameters { rounds: 40, ..parameters };
    let parameters = Parameters::default();
    Parameters {
        probability: rounds(parameters.probability),
        remaining: rounds(parameters.remaining),
        cap: 60.0,
        ..Parameters::default()
    }
    .check()
    .unwrap()
}

fn trained() -> (Records, FailureModel) {
    let records = engines(40);
    let model = trainer().fit(&records).unwrap();
    (records, model)
}

#[test]
fn answers_tell_probability_remaining_life_and_why() {
    let (records, model) = trained();
    let life = records.remaining().unwrap();
    let (dying, young) = (life.iter().position(|left| *left == 2.0).unwrap(), 3);
    let answer = model.answer(records.rows().row(dying)).unwrap();
    assert!(answer.probability > 0.9 && answer.at_risk && answer.calibrated, "{answer:?}");
    let remaining = answer.remaining.unwrap();
    assert!(remaining.lower <= remaining.point && remaining.point <= remaining.upper && remaining.upper < 20.0, "{remaining:?}");
    assert!(answer.contributing_factors[0].feature.starts_with("heat."), "{:?}", answer.contributing_factors);
    assert!(answer.recommendations.iter().any(|line| line.contains("heat")), "{:?}", answer.recommendations);
    let answer = model.answer(records.rows().row(young)).unwrap();
    assert!(answer.probability < 0.1 && !answer.at_risk);
    assert!(model.threshold(0.001).unwrap() >= model.threshold(0.2).unwrap());
    assert!(model.threshold(0.0).is_err());
}

#[test]
fn the_base_and_all_contributions_sum_to_a_score_that_rises_with_the_probability() {
    let (records, model) = trained();
    let answers = model.predict(&records.rows().select(&(0..300).collect::<Vec<_>>())).unwrap();
    let base = answers[0].base;
    let score = |answer: &Failure| base + answer.contributing_factors.iter().map(|factor| factor.contribution).sum::<f64>();
    let mut scores: Vec<(f64, f64)> = answers.iter().map(|answer| (score(answer), answer.probability)).collect();
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(answers.iter().all(|answer| answer.base == base));
    assert!(scores[0].0 < 0.0 && scores[299].0 > 0.0, "{scores:?}");
    // Contributions are summed anew: what is equal but for rounding has no order.
    assert!(scores.windows(2).all(|pair| pair[0].1 <= pair[1].1 || pair[1].0 - pair[0].0 < 1e-9));
}

#[test]
fn a_row_alone_is_answered_as_among_others_and_after_a_file() {
    let (records, model) = trained();
    let file = save(&model).unwrap();
    assert_eq!(file, save(&trainer().fit(&records).unwrap()).unwrap());
    let read: FailureModel = load(&file).unwrap();
    let rows = records.select(&[0, 50, 59, 300]);
    let answers = model.predict(rows.rows()).unwrap();
    assert_eq!(read.predict(rows.rows()).unwrap(), answers);
    for (row, answer) in rows.rows().iter().zip(&answers) {
        assert_eq!(&model.answer(row).unwrap(), answer);
        assert_eq!(model.probability(row).unwrap().to_bits(), answer.probability.to_bits());
    }
}

#[test]
fn series_are_answered_as_the_rows_they_make() {
    let (records, model) = trained();
    let points: Vec<f64> = (0..40).map(|step| 50.0 + f64::from(step)).collect();
    let heat = |unit: &str| Series::new("heat", Some(unit.into()), 0, 60, points.clone()).unwrap();
    let (row, warnings) = model.row_of_series(&[heat("celsius")]).unwrap();
    let place = |name| records.schema().position(name).unwrap();
    assert_eq!((row[place("age")], row[place("heat.last")], row[place("heat.slope")]), (40.0, 89.0, 1.0));
    assert!(row[place("noise.last")].is_nan());
    assert!(warnings.contains(&Warning::MissingFeature { feature: "noise.drift".into() }));
    assert!(model.row_of_series(&[heat("fahrenheit")]).unwrap_err().to_string().contains("celsius"));
    assert!(model.row_of_series(&[heat("celsius"), heat("celsius")]).is_err());
    let noise = |start, step, unit| Series::new("noise", unit, start, step, vec![0.5; 30]).unwrap();
    assert!(model.row_of_series(&[heat("celsius"), noise(600, 60, None)]).is_ok());
    for other in [noise(0, 60, None), noise(600, 120, None)] {
        let error = model.row_of_series(&[heat("celsius"), other]).unwrap_err().to_string();
        assert!(error.contains("the step and the last time of series heat"), "{error}");
    }
    let unsaid = Series::new("heat", None, 0, 60, points.clone()).unwrap();
    let strange = Series::new("speed", Some("ratio".into()), 0, 60, points.clone()).unwrap();
    let (_, warnings) = model.row_of_series(&[unsaid, strange, noise(600, 60, Some("ratio".into()))]).unwrap();
    assert!(warnings.contains(&Warning::UnknownUnit { what: "series heat".into(), expected: "celsius".into() }));
    assert!(warnings.contains(&Warning::UnknownFeature { feature: "speed".into() }));
    assert!(warnings.contains(&Warning::Constant { what: "series noise".into() }));
    assert!(model.answer(&row).unwrap().probability.is_finite());
}

#[test]
fn features_by_name_are_checked() {
    let (_, model) = trained();
    let (row, warnings) = model.row(&BTreeMap::from([("age".into(), Value::Number(9.0))])).unwrap();
    assert_eq!((row[0], warnings.len()), (9.0, row.len() - 1));
    assert!(model.row(&BTreeMap::from([("other".into(), Value::Number(9.0))])).unwrap_err().to_string().contains("other"));
    assert!(model.row(&BTreeMap::from([("age".into(), Value::Word("old".into()))])).is_err());
    assert!(model.row(&BTreeMap::from([("age".into(), Value::Number(f64::INFINITY))])).is_err());
}

#[test]
fn a_probability_is_a_frequency_though_the_scores_are_none() {
    // Each row is a unit that fails with a probability of x squared; weights of failures make scores far too high.
    let drawn = |number: u32| {
        let mixed = (number ^ (number >> 15)).wrapping_mul(0x2c1b_3c6d);
        f64::from((mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39) >> 8) / f64::from(1 << 24)
    };
    let records = |from: u32, count: u32| {
        let rows: Vec<f64> = (from..from + count).map(|row| drawn(2 * row)).collect();
        let fails = (from..from + count).zip(&rows).map(|(row, x)| drawn(2 * row + 1) < x * x).collect();
        Records::new(Schema::numeric(["x"]).unwrap(), Table::new(rows, 1).unwrap(), (0..u64::from(count)).collect(), fails)
    };
    let probability = boost::Parameters { rounds: 20, positive_weight: 20.0, ..Parameters::default().probability };
    let trainer = Parameters { probability, ..Parameters::default() }.check().unwrap();
    let model = trainer.fit(&records(0, 3000).unwrap()).unwrap();
    let test = records(5000, 3000).unwrap();
    for range in [0.0..0.4, 0.4..0.7, 0.7..1.0] {
        let places: Vec<usize> = (0..3000).filter(|row| range.contains(&test.rows().row(*row)[0])).collect();
        let failed = places.iter().filter(|row| test.fails()[**row]).count() as f64 / places.len() as f64;
        let told = model.predict(&test.rows().select(&places)).unwrap();
        assert!(told.iter().all(|answer| answer.calibrated));
        let told = told.iter().map(|answer| answer.probability).sum::<f64>() / places.len() as f64;
        assert!((told - failed).abs() < 0.05, "{range:?}: {told} of which {failed} failed");
    }
}

#[test]
fn evaluation_judges_units_that_were_not_learnt_from() {
    let records = engines(40);
    let scores = evaluate(&trainer(), &records, None, &|| Duration::ZERO).unwrap();
    assert_eq!(scores.rows, records.rows().rows());
    assert!(scores.average_precision > 0.95 && scores.recall_at_1_percent > 0.8, "{scores:?}");
    let remaining = scores.remaining.unwrap();
    assert!((0.85..=0.95).contains(&remaining.coverage) && remaining.root_mean_square < 8.0, "{remaining:?}");
    let places: Vec<usize> = (0..1000).collect();
    let test = evaluate(&trainer(), &records, Some(&records.select(&places)), &|| Duration::ZERO).unwrap();
    assert_eq!(test.rows, 1000);
}

#[test]
fn windows_over_long_histories_take_no_more_than_their_share() {
    let metrics = |value: f64, rows: usize| {
        let table = Table::new(vec![value; rows], 1).unwrap();
        Records::new(Schema::numeric(["load"]).unwrap(), table, vec![1; rows], vec![false; rows]).unwrap()
    };
    // Looking for the last value in a history that is missing would take the square of its length.
    let windowed = metrics(f64::NAN, 1_000_000).windowed(&Windows::default()).unwrap();
    assert!(windowed.rows().row(999_999)[1..].iter().all(|value| value.is_nan()));
    let error = metrics(1.0, 1_000_000).windowed(&Windows::new(vec![10, 100_000], 5).unwrap()).unwrap_err();
    assert!(matches!(error, Error::TooMuch { .. }), "{error}");
}

#[test]
fn what_is_odd_about_series_is_told_where_nothing_was_trained() {
    let series = |unit: &str, values: Vec<f64>| Series::new("load", Some(unit.into()), 0, 60, values).unwrap();
    let told = |unit: &str, values: Vec<f64>| hazard(&[series(unit, values)], 24.0).unwrap().warnings;
    let rising = |from: u32| (0..20).map(|place| f64::from(from + place)).collect::<Vec<f64>>();
    assert_eq!(told("percent", rising(41)), [Warning::Untrained]);
    let wrong = Warning::OutOfUnit { what: "series load".into(), unit: "ratio".into(), value: 60.0 };
    assert_eq!(told("ratio", rising(41)), [Warning::Untrained, wrong]);
    assert!(told("percent", vec![7.0; 20]).contains(&Warning::Constant { what: "series load".into() }));
    let gaps = (0..40).map(|place| if place % 2 == 0 { f64::from(place) } else { f64::NAN }).collect();
    assert!(told("count", gaps).contains(&Warning::Missing { what: "series load".into(), share: 0.5 }));
}

#[test]
fn data_that_nothing_can_be_learnt_from_is_refused() {
    let records = engines(3);
    let one: Vec<usize> = (0..60).collect();
    assert!(trainer().fit(&records.select(&one)).is_err());
    let young: Vec<usize> = (0..records.rows().rows()).filter(|row| !records.fails()[*row]).collect();
    assert!(trainer().fit(&records.select(&young)).is_err());
    assert!(trainer().fit(&records.select(&[])).is_err());
    let backward = Records::new(records.schema().clone(), records.rows().clone(), Vec::new(), Vec::new());
    assert!(backward.is_err());
    assert!(Parameters { folds: 1, ..Parameters::default() }.check().is_err());
    assert!(Parameters { level: 1.0, ..Parameters::default() }.check().is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_table_is_refused_or_answered_with_numbers(
        values in proptest::collection::vec(
            prop_oneof![Just(f64::NAN), Just(f64::MAX), Just(f64::MIN), Just(0.0), proptest::num::f64::NORMAL], 8..200),
        every in 1_usize..5,
    ) {
        let rows = Table::new(values[..values.len() / 2 * 2].to_vec(), 2).unwrap();
        let units = (0..rows.rows()).map(|row| (row / every) as u64).collect();
        let remaining = (0..rows.rows()).map(|row| (row % 7) as f64 * 1e14).collect();
        let schema = Schema::numeric(["a", "b"]).unwrap();
        let records = Records::with_remaining(schema, rows, units, remaining, 1e14).unwrap();
        for records in [records.clone(), records.windowed(&Windows::default()).unwrap()] {
            let Ok(model) = trainer().fit(&records) else { continue };
            prop_assert!(load::<FailureModel>(&save(&model).unwrap()).is_ok());
            for answer in model.predict(records.rows()).unwrap() {
                prop_assert!((0.0..=1.0).contains(&answer.probability));
                let remaining = answer.remaining.unwrap();
                prop_assert!(remaining.lower <= remaining.point && remaining.point <= remaining.upper && remaining.upper.is_finite());
                prop_assert!(answer.contributing_factors.iter().all(|factor| factor.contribution.is_finite()));
            }
        }
    }
}
