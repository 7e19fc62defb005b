//! Locks that a transaction takes by name, where no row can be locked because there may be none yet.

use sqlx::PgConnection;

use crate::store::sql::Fault;

/// Of the tables themselves.
pub(super) const SCHEMA: i64 = i64::from_be_bytes(*b"dhaschem");
/// Of the one-time token and the first user.
pub(super) const BOOTSTRAP: i64 = i64::from_be_bytes(*b"dhaboots");
/// Of the signing keys.
pub(super) const SIGNING_KEYS: i64 = i64::from_be_bytes(*b"dhasigns");

/// Waits for the lock, which ends with the transaction. It has to come first: what a statement sees was committed when the
/// statement began.
pub(super) async fn take(transaction: &mut PgConnection, lock: i64) -> Result<(), Fault> {
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(lock).execute(transaction).await?;
    Ok(())
}
