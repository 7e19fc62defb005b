//! The audit trail in memory.

use async_trait::async_trait;

use super::MemoryStore;
use super::users::count;
use crate::audit::{AuditChain, AuditEvent, AuditRecord, AuditRow};
use crate::error::Result;
use crate::store::{AuditFilter, AuditStore};

#[async_trait]
impl AuditStore for MemoryStore {
    async fn append_audit(&self, event: &AuditEvent, chain: &AuditChain) -> Result<AuditRecord> {
        let text = AuditChain::text(event)?;
        let mut state = self.state();
        let (last, previous) = state.audit.last().map_or((0, AuditChain::START), |row| (row.sequence, row.hash));
        let sequence = last + 1;
        let hash = chain.hash(&previous, sequence, &text);
        state.audit.push(AuditRow { sequence, text, columns: event.clone(), hash });
        Ok(AuditRecord { sequence, event: event.clone(), hash })
    }

    async fn audit(&self, filter: &AuditFilter) -> Result<Vec<AuditRecord>> {
        let state = self.state();
        let rows = state.audit.iter().rev().filter(|row| fits(filter, row)).take(count(filter.limit));
        let record = |row: &AuditRow| AuditRecord { sequence: row.sequence, event: row.columns.clone(), hash: row.hash };
        Ok(rows.map(record).collect())
    }

    async fn audit_rows(&self, from: u64, limit: u32) -> Result<Vec<AuditRow>> {
        let state = self.state();
        let begin = state.audit.partition_point(|row| row.sequence < from);
        Ok(state.audit[begin..].iter().take(count(limit)).cloned().collect())
    }

    async fn audit_head(&self) -> Result<Option<(u64, [u8; 32])>> {
        Ok(self.state().audit.last().map(|row| (row.sequence, row.hash)))
    }
}

fn fits(filter: &AuditFilter, row: &AuditRow) -> bool {
    let event = &row.columns;
    event.tenant == filter.tenant
        && filter.user.as_ref().is_none_or(|user| event.user.as_ref() == Some(user))
        && filter.action.as_ref().is_none_or(|action| event.action.as_str() == action)
        && filter.from.is_none_or(|from| from <= event.at)
        && filter.to.is_none_or(|to| event.at < to)
        && filter.before.is_none_or(|before| row.sequence < before)
}
