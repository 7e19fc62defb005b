//! `evaluate`: how good the models are on data sets, beside the floors that they must not fall below.

mod anomaly;
mod capacity;
mod clock;
mod columns;
mod failure;
mod files;
mod report;
mod score;
mod threat;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::{Exit, Failure};
use super::output::{Output, Rows, counted, text};
use report::Report;
use score::Verdict;

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

    /// Measures the data sets of this family; fails where their folder cannot be read.
    fn measure(self, data: &Path, report: &mut Report) -> Result<(), Failure> {
        match self {
            Self::Capacity => capacity::measure(&data.join("capacity"), report),
            Self::Failure => failure::measure(&data.join("failure"), report),
            Self::Threat => threat::measure(&data.join("threat"), report),
            Self::Anomaly => anomaly::measure(&data.join("anomaly"), report),
        }
    }
}

/// Writes one line for each measure. The exit status is that of a failure where one is below its floor and where a data set could
/// not be measured, and that of wrong usage where there was none.
pub(crate) fn run(evaluation: &Evaluation, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let data = &evaluation.data;
    if !data.is_dir() {
        return Err(Failure::usage(format!("there is no directory {}", data.display())));
    }
    let parts = if evaluation.only.is_empty() { &Part::ALL[..] } else { &evaluation.only };
    let mut report = Report::default();
    for part in parts {
        part.measure(data, &mut report)?;
    }
    if report.scores.is_empty() && report.failed == 0 {
        return Err(Failure::usage(format!("none of the data sets is in {}", data.display()))
            .advise("docs/aiops.md lists the names of the files"));
    }
    if output.is_json() {
        output.json(&report.scores)?;
    } else if !report.scores.is_empty() {
        write(&report, output)?;
    }
    if report.failed > 0 {
        return Err(Failure::new(format!("{} could not be measured", counted(report.failed as u64, "data set", "data sets"))));
    }
    Ok(if report.count(Verdict::Below) == 0 { Exit::Done } else { Exit::Failed })
}

fn write(report: &Report, output: &mut Output<'_>) -> std::io::Result<()> {
    let mut rows = Rows::under(&["DATA", "MEASURE", "VALUE", "FLOOR", "", "FIT CPU", "PREDICT CPU"]);
    for scores in &report.scores {
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
    let (reached, below) = (report.count(Verdict::Reached), report.count(Verdict::Below));
    output.line(&format!("{reached} reached, {below} below their floor"))
}

fn seconds(seconds: f64) -> String {
    format!("{seconds:.2} s")
}
