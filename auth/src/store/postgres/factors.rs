//! Second factors.

use async_trait::async_trait;

use super::{PostgresStore, run};
use crate::error::Result;
use crate::id::UserId;
use crate::store::sql::{Fault, findable, sized, totp};
use crate::store::{FactorStore, TotpRecord};
use crate::time::Timestamp;

#[async_trait]
impl FactorStore for PostgresStore {
    async fn enrol_totp(&self, user: &UserId, sealed_secret: &[u8], now: Timestamp) -> Result<bool> {
        run("set a second factor", async {
            let done = sqlx::query(
                "INSERT INTO auth_totp AS t (user_id, sealed_secret, created_at) VALUES (auth_uuid($1), $2, auth_time($3)) \
                 ON CONFLICT (user_id) DO UPDATE SET sealed_secret = EXCLUDED.sealed_secret, created_at = EXCLUDED.created_at, \
                 last_step = NULL WHERE t.confirmed_at IS NULL",
            )
            .bind(findable(user.as_str()))
            .bind(sealed_secret)
            .bind(now.as_micros())
            .execute(&self.pool)
            .await
            .map_err(|error| Fault::from(error).of_user(user))?;
            Ok(done.rows_affected() > 0)
        })
        .await
    }

    async fn totp(&self, user: &UserId) -> Result<Option<TotpRecord>> {
        run("read a second factor", async {
            let row = sqlx::query(
                "SELECT sealed_secret, auth_micros(confirmed_at) AS confirmed_at, last_step FROM auth_totp \
                 WHERE user_id = auth_uuid($1)",
            )
            .bind(findable(user.as_str()))
            .fetch_optional(&self.pool)
            .await?;
            Ok(row.as_ref().map(totp).transpose()?)
        })
        .await
    }

    async fn confirm_totp(
        &self,
        user: &UserId,
        sealed_secret: &[u8],
        step: u64,
        recovery_hashes: &[[u8; 32]],
        now: Timestamp,
    ) -> Result<bool> {
        run("confirm a second factor", async {
            let mut transaction = self.pool.begin().await?;
            let done = sqlx::query(
                "UPDATE auth_totp SET confirmed_at = auth_time($4), last_step = $3 \
                 WHERE user_id = auth_uuid($1) AND sealed_secret = $2 AND confirmed_at IS NULL",
            )
            .bind(findable(user.as_str()))
            .bind(sealed_secret)
            .bind(sized("step", step)?)
            .bind(now.as_micros())
            .execute(&mut *transaction)
            .await?;
            if done.rows_affected() == 0 {
                return Ok(false);
            }
            sqlx::query("DELETE FROM auth_recovery_codes WHERE user_id = auth_uuid($1)")
                .bind(findable(user.as_str()))
                .execute(&mut *transaction)
                .await?;
            let hashes: Vec<&[u8]> = recovery_hashes.iter().map(|hash| &hash[..]).collect();
            sqlx::query(
                "INSERT INTO auth_recovery_codes (user_id, hash) SELECT auth_uuid($1), unnest($2::bytea[]) ON CONFLICT DO NOTHING",
            )
            .bind(findable(user.as_str()))
            .bind(hashes)
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }

    async fn use_totp_step(&self, user: &UserId, step: u64) -> Result<bool> {
        run("use a code", async {
            let done = sqlx::query(
                "UPDATE auth_totp SET last_step = $2 WHERE user_id = auth_uuid($1) AND confirmed_at IS NOT NULL \
                 AND (last_step IS NULL OR last_step < $2)",
            )
            .bind(findable(user.as_str()))
            .bind(sized("step", step)?)
            .execute(&self.pool)
            .await?;
            Ok(done.rows_affected() > 0)
        })
        .await
    }

    async fn use_recovery_code(&self, user: &UserId, hash: &[u8; 32], now: Timestamp) -> Result<bool> {
        run("use a recovery code", async {
            let done = sqlx::query(
                "UPDATE auth_recovery_codes SET used_at = auth_time($3) \
                 WHERE user_id = auth_uuid($1) AND hash = $2 AND used_at IS NULL",
            )
            .bind(findable(user.as_str()))
            .bind(&hash[..])
            .bind(now.as_micros())
            .execute(&self.pool)
            .await?;
            Ok(done.rows_affected() > 0)
        })
        .await
    }

    async fn recovery_codes_left(&self, user: &UserId) -> Result<u32> {
        run("count recovery codes", async {
            let left: i64 =
                sqlx::query_scalar("SELECT count(*) FROM auth_recovery_codes WHERE user_id = auth_uuid($1) AND used_at IS NULL")
                    .bind(findable(user.as_str()))
                    .fetch_one(&self.pool)
                    .await?;
            Ok(u32::try_from(left).unwrap_or(u32::MAX))
        })
        .await
    }

    async fn remove_totp(&self, user: &UserId) -> Result<bool> {
        run("remove a second factor", async {
            let mut transaction = self.pool.begin().await?;
            let done = sqlx::query("DELETE FROM auth_totp WHERE user_id = auth_uuid($1)")
                .bind(findable(user.as_str()))
                .execute(&mut *transaction)
                .await?;
            sqlx::query("DELETE FROM auth_recovery_codes WHERE user_id = auth_uuid($1)")
                .bind(findable(user.as_str()))
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(done.rows_affected() > 0)
        })
        .await
    }
}
