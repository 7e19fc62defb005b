//! Rows as records.

#[cfg(feature = "sqlite")]
use std::collections::BTreeSet;

use super::columns::{Columns, unreadable};
use super::fault::Fault;
use crate::audit::{AuditAction, AuditEvent, AuditRecord, AuditRow};
use crate::error::Error;
use crate::id::{SessionId, Tenant, TokenId, UserId};
use crate::secret::Secret;
use crate::store::{ApiKeyRecord, KeyState, Session, SigningKeyRecord, TotpRecord, User};

/// What a row gives, or the database's error.
type Read<T> = Result<T, sqlx::Error>;

/// The user of a row.
pub(in crate::store) fn user(row: &impl Columns) -> Read<User> {
    Ok(User {
        id: UserId::new(row.text("user_id")?),
        tenant: Tenant::new(row.text("tenant")?),
        email: row.text("email")?,
        username: row.text("username")?,
        full_name: row.optional_text("full_name")?,
        password_hash: Secret::new(row.text("password_hash")?),
        role: row.parsed("role")?,
        custom_roles: row.json("custom_roles")?,
        active: row.truth("is_active")?,
        last_login_at: row.optional_time("last_login_at")?,
        created_at: row.time("user_created_at")?,
        updated_at: row.time("user_updated_at")?,
    })
}

/// The session of a row.
pub(in crate::store) fn session(row: &impl Columns) -> Read<Session> {
    Ok(Session {
        id: SessionId::new(row.text("session_id")?),
        user: UserId::new(row.text("session_user_id")?),
        created_at: row.time("session_created_at")?,
        expires_at: row.time("session_expires_at")?,
        current: TokenId::new(row.text("current_token")?),
        issued_at: row.time("issued_at")?,
        previous: row.optional_text("previous_token")?.map(TokenId::new),
        ended_at: row.optional_time("ended_at")?,
        ip_address: row.optional_parsed("ip_address")?,
        user_agent: row.optional_text("user_agent")?,
    })
}

/// The API key of a row.
pub(in crate::store) fn api_key(row: &impl Columns) -> Read<ApiKeyRecord> {
    Ok(ApiKeyRecord {
        id: row.text("key_id")?,
        user: UserId::new(row.text("key_user_id")?),
        name: row.text("key_name")?,
        secret_hash: row.hash("secret_hash")?,
        scopes: row.json("scopes")?,
        created_at: row.time("key_created_at")?,
        expires_at: row.optional_time("key_expires_at")?,
        last_used_at: row.optional_time("last_used_at")?,
        revoked_at: row.optional_time("revoked_at")?,
    })
}

/// The time-based codes of a row.
pub(in crate::store) fn totp(row: &impl Columns) -> Read<TotpRecord> {
    let last_step = row.optional_whole("last_step")?.map(u64::try_from).transpose();
    Ok(TotpRecord {
        sealed_secret: row.bytes("sealed_secret")?,
        confirmed_at: row.optional_time("confirmed_at")?,
        last_step: last_step.map_err(|error| unreadable("last_step", error))?,
    })
}

/// The signing key of a row.
pub(in crate::store) fn signing_key(row: &impl Columns) -> Read<SigningKeyRecord> {
    let state = row.text("state")?;
    let known = [KeyState::Next, KeyState::Active, KeyState::Retired].into_iter().find(|known| known.as_str() == state);
    Ok(SigningKeyRecord {
        kid: row.text("kid")?,
        algorithm: row.text("algorithm")?,
        state: known.ok_or_else(|| unreadable("state", format!("expected next, active or retired, found {state}")))?,
        sealed_key: row.bytes("sealed_key")?,
        created_at: row.time("created_at")?,
        changed_at: row.time("changed_at")?,
    })
}

/// The event that the columns of a row tell of.
fn event(row: &impl Columns) -> Read<AuditEvent> {
    Ok(AuditEvent {
        id: row.text("id")?,
        at: row.time("created_at")?,
        tenant: Tenant::new(row.text("tenant")?),
        user: row.optional_text("actor")?.map(UserId::new),
        action: AuditAction::from(row.text("action")?),
        resource_type: row.text("resource_type")?,
        resource_id: row.optional_text("resource_id")?,
        changes: row.json("changes")?,
        ip_address: row.optional_parsed("ip_address")?,
        user_agent: row.optional_text("user_agent")?,
        request_id: row.optional_text("request_id")?,
        success: row.truth("success")?,
    })
}

/// The event of a row in its place.
pub(in crate::store) fn audit_record(row: &impl Columns) -> Read<AuditRecord> {
    Ok(AuditRecord { sequence: row.count("sequence")?, event: event(row)?, hash: row.hash("hash")? })
}

/// All that a row has of the chain.
pub(in crate::store) fn audit_row(row: &impl Columns) -> Read<AuditRow> {
    Ok(AuditRow { sequence: row.count("sequence")?, text: row.text("record")?, columns: event(row)?, hash: row.hash("hash")? })
}

/// Names as a JSON array.
#[cfg(feature = "sqlite")]
pub(in crate::store) fn json_names<T: serde::Serialize>(names: &BTreeSet<T>) -> Result<String, Fault> {
    serde_json::to_string(names).map_err(|error| Error::internal(format!("names do not become JSON: {error}")).into())
}

/// A number as databases keep it.
pub(in crate::store) fn sized(what: &str, number: u64) -> Result<i64, Fault> {
    i64::try_from(number).map_err(|_| Error::invalid(what, "less than 2^63", number.to_string()).into())
}

/// A text to look for. None has the character NUL, which PostgreSQL refuses to compare with: looking for nothing finds nothing.
pub(in crate::store) fn findable(text: &str) -> Option<&str> {
    (!text.contains('\0')).then_some(text)
}
