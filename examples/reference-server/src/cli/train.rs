//! `train`: a model from the rows of a CSV file.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use dharmagraph_aiops::Error;
use dharmagraph_aiops::model::Warning;
use dharmagraph_reference_server::frame::Frame;
use dharmagraph_reference_server::models::{ModelKind, Trainee, TrainingOptions, train, units_of};
use serde::Serialize;

use super::failure::{Exit, Failure};
use super::output::{Output, Rows, note, text};

/// What to train on what.
#[derive(Debug, Args)]
pub(crate) struct Training {
    /// What the model is to tell.
    #[arg(value_enum)]
    kind: ModelKind,
    /// The rows, CSV with a line of names; `.gz` is unpacked.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// The column to predict: for `failure` 0 or 1, for `threat` the class, `normal` for what is none.
    #[arg(long, value_name = "COLUMN")]
    target: Option<String>,
    /// The column whose values keep rows together when the model is measured: a machine's name, for instance.
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,
    /// For `failure`, in place of --target: the column that says how long it went on to work.
    #[arg(long, value_name = "COLUMN", requires = "horizon", conflicts_with = "target")]
    remaining: Option<String>,
    /// For `failure` with --remaining: up to so much is a failure.
    #[arg(long, value_name = "TIME", requires = "remaining")]
    horizon: Option<f64>,
    /// For `failure`: rows of a group are its metrics over time, and features are made of windows of these lengths in rows.
    #[arg(long, value_name = "ROWS", value_delimiter = ',', requires = "group")]
    windows: Vec<usize>,
    /// The share of normal rows that may raise an alarm.
    #[arg(long, value_name = "SHARE", default_value_t = 0.01)]
    false_alarms: f64,
    /// A column that is no feature; may be given more than once.
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
    /// The units of features, for instance `cpu:percent,memory:bytes`: series in others are refused then.
    #[arg(long, value_name = "NAME:UNIT", value_delimiter = ',')]
    units: Vec<String>,
    /// Where the model goes.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

#[derive(Debug, Serialize)]
struct Trained<'a> {
    output: &'a PathBuf,
    data_hash: &'a str,
    metrics: &'a std::collections::BTreeMap<String, f64>,
    warnings: &'a [Warning],
}

/// Trains, writes the model and tells what was measured.
pub(crate) fn run(training: Training, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let frame = super::table::frame(&training.data)?;
    let Training { kind, target, group, remaining, horizon, windows, false_alarms, ignore, units, output: file, .. } = training;
    let units = units_of(units.iter().map(String::as_str)).map_err(|error| Failure::usage(error.to_string()))?;
    let false_alarms = Some(false_alarms);
    let options = TrainingOptions { target, group, remaining, horizon, windows, false_alarms, ignore, units };
    let trainee = trained(kind, frame, &options)?;
    fs::write(&file, &trainee.file).map_err(|error| Failure::file("write", &file, &error))?;
    if output.is_json() {
        let Trainee { data_hash, metrics, warnings, .. } = &trainee;
        output.json(&Trained { output: &file, data_hash, metrics, warnings })?;
        return Ok(Exit::Done);
    }
    let mut rows = Rows::under(&["MEASURE", "VALUE"]);
    for (name, value) in &trainee.metrics {
        rows.push(vec![text(name), text(&format!("{value:.4}"))]);
    }
    output.rows(rows)?;
    note(&format!("the model is in {}", file.display()));
    Ok(Exit::Done)
}

fn trained(kind: ModelKind, frame: Frame, options: &TrainingOptions) -> Result<Trainee, Failure> {
    train(kind, frame, options).map_err(|error: Error| Failure::usage(error.to_string()))
}
