//! More connections and requests than usual, from one source or many (MITRE ATT&CK T1498 and T1499).

use super::super::assessment::{Finding, Severity, ThreatType};
use super::super::detector::EventParameters;
use super::super::event::EventKind;
use super::super::findings::Findings;
use super::super::log::{Entry, Log, groups};
use super::super::statistics::{belief, poisson_tail};
use super::super::window::Distinct;
use super::{Evidence, SECOND};
use crate::model::Warning;

/// The length of the windows.
const WINDOW: i64 = 10 * SECOND;
/// Windows from which on there is a baseline: two minutes.
const BASELINE: i64 = 12;
/// The logarithm of how improbable the rate is, over all windows of a target together: one in a billion (Bonferroni).
const IMPROBABLE: f64 = -20.7;
/// Sources from which on a flood is distributed.
const MANY: f64 = 20.0;

/// Looks at each target and port: somebody who scans comes once to each.
pub(in super::super) fn find(log: &Log<'_>, parameters: &EventParameters, findings: &mut Findings) -> Option<Warning> {
    let key = |entry: &Entry| {
        let comes = matches!(
            entry.kind,
            EventKind::Connection | EventKind::ConnectionRefused | EventKind::ConnectionOpen | EventKind::Request
        );
        comes.then_some((entry.target, entry.port))
    };
    let mut short = None;
    groups(&log.entries, key, |(target, port), entries| {
        let windows: Vec<&[Entry]> = entries.chunk_by(|a, b| a.time.div_euclid(WINDOW) == b.time.div_euclid(WINDOW)).collect();
        let span = entries[entries.len() - 1].time.div_euclid(WINDOW) - entries[0].time.div_euclid(WINDOW) + 1;
        let baseline = (span >= BASELINE).then(|| median(&windows, span));
        let mut evidence = Evidence::<2>::new();
        let mut worst: f64 = 0.0;
        for window in windows {
            let count = window.len() as f64;
            let (threshold, enough) = match baseline {
                Some(mean) if poisson_tail(count, mean) + (span as f64).ln() > IMPROBABLE => continue,
                Some(mean) => ((parameters.flood * mean).max(parameters.least_rate), parameters.least_rate),
                None => (parameters.most_rate, 2.0 * parameters.least_rate),
            };
            if count < enough {
                continue;
            }
            let mut sources = Distinct::new();
            window.iter().for_each(|entry| sources.enter(entry.source));
            let many = sources.len() as f64;
            // Where traffic is usual, many sources are, too: they count only beside more than usual.
            let many_score = if sources.len() > 1 && count >= threshold / 5.0 { belief(many, MANY) } else { 0.0 };
            let measures = [(count, belief(count, threshold)), (many, many_score)];
            if evidence.weigh(measures, window[0].time, window[window.len() - 1].time) {
                worst = worst.max(count / threshold);
                if baseline.is_none() {
                    short = Some(usize::try_from(span).unwrap_or_default());
                }
            }
        }
        let Some((first, last)) = evidence.alarm else { return };
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        findings.push(Finding {
            threat_type: ThreatType::Ddos,
            severity: if worst >= 10.0 { Severity::Critical } else { Severity::High },
            confidence: evidence.confidence,
            subject: format!("target {}{port}", log.name(target)),
            first,
            last,
            indicators: evidence.indicators(["events_in_ten_seconds", "sources_in_ten_seconds"]),
        });
    });
    let what = "connections and requests, to know what is usual, in windows of ten seconds".to_owned();
    short.map(|found| Warning::TooShort { what, wanted: BASELINE as usize, found })
}

/// The median count of all windows of the span, empty ones too, and at least one.
fn median(windows: &[&[Entry]], span: i64) -> f64 {
    let mut counts: Vec<usize> = windows.iter().map(|window| window.len()).collect();
    let middle = usize::try_from(span / 2).unwrap_or(usize::MAX);
    let empty = usize::try_from(span).unwrap_or(usize::MAX) - counts.len();
    match middle.checked_sub(empty) {
        Some(place) if place < counts.len() => (*counts.select_nth_unstable(place).1 as f64).max(1.0),
        _ => 1.0,
    }
}
