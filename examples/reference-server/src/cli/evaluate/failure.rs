//! Failures: the engines of C-MAPSS FD001, and the machines of AI4I 2020.

use std::path::Path;
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

/// What must be reached.
struct Floors {
    average_precision: f64,
    /// Root of the mean squared error of the remaining life, where it is known.
    remaining_error: Option<f64>,
    /// Processor seconds of the classifier's fit.
    fit_seconds: f64,
}

/// For engines a precision of our own, and XGBoost 3.2's error of the remaining life: on all rows of five parts by unit with the
/// same features, and on the test part. LightGBM 4.7's fit of the same rows. `make peers` measures them.
const ENGINES: Floors = Floors { average_precision: 0.96, remaining_error: Some(10.78), fit_seconds: 0.78 };
const ENGINES_TEST: Floors = Floors { remaining_error: Some(12.26), ..ENGINES };
/// For machines LightGBM 4.7's precision, in five parts and on the test part, and its fit.
const MACHINES: Floors = Floors { average_precision: 0.787, remaining_error: None, fit_seconds: 0.05 };
const MACHINES_TEST: Floors = Floors { average_precision: 0.819, ..MACHINES };

/// The figures of the files in `failure/`.
pub(super) fn scores(data: &Path) -> Result<Vec<Scores>, Failure> {
    let folder = data.join("failure");
    let mut all = Vec::new();
    for (name, file, read, floors) in [
        ("C-MAPSS FD001", "cmapss_fd001", engines as Read, [&ENGINES, &ENGINES_TEST]),
        ("AI4I 2020", "ai4i2020", machines, [&MACHINES, &MACHINES_TEST]),
    ] {
        for train in files(&folder, &format!("{file}_train"))? {
            all.push(judged(name, &train, &folder.join(format!("{file}_test.csv.gz")), read, floors)?);
        }
    }
    Ok(all)
}

type Read = fn(&Path) -> Result<Records, Failure>;

fn judged(name: &str, train: &Path, test: &Path, read: Read, floors: [&Floors; 2]) -> Result<Scores, Failure> {
    let trainer: FailureTrainer = Parameters::default().check().map_err(|error| refused(train, &error))?;
    let records = read(train)?;
    let test = if test.is_file() { Some(read(test)?) } else { None };
    let measured = evaluate(&trainer, &records, test.as_ref(), &processor_time).map_err(|error| refused(train, &error))?;
    Ok(match test {
        Some(_) => told(format!("{name}, test part"), &measured, floors[1], true),
        None => told(format!("{name}, 5 parts by unit"), &measured, floors[0], false),
    })
}

/// The remaining life is judged at the last row of each unit where that is before its end, as in a test part; else at every row.
fn told(data: String, measured: &Measured, floors: &Floors, last: bool) -> Scores {
    let micros = |duration: Duration| 1e6 * duration.as_secs_f64();
    let mut scores = vec![
        Score::new("AUC-PR", measured.average_precision, Bound::AtLeast(floors.average_precision)),
        Score::new("recall at 1 % false alarms", measured.recall_at_1_percent, Bound::None),
        Score::new("ECE", measured.calibration_error, Bound::None),
    ];
    if let (Some(remaining), Some(bound)) = (&measured.remaining, floors.remaining_error) {
        let (error, coverage) = match last {
            true => (remaining.last_root_mean_square, remaining.last_coverage),
            false => (remaining.root_mean_square, remaining.coverage),
        };
        scores.push(Score::new("remaining life, RMSE", error, Bound::AtMost(bound)));
        scores.push(Score::new("90 % intervals hold", coverage, Bound::Between(0.88, 0.92)));
    }
    scores.push(Score::new(
        "classifier's fit, seconds",
        measured.classifier_fit.as_secs_f64(),
        Bound::AtMost(floors.fit_seconds),
    ));
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
