//! The tables, and how a file comes to have them.

use sqlx::{Connection as _, SqliteConnection, raw_sql};

use crate::error::Error;
use crate::store::sql::Fault;

/// What leads from each version to the next, beginning with an empty file, which has version 0.
const STEPS: [&str; 1] = [include_str!("version_1.sql")];

/// Brings the file to the newest version, in one transaction. Several that begin at once wait for each other.
pub(super) async fn migrate(connection: &mut SqliteConnection) -> Result<(), Fault> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    raw_sql(
        "CREATE TABLE IF NOT EXISTS auth_schema (single INTEGER PRIMARY KEY CHECK (single = 1), version INTEGER NOT NULL) STRICT",
    )
    .execute(&mut *transaction)
    .await?;
    let version: Option<i64> = sqlx::query_scalar("SELECT version FROM auth_schema").fetch_optional(&mut *transaction).await?;
    let steps = usize::try_from(version.unwrap_or(0)).ok().and_then(|done| STEPS.get(done..)).ok_or_else(|| newer(version))?;
    if steps.is_empty() {
        return Ok(transaction.rollback().await?);
    }
    for step in steps {
        raw_sql(*step).execute(&mut *transaction).await?;
    }
    sqlx::query(
        "INSERT INTO auth_schema (single, version) VALUES (1, $1) ON CONFLICT (single) DO UPDATE SET version = EXCLUDED.version",
    )
    .bind(STEPS.len() as i64)
    .execute(&mut *transaction)
    .await?;
    Ok(transaction.commit().await?)
}

fn newer(version: Option<i64>) -> Error {
    Error::Conflict {
        what: format!("the file's accounts have version {}, this program knows {}", version.unwrap_or(0), STEPS.len()),
        advice: "use the program that wrote them, or a newer one".to_owned(),
    }
}
