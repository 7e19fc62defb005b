//! Anomalies: the machines of SMD, and the series of NAB.

use std::path::Path;
use std::time::Duration;

use dharmagraph_aiops::anomaly::{MultivariateMethod, MultivariateTrainer, Scaling, SeriesDetector, StreamDetector};
use dharmagraph_aiops::data::{Series, Table};
use dharmagraph_aiops::evaluate::{DetectionScores, LabelledSeries, evaluate_rows, evaluate_series, evaluate_stream};
use dharmagraph_aiops::model::{Online, Trainer};

use super::super::failure::Failure;
use super::super::table::frame;
use super::clock::processor_time;
use super::columns::{flags, keep, measured, names, places_by_name};
use super::files::{files, refused};
use super::report::Report;
use super::score::{Bound, Score, Scores};

/// The widest buffer around an anomaly of SMD, in rows.
const BUFFER: usize = 100;
const RATE: f64 = 0.01;
const FIVE_MINUTES: u32 = 300;
/// Microseconds that one row may take.
const ROW: f64 = 5.0;

/// Measures the files of the folder of anomalies.
pub(super) fn measure(folder: &Path, report: &mut Report) -> Result<(), Failure> {
    let (machines, series) = (files(folder, "smd_")?, files(folder, "nab_")?);
    if machines.is_empty() {
        report.skip("SMD", "anomaly/smd_*");
    } else {
        report.add(smd(&machines).map(|scores| [scores]));
    }
    if series.is_empty() {
        report.skip("NAB", "anomaly/nab_*");
    }
    for file in series {
        report.add(nab(&file));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows and files")]
fn smd(machines: &[std::path::PathBuf]) -> Result<Scores, Failure> {
    let (mut found, mut fit, mut predict, mut rows) = (Vec::new(), Duration::ZERO, Duration::ZERO, 0);
    for file in machines {
        let refuse = |error| refused(file, &error);
        let (train, test, labels) = machine(file)?;
        let trainer = MultivariateTrainer::new(MultivariateMethod::Covariance, Scaling::Shares, RATE, 0).map_err(refuse)?;
        let begin = processor_time();
        let model = trainer.fit(&train).map_err(refuse)?;
        let fitted = processor_time();
        let mut state = model.begin();
        for row in test.iter() {
            model.observe(&mut state, row).map_err(refuse)?;
        }
        predict += processor_time().saturating_sub(fitted);
        fit += fitted.saturating_sub(begin);
        rows += test.rows();
        found.push(evaluate_rows(&model, &test, &labels, BUFFER).map_err(refuse)?);
    }
    let (volume, precision) = means(&found);
    let micros = 1e6 * predict.as_secs_f64() / (rows as f64).max(1.0);
    Ok(Scores {
        data: format!("SMD, {} machines", machines.len()),
        scores: vec![
            Score::new("VUS-PR", volume, Bound::AtLeast(0.65)),
            Score::new("AUC-PR", precision, Bound::AtLeast(0.62)),
            Score::new("microseconds a row", micros, Bound::AtMost(ROW)),
        ],
        fit_seconds: fit.as_secs_f64(),
        predict_seconds: predict.as_secs_f64(),
    })
}

/// What a machine was trained on, what it is judged on, and which of those rows are anomalous.
fn machine(file: &Path) -> Result<(Table, Table, Vec<bool>), Failure> {
    let mut frame = frame(file)?;
    let parts = names(&mut frame, "split", file)?;
    if let Some(row) = parts.iter().position(|part| part != "train" && part != "test") {
        return Err(refused(file, &format!("column split, row {}: expected train or test, found `{}`", row + 1, parts[row])));
    }
    let labels = flags(&mut frame, "label", file, &|row| parts[row] == "test")?;
    keep(&mut frame, file, &is_metric)?;
    let (_, rows) = frame.into_table().map_err(|error| refused(file, &error))?;
    let (train, test): (Vec<usize>, Vec<usize>) = (0..parts.len()).partition(|row| parts[*row] == "train");
    let labels = test.iter().map(|row| labels[*row]).collect();
    Ok((rows.select(&train), rows.select(&test), labels))
}

/// Metrics are `m00`, `m01` and so on.
fn is_metric(name: &str) -> bool {
    name.strip_prefix('m').is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
}

fn nab(file: &Path) -> Result<[Scores; 2], Failure> {
    let refuse = |error| refused(file, &error);
    let series = labelled(file)?;
    let points: usize = series.iter().map(|one| one.labels.len()).sum();
    let detector = SeriesDetector::new(RATE, None, 0).map_err(refuse)?;
    let begin = processor_time();
    for one in &series {
        detector.detect(&one.series).map_err(refuse)?;
    }
    let whole = processor_time().saturating_sub(begin);
    let mut found = Vec::new();
    for one in &series {
        found.extend(evaluate_series(&detector, one).map_err(refuse)?);
    }
    let (volume, precision) = means(&found);
    let begin = processor_time();
    let stream = evaluate_stream(&StreamDetector::new(RATE).map_err(refuse)?, &series).map_err(refuse)?;
    let causal = processor_time().saturating_sub(begin);
    #[expect(clippy::cast_precision_loss, reason = "counts of points")]
    let micros = |time: Duration| 1e6 * time.as_secs_f64() / (points as f64).max(1.0);
    let scores = |data: String, scores, predict: Duration| Scores {
        data,
        scores,
        fit_seconds: 0.0,
        predict_seconds: predict.as_secs_f64(),
    };
    Ok([
        scores(
            format!("NAB, {} series as a whole", found.len()),
            vec![
                Score::new("VUS-PR", volume, Bound::AtLeast(0.4)),
                Score::new("AUC-PR", precision, Bound::None),
                Score::new("microseconds a point", micros(whole), Bound::None),
            ],
            whole,
        ),
        scores(
            format!("NAB, {} series value by value", series.len()),
            vec![
                Score::new("NAB score, standard profile", stream.score, Bound::AtLeast(58.0)),
                Score::new("microseconds a point", micros(causal), Bound::AtMost(ROW)),
            ],
            causal,
        ),
    ])
}

fn labelled(file: &Path) -> Result<Vec<LabelledSeries>, Failure> {
    let mut frame = frame(file)?;
    let values = measured(&mut frame, "value", file)?;
    let labels = flags(&mut frame, "label", file, &|_| true)?;
    let probation = flags(&mut frame, "probation", file, &|_| true)?;
    let files = names(&mut frame, "file", file)?;
    let series = |(name, rows): (&str, Vec<usize>)| {
        let values = rows.iter().map(|row| values[*row]).collect();
        Ok(LabelledSeries {
            series: Series::new(name, None, 0, FIVE_MINUTES, values).map_err(|error| refused(file, &error))?,
            labels: rows.iter().map(|row| labels[*row]).collect(),
            probation: rows.iter().filter(|row| probation[**row]).count(),
        })
    };
    places_by_name(&files).into_iter().map(series).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of files")]
fn means(scores: &[DetectionScores]) -> (f64, f64) {
    let count = (scores.len() as f64).max(1.0);
    let sum = |figure: fn(&DetectionScores) -> f64| scores.iter().map(figure).sum::<f64>();
    (sum(|score| score.volume) / count, sum(|score| score.average_precision) / count)
}
