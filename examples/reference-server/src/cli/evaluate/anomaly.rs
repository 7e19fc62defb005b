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
use super::files::{files, refused};
use super::score::{Bound, Score, Scores};

/// The widest buffer around an anomaly of SMD, in rows.
const BUFFER: usize = 100;
const RATE: f64 = 0.01;
const FIVE_MINUTES: u32 = 300;
/// Microseconds that one row may take.
const ROW: f64 = 5.0;

/// The figures of the files in `anomaly/`.
pub(super) fn scores(data: &Path) -> Result<Vec<Scores>, Failure> {
    let folder = data.join("anomaly");
    let mut all = Vec::new();
    let machines = files(&folder, "smd_")?;
    if !machines.is_empty() {
        all.push(smd(&machines)?);
    }
    for file in files(&folder, "nab_")? {
        all.extend(nab(&file)?);
    }
    Ok(all)
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows and files")]
fn smd(machines: &[std::path::PathBuf]) -> Result<Scores, Failure> {
    let (mut measured, mut fit, mut predict, mut rows) = (Vec::new(), Duration::ZERO, Duration::ZERO, 0);
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
        measured.push(evaluate_rows(&model, &test, &labels, BUFFER).map_err(refuse)?);
    }
    let (volume, precision) = means(&measured);
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
    let refuse = |error| refused(file, &error);
    let mut frame = frame(file)?;
    let parts = frame.take("split").and_then(|column| column.into_words("split")).map_err(refuse)?;
    let labels = frame.take("label").map_err(refuse)?;
    let (_, rows) = frame.into_table().map_err(refuse)?;
    let (train, test): (Vec<usize>, Vec<usize>) = (0..parts.len()).partition(|row| parts[*row] == "train");
    let labels = test.iter().map(|row| labels.values()[*row] == 1.0).collect();
    Ok((rows.select(&train), rows.select(&test), labels))
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
    let mut measured = Vec::new();
    for one in &series {
        measured.extend(evaluate_series(&detector, one).map_err(refuse)?);
    }
    let (volume, precision) = means(&measured);
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
            format!("NAB, {} series as a whole", measured.len()),
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
    let refuse = |error| refused(file, &error);
    let mut frame = frame(file)?;
    let mut numbers = |name: &str| frame.take(name).and_then(|column| column.into_numbers(name)).map_err(refuse);
    let (values, labels, probation) = (numbers("value")?, numbers("label")?, numbers("probation")?);
    let names = frame.take("file").and_then(|column| column.into_words("file")).map_err(refuse)?;
    let mut all = Vec::new();
    let mut begin = 0;
    for part in names.chunk_by(|before, after| before == after) {
        let range = begin..begin + part.len();
        begin = range.end;
        all.push(LabelledSeries {
            series: Series::new(part[0].as_str(), None, 0, FIVE_MINUTES, values[range.clone()].to_vec()).map_err(refuse)?,
            labels: labels[range.clone()].iter().map(|label| *label == 1.0).collect(),
            probation: probation[range].iter().filter(|flag| **flag == 1.0).count(),
        });
    }
    Ok(all)
}

#[expect(clippy::cast_precision_loss, reason = "counts of files")]
fn means(scores: &[DetectionScores]) -> (f64, f64) {
    let count = (scores.len() as f64).max(1.0);
    let sum = |figure: fn(&DetectionScores) -> f64| scores.iter().map(figure).sum::<f64>();
    (sum(|score| score.volume) / count, sum(|score| score.average_precision) / count)
}
