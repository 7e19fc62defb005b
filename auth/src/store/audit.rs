//! The audit trail.

use async_trait::async_trait;

use crate::audit::{AuditChain, AuditEvent, AuditRecord, AuditRow};
use crate::error::Result;
use crate::id::{Tenant, UserId};
use crate::time::Timestamp;

/// Which events to list.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Of this tenant.
    pub tenant: Tenant,
    /// By this user.
    pub user: Option<UserId>,
    /// With this action, for instance `auth.login`.
    pub action: Option<String>,
    /// From this time on.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// Before this place in the chain.
    pub before: Option<u64>,
    /// How many at most.
    pub limit: u32,
}

/// Keeps the audit trail: one chain for the whole store.
#[async_trait]
pub trait AuditStore {
    /// Adds an event at the end of the chain.
    ///
    /// - Places are 1, 2, 3 and so on without a gap, also when many add at once.
    /// - Each record's hash is what [`AuditChain`] makes of its place, the hash before and its text.
    /// - There is no operation that changes or removes a record.
    async fn append_audit(&self, event: &AuditEvent, chain: &AuditChain) -> Result<AuditRecord>;

    /// Events that fit, newest first.
    async fn audit(&self, filter: &AuditFilter) -> Result<Vec<AuditRecord>>;

    /// Rows from this place on, in the chain's order, at most `limit`: with all that is needed to see whether somebody
    /// changed them.
    async fn audit_rows(&self, from: u64, limit: u32) -> Result<Vec<AuditRow>>;

    /// The last place of the chain and its hash; `None` while it is empty. Kept apart from the rows, so that rows missing
    /// at the end show.
    async fn audit_head(&self) -> Result<Option<(u64, [u8; 32])>>;
}
