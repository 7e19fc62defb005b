//! The tables, and how a database comes to have them.
//!
//! `users` and `audit_logs` may be there already, made by others: they get columns, and lose nothing. All other names begin
//! with `auth_`.

use sqlx::{Connection as _, PgConnection, raw_sql};

use super::lock;
use crate::error::Error;
use crate::store::sql::Fault;

/// What leads from each version to the next, beginning with an empty database, which has version 0.
const STEPS: [&str; 1] = [include_str!("version_1.sql")];

/// Brings the database to the newest version, in one transaction. Several that begin at once wait for each other.
pub(super) async fn migrate(connection: &mut PgConnection) -> Result<(), Fault> {
    let mut transaction = connection.begin().await?;
    // An index over what others wrote into these tables takes longer than any operation.
    raw_sql("SET LOCAL statement_timeout = '10min'").execute(&mut *transaction).await?;
    lock::take(&mut transaction, lock::SCHEMA).await?;
    raw_sql(
        "CREATE TABLE IF NOT EXISTS auth_schema (single boolean PRIMARY KEY DEFAULT true CHECK (single), version integer NOT NULL)",
    )
    .execute(&mut *transaction)
    .await?;
    let version: Option<i32> = sqlx::query_scalar("SELECT version FROM auth_schema").fetch_optional(&mut *transaction).await?;
    let steps = usize::try_from(version.unwrap_or(0)).ok().and_then(|done| STEPS.get(done..)).ok_or_else(|| newer(version))?;
    if steps.is_empty() {
        return Ok(transaction.rollback().await?);
    }
    for step in steps {
        raw_sql(*step).execute(&mut *transaction).await?;
    }
    sqlx::query("INSERT INTO auth_schema (version) VALUES ($1) ON CONFLICT (single) DO UPDATE SET version = EXCLUDED.version")
        .bind(STEPS.len() as i32)
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.commit().await?)
}

fn newer(version: Option<i32>) -> Error {
    Error::Conflict {
        what: format!("the database's accounts have version {}, this program knows {}", version.unwrap_or(0), STEPS.len()),
        advice: "use the program that wrote them, or a newer one".to_owned(),
    }
}
