//! Whether events or flows are an attack.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use dharmagraph_aiops::model::Detector;
use dharmagraph_aiops::threat::{Assessment, Event, EventParameters, Finding};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::answer::{Answer, ModelName};
use super::batch::{Answers, Batch};
use super::series::time_of_milliseconds;
use crate::frame::{Cell, Frame, Strangers, align};
use crate::models::{Content, Current, ModelKind};
use crate::openapi::schema;
use crate::problem::Problem;
use crate::state::AppState;

/// Events, or flows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThreatQuestion {
    /// What happened; nothing needs to be trained for it. Either this or `flows`.
    #[schema(value_type = Option<Vec<schema::ThreatEvent>>)]
    events: Option<Vec<Event>>,
    /// Flows, feature by feature, as the current model was trained.
    #[schema(value_type = Option<Vec<std::collections::BTreeMap<String, Value>>>)]
    flows: Option<Vec<BTreeMap<String, Cell>>>,
}

#[derive(Debug, Serialize)]
#[serde(transparent)]
struct Body(Map<String, Value>);

/// Tells whether events or flows are an attack, which, and how sure that is.
///
/// Events are judged by rules and statistics over the events themselves. Flows are judged by the current model of the kind
/// `threat`, whose threshold was set at its training by a false-alarm budget; without one the answer is 409.
#[utoipa::path(post, path = "/api/v3/aiops/detect/threat", tag = "aiops",
    request_body = ThreatQuestion,
    responses((status = 200, description = "What was found; for `items`, a list of it under `items`", body = schema::Threat))
)]
pub(super) async fn detect(State(state): State<AppState>, request: Request) -> Result<Json<Answers>, Problem> {
    let (parts, body) = request.into_parts();
    let batch = Batch::<ThreatQuestion>::read(&parts.uri, &parts.headers, body).await?;
    let of_flows = batch.as_slice().iter().any(|question| question.flows.is_some());
    let current = if of_flows { state.models().current(ModelKind::Threat)? } else { None };
    state.metrics().predicted("threat", batch.as_slice().len());
    let models = state.clone();
    let work = move || batch.try_map(|question| answer(&models, question, current.as_deref()))?.into_answers();
    state.models().workers().answer(work).await.map(Json)
}

fn answer(state: &AppState, question: ThreatQuestion, current: Option<&Current>) -> Result<Answer<Body>, Problem> {
    match (question.events, question.flows) {
        (Some(events), None) => {
            let assessment = EventParameters::default().check()?.detect(&events)?;
            Ok(told(ModelName::rule("threat-rules"), assessment))
        }
        (None, Some(flows)) => judged(state, &flows, current.ok_or_else(untrained)?),
        (None, None) => Err(Problem::invalid("body", "events or flows", "neither")),
        (Some(_), Some(_)) => Err(Problem::invalid("body", "events or flows", "both")),
    }
}

/// The worst of the flows, and each of them apart.
fn judged(state: &AppState, flows: &[BTreeMap<String, Cell>], current: &Current) -> Result<Answer<Body>, Problem> {
    let Content::Threat(model) = &current.model.content else {
        return Err(Problem::internal("the current threat model is of another kind"));
    };
    let (rows, mut warnings) = align(&Frame::from_rows(flows)?, model.schema(), Strangers::Refused)?;
    let assessed: Vec<Assessment> = rows.iter().map(|row| model.assess(row)).collect::<Result<_, _>>()?;
    let p_values: Vec<f64> = model.score(&rows)?.iter().map(|score| score.p_value).collect();
    let drift = current.recent.observe(&current.model.drift, rows.iter(), &p_values);
    state.metrics().drifted(ModelKind::Threat, &drift);
    let rank = |assessment: &Assessment| (assessment.threat_detected, assessment.severity);
    let worst = assessed.iter().reduce(|worst, other| {
        let more = rank(other).cmp(&rank(worst)).then(other.confidence.total_cmp(&worst.confidence));
        if more.is_gt() { other } else { worst }
    });
    let Some(mut worst) = worst.cloned() else { return Err(Problem::invalid("flows", "at least one", "none")) };
    warnings.extend(worst.warnings);
    warnings.extend(drift);
    worst.warnings = warnings;
    let each = |(assessment, p_value): (&Assessment, &f64)| {
        json!({
            "threat_detected": assessment.threat_detected,
            "threat_type": assessment.threat_type,
            "severity": assessment.severity,
            "confidence": assessment.confidence,
            "p_value": p_value,
            "indicators": assessment.indicators,
        })
    };
    let each: Vec<Value> = assessed.iter().zip(&p_values).map(each).collect();
    let mut answer = told(ModelName::from(&current.version), worst);
    answer.body.0.insert("false_alarm_budget".to_owned(), Value::from(model.false_alarm_budget()));
    answer.body.0.insert("flows".to_owned(), Value::Array(each));
    Ok(answer)
}

fn untrained() -> Problem {
    let detail = "no threat model was trained, which flows need: POST labelled flows to /api/v3/aiops/models/threat/train; events need none";
    Problem::new(StatusCode::CONFLICT, "CONFLICT", detail)
}

/// The assessment with its times as text.
fn told(model: ModelName, assessment: Assessment) -> Answer<Body> {
    let Assessment { threat_detected, threat_type, severity, confidence, indicators, recommendations, findings, warnings } =
        assessment;
    let findings: Vec<Value> = findings.iter().map(finding).collect();
    let body = Map::from_iter([
        ("threat_detected".to_owned(), Value::from(threat_detected)),
        ("threat_type".to_owned(), value(&threat_type)),
        ("severity".to_owned(), value(&severity)),
        ("confidence".to_owned(), value(&confidence)),
        ("indicators".to_owned(), value(&indicators)),
        ("recommendations".to_owned(), value(&recommendations)),
        ("findings".to_owned(), Value::Array(findings)),
    ]);
    Answer::new(model, Body(body), &warnings)
}

fn finding(finding: &Finding) -> Value {
    let mut members = value(finding);
    members["first"] = Value::from(time_of_milliseconds(finding.first).to_string());
    members["last"] = Value::from(time_of_milliseconds(finding.last).to_string());
    members
}

fn value(part: &impl Serialize) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}
