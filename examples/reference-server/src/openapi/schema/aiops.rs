//! What models answer.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::routes::ModelName;

/// Where a metric goes.
#[derive(Debug, ToSchema)]
pub struct CapacityForecast {
    /// The answer's name.
    pub prediction_id: String,
    /// What answered.
    pub model: ModelName,
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
    pub model: ModelName,
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
