//! Signing keys.

use async_trait::async_trait;
use sqlx::PgConnection;

use super::{PostgresStore, lock, run};
use crate::error::{Error, Result};
use crate::store::sql::{Fault, findable, signing_key};
use crate::store::{KeyState, SigningKeyRecord, SigningKeyStore, accept};
use crate::time::Timestamp;

#[async_trait]
impl SigningKeyStore for PostgresStore {
    async fn signing_keys(&self) -> Result<Vec<SigningKeyRecord>> {
        run("read the signing keys", async {
            let rows = sqlx::query(
                "SELECT kid, algorithm, state, sealed_key, auth_micros(k.created_at) AS created_at, \
                 auth_micros(k.changed_at) AS changed_at FROM auth_signing_keys k ORDER BY k.created_at, kid COLLATE \"C\"",
            )
            .fetch_all(&self.pool)
            .await?;
            Ok(rows.iter().map(signing_key).collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn begin_signing_keys(&self, active: &SigningKeyRecord, next: &SigningKeyRecord) -> Result<bool> {
        accept::signing_key(active)?;
        accept::signing_key(next)?;
        run("add the first signing keys", async {
            let mut transaction = self.pool.begin().await?;
            lock::take(&mut transaction, lock::SIGNING_KEYS).await?;
            let begun: bool =
                sqlx::query_scalar("SELECT EXISTS (SELECT FROM auth_signing_keys)").fetch_one(&mut *transaction).await?;
            if begun {
                return Ok(false);
            }
            insert(&mut transaction, active, KeyState::Active).await?;
            insert(&mut transaction, next, KeyState::Next).await?;
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }

    async fn rotate_signing_keys(&self, active: &str, next: &SigningKeyRecord, now: Timestamp) -> Result<bool> {
        accept::signing_key(next)?;
        run("rotate the signing keys", async {
            let mut transaction = self.pool.begin().await?;
            lock::take(&mut transaction, lock::SIGNING_KEYS).await?;
            let retired = sqlx::query(
                "UPDATE auth_signing_keys SET state = 'retired', changed_at = auth_time($2) WHERE kid = $1 AND state = 'active'",
            )
            .bind(findable(active))
            .bind(now.as_micros())
            .execute(&mut *transaction)
            .await?;
            if retired.rows_affected() == 0 {
                return Ok(false);
            }
            let promoted =
                sqlx::query("UPDATE auth_signing_keys SET state = 'active', changed_at = auth_time($1) WHERE state = 'next'")
                    .bind(now.as_micros())
                    .execute(&mut *transaction)
                    .await?;
            if promoted.rows_affected() != 1 {
                return Err(Error::internal("there is no next signing key").into());
            }
            insert(&mut transaction, next, KeyState::Next).await?;
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }

    async fn forget_signing_keys(&self, before: Timestamp) -> Result<u64> {
        run("forget signing keys", async {
            let done = sqlx::query("DELETE FROM auth_signing_keys WHERE state = 'retired' AND changed_at < auth_time($1)")
                .bind(before.as_micros())
                .execute(&self.pool)
                .await?;
            Ok(done.rows_affected())
        })
        .await
    }
}

async fn insert(connection: &mut PgConnection, key: &SigningKeyRecord, state: KeyState) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO auth_signing_keys (kid, algorithm, state, sealed_key, created_at, changed_at) \
         VALUES ($1, $2, $3, $4, auth_time($5), auth_time($6))",
    )
    .bind(&key.kid)
    .bind(&key.algorithm)
    .bind(state.as_str())
    .bind(&key.sealed_key)
    .bind(key.created_at.as_micros())
    .bind(key.changed_at.as_micros())
    .execute(connection)
    .await
    .map_err(|error| Fault::from(error).taken(&[], "kid"))?;
    Ok(())
}
