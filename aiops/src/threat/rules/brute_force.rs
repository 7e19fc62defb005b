//! Passwords that are tried: by one source, at one account by many, at many accounts by one (MITRE ATT&CK T1110.001 and .003).

use super::super::assessment::{Finding, Indicator, Severity, ThreatType};
use super::super::detector::EventParameters;
use super::super::event::EventKind;
use super::super::findings::Findings;
use super::super::log::{Entry, Log, given, groups};
use super::super::statistics::belief;
use super::super::window::{Distinct, trail};
use super::{DAY, Evidence, HOUR, MINUTE, SECOND, Suspects};

/// Fewer failures than these are mistakes, however fast they come; fail2ban's `maxretry`.
const MISTAKES: usize = 5;
/// In a day as many failures as these times the threshold of ten minutes are slow guessing.
const SLOW: f64 = 5.0;

/// Looks at each source, each account and each target.
pub(in super::super) fn find(log: &Log<'_>, parameters: &EventParameters, suspects: &mut Suspects, findings: &mut Findings) {
    let auth: Vec<Entry> = log
        .entries
        .iter()
        .filter(|entry| matches!(entry.kind, EventKind::AuthFailure | EventKind::AuthSuccess))
        .copied()
        .collect();
    groups(
        &auth,
        |entry| Some(entry.actor()),
        |actor, entries| {
            let names = ["failures_in_ten_minutes", "failures_in_ten_seconds", "failures_in_a_day", "accounts_in_an_hour"];
            let seen = by_source(entries, parameters);
            if let Some(finding) = seen.finding(log.subject(actor), names) {
                suspects.source(entries[0].source, finding.first);
                seen.entered.iter().for_each(|(user, time)| suspects.user(*user, *time));
                findings.push(finding);
            }
        },
    );
    groups(
        &auth,
        |entry| given(entry.user),
        |user, entries| {
            let seen = by_many(entries, parameters.sources, parameters.failures);
            if let Some(finding) = seen.finding(format!("user {}", log.name(user)), ["sources_in_an_hour", "failures_in_an_hour"])
            {
                suspects.user(user, finding.first);
                findings.push(finding);
            }
        },
    );
    groups(
        &auth,
        |entry| given(entry.target),
        |target, entries| {
            // A target has many accounts, and their users' mistakes add up.
            let seen = by_many(entries, 4.0 * parameters.sources, 10.0 * parameters.failures);
            if let Some(finding) =
                seen.finding(format!("target {}", log.name(target)), ["sources_in_an_hour", "failures_in_an_hour"])
            {
                findings.push(finding);
            }
        },
    );
}

/// What was seen of one subject, and who came in after an alarm.
struct Seen<const N: usize> {
    evidence: Evidence<N>,
    entered: Vec<(u32, i64)>,
}

impl<const N: usize> Seen<N> {
    fn finding(&self, subject: String, names: [&str; N]) -> Option<Finding> {
        let (first, last) = self.evidence.alarm?;
        let mut indicators = self.evidence.indicators(names);
        if !self.entered.is_empty() {
            indicators.push(Indicator::new("successes_after_failures", self.entered.len() as f64, 1.0));
        }
        let severity = match (self.entered.is_empty(), self.evidence.confidence >= 0.75) {
            (false, _) => Severity::Critical,
            (true, true) => Severity::High,
            (true, false) => Severity::Medium,
        };
        let last = self.entered.last().map_or(last, |(_, time)| last.max(*time));
        let confidence = self.evidence.confidence;
        Some(Finding { threat_type: ThreatType::BruteForce, severity, confidence, subject, first, last, indicators })
    }
}

/// A window that counts failures and successes.
struct Counts {
    first: usize,
    failures: usize,
    successes: usize,
}

impl Counts {
    const fn new() -> Self {
        Self { first: 0, failures: 0, successes: 0 }
    }

    fn take(&mut self, entries: &[Entry], last: usize, milliseconds: i64) {
        let failed = |entry: &Entry| entry.kind == EventKind::AuthFailure;
        if failed(&entries[last]) {
            self.failures += 1;
        } else {
            self.successes += 1;
        }
        let (mut failures, mut successes) = (self.failures, self.successes);
        trail(entries, &mut self.first, last, milliseconds, |entry| {
            if failed(entry) {
                failures -= 1;
            } else {
                successes -= 1;
            }
        });
        (self.failures, self.successes) = (failures, successes);
    }

    /// The failures, where they are no mistakes among successes.
    const fn suspicious(&self) -> usize {
        if self.failures >= MISTAKES && self.failures > self.successes { self.failures } else { 0 }
    }
}

fn by_source(entries: &[Entry], parameters: &EventParameters) -> Seen<4> {
    let (mut minutes, mut seconds, mut day) = (Counts::new(), Counts::new(), Counts::new());
    let (mut accounts, mut oldest) = (Distinct::new(), 0);
    let mut seen = Seen { evidence: Evidence::new(), entered: Vec::new() };
    let mut alarmed: Option<i64> = None;
    for (last, entry) in entries.iter().enumerate() {
        minutes.take(entries, last, 10 * MINUTE);
        seconds.take(entries, last, 10 * SECOND);
        day.take(entries, last, DAY);
        if entry.kind == EventKind::AuthFailure {
            accounts.enter(entry.user);
        }
        trail(entries, &mut oldest, last, HOUR, |entry| {
            if entry.kind == EventKind::AuthFailure {
                accounts.leave(&entry.user);
            }
        });
        if entry.kind == EventKind::AuthSuccess {
            if alarmed.is_some_and(|time| entry.time.saturating_sub(time) <= 10 * MINUTE) {
                seen.entered.push((entry.user, entry.time));
            }
            continue;
        }
        // One account is no spraying.
        let many = if day.suspicious() > 0 { accounts.len().saturating_sub(1) } else { 0 };
        let measure = |count: usize, threshold: f64| (count as f64, belief(count as f64, threshold));
        let measures = [
            measure(minutes.suspicious(), parameters.failures),
            measure(seconds.suspicious(), parameters.burst),
            measure(day.suspicious(), SLOW * parameters.failures),
            measure(many, parameters.accounts),
        ];
        if seen.evidence.weigh(measures, entries[day.first].time, entry.time) {
            alarmed = Some(entry.time);
        }
    }
    seen
}

/// Many sources that fail on one account or target; one source alone is the other rule's.
fn by_many(entries: &[Entry], enough_sources: f64, enough_failures: f64) -> Seen<2> {
    let (mut counts, mut sources) = (Counts::new(), Distinct::new());
    let mut oldest = 0;
    let mut seen = Seen { evidence: Evidence::new(), entered: Vec::new() };
    let mut alarmed: Option<i64> = None;
    for (last, entry) in entries.iter().enumerate() {
        counts.take(entries, last, HOUR);
        if entry.kind == EventKind::AuthFailure {
            sources.enter(entry.source);
        }
        trail(entries, &mut oldest, last, HOUR, |entry| {
            if entry.kind == EventKind::AuthFailure {
                sources.leave(&entry.source);
            }
        });
        if entry.kind == EventKind::AuthSuccess {
            if alarmed.is_some_and(|time| entry.time.saturating_sub(time) <= 10 * MINUTE) {
                seen.entered.push((entry.user, entry.time));
            }
            continue;
        }
        let (many, failures) = (sources.len() as f64, counts.suspicious() as f64);
        let several = many >= enough_sources && failures > 0.0;
        let measures = if several {
            [(many, belief(many, enough_sources)), (failures, belief(failures, enough_failures))]
        } else {
            [(0.0, 0.0); 2]
        };
        if seen.evidence.weigh(measures, entries[counts.first].time, entry.time) {
            alarmed = Some(entry.time);
        }
    }
    seen
}
