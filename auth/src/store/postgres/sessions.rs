//! Sessions.

use async_trait::async_trait;
use sqlx::PgConnection;

use super::users::{read as read_user, user_columns};
use super::{PostgresStore, run};
use crate::error::{Error, Result};
use crate::id::{SessionId, TokenId, UserId};
use crate::store::sql::{Columns as _, Fault, Verdict, findable, judge, session, user};
use crate::store::{Presented, Rotation, Session, SessionState, SessionStore, accept};
use crate::time::Timestamp;

/// The columns of a session `s`.
macro_rules! session_columns {
    () => {
        "s.id AS session_id, s.user_id::text AS session_user_id, auth_micros(s.created_at) AS session_created_at, \
         auth_micros(s.expires_at) AS session_expires_at, s.current_token, auth_micros(s.issued_at) AS issued_at, \
         s.previous_token, auth_micros(s.ended_at) AS ended_at, host(s.ip_address) AS ip_address, s.user_agent"
    };
}

#[async_trait]
impl SessionStore for PostgresStore {
    async fn start_session(&self, session: &Session) -> Result<()> {
        accept::session(session)?;
        run("begin a session", async {
            sqlx::query(
                "INSERT INTO auth_sessions (id, user_id, created_at, expires_at, current_token, issued_at, previous_token, \
                 ended_at, ip_address, user_agent) VALUES ($1, auth_uuid($2), auth_time($3), auth_time($4), $5, auth_time($6), $7, \
                 auth_time($8), $9::inet, $10)",
            )
            .bind(session.id.as_str())
            .bind(findable(session.user.as_str()))
            .bind(session.created_at.as_micros())
            .bind(session.expires_at.as_micros())
            .bind(session.current.as_str())
            .bind(session.issued_at.as_micros())
            .bind(session.previous.as_ref().map(TokenId::as_str))
            .bind(session.ended_at.map(Timestamp::as_micros))
            .bind(session.ip_address.map(|address| address.to_string()))
            .bind(&session.user_agent)
            .execute(&self.pool)
            .await
            .map_err(|error| Fault::from(error).of_user(&session.user).taken(&[], "session id"))?;
            Ok(())
        })
        .await
    }

    async fn rotate(&self, presented: &Presented) -> Result<Rotation> {
        accept::text("token id", presented.successor.as_str())?;
        run("use a refresh token", async {
            let mut transaction = self.pool.begin().await?;
            let row = sqlx::query(concat!("SELECT ", session_columns!(), " FROM auth_sessions s WHERE s.id = $1 FOR UPDATE"))
                .bind(findable(presented.session.as_str()))
                .fetch_optional(&mut *transaction)
                .await?;
            let Some(row) = row else { return Ok(Rotation::Unknown) };
            let mut session = session(&row)?;
            // A statement of its own: what it sees was committed after the session was locked.
            let user = read_user(&mut transaction, &session.user).await?;
            let user = user.ok_or_else(|| Error::internal(format!("session `{}` has no user", session.id)))?;
            let rotation = match judge(&session, &user, presented) {
                Verdict::Ended => Rotation::Ended,
                Verdict::Rotate => {
                    advance(&mut transaction, &mut session, presented).await?;
                    Rotation::Rotated(session, user)
                }
                Verdict::Repeat => Rotation::Repeated(session, user),
                Verdict::Reuse => {
                    end(&mut transaction, &mut session, presented.now).await?;
                    Rotation::Reused(session)
                }
                Verdict::Disable => {
                    end(&mut transaction, &mut session, presented.now).await?;
                    Rotation::Disabled(session)
                }
            };
            // What only looked at the session has nothing to keep, and need not wait for the disk.
            match rotation {
                Rotation::Ended | Rotation::Repeated(..) => transaction.rollback().await?,
                _ => transaction.commit().await?,
            }
            Ok(rotation)
        })
        .await
    }

    async fn session(&self, id: &SessionId, token: &TokenId, now: Timestamp) -> Result<Option<SessionState>> {
        run("read a session", async {
            let row = sqlx::query(concat!(
                "SELECT ",
                session_columns!(),
                ", ",
                user_columns!(),
                ", EXISTS (SELECT FROM auth_denied_tokens d WHERE d.token = $2 AND d.expires_at > auth_time($3)) AS denied \
                 FROM auth_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = $1"
            ))
            .bind(findable(id.as_str()))
            .bind(findable(token.as_str()))
            .bind(now.as_micros())
            .fetch_optional(&self.pool)
            .await?;
            let Some(row) = row else { return Ok(None) };
            Ok(Some(SessionState { session: session(&row)?, user: user(&row)?, denied: row.truth("denied")? }))
        })
        .await
    }

    async fn sessions(&self, user: &UserId, now: Timestamp) -> Result<Vec<Session>> {
        run("list sessions", async {
            let rows = sqlx::query(concat!(
                "SELECT ",
                session_columns!(),
                " FROM auth_sessions s WHERE s.user_id = auth_uuid($1) AND s.ended_at IS NULL AND s.expires_at > auth_time($2) \
                 ORDER BY s.created_at DESC, s.id COLLATE \"C\" DESC"
            ))
            .bind(findable(user.as_str()))
            .bind(now.as_micros())
            .fetch_all(&self.pool)
            .await?;
            Ok(rows.iter().map(session).collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn end_session(&self, user: &UserId, id: &SessionId, now: Timestamp) -> Result<bool> {
        run("end a session", async {
            let done = sqlx::query(
                "UPDATE auth_sessions SET ended_at = auth_time($3) \
                 WHERE id = $2 AND user_id = auth_uuid($1) AND ended_at IS NULL AND expires_at > auth_time($3)",
            )
            .bind(findable(user.as_str()))
            .bind(findable(id.as_str()))
            .bind(now.as_micros())
            .execute(&self.pool)
            .await?;
            Ok(done.rows_affected() > 0)
        })
        .await
    }

    async fn end_sessions(&self, user: &UserId, except: Option<&SessionId>, now: Timestamp) -> Result<u64> {
        run("end a user's sessions", async {
            let mut transaction = self.pool.begin().await?;
            // Always in the same order, so that two that end the same sessions do not wait for each other.
            sqlx::query("SELECT id FROM auth_sessions WHERE user_id = auth_uuid($1) AND ended_at IS NULL ORDER BY id FOR UPDATE")
                .bind(findable(user.as_str()))
                .execute(&mut *transaction)
                .await?;
            let done = sqlx::query(
                "UPDATE auth_sessions SET ended_at = auth_time($3) WHERE user_id = auth_uuid($1) \
                 AND id IS DISTINCT FROM $2 AND ended_at IS NULL AND expires_at > auth_time($3)",
            )
            .bind(findable(user.as_str()))
            .bind(except.and_then(|id| findable(id.as_str())))
            .bind(now.as_micros())
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(done.rows_affected())
        })
        .await
    }

    async fn end_oldest_sessions(&self, user: &UserId, newest: u32, now: Timestamp) -> Result<u64> {
        run("end a user's oldest sessions", async {
            let mut transaction = self.pool.begin().await?;
            // In the order in which a user's sessions are ended, so that two that end the same do not wait for each other. What
            // somebody else ended meanwhile is not among them.
            let oldest: Vec<String> = sqlx::query_scalar(
                "SELECT id FROM auth_sessions WHERE ended_at IS NULL AND id IN (SELECT id FROM auth_sessions \
                 WHERE user_id = auth_uuid($1) AND ended_at IS NULL AND expires_at > auth_time($3) \
                 ORDER BY created_at DESC, id COLLATE \"C\" DESC OFFSET $2) ORDER BY id FOR UPDATE",
            )
            .bind(findable(user.as_str()))
            .bind(i64::from(newest))
            .bind(now.as_micros())
            .fetch_all(&mut *transaction)
            .await?;
            let done = sqlx::query("UPDATE auth_sessions SET ended_at = auth_time($2) WHERE id = ANY($1)")
                .bind(&oldest)
                .bind(now.as_micros())
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(done.rows_affected())
        })
        .await
    }

    async fn deny_token(&self, token: &TokenId, until: Timestamp) -> Result<()> {
        accept::text("token id", token.as_str())?;
        run("deny a token", async {
            sqlx::query(
                "INSERT INTO auth_denied_tokens AS d (token, expires_at) VALUES ($1, auth_time($2)) \
                 ON CONFLICT (token) DO UPDATE SET expires_at = greatest(d.expires_at, EXCLUDED.expires_at)",
            )
            .bind(token.as_str())
            .bind(until.as_micros())
            .execute(&self.pool)
            .await?;
            Ok(())
        })
        .await
    }

    async fn forget_sessions(&self, before: Timestamp) -> Result<u64> {
        run("forget sessions", async {
            let mut transaction = self.pool.begin().await?;
            // In the order in which a user's sessions are ended, so that the two do not wait for each other.
            let sessions = sqlx::query(
                "DELETE FROM auth_sessions WHERE id IN (SELECT id FROM auth_sessions \
                 WHERE ended_at < auth_time($1) OR expires_at < auth_time($1) ORDER BY id FOR UPDATE)",
            )
            .bind(before.as_micros())
            .execute(&mut *transaction)
            .await?;
            let denials = sqlx::query("DELETE FROM auth_denied_tokens WHERE expires_at < auth_time($1)")
                .bind(before.as_micros())
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            Ok(sessions.rows_affected() + denials.rows_affected())
        })
        .await
    }
}

/// Makes the successor the current token, here and in the database.
async fn advance(connection: &mut PgConnection, session: &mut Session, presented: &Presented) -> Result<(), Fault> {
    let used = std::mem::replace(&mut session.current, presented.successor.clone());
    session.previous = Some(used);
    session.issued_at = presented.now;
    sqlx::query(
        "UPDATE auth_sessions SET previous_token = current_token, current_token = $2, issued_at = auth_time($3) WHERE id = $1",
    )
    .bind(session.id.as_str())
    .bind(session.current.as_str())
    .bind(session.issued_at.as_micros())
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends the session, here and in the database.
async fn end(connection: &mut PgConnection, session: &mut Session, now: Timestamp) -> Result<(), Fault> {
    session.ended_at = Some(now);
    sqlx::query("UPDATE auth_sessions SET ended_at = auth_time($2) WHERE id = $1")
        .bind(session.id.as_str())
        .bind(now.as_micros())
        .execute(connection)
        .await?;
    Ok(())
}
