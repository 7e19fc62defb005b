//! Training a model on labelled rows.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::answer::warning;
use super::batch::read_json;
use super::models::TrainedModel;
use crate::frame::{Cell, Frame};
use crate::models::{self, ModelKind, TrainingOptions};
use crate::parameters::{QueryString, Reference, quoted, read_body};
use crate::problem::Problem;
use crate::state::AppState;

/// The template of this route, whose answer may take long.
pub(crate) const PATH: &str = "/api/v3/aiops/models/{kind}/train";

const OPTIONS: [&str; 9] = ["target", "group", "remaining", "horizon", "windows", "false_alarms", "ignore", "units", "promote"];
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// Rows, and which of their columns mean what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrainingRequest {
    /// The column to predict: for `failure` 0 or 1, for `threat` the class, `normal` for what is none.
    #[schema(example = "failed")]
    target: Option<String>,
    /// Rows of one group, a machine for instance, stay together when the model is validated.
    group: Option<String>,
    /// For `failure`, in place of `target`: the column that says for how many hours it went on to work.
    remaining: Option<String>,
    /// For `failure` with `remaining`: up to so many hours are a failure.
    horizon: Option<f64>,
    /// For `failure`: rows of a group are its metrics over time, and features are made of windows of these lengths in rows.
    #[serde(default)]
    #[schema(example = json!([10, 30]))]
    windows: Vec<usize>,
    /// The share of normal rows that may raise an alarm; .01 where not given.
    false_alarms: Option<f64>,
    /// Columns that are not features.
    #[serde(default)]
    ignore: Vec<String>,
    /// The units of features: series in others are refused then.
    #[serde(default)]
    #[schema(example = json!({"cpu_utilization": "percent"}))]
    units: BTreeMap<String, String>,
    /// Whether it answers from now on. The first of its kind does in any case.
    #[serde(default)]
    promote: bool,
    /// Rows, value by value: numbers, words, true, false, null.
    #[schema(value_type = Vec<BTreeMap<String, serde_json::Value>>)]
    rows: Vec<BTreeMap<String, Cell>>,
}

/// Trains a model on labelled rows, in JSON or, with the options in the query string, in CSV.
///
/// The answer comes when the model is trained and kept.
#[utoipa::path(post, path = PATH, tag = "aiops",
    params(
        ("kind" = String, Path, description = "`failure`, `threat` or `anomaly`"),
        ("target" = Option<String>, Query, description = "With CSV: the column to predict"),
        ("group" = Option<String>, Query, description = "With CSV: rows of one group stay together when the model is validated"),
        ("remaining" = Option<String>, Query, description = "With CSV, for `failure` in place of `target`: for how many hours it went on to work"),
        ("horizon" = Option<f64>, Query, description = "With CSV and `remaining`: up to so many hours are a failure"),
        ("windows" = Option<String>, Query, description = "With CSV, for `failure`: rows of a group are its metrics over time; lengths of windows in rows, with commas between them"),
        ("false_alarms" = Option<f64>, Query, description = "With CSV: the share of normal rows that may raise an alarm"),
        ("ignore" = Option<String>, Query, description = "With CSV: columns that are not features, with commas between them"),
        ("units" = Option<String>, Query, description = "With CSV: the units of features, for instance `cpu:percent,memory:bytes`; series in others are refused then"),
        ("promote" = Option<bool>, Query, description = "With CSV: whether it answers from now on"),
    ),
    request_body(content(
        (TrainingRequest = "application/json"),
        (String = "text/csv"),
    )),
    responses((status = 201, description = "The model", body = TrainedModel))
)]
pub(super) async fn train(
    State(state): State<AppState>,
    Reference(kind): Reference,
    request: Request,
) -> Result<(StatusCode, Json<TrainedModel>), Problem> {
    let kind: ModelKind = kind.parse()?;
    let (parts, body) = request.into_parts();
    let media_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("application/json");
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let csv = match media_type.as_str() {
        "text/csv" => Some(csv_options(&QueryString::read(&parts.uri, &OPTIONS)?)?),
        "application/json" => {
            QueryString::read(&parts.uri, &[])?;
            None
        }
        other => return Err(Problem::invalid("content-type", "application/json or text/csv", quoted(other))),
    };
    let body = read_body(&parts.headers, body, BODY_LIMIT).await?;
    let models = state.clone();
    let work = move || {
        let (frame, options, promote) = match csv {
            Some((options, promote)) => (Frame::from_csv(&body)?, options, promote),
            None => read_rows(&body)?,
        };
        drop(body);
        let trainee = models::train(kind, frame, &options)?;
        let warnings: Vec<Value> = trainee.warnings.iter().map(warning).collect();
        Ok::<_, Problem>((models.models().add(trainee, promote)?, warnings))
    };
    let outcome = state.models().workers().train(work).await;
    state.metrics().trained(kind, outcome.is_ok());
    let (version, warnings) = outcome?;
    Ok((StatusCode::CREATED, Json(TrainedModel::new(&version, &state.models().registry()).with_warnings(warnings))))
}

fn csv_options(parameters: &QueryString) -> Result<(TrainingOptions, bool), Problem> {
    let text = |name: &str| parameters.text(name).map(str::to_owned);
    let promote = match parameters.text("promote") {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => return Err(Problem::invalid("promote", "true or false", quoted(other))),
    };
    let number = |name: &str| match parameters.text(name).map(str::parse::<f64>) {
        None => Ok(None),
        Some(Ok(number)) if number.is_finite() => Ok(Some(number)),
        Some(_) => Err(Problem::invalid(name, "a number", quoted(parameters.text(name).unwrap_or_default()))),
    };
    let list = |name: &str| parameters.text(name).into_iter().flat_map(|text| text.split(',')).map(str::trim);
    let windows = list("windows").map(|length| {
        length.parse().map_err(|_| Problem::invalid("windows", "whole numbers with commas between them", quoted(length)))
    });
    let options = TrainingOptions {
        target: text("target"),
        group: text("group"),
        remaining: text("remaining"),
        horizon: number("horizon")?,
        windows: windows.collect::<Result<_, _>>()?,
        false_alarms: number("false_alarms")?,
        ignore: list("ignore").map(str::to_owned).collect(),
        units: models::units_of(list("units"))?,
    };
    Ok((options, promote))
}

fn read_rows(body: &[u8]) -> Result<(Frame, TrainingOptions, bool), Problem> {
    let TrainingRequest { target, group, remaining, horizon, windows, false_alarms, ignore, units, promote, rows } =
        read_json(body)?;
    let options = TrainingOptions { target, group, remaining, horizon, windows, false_alarms, ignore, units };
    Ok((Frame::from_rows(&rows)?, options, promote))
}
