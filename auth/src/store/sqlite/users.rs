//! Users.

use async_trait::async_trait;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use sqlx::SqliteConnection;

use super::{SqliteStore, run};
use crate::error::{Error, Result};
use crate::id::{Tenant, UserId};
use crate::policy::BuiltInRole;
use crate::secret::Secret;
use crate::store::sql::{Fault, findable, json_names, user};
use crate::store::{Bootstrap, User, UserChange, UserPage, UserStore, accept};
use crate::time::Timestamp;

/// The columns of a user `u`.
macro_rules! user_columns {
    () => {
        "u.id AS user_id, u.tenant, u.email, u.username, u.full_name, u.password_hash, u.role AS role, \
         u.custom_roles AS custom_roles, u.is_active, u.last_login_at AS last_login_at, \
         u.created_at AS user_created_at, u.updated_at AS user_updated_at"
    };
}
pub(super) use user_columns;

#[async_trait]
impl UserStore for SqliteStore {
    async fn insert_user(&self, user: &User) -> Result<()> {
        accept::user(user)?;
        run("add a user", async {
            let mut connection = self.writer.acquire().await?;
            insert(&mut connection, user).await
        })
        .await
    }

    async fn user(&self, id: &UserId) -> Result<Option<User>> {
        run("read a user", async {
            let mut connection = self.readers.acquire().await?;
            read(&mut connection, id).await
        })
        .await
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        run("read a user by its e-mail address", async {
            let row = sqlx::query(concat!("SELECT ", user_columns!(), " FROM users u WHERE lower(u.email) = lower($1)"))
                .bind(findable(email))
                .fetch_optional(&self.readers)
                .await?;
            Ok(row.as_ref().map(user).transpose()?)
        })
        .await
    }

    async fn users(&self, tenant: &Tenant, page: &UserPage) -> Result<Vec<User>> {
        run("list users", async {
            let (time, id) = page.after.as_ref().map(|(time, id)| (time.as_micros(), findable(id.as_str()))).unzip();
            let rows = sqlx::query(concat!(
                "SELECT ",
                user_columns!(),
                " FROM users u WHERE u.tenant = $1 AND ($2 IS NULL OR u.created_at > $2 OR (u.created_at = $2 AND u.id > $3)) \
                 ORDER BY u.created_at, u.id LIMIT $4"
            ))
            .bind(findable(tenant.as_str()))
            .bind(time)
            .bind(id)
            .bind(i64::from(page.limit))
            .fetch_all(&self.readers)
            .await?;
            Ok(rows.iter().map(user).collect::<Result<_, _>>()?)
        })
        .await
    }

    async fn change_user(&self, tenant: &Tenant, id: &UserId, change: &UserChange, now: Timestamp) -> Result<Option<User>> {
        run("change a user", async {
            let mut transaction = self.write().await?;
            let Some(before) = read(&mut transaction, id).await?.filter(|user| user.tenant == *tenant) else {
                return Ok(None);
            };
            let roles = change.custom_roles.as_ref().map(json_names).transpose()?;
            sqlx::query(
                "UPDATE users SET role = coalesce($2, role), custom_roles = coalesce($3, custom_roles), \
                 is_active = coalesce($4, is_active), updated_at = $5 WHERE id = $1",
            )
            .bind(findable(id.as_str()))
            .bind(change.role.map(BuiltInRole::as_str))
            .bind(roles)
            .bind(change.active)
            .bind(now.as_micros())
            .execute(&mut *transaction)
            .await?;
            let after = read(&mut transaction, id).await?;
            let governs = |user: &User| user.active && user.role == BuiltInRole::Admin;
            if governs(&before) && !after.as_ref().is_some_and(governs) {
                let left: bool =
                    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users WHERE tenant = $1 AND role = 'ADMIN' AND is_active)")
                        .bind(findable(tenant.as_str()))
                        .fetch_one(&mut *transaction)
                        .await?;
                if !left {
                    return Err(Error::last_administrator(tenant).into());
                }
            }
            transaction.commit().await?;
            Ok(after)
        })
        .await
    }

    async fn set_password_hash(&self, id: &UserId, expected: &Secret, hash: &Secret, now: Timestamp) -> Result<bool> {
        accept::text("password hash", hash.expose())?;
        run("replace a password", async {
            let done = sqlx::query("UPDATE users SET password_hash = $3, updated_at = $4 WHERE id = $1 AND password_hash = $2")
                .bind(findable(id.as_str()))
                .bind(findable(expected.expose()))
                .bind(hash.expose())
                .bind(now.as_micros())
                .execute(&self.writer)
                .await?;
            Ok(done.rows_affected() > 0)
        })
        .await
    }

    async fn record_login(&self, id: &UserId, now: Timestamp) -> Result<()> {
        run("note a sign-in", async {
            sqlx::query("UPDATE users SET last_login_at = $2 WHERE id = $1")
                .bind(findable(id.as_str()))
                .bind(now.as_micros())
                .execute(&self.writer)
                .await?;
            Ok(())
        })
        .await
    }

    async fn any_user(&self) -> Result<bool> {
        run("look for a user", async {
            let mut connection = self.readers.acquire().await?;
            any(&mut connection).await
        })
        .await
    }

    async fn set_bootstrap(&self, token_hash: &[u8; 32]) -> Result<bool> {
        run("set the one-time token", async {
            let mut transaction = self.write().await?;
            if any(&mut transaction).await? {
                return Ok(false);
            }
            sqlx::query(
                "INSERT INTO auth_bootstrap (single, token_hash) VALUES (1, $1) \
                 ON CONFLICT (single) DO UPDATE SET token_hash = EXCLUDED.token_hash",
            )
            .bind(&token_hash[..])
            .execute(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(true)
        })
        .await
    }

    async fn bootstrap_user(&self, user: &User, token_hash: &[u8; 32]) -> Result<Bootstrap> {
        accept::user(user)?;
        run("add the first user", async {
            let mut transaction = self.write().await?;
            let set: Option<Vec<u8>> =
                sqlx::query_scalar("SELECT token_hash FROM auth_bootstrap").fetch_optional(&mut *transaction).await?;
            let Some(set) = set else { return Ok(Bootstrap::Closed) };
            if any(&mut transaction).await? {
                return Ok(Bootstrap::Closed);
            }
            if verify_slices_are_equal(&set, token_hash).is_err() {
                return Ok(Bootstrap::WrongToken);
            }
            insert(&mut transaction, user).await?;
            sqlx::query("DELETE FROM auth_bootstrap").execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(Bootstrap::Created)
        })
        .await
    }
}

/// The user of this id, as this connection sees it.
pub(super) async fn read(connection: &mut SqliteConnection, id: &UserId) -> Result<Option<User>, Fault> {
    let row = sqlx::query(concat!("SELECT ", user_columns!(), " FROM users u WHERE u.id = $1"))
        .bind(findable(id.as_str()))
        .fetch_optional(connection)
        .await?;
    Ok(row.as_ref().map(user).transpose()?)
}

async fn any(connection: &mut SqliteConnection) -> Result<bool, Fault> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)").fetch_one(connection).await?)
}

async fn insert(connection: &mut SqliteConnection, user: &User) -> Result<(), Fault> {
    let roles = json_names(&user.custom_roles)?;
    sqlx::query(
        "INSERT INTO users (id, tenant, email, username, full_name, password_hash, role, custom_roles, is_active, \
         last_login_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
         $11, $12)",
    )
    .bind(user.id.as_str())
    .bind(user.tenant.as_str())
    .bind(&user.email)
    .bind(&user.username)
    .bind(&user.full_name)
    .bind(user.password_hash.expose())
    .bind(user.role.as_str())
    .bind(roles)
    .bind(user.active)
    .bind(user.last_login_at.map(Timestamp::as_micros))
    .bind(user.created_at.as_micros())
    .bind(user.updated_at.as_micros())
    .execute(connection)
    .await
    .map_err(|error| {
        Fault::from(error).taken(&[("users_email_key", "e-mail address"), ("users_username_key", "user name")], "id")
    })?;
    Ok(())
}
