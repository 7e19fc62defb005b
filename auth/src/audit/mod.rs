//! What happened, who did it, and a chain that shows when somebody changed the record.

mod chain;
mod event;
mod head;
mod limits;
mod report;
mod text;
mod verify;

pub use chain::{AuditChain, AuditRecord, AuditRow};
pub use event::{AuditAction, AuditEvent, Caller};
pub use head::ChainHead;
pub(crate) use limits::cut;
pub use report::{ChainReport, Damage, DamageKind};
pub use verify::{verify_chain, verify_noted_chain};
