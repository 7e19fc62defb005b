//! What a [`MemoryStore`](super::MemoryStore) keeps.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::AuditRow;
use crate::error::{Error, Result};
use crate::id::{SessionId, TokenId, UserId};
use crate::store::{ApiKeyRecord, Session, SigningKeyRecord, TotpRecord, User};
use crate::time::Timestamp;

/// Plain maps.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) users: BTreeMap<UserId, User>,
    /// By e-mail address with its ASCII letters in lower case.
    pub(super) emails: BTreeMap<String, UserId>,
    /// The hash of the token that makes the first administrator.
    pub(super) bootstrap: Option<[u8; 32]>,
    pub(super) sessions: BTreeMap<SessionId, Session>,
    /// When the time of each denied token is over.
    pub(super) denied: BTreeMap<TokenId, Timestamp>,
    pub(super) api_keys: BTreeMap<String, ApiKeyRecord>,
    pub(super) counters: BTreeMap<String, Window>,
    pub(super) factors: BTreeMap<UserId, Factors>,
    pub(super) signing_keys: BTreeMap<String, SigningKeyRecord>,
    /// In the chain's order: the first has place 1.
    pub(super) audit: Vec<AuditRow>,
}

/// A counter.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) count: u32,
    pub(super) until: Timestamp,
}

/// A user's second factors.
#[derive(Debug)]
pub(super) struct Factors {
    pub(super) totp: TotpRecord,
    /// The hashes of the recovery codes that are left.
    pub(super) recovery: BTreeSet<[u8; 32]>,
}

impl State {
    /// The user of this id, who must be there for something to be his.
    pub(super) fn owner(&self, id: &UserId) -> Result<&User> {
        self.users.get(id).ok_or_else(|| Error::NotFound { what: "user", id: id.to_string() })
    }
}
