//! What models answer.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Which model answered.
#[derive(Debug, ToSchema)]
pub struct AnsweringModel {
    /// Its name: a kind of trained models, or that of a rule.
    #[schema(example = "failure")]
    pub name: String,
    /// Its version; for what is not trained, that of the server.
    #[schema(example = "3")]
    pub version: String,
    /// When it was trained, RFC 3339; null for what is not trained.
    #[schema(required)]
    pub trained_at: Option<String>,
    /// A hash of what it was trained on.
    #[schema(required)]
    pub data_hash: Option<String>,
}

/// Whether something fails within the horizon.
#[derive(Debug, ToSchema)]
pub struct FailurePrediction {
    /// The answer's name.
    pub prediction_id: String,
    /// What answered.
    pub model: AnsweringModel,
    /// When, RFC 3339.
    pub predicted_at: String,
    /// The resource, where one was named.
    pub resource_id: Option<String>,
    /// How far was looked.
    pub horizon_hours: f64,
    /// How likely it fails, 0 to 1.
    pub probability: f64,
    /// Whether that is a frequency among units like those of the training.
    pub calibrated: bool,
    /// Whether it is an alarm.
    pub at_risk: bool,
    /// LOW, MEDIUM, HIGH or CRITICAL.
    pub severity: String,
    /// How long it goes on to work; null where the training did not know it.
    #[schema(required)]
    pub remaining_hours: Option<RemainingLife>,
    /// What the score is where nothing is known: with all contributions it sums to the score that is made the probability.
    pub base: f64,
    /// What speaks for it or against it, the strongest first.
    pub contributing_factors: Vec<ContributingFactor>,
    /// What to do.
    pub recommendations: Vec<String>,
    /// What depends on the resource, where the inventory knows it.
    pub impact: Option<super::Impact>,
    /// What to be careful with: each with its `code`.
    pub warnings: Vec<Map<String, Value>>,
}

/// A remaining life within its interval.
#[derive(Debug, ToSchema)]
pub struct RemainingLife {
    /// The likeliest.
    pub point: f64,
    /// Where the interval begins.
    pub lower: f64,
    /// Where it ends.
    pub upper: f64,
    /// How often it holds.
    pub level: f64,
}

/// What a feature had to do with it.
#[derive(Debug, ToSchema)]
pub struct ContributingFactor {
    /// Its name.
    pub feature: String,
    /// Its value; null where it is missing.
    #[schema(required)]
    pub value: Option<f64>,
    /// How much it raised the risk; negative where it lowered it. In logarithms of odds, by exact Shapley values; in cumulative
    /// hazard where a rule answered.
    pub contribution: f64,
}

/// Which points are not normal.
#[derive(Debug, ToSchema)]
pub struct Anomalies {
    /// The answer's name.
    pub prediction_id: String,
    /// What answered.
    pub model: AnsweringModel,
    /// When, RFC 3339.
    pub predicted_at: String,
    /// One for each time of the series.
    pub points: Vec<JudgedPoint>,
    /// Points in a row that are not normal.
    pub anomalies: Vec<Anomaly>,
    /// The stream, where one was named.
    pub stream_id: Option<String>,
    /// What to be careful with: each with its `code`.
    pub warnings: Vec<Map<String, Value>>,
}

/// A point.
#[derive(Debug, ToSchema)]
pub struct JudgedPoint {
    /// When, RFC 3339.
    pub time: String,
    /// How strange it is; comparable within one model.
    pub score: f64,
    /// The share of normal points that are at least as strange.
    pub p_value: f64,
    /// Whether that is at most the false-alarm rate.
    pub is_anomaly: bool,
    /// What a normal value would have been, where that can be told.
    pub expected: Option<f64>,
    /// For several metrics: the part of each in the score.
    pub contributions: Option<BTreeMap<String, f64>>,
}

/// Points in a row that are not normal.
#[derive(Debug, ToSchema)]
pub struct Anomaly {
    /// The first, RFC 3339.
    pub start: String,
    /// The last, RFC 3339.
    pub end: String,
    /// LOW, MEDIUM, HIGH or CRITICAL, by how rare the strangest is.
    pub severity: String,
}

/// Where a metric goes.
#[derive(Debug, ToSchema)]
pub struct CapacityForecast {
    /// The answer's name.
    pub prediction_id: String,
    /// What answered.
    pub model: AnsweringModel,
    /// When, RFC 3339.
    pub predicted_at: String,
    /// One point for each step.
    pub forecast: Vec<ForecastPoint>,
    /// When the limit is reached; null without a limit, and where it is not reached within the horizon.
    #[schema(required)]
    pub exhaustion: Option<Exhaustion>,
    /// The seasons found, shortest first.
    pub seasonality: Vec<Season>,
    /// What the forecast is made of.
    pub members: Vec<EnsembleMember>,
    /// What to be careful with: each with its `code`.
    pub warnings: Vec<Map<String, Value>>,
}

/// The forecast for one step.
#[derive(Debug, ToSchema)]
pub struct ForecastPoint {
    /// Its time, RFC 3339.
    pub time: String,
    /// What is expected.
    pub value: f64,
    /// One for each level.
    pub intervals: Vec<ForecastInterval>,
}

/// Where the value lies with a probability of `level`.
#[derive(Debug, ToSchema)]
pub struct ForecastInterval {
    /// The probability.
    pub level: f64,
    /// Not above the value.
    pub lower: f64,
    /// Not below the value.
    pub upper: f64,
}

/// When a limit is reached.
#[derive(Debug, ToSchema)]
pub struct Exhaustion {
    /// By the forecast itself; null where that is beyond the horizon.
    #[schema(required)]
    pub expected: Option<String>,
    /// Hardly earlier.
    pub earliest: String,
    /// Hardly later; null where that may be beyond the horizon.
    #[schema(required)]
    pub latest: Option<String>,
    /// How probable it is that the date lies between the two.
    pub level: f64,
}

/// A season.
#[derive(Debug, ToSchema)]
pub struct Season {
    /// In steps.
    pub period: u64,
    /// In seconds.
    pub seconds: u64,
    /// The autocorrelation at that distance.
    pub strength: f64,
}

/// A part of the ensemble.
#[derive(Debug, ToSchema)]
pub struct EnsembleMember {
    /// What it does.
    pub name: String,
    /// Its weight; the weights sum to 1.
    pub weight: f64,
}

/// Something that happened.
#[derive(Debug, ToSchema)]
pub struct ThreatEvent {
    /// What.
    #[schema(example = "auth.failure")]
    pub r#type: String,
    /// When, RFC 3339.
    pub time: String,
    /// The address that it came from.
    pub source_ip: Option<String>,
    /// The account that acted.
    pub user: Option<String>,
    /// What it was aimed at; `host:port` tells the port, too.
    pub target: Option<String>,
    /// How many bytes left.
    pub bytes: Option<f64>,
    /// More of it; `port` and `role` are read.
    pub details: Option<BTreeMap<String, Value>>,
}

/// Whether it is an attack.
#[derive(Debug, ToSchema)]
pub struct Threat {
    /// The answer's name.
    pub prediction_id: String,
    /// What answered.
    pub model: AnsweringModel,
    /// When, RFC 3339.
    pub predicted_at: String,
    /// Whether there is an attack.
    pub threat_detected: bool,
    /// BRUTE_FORCE, DDOS, PORT_SCAN, DATA_EXFILTRATION, PRIVILEGE_ESCALATION, MALWARE or UNKNOWN; null where there is none.
    #[schema(required)]
    pub threat_type: Option<String>,
    /// LOW, MEDIUM, HIGH or CRITICAL.
    pub severity: String,
    /// How sure that is, 0 to 1.
    pub confidence: f64,
    /// What speaks for it, the strongest first.
    pub indicators: Vec<ThreatIndicator>,
    /// What to do.
    pub recommendations: Vec<String>,
    /// For events: each attack apart, the worst first.
    pub findings: Vec<Map<String, Value>>,
    /// What to be careful with.
    pub warnings: Vec<Map<String, Value>>,
}

/// What speaks for an attack.
#[derive(Debug, ToSchema)]
pub struct ThreatIndicator {
    /// What was measured.
    pub name: String,
    /// What it measured.
    #[schema(required)]
    pub value: Option<f64>,
    /// What it counts.
    pub score: f64,
}
