//! More data that leaves than usual, for the source itself or beside others (MITRE ATT&CK TA0010).

use super::super::assessment::{Finding, Severity, ThreatType};
use super::super::detector::EventParameters;
use super::super::event::EventKind;
use super::super::findings::Findings;
use super::super::log::{Actor, Entry, Log, groups};
use super::super::statistics::{belief, robust};
use super::{Evidence, HOUR};
use crate::model::Warning;

/// Hours of a source, or sources, from which on there is a baseline.
const BASELINE: usize = 8;
/// The least spread of the logarithm of bytes: an hour may well have 1.6 times the bytes of another.
const SPREAD: f64 = 0.5;
/// What lies below is no outlier: Iglewicz and Hoaglin, "How to detect and handle outliers" (1993).
const OUTLIER: f64 = 3.5;

/// The bytes of a source in an hour.
struct Hour {
    first: i64,
    last: i64,
    bytes: f64,
    reported: usize,
}

/// Looks at each source (or account, where no source is said) and hour.
pub(in super::super) fn find(log: &Log<'_>, parameters: &EventParameters, findings: &mut Findings) -> Option<Warning> {
    let mut sources: Vec<(Actor, Vec<Hour>)> = Vec::new();
    let key = |entry: &Entry| (entry.kind == EventKind::Transfer).then(|| entry.actor());
    groups(&log.entries, key, |actor, entries| sources.push((actor, hours(entries))));
    let mut peaks: Vec<f64> =
        sources.iter().map(|(_, hours)| hours.iter().map(|hour| hour.bytes.ln_1p()).fold(0.0, f64::max)).collect();
    let others = if peaks.len() < BASELINE { None } else { robust(&mut peaks) };
    let mut short = None;
    for (actor, hours) in &sources {
        let mut own: Vec<f64> = hours.iter().map(|hour| hour.bytes.ln_1p()).collect();
        let own = if own.len() < BASELINE { None } else { robust(&mut own) };
        let mut evidence = Evidence::<4>::new();
        let mut most: f64 = 0.0;
        for hour in hours {
            let deviations = |baseline: Option<(f64, f64)>| {
                let (center, spread) = baseline.filter(|_| hour.bytes >= parameters.least_bytes)?;
                let value = (hour.bytes.ln_1p() - center) / spread.max(SPREAD);
                (value >= OUTLIER).then(|| (value, belief(value, parameters.deviations)))
            };
            let alone = own.is_none() && others.is_none();
            let volume = if alone { (hour.bytes, belief(hour.bytes, parameters.most_bytes)) } else { (0.0, 0.0) };
            let reported = (hour.reported as f64, belief(hour.reported as f64, 1.0));
            let measures = [deviations(own).unwrap_or_default(), deviations(others).unwrap_or_default(), volume, reported];
            if evidence.weigh(measures, hour.first, hour.last) {
                most = most.max(hour.bytes);
                if alone {
                    short = Some(hours.len());
                }
            }
        }
        let Some((first, last)) = evidence.alarm else { continue };
        findings.push(Finding {
            threat_type: ThreatType::DataExfiltration,
            severity: if most >= 10.0 * parameters.most_bytes { Severity::Critical } else { Severity::High },
            confidence: evidence.confidence,
            subject: log.subject(*actor),
            first,
            last,
            indicators: evidence.indicators([
                "deviations_from_own_hours",
                "deviations_from_other_sources",
                "bytes_in_an_hour",
                "reported",
            ]),
        });
    }
    let what = "transfers, to know what is usual: hours of a source, or sources".to_owned();
    short.map(|found| Warning::TooShort { what, wanted: BASELINE, found })
}

fn hours(entries: &[Entry]) -> Vec<Hour> {
    let same = |a: &Entry, b: &Entry| a.time.div_euclid(HOUR) == b.time.div_euclid(HOUR);
    let sum = |entries: &[Entry]| Hour {
        first: entries[0].time,
        last: entries[entries.len() - 1].time,
        // Sums of 10,000,000 numbers may be infinite.
        bytes: entries.iter().map(|entry| entry.bytes).sum::<f64>().min(f64::MAX),
        reported: entries.iter().filter(|entry| entry.reported).count(),
    };
    entries.chunk_by(same).map(sum).collect()
}
