//! `evaluate`: how good the models are on data sets, beside the floors that they must not fall below.

mod anomaly;
mod capacity;
mod clock;
mod failure;
mod files;
mod score;
mod threat;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::{Exit, Failure};
use super::output::{Output, Rows, note, text};
use score::{Scores, Verdict};

/// What to evaluate.
#[derive(Debug, Args)]
pub(crate) struct Evaluation {
    /// The directory of the data sets: `capacity/m4_hourly_train_*.csv.gz` and others; docs/aiops.md lists them.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Only these models; may be given more than once.
    #[arg(long, value_enum, value_name = "MODEL")]
    only: Vec<Part>,
}

/// A family of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Capacity forecasts: M4 Hourly, CloudWatch.
    Capacity,
    /// Failure models: C-MAPSS FD001, AI4I 2020.
    Failure,
    /// Attacks in flows: NSL-KDD.
    Threat,
    /// Anomalies: SMD, NAB.
    Anomaly,
}

impl Part {
    const ALL: [Self; 4] = [Self::Failure, Self::Capacity, Self::Threat, Self::Anomaly];

    fn scores(self, data: &Path) -> Result<Vec<Scores>, Failure> {
        match self {
            Self::Capacity => capacity::scores(data),
            Self::Failure => failure::scores(data),
            Self::Threat => threat::scores(data),
            Self::Anomaly => anomaly::scores(data),
        }
    }
}

/// Writes one line for each measure. The exit status is that of a failure where one is below its floor, and where there was
/// nothing to measure.
pub(crate) fn run(evaluation: &Evaluation, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let data = &evaluation.data;
    if !data.is_dir() {
        return Err(Failure::usage(format!("there is no directory {}", data.display())));
    }
    let parts = if evaluation.only.is_empty() { &Part::ALL[..] } else { &evaluation.only };
    let mut all = Vec::new();
    for part in parts {
        let scores = part.scores(data)?;
        if scores.is_empty() {
            let name = part.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned());
            note(&format!("{name}: no data in {}", data.display()));
        }
        all.extend(scores);
    }
    if all.is_empty() {
        return Err(Failure::usage(format!("none of the data sets is in {}", data.display())));
    }
    if output.is_json() {
        output.json(&all)?;
    } else {
        write(&all, output)?;
    }
    let below = all.iter().flat_map(|scores| &scores.scores).filter(|score| score.verdict() == Verdict::Below).count();
    Ok(if below == 0 { Exit::Done } else { Exit::Failed })
}

fn write(all: &[Scores], output: &mut Output<'_>) -> std::io::Result<()> {
    let mut rows = Rows::under(&["DATA", "MEASURE", "VALUE", "FLOOR", "", "FIT CPU", "PREDICT CPU"]);
    for scores in all {
        for (index, score) in scores.scores.iter().enumerate() {
            let first = |text: String| if index == 0 { text } else { String::new() };
            rows.push(vec![
                text(&first(scores.data.clone())),
                text(score.measure),
                text(&score.shown()),
                text(&score.bound.to_string()),
                text(score.verdict().word()),
                text(&first(seconds(scores.fit_seconds))),
                text(&first(seconds(scores.predict_seconds))),
            ]);
        }
    }
    output.rows(rows)?;
    let count = |verdict| all.iter().flat_map(|scores| &scores.scores).filter(|score| score.verdict() == verdict).count();
    output.line(&format!("{} reached, {} below their floor", count(Verdict::Reached), count(Verdict::Below)))
}

fn seconds(seconds: f64) -> String {
    format!("{seconds:.2} s")
}
