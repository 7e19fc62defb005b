//! What is remembered of streams: kept, restored, and safe to restore.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Debug;

use dharmagraph_aiops::anomaly::{
    AnomalyPoint, MultivariateMethod, MultivariateStreamDetector, MultivariateStreamState, MultivariateTrainer, Scaling,
    StreamDetector, StreamState,
};
use dharmagraph_aiops::data::Table;
use dharmagraph_aiops::model::{Model, Online, Trainer, load, save};
use proptest::prelude::*;

const METRICS: usize = 3;

/// Observes the rows, and keeps and restores the state at each of these places.
fn observed<O>(online: &O, rows: &[Vec<f64>], places: &[usize]) -> Vec<AnomalyPoint>
where
    O: Online<Answer = AnomalyPoint>,
    O::State: Model + PartialEq + Debug,
{
    let mut state = online.begin();
    let observe = |(place, row): (usize, &Vec<f64>)| {
        if places.contains(&place) {
            let restored: O::State = load(&save(&state).unwrap()).unwrap();
            assert_eq!(restored, state);
            state = restored;
        }
        online.observe(&mut state, row).unwrap()
    };
    rows.iter().enumerate().map(observe).collect()
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![8 => -1e3..1e3, 1 => Just(f64::NAN), 1 => Just(7.0), 1 => proptest::num::f64::NORMAL]
}

fn rows(metrics: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    proptest::collection::vec(proptest::collection::vec(value(), metrics), 1..200)
}

fn assert_sound(points: &[AnomalyPoint]) {
    for point in points {
        assert!(point.score.is_finite() && point.score >= 0.0, "{point:?}");
        assert!(point.p_value > 0.0 && point.p_value <= 1.0, "{point:?}");
        assert!(point.contributions.iter().all(|part| part.is_finite()), "{point:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn restored_anywhere_a_stream_goes_on_to_the_bit(
        one in rows(1), several in rows(METRICS), places in proptest::collection::vec(0_usize..200, 1..6),
    ) {
        let stream = StreamDetector::new(0.01).unwrap();
        prop_assert_eq!(observed(&stream, &one, &places), observed(&stream, &one, &[]));

        let learning = MultivariateStreamDetector::new(METRICS, 0.01).unwrap();
        let unbroken = observed(&learning, &several, &[]);
        assert_sound(&unbroken);
        prop_assert_eq!(observed(&learning, &several, &places), unbroken);

        let training = Table::new((0..90_u32).map(|place| f64::from(place * 37 % 101)).collect(), METRICS).unwrap();
        let trained = MultivariateTrainer::new(MultivariateMethod::Covariance, Scaling::Range, 0.01, 1).unwrap();
        let trained = trained.fit(&training).unwrap();
        prop_assert_eq!(observed(&trained, &several, &places), observed(&trained, &several, &[]));
    }
}

/// A load that two other metrics follow.
fn related(count: u32) -> Vec<Vec<f64>> {
    let wave = |place: u32, step: u32| f64::from(place * step % 101) / 101.0;
    (0..count).map(|place| (wave(place, 37), place)).map(|(load, at)| vec![load, 5e6 * load + 1e5 * wave(at, 13), 40.0]).collect()
}

#[test]
fn what_breaks_the_relation_is_told_with_the_metric_that_did() {
    let detector = MultivariateStreamDetector::new(METRICS, 0.01).unwrap();
    let mut rows = related(600);
    rows[500][1] = 5e6 - rows[500][1];
    rows[550][2] = 41.0;
    let points = observed(&detector, &rows, &[]);
    assert!(points[..8].iter().all(|point| point.p_value == 1.0));
    for (place, metrics) in [(500, 0..2), (550, 2..3)] {
        let point = &points[place];
        assert!(point.is_anomaly, "{place}: {point:?}");
        let largest = (0..METRICS).max_by(|a, b| point.contributions[*a].total_cmp(&point.contributions[*b])).unwrap();
        assert!(metrics.contains(&largest), "{place}: {point:?}");
        assert!((point.contributions.iter().sum::<f64>() - point.score).abs() < 1e-6 * point.score, "{point:?}");
    }
    let false_alarms = points[100..500].iter().filter(|point| point.is_anomaly).count();
    assert!(false_alarms <= 12, "{false_alarms}");
}

#[test]
fn what_stays_becomes_normal() {
    let detector = MultivariateStreamDetector::new(METRICS, 0.01).unwrap();
    let mut rows = related(4000);
    rows[1000..].iter_mut().for_each(|row| row[2] = 90.0);
    let points = observed(&detector, &rows, &[]);
    assert!(points[1000].is_anomaly && points[3000..].iter().all(|point| point.score < 0.2 * points[1000].score));
}

#[test]
fn other_widths_and_infinite_values_are_refused_and_change_nothing() {
    let detector = MultivariateStreamDetector::new(2, 0.01).unwrap();
    let mut state = detector.begin();
    let before = state.clone();
    assert!(detector.observe(&mut state, &[1.0]).is_err());
    assert!(detector.observe(&mut state, &[1.0, f64::INFINITY]).is_err());
    assert_eq!(state, before);
    let mut other = MultivariateStreamDetector::new(3, 0.01).unwrap().begin();
    assert!(detector.observe(&mut other, &[1.0, 2.0]).unwrap_err().to_string().contains("state of 3"));
    let point = detector.observe(&mut state, &[f64::NAN, f64::NAN]).unwrap();
    assert_eq!((point.score, point.p_value), (0.0, 1.0));
    for (metrics, rate) in [(0, 0.01), (513, 0.01), (2, 0.0), (2, f64::NAN)] {
        assert!(MultivariateStreamDetector::new(metrics, rate).is_err());
    }
}

#[test]
fn a_state_of_another_kind_or_that_was_changed_is_refused() {
    let file = save(&StreamDetector::new(0.01).unwrap().begin()).unwrap();
    assert!(load::<StreamState>(&file).is_ok() && load::<MultivariateStreamState>(&file).is_err());
    let mut changed = save(&MultivariateStreamDetector::new(2, 0.01).unwrap().begin()).unwrap();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    assert!(load::<MultivariateStreamState>(&changed).is_err());
}
