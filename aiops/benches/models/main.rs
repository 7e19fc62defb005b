//! CPU time of every model, on made-up data of the size of the public data sets: learning, answers, and reading files back.
//!
//! A table, and one line of JSON for each figure behind it; the exit status says whether each is within its limit. How good the
//! answers are is for `make evaluate` to say.
#![expect(clippy::unwrap_used, reason = "a measurement fails by panicking")]

mod clock;
mod made_up;

use std::hint::black_box;
use std::io::Write as _;
use std::process::ExitCode;

use clock::{of, seconds};
use dharmagraph_aiops::anomaly::{
    MultivariateMethod, MultivariateModel, MultivariateTrainer, Scaling, SeriesDetector, StreamDetector,
};
use dharmagraph_aiops::capacity::CapacityForecaster;
use dharmagraph_aiops::data::{Series, Table};
use dharmagraph_aiops::failure::{FailureModel, Parameters};
use dharmagraph_aiops::model::{Forecaster as _, Model, Online as _, Trainer as _, load, save};
use dharmagraph_aiops::threat::{EventParameters, FlowDetector, FlowParameters};
use serde_json::json;

/// What was measured, and what it may be.
struct Figure {
    name: String,
    measured: f64,
    unit: &'static str,
    limit: Option<f64>,
}

impl Figure {
    fn new(name: impl Into<String>, measured: f64, unit: &'static str, limit: Option<f64>) -> Self {
        Self { name: name.into(), measured, unit, limit }
    }

    fn is_within(&self) -> bool {
        self.limit.is_none_or(|limit| self.measured <= limit)
    }
}

fn main() -> ExitCode {
    let figures: Vec<Figure> = [failure, capacity, flows, events, anomaly, series].into_iter().flat_map(|part| part()).collect();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{:58} {:>12} {:>10}", "", "measured", "at most").unwrap();
    for Figure { name, measured, unit, limit } in &figures {
        let limit = limit.map_or_else(String::new, |limit| limit.to_string());
        writeln!(out, "{name:58} {measured:>12.3} {limit:>10} {unit}").unwrap();
    }
    for Figure { name, measured, unit, limit } in &figures {
        writeln!(out, "{}", json!({"bench": "models", "name": name, "measured": measured, "unit": unit, "limit": limit}))
            .unwrap();
    }
    if figures.iter().all(Figure::is_within) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Engines that wear out, with windows over their sensors: of the size of C-MAPSS FD001.
fn failure() -> Vec<Figure> {
    let records = made_up::engines(100, 24);
    let trainer = Parameters::default().check().unwrap();
    let (_, classifier) = of(|| trainer.classifier(&records).unwrap());
    let (model, fit): (FailureModel, f64) = of(|| trainer.fit(&records).unwrap());
    let rows = records.rows();
    let row = each_row(rows, |row| model.probability(row).unwrap());
    let some = rows.select(&(0..rows.rows()).step_by(40).collect::<Vec<_>>());
    let answer = each_row(&some, |row| model.answer(row).unwrap());
    let title = format!("failure, {} rows of {} features", rows.rows(), rows.columns());
    let mut figures = vec![
        Figure::new(format!("{title}: fit, classifier alone"), classifier, "CPU s", None),
        Figure::new(format!("{title}: fit, with calibration"), fit, "CPU s", None),
        Figure::new("failure: a row", row, "CPU us", Some(5.0)),
        Figure::new("failure: a row with contributions", answer, "CPU us", Some(300.0)),
    ];
    figures.extend(file("failure", &model));
    figures
}

/// The mean CPU microseconds of a row, the least of three turns.
fn each_row<T>(rows: &Table, mut work: impl FnMut(&[f64]) -> T) -> f64 {
    let mut turn = || {
        let begin = seconds();
        for row in rows.iter() {
            black_box(work(black_box(row)));
        }
        1e6 * (seconds() - begin) / rows.rows() as f64
    };
    (0..3).map(|_| turn()).fold(f64::INFINITY, f64::min)
}

/// A model's file read back: what a server does at its start.
fn file<M: Model>(title: &str, model: &M) -> [Figure; 2] {
    let file = save(model).unwrap();
    let turn = |_| of(|| black_box(load::<M>(black_box(&file)).unwrap())).1;
    let least = (0..5).map(turn).fold(f64::INFINITY, f64::min);
    [
        Figure::new(format!("{title}: the file read back"), 1e3 * least, "CPU ms", None),
        Figure::new(format!("{title}: the file"), file.len() as f64 / 1024.0, "KiB", None),
    ]
}

/// Hourly series of forty days, two days ahead; and five-minute ones of twelve days, a day ahead.
fn capacity() -> Vec<Figure> {
    let forecaster = CapacityForecaster::new();
    let measure = |name: &str, step: u32, day: usize, points: usize, horizon: usize| {
        let series: Vec<Series> = (0..20).map(|seed| made_up::load(seed, step, day, points)).collect();
        let forecast = || series.iter().for_each(|one| drop(black_box(forecaster.forecast(one, horizon, &[0.95]).unwrap())));
        let least = (0..3).map(|_| of(forecast).1).fold(f64::INFINITY, f64::min);
        Figure::new(format!("capacity: {name}"), 1e3 * least / series.len() as f64, "CPU ms", Some(5.0))
    };
    vec![
        measure("960 hours, 48 ahead", 3600, 24, 960, 48),
        measure("3,600 points of five minutes, 288 ahead", 300, 288, 3600, 288),
    ]
}

/// Flows of which a third are attacks.
fn flows() -> Vec<Figure> {
    let examples = made_up::flows(40_000, 36);
    let trainer = FlowParameters::default().check().unwrap();
    let (detector, fit): (FlowDetector, f64) = of(|| trainer.fit(&examples).unwrap());
    let some = examples.rows().select(&(0..examples.rows().rows()).step_by(4).collect::<Vec<_>>());
    let row = each_row(&some, |row| detector.score_row(row).unwrap());
    let few = some.select(&(0..some.rows()).step_by(20).collect::<Vec<_>>());
    let mut figures = vec![
        Figure::new("threat, 40,000 flows of 36 features: fit", fit, "CPU s", None),
        Figure::new("threat: a flow", row, "CPU us", Some(5.0)),
        Figure::new("threat: a flow with indicators", each_row(&few, |row| detector.assess(row).unwrap()), "CPU us", None),
    ];
    figures.extend(file("threat", &detector));
    figures
}

/// Events of many users, with a few attacks between them.
fn events() -> Vec<Figure> {
    let events = made_up::events(200_000);
    let detector = EventParameters::default().check().unwrap();
    let (_, taken) = of(|| detector.detect(&events).unwrap());
    vec![Figure::new("threat: a million events", 1e6 * taken / events.len() as f64, "CPU s", None)]
}

/// Rows of the metrics of a machine: of the size of SMD.
fn anomaly() -> Vec<Figure> {
    let (train, test) = (made_up::machine(20_000, 38, 0), made_up::machine(20_000, 38, 1));
    let trainer = MultivariateTrainer::new(MultivariateMethod::Covariance, Scaling::Shares, 0.01, 0).unwrap();
    let (model, fit): (MultivariateModel, f64) = of(|| trainer.fit(&train).unwrap());
    let mut state = model.begin();
    let row = each_row(&test, |row| model.observe(&mut state, row).unwrap());
    let mut figures = vec![
        Figure::new("anomaly, 20,000 rows of 38 metrics: fit", fit, "CPU s", None),
        Figure::new("anomaly: a row with contributions", row, "CPU us", Some(5.0)),
    ];
    figures.extend(file("anomaly", &model));
    figures
}

/// One series: as a whole, and value after value.
fn series() -> Vec<Figure> {
    let series = made_up::load(7, 300, 288, 4000);
    let detector = SeriesDetector::new(0.01, None, 0).unwrap();
    let whole = (0..3).map(|_| of(|| black_box(detector.detect(&series).unwrap())).1).fold(f64::INFINITY, f64::min);
    let values = Table::new(series.values().to_vec(), 1).unwrap();
    let stream = StreamDetector::new(0.01).unwrap();
    let mut state = stream.begin();
    let value = each_row(&values, |row| stream.observe(&mut state, row).unwrap());
    vec![
        Figure::new("anomaly: a series of 4,000 points as a whole", 1e3 * whole, "CPU ms", None),
        Figure::new("anomaly: a value of a series as it comes", value, "CPU us", Some(5.0)),
    ]
}
