//! Events as columns of numbers, in the order of their times.

use std::collections::{BTreeMap, HashMap};

use super::event::{Event, EventKind};
use crate::error::{Error, Result};
use crate::model::Warning;

/// The most events that are worked on at once.
const EVENTS: usize = 10_000_000;
/// The most unknown types that are named in warnings.
const UNKNOWN: usize = 20;
/// The place of a name that was not given.
pub(super) const NOBODY: u32 = u32::MAX;
/// Roles whose holder can do everything, in lower case, as AWS, Linux, Windows, Kubernetes and databases call them.
const ADMINISTRATORS: [&str; 12] = [
    "admin",
    "administrator",
    "administrators",
    "administratoraccess",
    "cluster-admin",
    "dba",
    "domain admins",
    "owner",
    "root",
    "sudo",
    "superuser",
    "wheel",
];

/// What the rules read of one event. Names are places in the sorted list of those that came, so that their order is the same
/// however the events were ordered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) time: i64,
    pub(super) kind: EventKind,
    pub(super) source: u32,
    pub(super) user: u32,
    pub(super) target: u32,
    pub(super) port: Option<u16>,
    pub(super) bytes: f64,
    /// Whether a role with all rights is named.
    pub(super) administrator: bool,
    /// Whether the type's name says already that it is an attack.
    pub(super) reported: bool,
}

impl Entry {
    /// Who it comes from, as far as that is said.
    pub(super) const fn actor(&self) -> Actor {
        match (self.source, self.user) {
            (NOBODY, NOBODY) => Actor::Unknown(self.target),
            (NOBODY, user) => Actor::User(user),
            (source, _) => Actor::Source(source),
        }
    }
}

/// Who an event comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Actor {
    /// The address.
    Source(u32),
    /// The account, where no address is said.
    User(u32),
    /// Somebody, of whom only the target is known.
    Unknown(u32),
}

/// The events that the rules know, by time.
#[derive(Debug)]
pub(super) struct Log<'a> {
    pub(super) entries: Vec<Entry>,
    names: Vec<&'a str>,
    pub(super) warnings: Vec<Warning>,
}

impl<'a> Log<'a> {
    /// Takes the events that have a known type; the others become warnings.
    ///
    /// # Errors
    /// [`Error::TooMuch`] for more than 10,000,000; [`Error::Data`] for bytes that are negative, infinite or not a number, and for a
    /// port that is none.
    pub(super) fn new(events: &'a [Event]) -> Result<Self> {
        if events.len() > EVENTS {
            return Err(Error::TooMuch { what: "the list of events".into(), limit: EVENTS, found: events.len() });
        }
        let mut places: HashMap<&str, u32> = HashMap::new();
        let mut names = Vec::new();
        let mut place = |name: Option<&'a str>| match name {
            None | Some("") => NOBODY,
            Some(name) => *places.entry(name).or_insert_with(|| {
                names.push(name);
                // There are at most three for each of 10,000,000 events.
                u32::try_from(names.len() - 1).unwrap_or(NOBODY)
            }),
        };
        let mut kinds: HashMap<&str, Option<(EventKind, bool)>> = HashMap::new();
        let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
        let mut entries = Vec::with_capacity(events.len());
        for (index, event) in events.iter().enumerate() {
            if let Some(bytes) = event.bytes.filter(|bytes| !(bytes.is_finite() && *bytes >= 0.0)) {
                return Err(Error::data(format!("event {}, bytes", index + 1), "a number from 0 on", bytes.to_string()));
            }
            if let Some(port) = event.wrong_port() {
                let found = port.to_string().chars().take(80).collect::<String>();
                return Err(Error::data(format!("event {}, port", index + 1), "a number from 0 to 65535", found));
            }
            let kind = *kinds.entry(&event.kind).or_insert_with(|| Some((EventKind::of(&event.kind)?, reports(&event.kind))));
            let Some((kind, reported)) = kind else {
                let name: String = event.kind.chars().take(80).collect();
                if unknown.len() < UNKNOWN || unknown.contains_key(&name) {
                    *unknown.entry(name).or_default() += 1;
                }
                continue;
            };
            let role = event.role().is_some_and(|role| ADMINISTRATORS.contains(&role.to_ascii_lowercase().as_str()));
            let named = kind == EventKind::Privilege
                && event.target.as_deref().is_some_and(|target| ADMINISTRATORS.contains(&target.to_ascii_lowercase().as_str()));
            entries.push(Entry {
                time: event.time,
                kind,
                source: place(event.source_ip.as_deref()),
                user: place(event.user.as_deref()),
                target: place(event.host()),
                port: event.port(),
                bytes: event.bytes.unwrap_or(0.0),
                administrator: role || named,
                reported,
            });
        }
        let ranks = sort(&mut names);
        let rank = |place: u32| ranks.get(place as usize).copied().unwrap_or(NOBODY);
        for entry in &mut entries {
            (entry.source, entry.user, entry.target) = (rank(entry.source), rank(entry.user), rank(entry.target));
        }
        entries.sort_unstable_by(|a, b| {
            let names = |entry: &Entry| (entry.time, entry.kind, entry.source, entry.user, entry.target);
            let rest = |entry: &Entry| (entry.port, entry.administrator, entry.reported);
            names(a).cmp(&names(b)).then(rest(a).cmp(&rest(b))).then(a.bytes.total_cmp(&b.bytes))
        });
        let mut warnings: Vec<Warning> =
            unknown.into_iter().map(|(value, count)| Warning::UnknownEventType { value, count }).collect();
        if events.is_empty() {
            warnings.push(Warning::TooShort { what: "the list of events".into(), wanted: 1, found: 0 });
        }
        Ok(Self { entries, names, warnings })
    }

    /// How an actor is called in an answer.
    pub(super) fn subject(&self, actor: Actor) -> String {
        match actor {
            Actor::Source(place) => format!("source_ip {}", self.name(place)),
            Actor::User(place) => format!("user {}", self.name(place)),
            Actor::Unknown(place) => format!("target {}", self.name(place)),
        }
    }

    /// A name by its place.
    pub(super) fn name(&self, place: u32) -> &'a str {
        self.names.get(place as usize).copied().unwrap_or("unknown")
    }
}

/// Whether the name of a type is that of an attack, as sensors report them.
fn reports(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["escalation", "scan", "exfiltration", "malware", "virus", "ransomware"].iter().any(|word| name.contains(word))
}

/// Sorts the names; gives for each former place the new one.
fn sort(names: &mut Vec<&str>) -> Vec<u32> {
    let mut order: Vec<u32> = (0..).take(names.len()).collect();
    order.sort_unstable_by_key(|place| names[*place as usize]);
    let mut ranks = vec![0; names.len()];
    for (rank, place) in (0..).zip(&order) {
        ranks[*place as usize] = rank;
    }
    *names = order.iter().map(|place| names[*place as usize]).collect();
    ranks
}

/// Groups entries by a key and calls `visit` with each group, in the order of the keys, entries by time.
pub(super) fn groups<K: Ord + Copy>(entries: &[Entry], key: impl Fn(&Entry) -> Option<K>, mut visit: impl FnMut(K, &[Entry])) {
    let mut keyed: Vec<(K, u32)> = (0..).zip(entries).filter_map(|(place, entry)| Some((key(entry)?, place))).collect();
    keyed.sort_unstable();
    let mut members = Vec::new();
    for group in keyed.chunk_by(|a, b| a.0 == b.0) {
        members.clear();
        members.extend(group.iter().map(|(_, place)| entries[*place as usize]));
        visit(group[0].0, &members);
    }
}

/// The place of a name, if it was given.
pub(super) fn given(place: u32) -> Option<u32> {
    (place != NOBODY).then_some(place)
}
