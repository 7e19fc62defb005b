//! API keys.

use async_trait::async_trait;

use super::users::user_columns;
use super::{PostgresStore, run};
use crate::error::Result;
use crate::id::UserId;
use crate::store::sql::{Fault, api_key, findable, user};
use crate::store::{ApiKeyRecord, ApiKeyStore, User, accept};
use crate::time::Timestamp;

/// The columns of an API key `k`.
macro_rules! key_columns {
    () => {
        "k.id AS key_id, k.user_id::text AS key_user_id, k.name AS key_name, k.secret_hash, \
         array_to_json(k.scopes)::text AS scopes, auth_micros(k.created_at) AS key_created_at, \
         auth_micros(k.expires_at) AS key_expires_at, auth_micros(k.last_used_at) AS last_used_at, \
         auth_micros(k.revoked_at) AS revoked_at"
    };
}

#[async_trait]
impl ApiKeyStore for PostgresStore {
    async fn insert_api_key(&self, key: &ApiKeyRecord) -> Result<()> {
        accept::api_key(key)?;
        run("add an API key", async {
            let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
            sqlx::query(
                "INSERT INTO auth_api_keys (id, user_id, name, secret_hash, scopes, created_at, expires_at, last_used_at, \
                 revoked_at) VALUES ($1, auth_uuid($2), $3, $4, $5, auth_time($6), auth_time($7), auth_time($8), auth_time($9))",
            )
            .bind(&key.id)
            .bind(findable(key.user.as_str()))
            .bind(&key.name)
            .bind(&key.secret_hash[..])
            .bind(scopes)
            .bind(key.created_at.as_micros())
            .bind(key.expires_at.map(Timestamp::as_micros))
            .bind(key.last_used_at.map(Timestamp::as_micros))
            .bind(key.revoked_at.map(Timestamp::as_micros))
            .execute(&self.pool)
            .await
            .map_err(|error| Fault::from(error).of_user(&key.user).taken(&[], "API key id"))?;
            Ok(())
        })
        .await
    }

    async fn api_key(&self, id: &str) -> Result<Option<(ApiKeyRecord, User)>> {
        run("read an API key", async {
            let row = sqlx::query(concat!(
                "SELECT ",
                key_columns!(),
                ", ",
                user_columns!(),
                " FROM auth_api_keys k JOIN users u ON u.id = k.user_id WHERE k.id = $1"
            ))
            .bind(findable(id))
            .fetch_optional(&self.pool)
            .await?;
            let Some(row) = row else { return Ok(None) };
            Ok(Some((api_key(&row)?, user(&row)?)))
        })
        .await
    }

    async fn api_keys(&self, user: &UserId) -> Result<Vec<ApiKeyRecord>> {
        run("list API keys", async {
            let rows = sqlx::query(concat!(
                "SELECT ",
                key_columns!(),
                " FROM auth_api_keys k WHERE k.user_id = auth_uuid($1) AND k.revoked_at IS NULL ORDER BY k.created_at DESC, k.id COLLATE \"C\" DESC"
            ))
            .bind(findable(user.as_str()))
            .fetch_all(&self.pool)
            .await?;
            Ok(rows.iter().map(api_key).collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn revoke_api_key(&self, user: &UserId, id: &str, now: Timestamp) -> Result<bool> {
        run("revoke an API key", async {
            let done = sqlx::query(
                "UPDATE auth_api_keys SET revoked_at = auth_time($3) \
                 WHERE id = $2 AND user_id = auth_uuid($1) AND revoked_at IS NULL",
            )
            .bind(findable(user.as_str()))
            .bind(findable(id))
            .bind(now.as_micros())
            .execute(&self.pool)
            .await?;
            Ok(done.rows_affected() > 0)
        })
        .await
    }

    async fn touch_api_key(&self, id: &str, now: Timestamp) -> Result<()> {
        run("note the use of an API key", async {
            sqlx::query(
                "UPDATE auth_api_keys SET last_used_at = auth_time($2) \
                 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < auth_time($2))",
            )
            .bind(findable(id))
            .bind(now.as_micros())
            .execute(&self.pool)
            .await?;
            Ok(())
        })
        .await
    }
}
