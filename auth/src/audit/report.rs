//! What verifying a chain found.

use std::fmt;

use super::head::ChainHead;

/// What verifying a chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainReport {
    /// How many records were verified and found as they were written, from the first on.
    pub records: u64,
    /// The last of them; worth noting elsewhere. `None` where there is none.
    pub head: Option<ChainHead>,
    /// The first place that is not as it was written, if one was found. What comes after it was not looked at.
    pub damage: Option<Damage>,
}

/// A place that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    /// Where.
    pub sequence: u64,
    /// How.
    pub kind: DamageKind,
}

/// How a place is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DamageKind {
    /// There is no record here, and the next one that there is has this place. At place 1: the chain begins elsewhere.
    Gap {
        /// The place of the next record.
        next: u64,
    },
    /// A place comes again, or one before it does.
    Order,
    /// Its hash is not that of its place, its text and the hash before. At place 1 it may be that the key is another.
    Hash,
    /// Its hash is right, and the text is no event: it was written by something else that has the key.
    Text,
    /// The column of this name does not say what the text says.
    Column(&'static str),
    /// There is no record here, and the store knows that there was.
    Tail {
        /// The last place, as the store knows it.
        last: u64,
    },
    /// The store's own note of its last record has another hash than the record.
    Head,
    /// There is a record here, and the store's own note of its last record does not know of it.
    Unnoted,
    /// The noted head has another hash: the chain was written anew from a place at or before it.
    Rewritten,
    /// The chain ends before the noted head: its end was cut off, and the store's own note with it.
    Cut {
        /// The noted place.
        noted: u64,
    },
}

impl ChainReport {
    /// Whether everything is as it was written, as far as can be seen.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.damage.is_none()
    }
}

impl fmt::Display for ChainReport {
    /// One line for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.head {
            None => f.write_str("no record verified")?,
            Some(head) if self.records == 1 => write!(f, "1 record verified; its head is {head}")?,
            Some(head) => write!(f, "{} records verified; their head is {head}", self.records)?,
        }
        match self.damage {
            None => Ok(()),
            Some(damage) => write!(f, "; {damage}"),
        }
    }
}

impl fmt::Display for Damage {
    /// One line for people, without any text of the records.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.sequence;
        match self.kind {
            DamageKind::Gap { next } if place == 1 => write!(f, "the chain begins at {next}; the records before it are missing"),
            DamageKind::Gap { next } => write!(f, "records are missing from {place} on; the next one is {next}"),
            DamageKind::Order => write!(f, "record {place} comes again or out of order"),
            DamageKind::Hash if place == 1 => f.write_str("record 1 was changed, or the key is another than it was written with"),
            DamageKind::Hash => {
                write!(f, "record {place} was changed: its hash does not belong to its text and the record before")
            }
            DamageKind::Text => write!(f, "record {place} is no event, although its hash is right"),
            DamageKind::Column(name) => {
                write!(f, "record {place} was changed: the column {name} does not say what its text says")
            }
            DamageKind::Tail { last } => write!(f, "records are missing from {place} to {last}, at the end"),
            DamageKind::Head => write!(f, "the store's note of its last record does not belong to record {place}"),
            DamageKind::Unnoted => write!(f, "record {place} lies after the last one that the store has a note of"),
            DamageKind::Rewritten => {
                write!(f, "record {place} is another than was noted: the chain was written anew from there or before")
            }
            DamageKind::Cut { noted } => write!(f, "records are missing from {place} to {noted}, which was noted"),
        }
    }
}
