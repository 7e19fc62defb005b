//! Sources that look for what is open (MITRE ATT&CK T1046), fast or slowly.

use super::super::assessment::{Finding, Severity, ThreatType};
use super::super::detector::EventParameters;
use super::super::event::EventKind;
use super::super::findings::Findings;
use super::super::log::{Entry, Log, NOBODY, groups};
use super::super::statistics::belief;
use super::super::window::{Distinct, trail};
use super::{DAY, Evidence, MINUTE, Suspects};

/// In a day, as many ports and hosts as these times the thresholds of five minutes are a slow scan.
const SLOW: f64 = 4.0;
/// Of hosts that may have answered, as many as these times those that refused.
const ANSWERED: f64 = 4.0;

/// Looks at each source.
pub(in super::super) fn find(log: &Log<'_>, parameters: &EventParameters, suspects: &mut Suspects, findings: &mut Findings) {
    let tried = |entry: &Entry| matches!(entry.kind, EventKind::Connection | EventKind::ConnectionRefused);
    let key = |entry: &Entry| tried(entry).then(|| entry.actor());
    groups(&log.entries, key, |actor, entries| {
        let evidence = by_source(entries, parameters);
        let Some((first, last)) = evidence.alarm else { return };
        suspects.source(entries[0].source, first);
        findings.push(Finding {
            threat_type: ThreatType::PortScan,
            severity: if evidence.confidence >= 0.9 { Severity::High } else { Severity::Medium },
            confidence: evidence.confidence,
            subject: log.subject(actor),
            first,
            last,
            indicators: evidence.indicators([
                "ports_in_five_minutes",
                "refusing_hosts_in_five_minutes",
                "hosts_in_five_minutes",
                "ports_in_a_day",
                "refusing_hosts_in_a_day",
                "reported",
            ]),
        });
    });
}

/// The different ports and hosts of a window.
struct Tried {
    first: usize,
    ports: Distinct<u16>,
    refusing: Distinct<u32>,
    hosts: Distinct<u32>,
}

impl Tried {
    fn new() -> Self {
        Self { first: 0, ports: Distinct::new(), refusing: Distinct::new(), hosts: Distinct::new() }
    }

    fn take(&mut self, entries: &[Entry], last: usize, milliseconds: i64) {
        let Self { first, ports, refusing, hosts } = self;
        let entry = &entries[last];
        if let Some(port) = entry.port {
            ports.enter(port);
        }
        if entry.target != NOBODY {
            hosts.enter(entry.target);
            if entry.kind == EventKind::ConnectionRefused {
                refusing.enter(entry.target);
            }
        }
        trail(entries, first, last, milliseconds, |entry| {
            if let Some(port) = &entry.port {
                ports.leave(port);
            }
            hosts.leave(&entry.target);
            if entry.kind == EventKind::ConnectionRefused {
                refusing.leave(&entry.target);
            }
        });
    }
}

fn by_source(entries: &[Entry], parameters: &EventParameters) -> Evidence<6> {
    let (mut minutes, mut day) = (Tried::new(), Tried::new());
    let mut reported = 0_usize;
    let mut evidence = Evidence::new();
    for (last, entry) in entries.iter().enumerate() {
        minutes.take(entries, last, 5 * MINUTE);
        day.take(entries, last, DAY);
        reported += usize::from(entry.reported);
        // The first of each is what everybody has.
        let measure =
            |count: usize, threshold: f64| (count as f64, belief(count.saturating_sub(1) as f64, (threshold - 1.0).max(1.0)));
        let measures = [
            measure(minutes.ports.len(), parameters.ports),
            measure(minutes.refusing.len(), parameters.hosts),
            measure(minutes.hosts.len(), ANSWERED * parameters.hosts),
            measure(day.ports.len(), SLOW * parameters.ports),
            measure(day.refusing.len(), SLOW * parameters.hosts),
            (reported as f64, belief(reported as f64, parameters.ports)),
        ];
        evidence.weigh(measures, entries[minutes.first].time, entry.time);
    }
    evidence
}
