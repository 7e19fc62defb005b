//! Whether events or flows are an attack.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use dharmagraph_aiops::threat::{Assessment, Event, EventParameters, Finding};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::answer::{Answer, ModelName};
use super::batch::{Answers, Batch};
use super::series::time_of_milliseconds;
use crate::frame::Cell;
use crate::models::{Current, ModelKind};
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
    let work = move || batch.try_map(|question| answer(question, current.as_ref()))?.into_answers();
    state.models().workers().answer(work).await.map(Json)
}

fn answer(question: ThreatQuestion, current: Option<&Arc<Current>>) -> Result<Answer<Body>, Problem> {
    match (question.events, question.flows) {
        (Some(events), None) => {
            let assessment = EventParameters::default().check()?.detect(&events)?;
            Ok(told(ModelName::rule("threat-rules"), assessment))
        }
        (None, Some(_flows)) => {
            let _current = current.ok_or_else(untrained)?;
            Err(untrained())
        }
        (None, None) => Err(Problem::invalid("body", "events or flows", "neither")),
        (Some(_), Some(_)) => Err(Problem::invalid("body", "events or flows", "both")),
    }
}

fn untrained() -> Problem {
    let detail = "no threat model was trained, which flows need: POST labelled flows to /api/v3/aiops/models/threat/train; events need none";
    Problem::new(StatusCode::CONFLICT, "CONFLICT", detail)
}

/// The assessment with its times as text.
fn told(model: ModelName, assessment: Assessment) -> Answer<Body> {
    let Assessment { threat_detected, threat_type, severity, confidence, indicators, recommendations, findings, warnings } = assessment;
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
