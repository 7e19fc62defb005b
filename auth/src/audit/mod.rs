//! What happened, who did it, and a chain that shows when somebody changed the record.

mod chain;
mod event;
mod limits;
mod text;

pub use chain::{AuditChain, AuditRecord, AuditRow};
pub use event::{AuditAction, AuditEvent};
