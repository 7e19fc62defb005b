//! The audit trail.

use async_trait::async_trait;
use sqlx::SqliteConnection;

use super::{SqliteStore, run};
use crate::audit::{AuditChain, AuditEvent, AuditRecord, AuditRow};
use crate::error::{Error, Result};
use crate::id::UserId;
use crate::store::sql::{Columns as _, Fault, audit_record, audit_row, findable, sized};
use crate::store::{AuditFilter, AuditStore};
use crate::time::Timestamp;

/// The columns of a record. Where the two that name the user disagree, both are shown, which no chain agrees with.
macro_rules! audit_columns {
    () => {
        "a.id AS id, a.tenant, CASE WHEN a.user_id IS NULL OR a.user_id = a.actor THEN a.actor \
         ELSE concat_ws(' and ', a.user_id, a.actor) END AS actor, a.action, a.resource_type, a.resource_id, \
         a.changes AS changes, a.ip_address AS ip_address, a.user_agent, a.request_id, a.success, \
         a.created_at AS created_at, a.sequence, a.record, a.hash"
    };
}

#[async_trait]
impl AuditStore for SqliteStore {
    async fn append_audit(&self, event: &AuditEvent, chain: &AuditChain) -> Result<AuditRecord> {
        let text = AuditChain::text(event)?;
        run("add to the audit trail", async {
            let mut transaction = self.write().await?;
            let head = sqlx::query("SELECT sequence, hash FROM auth_audit_head").fetch_one(&mut *transaction).await?;
            let sequence = head.count("sequence")? + 1;
            let hash = chain.hash(&head.hash("hash")?, sequence, &text);
            insert(&mut transaction, sized("sequence", sequence)?, event, &text, &hash).await?;
            sqlx::query("UPDATE auth_audit_head SET sequence = sequence + 1, hash = $1")
                .bind(&hash[..])
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(AuditRecord { sequence, event: event.clone(), hash })
        })
        .await
    }

    async fn audit(&self, filter: &AuditFilter) -> Result<Vec<AuditRecord>> {
        let asked = [filter.user.as_ref().map(UserId::as_str), filter.action.as_deref(), Some(filter.tenant.as_str())];
        if asked.into_iter().flatten().any(|text| findable(text).is_none()) {
            return Ok(Vec::new());
        }
        run("list the audit trail", async {
            let rows = sqlx::query(concat!(
                "SELECT ",
                audit_columns!(),
                " FROM audit_logs a WHERE a.tenant = $1 AND a.sequence IS NOT NULL AND ($2 IS NULL OR a.actor = $2) \
                 AND ($3 IS NULL OR a.action = $3) AND ($4 IS NULL OR a.created_at >= $4) \
                 AND ($5 IS NULL OR a.created_at < $5) AND ($6 IS NULL OR a.sequence < $6) \
                 ORDER BY a.sequence DESC LIMIT $7"
            ))
            .bind(filter.tenant.as_str())
            .bind(filter.user.as_ref().map(UserId::as_str))
            .bind(&filter.action)
            .bind(filter.from.map(Timestamp::as_micros))
            .bind(filter.to.map(Timestamp::as_micros))
            .bind(filter.before.map(|place| i64::try_from(place).unwrap_or(i64::MAX)))
            .bind(i64::from(filter.limit))
            .fetch_all(&self.readers)
            .await?;
            Ok(rows.iter().map(audit_record).collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn audit_rows(&self, from: u64, limit: u32) -> Result<Vec<AuditRow>> {
        run("read the audit chain", async {
            let rows = sqlx::query(concat!(
                "SELECT ",
                audit_columns!(),
                " FROM audit_logs a WHERE a.sequence >= $1 ORDER BY a.sequence LIMIT $2"
            ))
            .bind(i64::try_from(from).unwrap_or(i64::MAX))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
            Ok(rows.iter().map(audit_row).collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn audit_head(&self) -> Result<Option<(u64, [u8; 32])>> {
        run("read the end of the audit chain", async {
            let row = sqlx::query("SELECT sequence, hash FROM auth_audit_head").fetch_optional(&self.readers).await?;
            let row = row.ok_or_else(|| Error::internal("the end of the audit chain was removed from auth_audit_head"))?;
            let head = (row.count("sequence")?, row.hash("hash")?);
            Ok((head.0 > 0).then_some(head))
        })
        .await
    }
}

async fn insert(
    connection: &mut SqliteConnection,
    sequence: i64,
    event: &AuditEvent,
    text: &str,
    hash: &[u8; 32],
) -> Result<(), Fault> {
    let changes = serde_json::to_string(&event.changes).map_err(|error| Error::internal(format!("changes: {error}")))?;
    // Not everybody who tries something is a user.
    sqlx::query(
        "INSERT INTO audit_logs (id, user_id, action, resource_type, resource_id, changes, ip_address, user_agent, request_id, \
         success, created_at, tenant, actor, sequence, record, hash) VALUES ($1, \
         (SELECT id FROM users WHERE id = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $2, \
         $13, $14, $15)",
    )
    .bind(&event.id)
    .bind(event.user.as_ref().map(UserId::as_str))
    .bind(event.action.as_str())
    .bind(&event.resource_type)
    .bind(&event.resource_id)
    .bind(changes)
    .bind(event.ip_address.map(|address| address.to_string()))
    .bind(&event.user_agent)
    .bind(&event.request_id)
    .bind(event.success)
    .bind(event.at.as_micros())
    .bind(event.tenant.as_str())
    .bind(sequence)
    .bind(text)
    .bind(&hash[..])
    .execute(connection)
    .await?;
    Ok(())
}
