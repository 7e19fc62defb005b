//! P-values of rows are uniform on data like that of the training, whether rows depend on those before them or not.

use dharmagraph_aiops::anomaly::{MultivariateMethod, MultivariateTrainer, Scaling};
use dharmagraph_aiops::data::Table;
use dharmagraph_aiops::model::{Detector, Online, Trainer};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::{bell, distance_from_uniform};

const METRICS: usize = 5;
/// Rows of the training, and rows after it that are judged.
const ROWS: (usize, usize) = (1000, 400);
const SEEDS: u64 = 100;

/// Metrics that vary together; each part is that of the row before times `memory`, and noise.
fn rows(seed: u64, memory: f64) -> Table {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut parts = [0.0; METRICS + 1];
    let mut values = Vec::new();
    // The first hundred rows are for the process to forget where it began.
    for row in 0..100 + ROWS.0 + ROWS.1 {
        parts.iter_mut().for_each(|part| *part = memory * *part + 4.0 * bell(&mut random) - 2.0);
        if row >= 100 {
            values.extend((0..METRICS).map(|metric| parts[metric] + parts[METRICS] * (metric + 1) as f64));
        }
    }
    Table::new(values, METRICS).unwrap()
}

/// The p-values of the judged rows, each for itself and in turn.
fn p_values(method: MultivariateMethod, scaling: Scaling, seed: u64, memory: f64) -> (Vec<f64>, Vec<f64>) {
    let all = rows(seed, memory);
    let part = |from: usize, to: usize| all.select(&(from..to).collect::<Vec<_>>());
    let model = MultivariateTrainer::new(method, scaling, 0.01, 7).unwrap().fit(&part(0, ROWS.0)).unwrap();
    let judged = part(ROWS.0, ROWS.0 + ROWS.1);
    let alone = model.score(&judged).unwrap().iter().map(|point| point.p_value).collect();
    let mut state = model.begin();
    let in_turn = judged.iter().map(|row| model.observe(&mut state, row).unwrap().p_value).collect();
    (alone, in_turn)
}

/// That over all seeds p-values are nearly uniform and alarms at 1 % few, for rows each for itself; and so, with what the
/// dependence of scores in turn adds, in turn.
fn assert_uniform(memory: f64) {
    for scaling in [Scaling::Range, Scaling::Shares] {
        for method in [MultivariateMethod::Covariance, MultivariateMethod::Fused, MultivariateMethod::Forest] {
            let seeds = (0..SEEDS).map(|seed| p_values(method, scaling, seed, memory));
            let (alone, in_turn): (Vec<Vec<f64>>, Vec<Vec<f64>>) = seeds.unzip();
            for (way, values, farthest, most) in [("alone", alone, 0.03, 0.0125), ("in turn", in_turn, 0.05, 0.019)] {
                let values = values.concat();
                let alarms = values.iter().filter(|value| **value <= 0.01).count() as f64 / values.len() as f64;
                let distance = distance_from_uniform(values);
                let found = format!("{method:?} by {scaling:?} {way}: {distance} from uniform, {alarms} alarms");
                assert!(distance < farthest && alarms < most, "{found}");
            }
        }
    }
}

#[test]
fn they_are_uniform_where_rows_are_independent() {
    assert_uniform(0.0);
}

/// A model that is calibrated on rows whose neighbours it learnt from fails this.
#[test]
fn they_are_uniform_where_rows_depend_on_those_before() {
    assert_uniform(0.9);
}
