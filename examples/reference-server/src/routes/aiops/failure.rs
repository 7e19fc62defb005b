//! Will it fail within the horizon?

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use dharmagraph_aiops::calibrate::Interval;
use dharmagraph_aiops::failure::{Factor, Failure, hazard};
use dharmagraph_auth::policy::Principal;
use dharmagraph_cmdb::Impact;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::answer::{Answer, ModelName, upper, warning};
use super::batch::{Answers, Batch};
use super::impact::impacts;
use super::series::{SeriesBody, all_series};
use crate::frame::{Cell, Frame, Strangers, align};
use crate::models::{Content, Current, ModelKind};
use crate::openapi::schema;
use crate::problem::Problem;
use crate::state::AppState;

/// How far it is looked where nothing is said.
const HORIZON_HOURS: f64 = 24.0;

/// What is known of something that may fail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailureQuestion {
    /// What it is in the inventory, by id, ARN or name: the answer then tells what depends on it.
    resource_id: Option<String>,
    /// How far to look, above 0; 24 where not given. A trained model looks as far as it was trained for.
    #[schema(example = 24)]
    horizon_hours: Option<f64>,
    /// Its metrics up to now. Either these or `features`.
    series: Option<Vec<SeriesBody>>,
    /// Feature by feature, as the current model was trained: numbers, words, null.
    #[schema(value_type = Option<BTreeMap<String, Value>>)]
    features: Option<BTreeMap<String, Cell>>,
}

#[derive(Debug, Serialize)]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_id: Option<String>,
    horizon_hours: f64,
    probability: f64,
    calibrated: bool,
    at_risk: bool,
    severity: String,
    remaining_hours: Option<Interval>,
    base: f64,
    contributing_factors: Vec<Factor>,
    recommendations: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<Impact>,
}

/// Tells whether something will fail, with what speaks for it and, for a resource of the inventory, what depends on it.
///
/// Where no model of the kind `failure` was trained, or none on series, a rule answers for series: time to saturation, trend of
/// errors, level of anomalies. Its probability is not calibrated. Features need a trained model; without one the answer is 409.
#[utoipa::path(post, path = "/api/v3/aiops/predict/failure", tag = "aiops",
    request_body = FailureQuestion,
    responses((status = 200, description = "What is to be expected; for `items`, a list of it under `items`",
        body = schema::FailurePrediction))
)]
pub(super) async fn predict(
    State(state): State<AppState>,
    principal: Option<Extension<Principal>>,
    request: Request,
) -> Result<Json<Answers>, Problem> {
    let (parts, body) = request.into_parts();
    let batch = Batch::<FailureQuestion>::read(&parts.uri, &parts.headers, body).await?;
    let current = state.models().current(ModelKind::Failure)?;
    state.metrics().predicted("failure", batch.as_slice().len());
    let metrics = state.metrics().clone();
    let work = move || {
        let mut rows = Vec::new();
        let mut answers = batch.try_map(|question| answer(question, current.as_deref(), &mut rows))?;
        if let Some(current) = current.filter(|_| !rows.is_empty()) {
            let drift = current.recent.observe(&current.model.drift, rows.iter().map(Vec::as_slice), &[]);
            metrics.drifted(ModelKind::Failure, &drift);
            let drift: Vec<Value> = drift.iter().map(warning).collect();
            answers.as_mut_slice().iter_mut().for_each(|answer| answer.warnings.extend_from_slice(&drift));
        }
        Ok(answers)
    };
    let mut answers = state.models().workers().answer(work).await?;
    let named = answers.as_slice().iter().filter_map(|answer| answer.body.resource_id.clone());
    let named: BTreeSet<String> = named.collect();
    let found = impacts(&state, principal.as_ref().map(|principal| &principal.0), named).await;
    for answer in answers.as_mut_slice() {
        match answer.body.resource_id.as_ref().and_then(|id| found.get(id)) {
            Some(Ok(impact)) => answer.body.impact = Some(impact.clone()),
            Some(Err(reason)) => answer.warnings.push(reason.clone()),
            None => {}
        }
    }
    answers.into_answers().map(Json)
}

fn answer(question: FailureQuestion, current: Option<&Current>, rows: &mut Vec<Vec<f64>>) -> Result<Answer<Body>, Problem> {
    let FailureQuestion { resource_id, horizon_hours, series, features } = question;
    let asked = horizon_hours;
    let horizon_hours = horizon_hours.unwrap_or(HORIZON_HOURS);
    if !(horizon_hours > 0.0 && horizon_hours <= 1e6) {
        return Err(Problem::invalid("horizon_hours", "a number above 0, at most 1000000", horizon_hours.to_string()));
    }
    let trained = current.and_then(|current| match &current.model.content {
        Content::Failure { model, horizon } => Some((current, model, *horizon)),
        _ => None,
    });
    let (name, horizon, found, more) = match (series, features) {
        (Some(series), None) => {
            let series = all_series(series)?;
            match trained.filter(|(_, model, _)| model.windows().is_some()) {
                Some((current, model, horizon)) => {
                    let (row, warnings) = model.row_of_series(&series)?;
                    let found = model.answer(&row)?;
                    rows.push(row);
                    (ModelName::from(&current.version), horizon, found, warnings)
                }
                None => (ModelName::rule("hazard"), Some(horizon_hours), hazard(&series, horizon_hours)?, Vec::new()),
            }
        }
        (None, Some(features)) => {
            let (current, model, horizon) = trained.ok_or_else(untrained)?;
            let frame = Frame::from_rows(std::slice::from_ref(&features))?;
            let (table, warnings) = align(&frame, model.schema(), Strangers::Refused)?;
            let found = model.answer(table.row(0))?;
            rows.push(table.row(0).to_vec());
            (ModelName::from(&current.version), horizon, found, warnings)
        }
        (None, None) => return Err(Problem::invalid("body", "series or features", "neither")),
        (Some(_), Some(_)) => return Err(Problem::invalid("body", "series or features", "both")),
    };
    let Failure { probability, calibrated, at_risk, severity, remaining, base, contributing_factors, recommendations, warnings } =
        found;
    let body = Body {
        resource_id,
        horizon_hours: horizon.unwrap_or(horizon_hours),
        probability,
        calibrated,
        at_risk,
        severity: upper(&severity),
        remaining_hours: remaining,
        base,
        contributing_factors,
        recommendations,
        impact: None,
    };
    let mut answer = Answer::new(name, body, &[more, warnings].concat());
    if let (Some(asked), Some(trained)) = (asked, horizon)
        && asked != trained
    {
        answer.warnings.push(json!({"code": "other_horizon", "asked_hours": asked, "trained_hours": trained}));
    }
    Ok(answer)
}

fn untrained() -> Problem {
    let detail = "no failure model was trained, which features need: POST labelled rows to /api/v3/aiops/models/failure/train; for \
                  series, a rule answers without one";
    Problem::new(StatusCode::CONFLICT, "CONFLICT", detail)
}
