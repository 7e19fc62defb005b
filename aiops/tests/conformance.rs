//! Every model keeps what the traits promise.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dharmagraph_aiops::anomaly::{AnomalyPoint, MultivariateMethod, MultivariateTrainer, Scaling, StreamDetector};
use dharmagraph_aiops::boost::{self, Boosting, Examples, Explainer, Loss};
use dharmagraph_aiops::capacity::{CapacityForecaster, Forecast, Limit, Side};
use dharmagraph_aiops::data::{Feature, FeatureKind, Schema, Series, Table};
use dharmagraph_aiops::drift::DriftReference;
use dharmagraph_aiops::failure::{FailureTrainer, Parameters, Records, Windows};
use dharmagraph_aiops::model::{Detector, Model, Online, Predictor, Trainer, save};
use dharmagraph_aiops::registry::{NewModel, Registry};
use dharmagraph_aiops::testkit::{detector, file, forecaster, online, predictor, trainer};
use dharmagraph_aiops::threat::{FlowExamples, FlowParameters, FlowScore, FlowTrainer, ThreatType};

/// Numbers between 0 and 1 that look drawn.
fn drawn(number: u32) -> f64 {
    let mixed = (number ^ (number >> 15)).wrapping_mul(0x2c1b_3c6d);
    f64::from((mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39) >> 8) / f64::from(1 << 24)
}

/// Two numbers, one of which is missing now and then, and a category.
fn schema() -> Schema {
    let words = FeatureKind::Categorical { levels: vec!["blue".into(), "green".into(), "red".into()] };
    let feature = |name: &str, kind| Feature { name: name.into(), unit: None, kind };
    Schema::new(vec![feature("load", FeatureKind::Numeric), feature("heat", FeatureKind::Numeric), feature("colour", words)])
        .unwrap()
}

fn rows(count: u32) -> Table {
    let row = |row: u32| {
        let heat = if row % 11 == 3 { f64::NAN } else { drawn(row * 3 + 1) };
        [drawn(row * 3), heat, f64::from(row % 3)]
    };
    Table::new((0..count).flat_map(row).collect(), 3).unwrap()
}

/// Whether what a row stands for happens.
fn happens(row: &[f64]) -> bool {
    row[0] + row[1].max(0.2) + f64::from(u8::from(row[2] == 1.0)) / 2.0 > 1.3
}

fn examples(targets: impl Fn(&[f64]) -> f64, count: u32) -> Examples {
    let rows = rows(count);
    let targets = rows.iter().map(targets).collect();
    Examples::new(schema(), rows, targets).unwrap()
}

fn boosting(loss: Loss) -> Boosting {
    boost::Parameters { loss, rounds: 6, leaves: 6, rows: 0.8, columns: 0.7, seed: 7, ..boost::Parameters::default() }
        .check()
        .unwrap()
}

fn records(count: u32) -> Records {
    let rows = rows(count);
    let remaining = rows.iter().map(|row| if happens(row) { 3.0 } else { 60.0 + 40.0 * row[0] }).collect();
    Records::with_remaining(schema(), rows, (0..u64::from(count)).map(|row| row / 5).collect(), remaining, 10.0).unwrap()
}

fn failure() -> FailureTrainer {
    let few = |parameters: boost::Parameters| boost::Parameters { rounds: 6, leaves: 6, ..parameters };
    let parameters = Parameters::default();
    Parameters { probability: few(parameters.probability), remaining: few(parameters.remaining), ..Parameters::default() }
        .check()
        .unwrap()
}

fn flows(count: u32) -> FlowExamples {
    let rows = rows(count);
    let label = |row: &[f64]| match () {
        () if !happens(row) => None,
        () if row[0] > 0.7 => Some(ThreatType::Ddos),
        () => Some(ThreatType::PortScan),
    };
    let labels = rows.iter().map(label).collect();
    FlowExamples::new(schema(), rows, labels).unwrap()
}

fn threat() -> FlowTrainer {
    let few = |parameters: boost::Parameters| boost::Parameters { rounds: 5, leaves: 6, ..parameters };
    let parameters = FlowParameters::default();
    FlowParameters { boosting: few(parameters.boosting), classes: few(parameters.classes), folds: 3, ..FlowParameters::default() }
        .check()
        .unwrap()
}

/// Metrics that move together.
fn metrics(from: u32, count: u32) -> Table {
    let row = |row: u32| {
        let common = drawn(row * 4);
        [common + 0.2 * drawn(row * 4 + 1), 3.0 * common - drawn(row * 4 + 2), 10.0 * drawn(row * 4 + 3)]
    };
    Table::new((from..from + count).flat_map(row).collect(), 3).unwrap()
}

const METHODS: [MultivariateMethod; 5] = [
    MultivariateMethod::Covariance,
    MultivariateMethod::Principal,
    MultivariateMethod::Deviation,
    MultivariateMethod::Forest,
    MultivariateMethod::Fused,
];

fn multivariate(method: MultivariateMethod) -> MultivariateTrainer {
    MultivariateTrainer::new(method, Scaling::Range, 0.01, 7).unwrap()
}

/// Asks a model that was read for any rows, which may be refused.
fn ask<P: Predictor>(model: &P, columns: usize) {
    for width in [columns, columns + 1] {
        drop(Table::new(vec![0.5; width * 2], width).and_then(|rows| model.predict(&rows)));
    }
}

fn score<D: Detector>(model: &D, columns: usize) {
    for width in [columns, columns + 1] {
        drop(Table::new(vec![0.5; width * 2], width).and_then(|rows| model.score(&rows)));
    }
}

#[test]
fn boosters_keep_what_predictors_trainers_and_files_promise() {
    let numbers = examples(|row| row[0] * 2.0, 300);
    let outcomes = examples(|row| f64::from(u8::from(happens(row))), 300);
    let classes = examples(|row| row[2], 300);
    let losses =
        [(Loss::Logistic, &outcomes), (Loss::Squared, &numbers), (Loss::Quantile(0.8), &numbers), (Loss::Softmax(3), &classes)];
    for (loss, examples) in losses {
        let boosting = boosting(loss);
        trainer::the_same_data_gives_the_same_file(&boosting, examples);
        let model = boosting.fit(examples).unwrap();
        predictor::every(&model, &rows(40));
        file::every(&model, |model| {
            ask(model, 3);
            drop(Explainer::new(model).contributions(&[0.5, f64::NAN, 1.0]));
        });
    }
    let one = |rows: u32| examples(|_| 1.0, rows);
    trainer::it_is_refused(&boosting(Loss::Logistic), &one(50), "outcomes that are all the same");
    trainer::it_is_refused(&boosting(Loss::Logistic), &one(0), "no rows");
    trainer::it_is_refused(&boosting(Loss::Logistic), &numbers, "targets that are no outcomes");
    trainer::it_is_refused(&boosting(Loss::Softmax(2)), &classes, "more classes than there are");
}

#[test]
fn failure_models_keep_what_predictors_trainers_and_files_promise() {
    let trainer = failure();
    trainer::the_same_data_gives_the_same_file(&trainer, &records(400));
    let model = trainer.fit(&records(400)).unwrap();
    predictor::every(&model, &rows(40));
    file::every(&model, |model| {
        ask(model, 3);
        drop(model.row(&BTreeMap::new()));
        drop(model.row_of_series(&[Series::new("load", None, 0, 60, vec![1.0; 40]).unwrap()]));
        drop(model.threshold(0.1));
    });
    let windowed = |rows: u32| {
        let records = records(rows);
        records.windowed(&Windows::new(vec![2, 4], 2).unwrap()).unwrap()
    };
    let model = trainer.fit(&windowed(400)).unwrap();
    predictor::every(&model, windowed(40).rows());
    file::it_reads_back_and_is_written_alike(&model);
    trainer::it_is_refused(&trainer, &records(0), "no rows");
    trainer::it_is_refused(&trainer, &records(5), "one unit");
    let all = |fails: bool| Records::new(schema(), rows(50), (0..50).collect(), vec![fails; 50]).unwrap();
    trainer::it_is_refused(&trainer, &all(true), "units that all fail");
    trainer::it_is_refused(&trainer, &all(false), "units of which none fails");
    for value in [1.0, f64::NAN] {
        let still = Table::new(vec![value; 150], 3).unwrap();
        let fails = (0..50).map(|row| row % 2 == 0).collect();
        let records = Records::new(schema(), still, (0..50).collect(), fails).unwrap();
        trainer::it_is_refused(&trainer, &records, "features that do not vary");
    }
}

#[test]
fn flow_detectors_keep_what_predictors_detectors_trainers_and_files_promise() {
    let trainer = threat();
    let known = flows(1200);
    trainer::the_same_data_gives_the_same_file(&trainer, &known);
    let model = trainer.fit(&known).unwrap();
    predictor::every(&model, &rows(40));
    let others: Vec<f64> = rows(3000).iter().skip(1200).filter(|row| !happens(row)).flatten().copied().collect();
    detector::every(&model, &Table::new(others, 3).unwrap(), |score: &FlowScore| (score.score, score.p_value));
    file::every(&model, |model| {
        ask(model, 3);
        score(model, 3);
    });
    trainer::it_is_refused(&trainer, &flows(0), "no rows");
    trainer::it_is_refused(&trainer, &flows(20), "a few rows");
    let still = |value: f64| {
        let labels = (0..300).map(|row| (row % 2 == 0).then_some(ThreatType::Ddos)).collect();
        FlowExamples::new(schema(), Table::new(vec![value; 900], 3).unwrap(), labels).unwrap()
    };
    trainer::it_is_refused(&trainer, &still(1.0), "features that do not vary");
    trainer::it_is_refused(&trainer, &still(f64::NAN), "features that are missing");
}

#[test]
fn detectors_of_several_metrics_keep_what_detectors_online_states_trainers_and_files_promise() {
    for method in METHODS {
        let trainer = multivariate(method);
        trainer::the_same_data_gives_the_same_file(&trainer, &metrics(0, 400));
        let model = trainer.fit(&metrics(0, 400)).unwrap();
        let read = |point: &AnomalyPoint| (point.score, point.p_value);
        detector::every(&model, &metrics(400, 600), read);
        online::every(&model, &metrics(400, 300));
        file::every(&model, |model| {
            score(model, 3);
            drop(model.observe(&mut model.begin(), &[0.5; 3]));
        });
        trainer::it_is_refused(&trainer, &metrics(0, 0), "no rows");
        trainer::it_is_refused(&trainer, &metrics(0, 5), "a few rows");
        let missing = Table::new(vec![f64::NAN; 300], 3).unwrap();
        trainer::it_is_refused(&trainer, &missing, "metrics that are missing");
    }
}

#[test]
fn detectors_of_one_metric_keep_what_online_states_and_files_promise() {
    let model = StreamDetector::new(0.01).unwrap();
    let values = Table::new((0..400).map(|place| if place % 13 == 5 { f64::NAN } else { drawn(place) }).collect(), 1).unwrap();
    online::every(&model, &values);
    file::every(&model, |model| drop(model.observe(&mut model.begin(), &[0.5])));
}

#[test]
fn capacity_keeps_what_forecasters_promise() {
    let daily =
        |place: u32| if place % 17 == 3 { f64::NAN } else { f64::from(place) / 10.0 + f64::from(place % 24) + drawn(place) };
    let series = Series::new("disk_used", Some("percent".into()), 1_700_000_000, 3600, (0..200).map(daily).collect()).unwrap();
    let read = |forecast: &Forecast| {
        let step = |point: &dharmagraph_aiops::capacity::Point| {
            let intervals = point.intervals.iter().map(|interval| (interval.lower, interval.upper)).collect();
            (point.value, intervals)
        };
        forecast.points.iter().map(step).collect()
    };
    forecaster::every(&CapacityForecaster::new(), &series, read);
    for side in [Side::Upper, Side::Lower] {
        for value in [45.0, f64::MAX, f64::MIN, 0.0] {
            forecaster::every(&CapacityForecaster::new().with_limit(Limit { value, side }).unwrap(), &series, read);
        }
    }
}

/// A registry with two versions of one model.
static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::new();
    for seed in 0..2 {
        let file = save(&StreamDetector::new(0.01 + f64::from(seed) / 100.0).unwrap()).unwrap();
        let (name, kind, data_hash) = ("web".into(), StreamDetector::KIND.into(), "00".repeat(32));
        let metrics = BTreeMap::from([("auc_pr".to_owned(), 0.5)]);
        let version = registry
            .register(NewModel { name, kind, trained_at: 1_700_000_000, data_hash, schema: Some(schema()), metrics, file })
            .unwrap();
        registry.promote("web", version).unwrap();
    }
    registry
});

#[test]
fn registries_and_references_of_drift_keep_what_files_promise() {
    file::every(&*REGISTRY, |registry| {
        let names: Vec<(String, u32)> = registry.list().map(|version| (version.name.clone(), version.version)).collect();
        for (name, version) in names {
            registry.file(&name, version).unwrap();
            drop(registry.current(&name));
            drop(registry.clone().roll_back(&name));
            drop(registry.clone().remove(&name, version));
        }
    });
    let reference = DriftReference::new(&schema(), &rows(300)).unwrap();
    file::every(&reference, |reference| drop(reference.compare(&rows(150))));
    assert!(DriftReference::new(&schema(), &rows(0)).is_err());
}
