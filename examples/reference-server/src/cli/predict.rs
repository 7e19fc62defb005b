//! `predict`: what a model says of the rows of a CSV file.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use clap::Args;
use csv::Writer;
use dharmagraph_aiops::anomaly::MultivariateModel;
use dharmagraph_aiops::data::{Schema, Table};
use dharmagraph_aiops::failure::{FailureModel, Records};
use dharmagraph_aiops::model::{Detector, Predictor, Warning, load};
use dharmagraph_aiops::threat::FlowDetector;
use dharmagraph_reference_server::frame::{Frame, Strangers, align};
use dharmagraph_reference_server::models::{Content, Trained};

use super::failure::{Exit, Failure};
use super::output::{Output, note};

/// What is asked about.
#[derive(Debug, Args)]
pub(crate) struct Prediction {
    /// The model, as `train` or a server wrote it.
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The rows, CSV with a line of names; `.gz` is unpacked. Columns that are no features are passed over.
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// For a model that was trained with windows: the column that says which rows are one after the other.
    #[arg(long, value_name = "COLUMN")]
    group: Option<String>,
    /// Also tell for each feature what it contributed.
    #[arg(long)]
    contributions: bool,
}

/// A table of answers.
struct Answers {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// Writes one line of CSV for each row, in order; beside it, which model answers and what to be careful about.
pub(crate) fn run(prediction: &Prediction, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let refuse = |error: dharmagraph_aiops::Error| Failure::usage(error.to_string());
    let file = fs::read(&prediction.model).map_err(|error| Failure::file("read", &prediction.model, &error))?;
    let model: Trained = load(&file).map_err(|error| Failure::usage(format!("{}: {error}", prediction.model.display())))?;
    let frame = super::table::frame(&prediction.data)?;
    let (rows, mut warnings) = rows(&model, frame, prediction.group.as_deref())?;
    warnings.extend(model.drift.compare(&rows).map_err(refuse)?);
    note(&format!("answered by a model of {}, file hash {}", model.kind(), blake3::hash(&file)));
    warnings.iter().for_each(|warning| note(&format!("warning: {}", told(warning))));
    let with = prediction.contributions;
    let answers = match &model.content {
        Content::Failure { model, .. } => failures(model, &rows, with),
        Content::Threat(detector) => threats(detector, &rows, with),
        Content::Anomaly(detector) => anomalies(detector, &model.schema, &rows, with),
        _ => return Err(Failure::usage("the model is of a kind that this program does not know")),
    };
    write(&answers.map_err(refuse)?, output)?;
    Ok(Exit::Done)
}

/// The rows in the order of the model's features.
fn rows(model: &Trained, mut frame: Frame, group: Option<&str>) -> Result<(Table, Vec<Warning>), Failure> {
    let refuse = |error: dharmagraph_aiops::Error| Failure::usage(error.to_string());
    let windows = match &model.content {
        Content::Failure { model, .. } => model.windows(),
        _ => None,
    };
    let Some(windows) = windows else { return align(&frame, &model.schema, Strangers::PassedOver).map_err(refuse) };
    let Some(group) = group else {
        return Err(Failure::usage("the model was trained with windows: --group names the column that tells series apart"));
    };
    let names = frame.take(group).and_then(|column| column.into_words(group)).map_err(refuse)?;
    let mut numbers = BTreeMap::new();
    let units = names.iter().map(|name| {
        let next = numbers.len() as u64;
        *numbers.entry(name).or_insert(next)
    });
    let units: Vec<u64> = units.collect();
    let (schema, table) = frame.into_table().map_err(refuse)?;
    let outcomes = vec![false; units.len()];
    let records = Records::new(schema, table, units, outcomes).and_then(|records| records.windowed(windows)).map_err(refuse)?;
    let places = model.schema.features().iter().map(|feature| (feature, records.schema().position(&feature.name)));
    let places: Vec<_> = places.collect();
    let missing = places.iter().filter(|(_, place)| place.is_none());
    let warnings = missing.map(|(feature, _)| Warning::MissingFeature { feature: feature.name.clone() }).collect();
    let row = |row: &[f64]| places.iter().map(|(_, place)| place.map_or(f64::NAN, |place| row[place])).collect::<Vec<f64>>();
    let values = records.rows().iter().flat_map(row).collect();
    Ok((Table::new(values, places.len()).map_err(refuse)?, warnings))
}

fn failures(model: &FailureModel, rows: &Table, contributions: bool) -> dharmagraph_aiops::Result<Answers> {
    let mut names = ["probability", "at_risk", "severity", "remaining", "lower", "upper"].map(str::to_owned).to_vec();
    let features: Vec<&str> = model.schema().features().iter().map(|feature| feature.name.as_str()).collect();
    if contributions {
        names.extend(features.iter().map(|name| format!("contribution.{name}")));
    }
    let row = |answer: dharmagraph_aiops::failure::Failure| {
        let severity = serde_json::to_value(answer.severity).ok().and_then(|word| word.as_str().map(str::to_ascii_uppercase));
        let mut row = vec![answer.probability.to_string(), answer.at_risk.to_string(), severity.unwrap_or_default()];
        match answer.remaining {
            Some(life) => row.extend([life.point, life.lower, life.upper].map(|value| value.to_string())),
            None => row.extend([String::new(), String::new(), String::new()]),
        }
        if contributions {
            let of = |name: &&str| answer.contributing_factors.iter().find(|factor| factor.feature == **name);
            row.extend(features.iter().map(|name| of(name).map_or(0.0, |factor| factor.contribution).to_string()));
        }
        row
    };
    Ok(Answers { names, rows: model.predict(rows)?.into_iter().map(row).collect() })
}

fn threats(model: &FlowDetector, rows: &Table, contributions: bool) -> dharmagraph_aiops::Result<Answers> {
    let mut names = ["threat_detected", "threat_type", "severity", "confidence", "p_value"].map(str::to_owned).to_vec();
    if contributions {
        names.push("indicators".to_owned());
    }
    let mut answers = Vec::with_capacity(rows.rows());
    for (row, score) in rows.iter().zip(model.score(rows)?) {
        let found = model.assess(row)?;
        let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let mut answer = vec![
            found.threat_detected.to_string(),
            word(serde_json::to_value(found.threat_type).unwrap_or_default()),
            word(serde_json::to_value(found.severity).unwrap_or_default()),
            found.confidence.to_string(),
            score.p_value.to_string(),
        ];
        if contributions {
            let indicators = found.indicators.iter().map(|indicator| format!("{}={}", indicator.name, indicator.score));
            answer.push(indicators.collect::<Vec<_>>().join(";"));
        }
        answers.push(answer);
    }
    Ok(Answers { names, rows: answers })
}

fn anomalies(
    model: &MultivariateModel,
    schema: &Schema,
    rows: &Table,
    contributions: bool,
) -> dharmagraph_aiops::Result<Answers> {
    let mut names = ["score", "p_value", "is_anomaly"].map(str::to_owned).to_vec();
    if contributions {
        names.extend(schema.features().iter().map(|feature| format!("contribution.{}", feature.name)));
    }
    let points = model.score(rows)?.into_iter().map(|point| {
        let mut row = vec![point.score.to_string(), point.p_value.to_string(), point.is_anomaly.to_string()];
        if contributions {
            row.extend(point.contributions.iter().map(f64::to_string));
        }
        row
    });
    Ok(Answers { names, rows: points.collect() })
}

fn write(answers: &Answers, output: &mut Output<'_>) -> Result<(), Failure> {
    if output.is_json() {
        let object =
            |row: &Vec<String>| -> BTreeMap<String, String> { answers.names.iter().cloned().zip(row.iter().cloned()).collect() };
        output.json(&answers.rows.iter().map(object).collect::<Vec<_>>())?;
        return Ok(());
    }
    let failed = |error: csv::Error| Failure::new(format!("cannot write the answer: {error}"));
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(&answers.names).map_err(failed)?;
    answers.rows.iter().try_for_each(|row| writer.write_record(row)).map_err(failed)?;
    let bytes = writer.into_inner().map_err(|error| Failure::new(format!("cannot write the answer: {error}")))?;
    output.bytes(&bytes)?;
    Ok(())
}

fn told(warning: &Warning) -> String {
    serde_json::to_string(warning).unwrap_or_default()
}
