//! Rights that change hands after something else was wrong, or by somebody who never did that (MITRE ATT&CK TA0004).

use super::super::assessment::{Finding, Severity, ThreatType};
use super::super::event::EventKind;
use super::super::findings::Findings;
use super::super::log::{Entry, Log, given, groups};
use super::super::statistics::belief;
use super::super::window::trail;
use super::{Evidence, HOUR, Suspects};

/// Changes in the batch from which on it shows who usually makes them.
const HISTORY: usize = 20;
/// Whose share of them is below this is unusual.
const RARE: f64 = 0.05;
/// Failures of the account within the hour before; fail2ban's `maxretry`.
const FAILURES: f64 = 5.0;
/// Refusals within the hour before: `sudo` lets three wrong passwords pass.
const DENIED: f64 = 3.0;
/// What an observation that alone is no attack counts: two of them are one.
const HINT: f64 = 0.3;

/// Looks at each account that acted.
pub(in super::super) fn find(log: &Log<'_>, suspects: &Suspects, findings: &mut Findings) {
    let all = log.entries.iter().filter(|entry| entry.kind == EventKind::Privilege).count();
    let read = |entry: &Entry| matches!(entry.kind, EventKind::Privilege | EventKind::PrivilegeDenied | EventKind::AuthFailure);
    let key = |entry: &Entry| if read(entry) { given(entry.user) } else { None };
    groups(&log.entries, key, |user, entries| {
        let evidence = by_user(entries, all, suspects);
        let Some((first, last)) = evidence.alarm else { return };
        let after = evidence.scores[0] > 0.0 || evidence.scores[1] >= 0.5;
        findings.push(Finding {
            threat_type: ThreatType::PrivilegeEscalation,
            severity: match (after, evidence.confidence >= 0.7) {
                (true, _) => Severity::Critical,
                (false, true) => Severity::High,
                (false, false) => Severity::Medium,
            },
            confidence: evidence.confidence,
            subject: format!("user {}", log.name(user)),
            first,
            last,
            indicators: evidence.indicators([
                "after_an_attack",
                "failures_before",
                "refusals_before",
                "role_with_all_rights",
                "own_rights",
                "unusual_actor",
                "reported",
            ]),
        });
    });
}

fn by_user(entries: &[Entry], all: usize, suspects: &Suspects) -> Evidence<7> {
    let changes = entries.iter().filter(|entry| entry.kind == EventKind::Privilege).count();
    let unusual = all >= HISTORY && (changes as f64) < RARE * all as f64;
    let (mut first, mut failures, mut denied) = (0, 0_usize, 0_usize);
    let mut evidence = Evidence::new();
    for (last, entry) in entries.iter().enumerate() {
        failures += usize::from(entry.kind == EventKind::AuthFailure);
        denied += usize::from(entry.kind == EventKind::PrivilegeDenied);
        trail(entries, &mut first, last, HOUR, |entry| {
            failures -= usize::from(entry.kind == EventKind::AuthFailure);
            denied -= usize::from(entry.kind == EventKind::PrivilegeDenied);
        });
        if entry.kind == EventKind::AuthFailure {
            continue;
        }
        let changed = entry.kind == EventKind::Privilege;
        let hint = |holds: bool, score: f64| if holds { (1.0, score) } else { (0.0, 0.0) };
        let count = |count: usize, threshold: f64| (count as f64, belief(count as f64, threshold));
        let measures = [
            hint(changed && suspects.known(entry.user, entry.source, entry.time), 0.6),
            count(failures, FAILURES),
            count(denied, DENIED),
            hint(changed && entry.administrator, HINT),
            hint(changed && entry.user == entry.target, HINT),
            hint(changed && unusual, HINT),
            hint(entry.reported, 0.5),
        ];
        evidence.weigh(measures, entries[first].time, entry.time);
    }
    evidence
}
