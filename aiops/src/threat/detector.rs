//! Attacks in a batch of events.

use serde::{Deserialize, Serialize};

use super::assessment::{Assessment, Finding, Severity, recommendations};
use super::event::Event;
use super::findings::Findings;
use super::log::Log;
use super::rules;
use crate::error::{Error, Result};
use crate::model::Warning;

/// From where on events are an attack, before it is checked. At its threshold a measure gives a belief of one half alone, which
/// is what an alarm needs; more of it, and other measures, give more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventParameters {
    /// Failures of one source, or on one account from several, in ten minutes. 10 is what PCI DSS 4.0, 8.3.4 lets pass before
    /// it locks an account.
    pub failures: f64,
    /// Failures of one source in ten seconds: more than hands can type. 5 as fail2ban's `maxretry`.
    pub burst: f64,
    /// Accounts that one source fails on within an hour.
    pub accounts: f64,
    /// Sources that fail on one account within an hour.
    pub sources: f64,
    /// Ports that one source tries in five minutes; 15 as Zeek's `port_scan_threshold`.
    pub ports: f64,
    /// Hosts that refuse one source in five minutes; 25 as Zeek's `addr_scan_threshold`.
    pub hosts: f64,
    /// Robust standard deviations, of the logarithm, that a source's bytes in an hour lie above its own or other sources'.
    /// Twice the 3.5 of Iglewicz and Hoaglin, "How to detect and handle outliers" (1993), less a little: hours are many.
    pub deviations: f64,
    /// Bytes in an hour below which nothing is exfiltration.
    pub least_bytes: f64,
    /// Bytes in an hour, where there is nothing to compare with.
    pub most_bytes: f64,
    /// How many times the median of ten seconds a flood is.
    pub flood: f64,
    /// Connections or requests in ten seconds below which nothing is a flood.
    pub least_rate: f64,
    /// Connections or requests in ten seconds, where there is nothing to compare with.
    pub most_rate: f64,
}

impl Default for EventParameters {
    fn default() -> Self {
        Self {
            failures: 10.0,
            burst: 5.0,
            accounts: 10.0,
            sources: 5.0,
            ports: 15.0,
            hosts: 25.0,
            deviations: 6.0,
            least_bytes: 1e7,
            most_bytes: 1e9,
            flood: 10.0,
            least_rate: 100.0,
            most_rate: 1000.0,
        }
    }
}

impl EventParameters {
    /// Checks them.
    ///
    /// # Errors
    /// [`Error::Parameter`] that names the first one that is below 1, above 1e15, or not a number.
    pub fn check(self) -> Result<EventDetector> {
        for (name, value) in [
            ("failures", self.failures),
            ("burst", self.burst),
            ("accounts", self.accounts),
            ("sources", self.sources),
            ("ports", self.ports),
            ("hosts", self.hosts),
            ("deviations", self.deviations),
            ("least_bytes", self.least_bytes),
            ("most_bytes", self.most_bytes),
            ("flood", self.flood),
            ("least_rate", self.least_rate),
            ("most_rate", self.most_rate),
        ] {
            if !(1.0..=1e15).contains(&value) {
                return Err(Error::Parameter { name, expected: "1 to 1e15", found: value.to_string() });
            }
        }
        Ok(EventDetector { parameters: self })
    }
}

/// Finds attacks in events, without training: what is usual it takes from the events themselves.
///
/// The answer does not depend on the order of the events, and costs time in proportion to `n log n`.
#[derive(Debug, Clone)]
pub struct EventDetector {
    parameters: EventParameters,
}

impl EventDetector {
    /// Looks for attacks. No events give no attack, and a warning.
    ///
    /// # Errors
    /// [`Error::TooMuch`] for more than 10,000,000 events; [`Error::Data`] for bytes that are negative or not finite, and for a
    /// port in the details that is none.
    pub fn detect(&self, events: &[Event]) -> Result<Assessment> {
        let mut log = Log::new(events)?;
        let mut findings = Findings::default();
        let mut suspects = rules::Suspects::default();
        rules::brute_force::find(&log, &self.parameters, &mut suspects, &mut findings);
        rules::port_scan::find(&log, &self.parameters, &mut suspects, &mut findings);
        let short = rules::exfiltration::find(&log, &self.parameters, &mut findings);
        log.warnings.extend(short);
        rules::malware::find(&log, &mut suspects, &mut findings);
        rules::privilege::find(&log, &suspects, &mut findings);
        let short = rules::flood::find(&log, &self.parameters, &mut findings);
        log.warnings.extend(short);
        Ok(assess(findings.into_worst(), log.warnings))
    }
}

fn assess(findings: Vec<Finding>, warnings: Vec<Warning>) -> Assessment {
    let worst = findings.first();
    Assessment {
        threat_detected: worst.is_some(),
        threat_type: worst.map(|finding| finding.threat_type),
        severity: worst.map_or(Severity::Low, |finding| finding.severity),
        confidence: worst.map_or(0.0, |finding| finding.confidence),
        indicators: worst.map(|finding| finding.indicators.clone()).unwrap_or_default(),
        recommendations: worst.map(|finding| recommendations(finding.threat_type, finding.severity)).unwrap_or_default(),
        findings,
        warnings,
    }
}
