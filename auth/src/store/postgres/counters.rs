//! Counters.

use async_trait::async_trait;

use super::{PostgresStore, run};
use crate::error::Result;
use crate::store::sql::{Columns as _, findable};
use crate::store::{CounterStore, Limit, Take, accept};
use crate::time::Timestamp;

#[async_trait]
impl CounterStore for PostgresStore {
    async fn take(&self, key: &str, limit: Limit, now: Timestamp) -> Result<Take> {
        accept::text("counter", key)?;
        run("count", async {
            // What is full is only read, so that somebody who tries for ever neither waits nor writes.
            let full = sqlx::query("SELECT auth_micros(ends_at) AS ends_at FROM auth_counters WHERE key = $1 AND ends_at > auth_time($2) AND count >= $3")
                .bind(key)
                .bind(now.as_micros())
                .bind(i64::from(limit.count.max(1)))
                .fetch_optional(&self.pool)
                .await?;
            if let Some(row) = full {
                return Ok(Take::Refused { until: row.time("ends_at")? });
            }
            // One statement: whoever counts the same waits for its row, and then sees what was committed. What was refused
            // counted nothing, so its commit, alone, does not wait for the disk while others wait for the row.
            let row = sqlx::query(
                "INSERT INTO auth_counters AS c (key, count, ends_at, granted) VALUES ($1, 1, auth_time($2), true) \
                 ON CONFLICT (key) DO UPDATE SET \
                 count = CASE WHEN c.ends_at <= auth_time($3) THEN 1 WHEN c.count < $4 THEN c.count + 1 ELSE c.count END, \
                 ends_at = CASE WHEN c.ends_at <= auth_time($3) THEN EXCLUDED.ends_at ELSE c.ends_at END, \
                 granted = c.ends_at <= auth_time($3) OR c.count < $4 \
                 RETURNING c.granted, auth_micros(c.ends_at) AS ends_at, \
                 CASE WHEN NOT c.granted THEN set_config('synchronous_commit', 'off', true) END",
            )
            .bind(key)
            .bind(now.after(limit.window).as_micros())
            .bind(now.as_micros())
            .bind(i64::from(limit.count.max(1)))
            .fetch_one(&self.pool)
            .await?;
            Ok(if row.truth("granted")? { Take::Granted } else { Take::Refused { until: row.time("ends_at")? } })
        })
        .await
    }

    async fn give_back(&self, key: &str, now: Timestamp) -> Result<()> {
        run("count one less", async {
            sqlx::query("UPDATE auth_counters SET count = count - 1 WHERE key = $1 AND ends_at > auth_time($2) AND count > 0")
                .bind(findable(key))
                .bind(now.as_micros())
                .execute(&self.pool)
                .await?;
            Ok(())
        })
        .await
    }

    async fn clear_counter(&self, key: &str) -> Result<()> {
        run("clear a counter", async {
            sqlx::query("DELETE FROM auth_counters WHERE key = $1").bind(findable(key)).execute(&self.pool).await?;
            Ok(())
        })
        .await
    }

    async fn forget_counters(&self, before: Timestamp) -> Result<u64> {
        run("forget counters", async {
            let done = sqlx::query("DELETE FROM auth_counters WHERE ends_at < auth_time($1)")
                .bind(before.as_micros())
                .execute(&self.pool)
                .await?;
            Ok(done.rows_affected())
        })
        .await
    }
}
