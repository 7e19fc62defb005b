//! What is answered about events and flows.

use serde::{Deserialize, Serialize};

use crate::model::Warning;

/// What kind of attack it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ThreatType {
    /// Passwords are tried, at one account or at many (MITRE ATT&CK T1110).
    BruteForce,
    /// More comes than can be served, from one source or from many (T1498, T1499).
    Ddos,
    /// Somebody looks for what is open (T1046).
    PortScan,
    /// Data leaves (TA0010).
    DataExfiltration,
    /// Somebody gets rights that they should not have (TA0004).
    PrivilegeEscalation,
    /// Malicious software.
    Malware,
    /// Nothing that was learnt, and not normal.
    Unknown,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// Nothing, or nothing that needs anybody.
    Low,
    /// Somebody should look at it.
    Medium,
    /// An attack goes on.
    High,
    /// An attack seems to have come through.
    Critical,
}

/// What speaks for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// What was measured: `failures_in_window`.
    pub name: String,
    /// What it measured; missing where the feature was.
    pub value: Option<f64>,
    /// What it counts. For events from 0 to 1, the share of belief that it gives alone; for flows the part of the model's
    /// score (log-odds) that comes from the feature.
    pub score: f64,
}

impl Indicator {
    /// An indicator; numbers that JSON does not have become the nearest that it has.
    pub(crate) fn new(name: impl Into<String>, value: f64, score: f64) -> Self {
        let finite = |number: f64| if number.is_nan() { 0.0 } else { number.clamp(f64::MIN, f64::MAX) };
        Self { name: name.into(), value: Some(finite(value)), score: finite(score) }
    }
}

/// One attack that was found in events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Which.
    pub threat_type: ThreatType,
    /// How bad.
    pub severity: Severity,
    /// How sure, from 0 to 1: a rule's belief, not a frequency.
    pub confidence: f64,
    /// Which source, account or target it is about: `source_ip 192.0.2.1`.
    pub subject: String,
    /// The time of the first event of it, in milliseconds since the epoch.
    pub first: i64,
    /// The time of the last one.
    pub last: i64,
    /// What speaks for it.
    pub indicators: Vec<Indicator>,
}

/// The answer about a batch of events or about one flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Whether there is an attack.
    pub threat_detected: bool,
    /// Which; nothing where there is none.
    pub threat_type: Option<ThreatType>,
    /// How bad.
    pub severity: Severity,
    /// How sure, from 0 to 1. For a flow, the probability of its class among those that were learnt.
    pub confidence: f64,
    /// What speaks for it, the strongest first.
    pub indicators: Vec<Indicator>,
    /// What to do.
    pub recommendations: Vec<String>,
    /// Each attack apart, the worst first; empty for flows.
    pub findings: Vec<Finding>,
    /// What to be careful about.
    pub warnings: Vec<Warning>,
}

/// What to do about an attack of this type and severity.
pub(crate) fn recommendations(threat: ThreatType, severity: Severity) -> Vec<String> {
    let steps: &[&str] = match threat {
        ThreatType::BruteForce => &["Block or slow down the sources", "Ask for a second factor on the accounts that were tried"],
        ThreatType::Ddos => &["Limit the rate at the edge", "Drop traffic of the sources upstream", "Add capacity to the target"],
        ThreatType::PortScan => {
            &["Block the source", "Close ports that nobody needs", "Watch the scanned targets for what follows"]
        }
        ThreatType::DataExfiltration => &[
            "Stop the transfers of the source",
            "Find out what left and who may read it",
            "Change the secrets that it could reach",
        ],
        ThreatType::PrivilegeEscalation => {
            &["Take the rights back until somebody vouches for them", "Look through what the account did since"]
        }
        ThreatType::Malware => &["Isolate the host", "Scan those that it talked to"],
        ThreatType::Unknown => &["Look at what is unusual in the indicators", "Label it, so that the model learns it"],
    };
    let mut steps: Vec<String> = steps.iter().map(|step| (*step).to_owned()).collect();
    if severity == Severity::Critical {
        let first = match threat {
            ThreatType::BruteForce => "End the sessions of the account that was entered and change its password",
            _ => "Treat it as a breach: preserve the logs and tell those who respond to incidents",
        };
        steps.insert(0, first.to_owned());
    }
    steps
}
