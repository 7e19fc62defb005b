//! Training a model on labelled rows.

use std::collections::BTreeMap;
use std::time::Duration;

use dharmagraph_aiops::anomaly::{MultivariateMethod, MultivariateTrainer, Scaling};
use dharmagraph_aiops::data::{FeatureKind, Schema, Table};
use dharmagraph_aiops::drift::DriftReference;
use dharmagraph_aiops::evaluate::{LabelledFlows, evaluate_threats, failure};
use dharmagraph_aiops::failure::{Parameters, Records, Windows};
use dharmagraph_aiops::model::{Trainer, Warning, save};
use dharmagraph_aiops::registry::data_hash;
use dharmagraph_aiops::threat::{FlowExamples, FlowParameters, ThreatType};
use dharmagraph_aiops::{Error, Result};

use super::trained::Content;
use super::{ModelKind, Trained};
use crate::frame::Frame;

/// One part in so many is kept aside to measure on.
const PARTS: usize = 5;
/// How many points at the beginning of a unit drift is counted from.
const FIRST: usize = 5;
/// The share of normal rows that may raise an alarm where nothing is said.
const FALSE_ALARMS: f64 = 0.01;

/// Which columns mean what.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrainingOptions {
    /// What is to be predicted: for `failure` 1 where it failed within the horizon, for `threat` the class, `normal` for what is
    /// none. Anomalies have none.
    pub target: Option<String>,
    /// Rows of one group, a machine for instance, stay together when the model is measured.
    pub group: Option<String>,
    /// For `failure`, in place of the target: how long it went on to work.
    pub remaining: Option<String>,
    /// For `failure` with `remaining`: a remaining life up to this is a failure.
    pub horizon: Option<f64>,
    /// For `failure`: rows of a group are its metrics over time, and features are made of windows of these lengths.
    pub windows: Vec<usize>,
    /// The share of normal rows that may raise an alarm; .01 where it is not given.
    pub false_alarms: Option<f64>,
    /// Columns that are not features.
    pub ignore: Vec<String>,
    /// The units of features, by their names: series in others are refused then.
    pub units: BTreeMap<String, String>,
}

/// A model that was just trained.
#[derive(Debug)]
pub struct Trainee {
    /// Its file.
    pub file: Vec<u8>,
    /// The model.
    pub model: Trained,
    /// A hash of the rows that it was trained on.
    pub data_hash: String,
    /// What was measured meanwhile: on a fifth of the rows, by a model of the others.
    pub metrics: BTreeMap<String, f64>,
    /// What to be careful about in the rows.
    pub warnings: Vec<Warning>,
}

/// Trains a model.
///
/// # Errors
/// [`Error::Data`] for columns that are not there, options that do not fit, and rows that nothing can be learnt from;
/// [`Error::Parameter`] for options outside their range.
pub fn train(kind: ModelKind, mut frame: Frame, options: &TrainingOptions) -> Result<Trainee> {
    for name in &options.ignore {
        frame.take(name)?;
    }
    match kind {
        ModelKind::Failure => failure(frame, options),
        ModelKind::Threat => threat(frame, options),
        ModelKind::Anomaly => anomaly(frame, options),
    }
}

fn failure(mut frame: Frame, options: &TrainingOptions) -> Result<Trainee> {
    let units = match &options.group {
        Some(name) => numbered(&frame.take(name)?.into_words(name)?),
        None => (0..frame.rows() as u64).collect(),
    };
    let target = options.target.as_deref().map(|name| frame.take(name)?.into_numbers(name)).transpose()?;
    let remaining = options.remaining.as_deref().map(|name| frame.take(name)?.into_numbers(name)).transpose()?;
    let (schema, table) = frame.into_table()?;
    let schema = schema.with_units(&options.units)?;
    let mut records = match (target, remaining, options.horizon) {
        (Some(target), None, None) => Records::new(schema, table, units, outcomes(&target)?)?,
        (None, Some(remaining), Some(horizon)) => {
            if !(horizon > 0.0 && horizon.is_finite()) {
                return Err(Error::Parameter { name: "horizon", expected: "a number above 0", found: horizon.to_string() });
            }
            Records::with_remaining(schema, table, units, remaining, horizon)?
        }
        _ => {
            let expected = "the column target, of 0 and 1, or the column remaining with a horizon";
            let found = match (&options.target, &options.remaining) {
                (Some(_), Some(_)) => "both",
                (None, Some(_)) => "remaining without a horizon",
                (Some(_), None) => "target with a horizon",
                (None, None) => "neither",
            };
            return Err(Error::data("options", expected, found));
        }
    };
    if !options.windows.is_empty() {
        if options.group.is_none() {
            return Err(Error::data("windows", "the column group, whose rows are its metrics over time", "none"));
        }
        records = records.windowed(&Windows::new(options.windows.clone(), FIRST)?)?;
    }
    let false_alarms = options.false_alarms.unwrap_or(FALSE_ALARMS);
    let trainer = Parameters { false_alarms, ..Parameters::default() }.check()?;
    let model = trainer.fit(&records)?;
    let mut metrics = BTreeMap::new();
    if let Ok(folds) = records.folds(PARTS, 1) {
        let part = |inside: bool| (0..folds.len()).filter(|row| (folds[*row] == 0) == inside).collect::<Vec<_>>();
        let (rest, kept) = (records.select(&part(false)), records.select(&part(true)));
        // Too few failures to fit without a part are no reason to refuse the whole.
        if let Ok(scores) = failure::evaluate(&trainer, &rest, Some(&kept), &no_clock) {
            metrics.insert("auc_pr".into(), scores.average_precision);
            metrics.insert("recall_at_1_percent".into(), scores.recall_at_1_percent);
            metrics.insert("calibration_error".into(), scores.calibration_error);
            if let Some(remaining) = scores.remaining {
                metrics.insert("remaining_rmse".into(), remaining.last_root_mean_square);
                metrics.insert("remaining_coverage".into(), remaining.last_coverage);
            }
        }
    }
    let content = Content::Failure { model: Box::new(model), horizon: options.horizon };
    trainee(records.schema().clone(), records.rows(), content, metrics)
}

fn threat(mut frame: Frame, options: &TrainingOptions) -> Result<Trainee> {
    let name = options.target.as_deref().ok_or_else(|| Error::data("target", "the column of classes", "nothing"))?;
    let labels = frame.take(name)?.into_words(name)?;
    if labels.iter().all(|label| ThreatType::of_label(label).is_some()) {
        let found: String = labels.first().map_or("", String::as_str).chars().take(80).collect();
        let expected = "`normal` in the rows that are no attack, at least a hundred of them";
        return Err(Error::data(format!("column {name}"), expected, format!("none, but `{found}`")));
    }
    let (schema, rows) = frame.into_table()?;
    let schema = schema.with_units(&options.units)?;
    let false_alarm_budget = options.false_alarms.unwrap_or(FALSE_ALARMS);
    let trainer = FlowParameters { false_alarm_budget, ..FlowParameters::default() }.check()?;
    let types = labels.iter().map(|label| ThreatType::of_label(label)).collect();
    let model = trainer.fit(&FlowExamples::new(schema.clone(), rows.clone(), types)?)?;
    let mut metrics = BTreeMap::new();
    let part = |inside: bool| {
        let places: Vec<usize> = (0..labels.len()).filter(|row| row.is_multiple_of(PARTS) == inside).collect();
        let labels = places.iter().map(|place| labels[*place].clone()).collect();
        LabelledFlows { schema: schema.clone(), rows: rows.select(&places), labels }
    };
    if let Ok(scores) = evaluate_threats(&trainer, &part(false), &part(true), || Duration::ZERO) {
        metrics.insert("auc_pr".into(), scores.auc_pr);
        metrics.insert("accuracy".into(), scores.alarms.accuracy);
        metrics.insert("recall".into(), scores.alarms.recall);
        metrics.insert("false_alarm_rate".into(), scores.alarms.false_alarm_rate);
    }
    trainee(schema, &rows, Content::Threat(Box::new(model)), metrics)
}

fn anomaly(frame: Frame, options: &TrainingOptions) -> Result<Trainee> {
    if options.target.is_some() {
        let expected = "none: rows are taken as normal; leave a column of labels out with ignore";
        return Err(Error::data("target", expected, "one"));
    }
    let (schema, rows) = frame.into_table()?;
    let schema = schema.with_units(&options.units)?;
    if let Some(words) = schema.features().iter().find(|feature| feature.kind != FeatureKind::Numeric) {
        return Err(Error::data(format!("column {}", words.name), "numbers, for anomalies", "words"));
    }
    let shares = rows.values().iter().all(|value| value.is_nan() || (0.0..=1.0).contains(value));
    let scaling = if shares { Scaling::Shares } else { Scaling::Range };
    let rate = options.false_alarms.unwrap_or(FALSE_ALARMS);
    let model = MultivariateTrainer::new(MultivariateMethod::Covariance, scaling, rate, 0)?.fit(&rows)?;
    trainee(schema, &rows, Content::Anomaly(Box::new(model)), BTreeMap::new())
}

#[expect(clippy::cast_precision_loss, reason = "a table has fewer than 2^53 rows")]
fn trainee(schema: Schema, rows: &Table, content: Content, mut metrics: BTreeMap<String, f64>) -> Result<Trainee> {
    metrics.retain(|_, value| value.is_finite());
    metrics.insert("rows".into(), rows.rows() as f64);
    let (data_hash, warnings) = (data_hash(&schema, rows), rows.concerns(&schema));
    let model = Trained { drift: DriftReference::new(&schema, rows)?, schema, content };
    Ok(Trainee { file: save(&model)?, model, data_hash, metrics, warnings })
}

/// Units as they are written in one word each: `cpu:percent`.
///
/// # Errors
/// [`Error::Data`] for a word without a name and a unit.
pub fn units_of<'a>(words: impl Iterator<Item = &'a str>) -> Result<BTreeMap<String, String>> {
    let pair = |word: &'a str| match word.rsplit_once(':') {
        Some((name, unit)) if !name.trim().is_empty() && !unit.trim().is_empty() => {
            Ok((name.trim().to_owned(), unit.trim().to_owned()))
        }
        _ => Err(Error::data("units", "words such as cpu:percent", format!("`{}`", word.chars().take(80).collect::<String>()))),
    };
    words.map(pair).collect()
}

/// Whether each row failed.
fn outcomes(target: &[f64]) -> Result<Vec<bool>> {
    match target.iter().position(|value| *value != 0.0 && *value != 1.0) {
        Some(row) => Err(Error::data(format!("target of row {}", row + 1), "0 or 1", target[row].to_string())),
        None => Ok(target.iter().map(|value| *value == 1.0).collect()),
    }
}

/// A number for each name.
fn numbered(names: &[String]) -> Vec<u64> {
    let mut numbers = BTreeMap::new();
    names
        .iter()
        .map(|name| {
            let next = numbers.len() as u64;
            *numbers.entry(name).or_insert(next)
        })
        .collect()
}

/// Nothing is timed here.
const fn no_clock() -> Duration {
    Duration::ZERO
}
