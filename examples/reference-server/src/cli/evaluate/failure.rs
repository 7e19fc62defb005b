//! Failures: the engines of C-MAPSS FD001, and the machines of AI4I 2020.

use std::path::{Path, PathBuf};
use std::time::Duration;

use dharmagraph_aiops::evaluate::failure::{Scores as Measured, evaluate};
use dharmagraph_aiops::failure::{FailureTrainer, Parameters, Records, Windows};

use super::super::failure::Failure;
use super::super::table::frame;
use super::clock::processor_time;
use super::files::{files, refused};
use super::score::{Bound, Score, Scores};

/// An engine fails if it has at most so many cycles left.
const HORIZON: f64 = 30.0;
/// Columns of AI4I that name the row, or tell why it failed.
const LEFT_OUT: [&str; 7] = ["UID", "Product ID", "TWF", "HDF", "PWF", "OSF", "RNF"];

/// Microseconds that one row may take, and that one with its contributions may.
const ROW: f64 = 5.0;
const ANSWER: f64 = 300.0;

/// What the peers reached on the same rows, by their defaults, single-threaded: XGBoost 3.2 for the remaining life and LightGBM 4.7
/// for the machines; docs/models.md says how that was measured. `None` where a figure of our own is asked for.
struct Peers {
    average_precision: f64,
    remaining_error: Option<f64>,
    fit_seconds: f64,
}

/// The figures of the files in `failure/`.
pub(super) fn scores(data: &Path) -> Result<Vec<Scores>, Failure> {
    let folder = data.join("failure");
    let mut all = Vec::new();
    for train in files(&folder, "cmapss_fd001_train")? {
        let peers = Peers { average_precision: 0.96, remaining_error: Some(XGBOOST_ERROR), fit_seconds: LIGHTGBM_ENGINES };
        all.push(judged("C-MAPSS FD001", &train, &beside(&folder, "cmapss_fd001_test"), engines, &peers)?);
    }
    for train in files(&folder, "ai4i2020_train")? {
        let peers = Peers { average_precision: LIGHTGBM_PRECISION, remaining_error: None, fit_seconds: LIGHTGBM_MACHINES };
        all.push(judged("AI4I 2020", &train, &beside(&folder, "ai4i2020_test"), machines, &peers)?);
    }
    Ok(all)
}

fn beside(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.csv.gz"))
}

fn judged(
    name: &str,
    train: &Path,
    test: &Path,
    read: fn(&Path) -> Result<Records, Failure>,
    peers: &Peers,
) -> Result<Scores, Failure> {
    let trainer: FailureTrainer = Parameters::default().check().map_err(|error| refused(train, &error))?;
    let records = read(train)?;
    let test = if test.is_file() { Some(read(test)?) } else { None };
    let measured = evaluate(&trainer, &records, test.as_ref(), &processor_time).map_err(|error| refused(train, &error))?;
    let how = if test.is_some() { "test part" } else { "5 parts by unit" };
    Ok(told(format!("{name}, {how}"), &measured, peers))
}

fn told(data: String, measured: &Measured, peers: &Peers) -> Scores {
    let micros = |duration: Duration| 1e6 * duration.as_secs_f64();
    let mut scores = vec![
        Score::new("AUC-PR", measured.average_precision, Bound::AtLeast(peers.average_precision)),
        Score::new("recall at 1 % false alarms", measured.recall_at_1_percent, Bound::None),
        Score::new("ECE", measured.calibration_error, Bound::None),
    ];
    if let (Some(remaining), Some(bound)) = (&measured.remaining, peers.remaining_error) {
        scores.push(Score::new("remaining life, RMSE", remaining.root_mean_square, Bound::AtMost(bound)));
        scores.push(Score::new("90 % intervals hold", remaining.coverage, Bound::Between(0.88, 0.92)));
    }
    scores.push(Score::new("fit, seconds", measured.fit.as_secs_f64(), Bound::AtMost(peers.fit_seconds)));
    scores.push(Score::new("microseconds a row", micros(measured.row), Bound::AtMost(ROW)));
    scores.push(Score::new("with contributions", micros(measured.answer), Bound::AtMost(ANSWER)));
    #[expect(clippy::cast_precision_loss, reason = "a table has fewer than 2^53 rows")]
    let predict_seconds = measured.row.as_secs_f64() * measured.rows as f64;
    Scores { data, scores, fit_seconds: measured.fit.as_secs_f64(), predict_seconds }
}

fn engines(file: &Path) -> Result<Records, Failure> {
    let refuse = |error| refused(file, &error);
    let mut frame = frame(file)?;
    let units = frame.take("unit").and_then(|column| column.into_numbers("unit")).map_err(refuse)?;
    let remaining = frame.take("rul").and_then(|column| column.into_numbers("rul")).map_err(refuse)?;
    frame.take("cycle").map_err(refuse)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "units are small whole numbers")]
    let units = units.into_iter().map(|unit| unit as u64).collect();
    let (schema, rows) = frame.into_table().map_err(refuse)?;
    let records = Records::with_remaining(schema, rows, units, remaining, HORIZON).map_err(refuse)?;
    records.windowed(&Windows::default()).map_err(refuse)
}

fn machines(file: &Path) -> Result<Records, Failure> {
    let refuse = |error| refused(file, &error);
    let mut frame = frame(file)?;
    for name in LEFT_OUT {
        frame.take(name).map_err(refuse)?;
    }
    let target = frame.take("Machine failure").and_then(|column| column.into_numbers("Machine failure")).map_err(refuse)?;
    let (schema, rows) = frame.into_table().map_err(refuse)?;
    let units = (0..target.len() as u64).collect();
    let fails = target.into_iter().map(|target| target == 1.0).collect();
    Records::new(schema, rows, units, fails).map_err(refuse)
}
