//! The rules, one for each kind of attack.

pub(super) mod brute_force;
pub(super) mod exfiltration;
pub(super) mod flood;
pub(super) mod malware;
pub(super) mod port_scan;
pub(super) mod privilege;

use std::collections::BTreeMap;

use super::assessment::Indicator;
use super::log::given;
use super::statistics::together;

/// One second, in the unit of times.
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The belief from which on there is an alarm.
const ALARM: f64 = 0.5;

/// Who was found in attacks, and when first.
#[derive(Debug, Default)]
pub(super) struct Suspects {
    users: BTreeMap<u32, i64>,
    sources: BTreeMap<u32, i64>,
}

impl Suspects {
    fn user(&mut self, user: u32, time: i64) {
        note(&mut self.users, user, time);
    }

    fn source(&mut self, source: u32, time: i64) {
        note(&mut self.sources, source, time);
    }

    /// Whether one of the two was found at that time or within the hour, or day, before.
    fn known(&self, user: u32, source: u32, time: i64) -> bool {
        let since = |found: Option<&i64>| found.is_some_and(|found| (0..=DAY).contains(&time.saturating_sub(*found)));
        since(self.users.get(&user)) || since(self.sources.get(&source))
    }
}

fn note(found: &mut BTreeMap<u32, i64>, name: u32, time: i64) {
    if let Some(name) = given(name) {
        found.entry(name).and_modify(|first| *first = time.min(*first)).or_insert(time);
    }
}

/// What one rule saw of one subject, while it goes through the windows: the strongest value of each measure, and when the
/// alarm began and ended.
#[derive(Debug)]
struct Evidence<const N: usize> {
    values: [f64; N],
    scores: [f64; N],
    confidence: f64,
    alarm: Option<(i64, i64)>,
}

impl<const N: usize> Evidence<N> {
    fn new() -> Self {
        Self { values: [0.0; N], scores: [0.0; N], confidence: 0.0, alarm: None }
    }

    /// Takes the measures of one window, from its first to its last event; says whether it is an alarm.
    fn weigh(&mut self, measures: [(f64, f64); N], first: i64, last: i64) -> bool {
        for (place, (value, score)) in measures.into_iter().enumerate() {
            if score > self.scores[place] {
                (self.values[place], self.scores[place]) = (value, score);
            }
        }
        let confidence = together(measures.into_iter().map(|(_, score)| score));
        self.confidence = self.confidence.max(confidence);
        let alarm = confidence >= ALARM;
        if alarm {
            self.alarm = Some((self.alarm.map_or(first, |(begin, _)| begin.min(first)), last));
        }
        alarm
    }

    /// The measures that count something.
    fn indicators(&self, names: [&str; N]) -> Vec<Indicator> {
        let measures = names.into_iter().zip(self.values.into_iter().zip(self.scores));
        measures.filter(|(_, (_, score))| *score > 0.0).map(|(name, (value, score))| Indicator::new(name, value, score)).collect()
    }
}
