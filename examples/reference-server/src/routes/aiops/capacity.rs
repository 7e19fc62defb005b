//! Where a metric goes, and when it reaches its limit.

use axum::Json;
use axum::extract::{Request, State};
use dharmagraph_aiops::capacity::{CapacityForecaster, Forecast, Interval, Limit, Member, Season, Side};
use dharmagraph_aiops::model::Forecaster;
use dharmagraph_cmdb::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, ModelName};
use super::batch::{Answers, Batch};
use super::series::{SeriesBody, time};
use crate::openapi::schema;
use crate::problem::Problem;
use crate::state::AppState;

/// How likely the intervals hold the value where nothing is asked for.
const LEVELS: [f64; 2] = [0.8, 0.95];

/// A metric, and how far to look.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CapacityQuestion {
    /// The metric up to now.
    series: SeriesBody,
    /// How many steps, 1 to 100,000.
    #[schema(minimum = 1, maximum = 100_000, example = 48)]
    horizon_steps: usize,
    /// How likely each interval holds the value; .8 and .95 where not given.
    levels: Option<Vec<f64>>,
    /// A value that must not be reached, in the unit of the series; null for none.
    limit: Option<f64>,
    /// `upper` where the limit is reached from below, as a disk that fills (the default); `lower` where from above.
    #[schema(value_type = Option<String>, example = "upper")]
    limit_side: Option<Side>,
}

#[derive(Debug, Serialize)]
struct Body {
    forecast: Vec<Point>,
    exhaustion: Option<Exhaustion>,
    seasonality: Vec<Season>,
    members: Vec<Member>,
}

#[derive(Debug, Serialize)]
struct Point {
    time: Timestamp,
    value: f64,
    intervals: Vec<Interval>,
}

#[derive(Debug, Serialize)]
struct Exhaustion {
    expected: Option<Timestamp>,
    earliest: Timestamp,
    latest: Option<Timestamp>,
    level: f64,
}

/// Forecasts a metric, with intervals, and tells when it reaches its limit.
///
/// Nothing needs to be trained: the forecast is learnt from the series itself.
#[utoipa::path(post, path = "/api/v3/aiops/predict/capacity", tag = "aiops",
    request_body = CapacityQuestion,
    responses((status = 200, description = "The forecast; for `items`, a list of them under `items`", body = schema::CapacityForecast))
)]
pub(super) async fn predict(State(state): State<AppState>, request: Request) -> Result<Json<Answers>, Problem> {
    let (parts, body) = request.into_parts();
    let batch = Batch::<CapacityQuestion>::read(&parts.uri, &parts.headers, body).await?;
    state.metrics().predicted("capacity", batch.as_slice().len());
    state.models().workers().answer(move || batch.try_map(answer)?.into_answers()).await.map(Json)
}

fn answer(question: CapacityQuestion) -> Result<Answer<Body>, Problem> {
    let CapacityQuestion { series, horizon_steps, levels, limit, limit_side } = question;
    let levels = levels.unwrap_or_else(|| LEVELS.to_vec());
    if levels.len() > 20 {
        return Err(Problem::invalid("levels", "at most 20 levels", levels.len().to_string()));
    }
    if limit.is_none() && limit_side.is_some() {
        return Err(Problem::invalid("limit_side", "a limit beside it", "none"));
    }
    let mut forecaster = CapacityForecaster::new();
    if let Some(value) = limit {
        forecaster = forecaster.with_limit(Limit { value, side: limit_side.unwrap_or_default() })?;
    }
    let Forecast { points, exhaustion, seasonality, members, warnings } =
        forecaster.forecast(&series.series()?, horizon_steps, &levels)?;
    let forecast =
        points.into_iter().map(|point| Point { time: time(point.time), value: point.value, intervals: point.intervals });
    let exhaustion = exhaustion.map(|found| Exhaustion {
        expected: found.expected.map(time),
        earliest: time(found.earliest),
        latest: found.latest.map(time),
        level: found.level,
    });
    let body = Body { forecast: forecast.collect(), exhaustion, seasonality, members };
    Ok(Answer::new(ModelName::rule("capacity"), body, &warnings))
}
