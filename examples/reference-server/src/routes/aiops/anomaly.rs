//! Which points of these series are not normal?

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use dharmagraph_aiops::anomaly::{AnomalyPoint, AnomalyRange, SeriesDetector, merge_anomalies};
use dharmagraph_aiops::data::{Series, Table};
use dharmagraph_aiops::model::Warning;
use dharmagraph_cmdb::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::answer::{Answer, ModelName, upper};
use super::batch::{Answers, Batch};
use super::series::{SeriesBody, all_series, time};
use crate::models::{Current, Judge, Lesson, ModelKind, Session, table};
use crate::openapi::schema;
use crate::problem::Problem;
use crate::state::AppState;

/// The share of normal points that may raise an alarm where nothing is said.
const FALSE_ALARM_RATE: f64 = 0.01;
/// Points of a stream or of several metrics are one anomaly with at most so many between them.
const GAP: usize = 3;

/// Series that are to be looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnomalyQuestion {
    /// One metric, or several of the same times, which are looked at together.
    series: Vec<SeriesBody>,
    /// The share of normal points that may raise an alarm, in (0, 1); .01 where not given.
    false_alarm_rate: Option<f64>,
    /// So many points at the beginning are normal.
    training_points: Option<usize>,
    /// The points go on from those that came before under this name, and know nothing of those to come.
    #[schema(example = "web-1")]
    stream_id: Option<String>,
}

#[derive(Debug, Serialize)]
struct Body {
    points: Vec<Point>,
    anomalies: Vec<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_id: Option<String>,
}

#[derive(Debug, Serialize)]
struct Point {
    time: Timestamp,
    score: f64,
    p_value: f64,
    is_anomaly: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<f64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    contributions: BTreeMap<String, f64>,
}

#[derive(Debug, Serialize)]
struct Range {
    start: Timestamp,
    end: Timestamp,
    severity: String,
}

/// What was found in series of the same times.
struct Found {
    model: ModelName,
    /// The names of the contributions.
    metrics: Vec<String>,
    points: Vec<AnomalyPoint>,
    anomalies: Vec<AnomalyRange>,
    warnings: Vec<Warning>,
}

/// Tells which points of series are not normal, and how rare each of them is.
///
/// One series is looked at as a whole. Several are looked at together, by the current model of the kind `anomaly` where it was
/// trained on these metrics, else by one that learns from `training_points`, else from the first half. With `stream_id` the
/// points are looked at in turn, several metrics without a model by what is learnt on the way; what the last 1,000 streams remember
/// is on the disk before the answer comes, and is there after a restart.
#[utoipa::path(post, path = "/api/v3/aiops/detect/anomaly", tag = "aiops",
    request_body = AnomalyQuestion,
    responses((status = 200, description = "What was found; for `items`, a list of it under `items`", body = schema::Anomalies))
)]
pub(super) async fn detect(State(state): State<AppState>, request: Request) -> Result<Json<Answers>, Problem> {
    let (parts, body) = request.into_parts();
    let batch = Batch::<AnomalyQuestion>::read(&parts.uri, &parts.headers, body).await?;
    let current = state.models().current(ModelKind::Anomaly)?;
    state.metrics().predicted("anomaly", batch.as_slice().len());
    let models = state.clone();
    let work = move || {
        let names = batch.as_slice().iter().filter_map(|question| question.stream_id.as_deref());
        let mut streams = models.models().streams().session(names)?;
        let answers = batch.try_map(|question| answer(&models, &mut streams, question, current.as_ref()))?;
        // On the disk before it is told.
        streams.keep()?;
        answers.into_answers()
    };
    state.models().workers().answer(work).await.map(Json)
}

fn answer(
    state: &AppState,
    streams: &mut Session<'_>,
    question: AnomalyQuestion,
    current: Option<&Arc<Current>>,
) -> Result<Answer<Body>, Problem> {
    let AnomalyQuestion { series, false_alarm_rate, training_points, stream_id } = question;
    let rate = false_alarm_rate.unwrap_or(FALSE_ALARM_RATE);
    if !(rate > 0.0 && rate < 1.0) {
        return Err(Problem::invalid("false_alarm_rate", "a number between 0 and 1, both excluded", rate.to_string()));
    }
    let series = all_series(series)?;
    if series[0].values().is_empty() {
        return Err(Problem::invalid("series.values", "at least one value", "none"));
    }
    let mut restarted = None;
    let Found { model, metrics, points, anomalies, warnings } = match (&stream_id, series.as_slice()) {
        (Some(name), series) => {
            let heard = streams.go_on(name, series, training_points, rate, (state.models(), current))?;
            restarted = heard.restarted;
            let (points, anomalies) = ranged(heard.points, rate);
            let (model, warnings) = told(state, "anomaly-stream", heard.trained.as_deref(), &heard.rows, &points);
            Found { model, metrics: heard.metrics, points, anomalies, warnings }
        }
        (None, [series]) => {
            let found = SeriesDetector::new(rate, training_points, 0)?.detect(series)?;
            let (model, metrics) = (ModelName::rule("anomaly-series"), Vec::new());
            Found { model, metrics, points: found.points, anomalies: found.anomalies, warnings: found.warnings }
        }
        (None, series) => {
            let mut judge = Judge::new(series, training_points.map_or(Lesson::FirstHalf, Lesson::Points), rate, current)?;
            let rows = table(series, &judge.metrics)?;
            let (points, anomalies) = ranged(judge.points(&rows, rate)?, rate);
            let (model, mut warnings) = told(state, "anomaly-rows", judge.trained().map(|current| &**current), &rows, &points);
            warnings.extend(series.iter().flat_map(Series::concerns));
            Found { model, metrics: judge.metrics, points, anomalies, warnings }
        }
    };
    let times = &series[0];
    let point = |(place, point): (usize, AnomalyPoint)| Point {
        time: time(times.time(place)),
        score: point.score,
        p_value: point.p_value,
        is_anomaly: point.is_anomaly,
        expected: point.expected,
        contributions: metrics.iter().cloned().zip(point.contributions).collect(),
    };
    let range = |range: AnomalyRange| Range {
        start: time(times.time(range.start)),
        end: time(times.time(range.end)),
        severity: upper(&range.severity),
    };
    let points = points.into_iter().enumerate().map(point).collect();
    let body = Body { points, anomalies: anomalies.into_iter().map(range).collect(), stream_id };
    let mut answer = Answer::new(model, body, &warnings);
    answer.warnings.extend(restarted.map(|reason| json!({"code": "stream_restarted", "reason": reason})));
    Ok(answer)
}

fn ranged(points: Vec<AnomalyPoint>, rate: f64) -> (Vec<AnomalyPoint>, Vec<AnomalyRange>) {
    let ranges = merge_anomalies(&points, rate, GAP);
    (points, ranges)
}

/// Who judged, and what drifts where that was the trained model.
fn told(
    state: &AppState,
    rule: &str,
    trained: Option<&Current>,
    rows: &Table,
    points: &[AnomalyPoint],
) -> (ModelName, Vec<Warning>) {
    let Some(current) = trained else { return (ModelName::rule(rule), Vec::new()) };
    let p_values: Vec<f64> = points.iter().map(|point| point.p_value).collect();
    let warnings = current.recent.observe(&current.model.drift, rows.iter(), &p_values);
    state.metrics().drifted(ModelKind::Anomaly, &warnings);
    (ModelName::from(&current.version), warnings)
}
