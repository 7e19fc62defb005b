//! The audit trail.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::Uri;
use axum::{Extension, Json};
use dharmagraph_auth::audit::{AuditEvent, AuditRecord, Caller};
use dharmagraph_auth::policy::Principal;
use dharmagraph_auth::store::AuditFilter;
use dharmagraph_auth::{Tenant, Timestamp, UserId};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::parameters::QueryString;
use crate::problem::Problem;
use crate::state::AppState;

const LIMIT: u32 = 50;

/// A part of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEvents {
    /// Newest first.
    events: Vec<AuditEntry>,
    /// Cursor of the next page; null on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// Its place in the chain, from 1 on.
    sequence: u64,
    /// Its id, a UUID.
    id: String,
    /// When, RFC 3339.
    #[schema(value_type = String)]
    at: Timestamp,
    /// In which tenant.
    #[schema(value_type = String)]
    tenant: Tenant,
    /// Who did it, where that is known.
    #[schema(value_type = Option<String>, required)]
    user: Option<UserId>,
    /// What was done, for instance `auth.login`.
    action: String,
    /// To what type of thing.
    resource_type: String,
    /// To which one.
    #[schema(required)]
    resource_id: Option<String>,
    /// What else is worth knowing.
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    changes: Map<String, Value>,
    /// From where.
    #[schema(value_type = Option<String>, required)]
    ip_address: Option<IpAddr>,
    /// With what program.
    #[schema(required)]
    user_agent: Option<String>,
    /// The request's id.
    #[schema(required)]
    request_id: Option<String>,
    /// Whether it was done.
    success: bool,
}

impl From<AuditRecord> for AuditEntry {
    fn from(AuditRecord { sequence, event, .. }: AuditRecord) -> Self {
        let AuditEvent {
            id,
            at,
            tenant,
            user,
            action,
            resource_type,
            resource_id,
            changes,
            ip_address,
            user_agent,
            request_id,
            success,
        } = event;
        let action = action.as_str().to_owned();
        Self {
            sequence,
            id,
            at,
            tenant,
            user,
            action,
            resource_type,
            resource_id,
            changes,
            ip_address,
            user_agent,
            request_id,
            success,
        }
    }
}

/// Lists what happened in one's tenant.
#[utoipa::path(get, path = "/api/v3/auth/audit", tag = "auth",
    params(
        ("user" = Option<String>, Query, description = "By this user"),
        ("action" = Option<String>, Query, description = "This action", example = "auth.login"),
        ("from" = Option<String>, Query, description = "From this time on, RFC 3339"),
        ("to" = Option<String>, Query, description = "Before this time, RFC 3339"),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000", minimum = 1, maximum = 1000),
        ("cursor" = Option<String>, Query, description = "Begin after the page whose `next_cursor` this is"),
    ),
    responses((status = 200, description = "A page of events", body = AuditEvents))
)]
pub(super) async fn audit(
    State(state): State<AppState>,
    Extension(principal): Extension<Principal>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
) -> Result<Json<AuditEvents>, Problem> {
    let parameters = QueryString::read(&uri, &["user", "action", "from", "to", "limit", "cursor"])?;
    let limit = parameters.number("limit", 1..=1000)?.unwrap_or(LIMIT);
    let time = |name| parameters.text(name).map(|text| text.parse()).transpose();
    let filter = AuditFilter {
        tenant: principal.tenant.clone(),
        user: parameters.text("user").map(UserId::new),
        action: parameters.text("action").map(str::to_owned),
        from: time("from")?,
        to: time("to")?,
        before: parameters.number("cursor", 1..=u64::MAX)?,
        limit: limit + 1,
    };
    let mut events = state.admission().service.audit(&principal, filter, &caller).await?;
    let has_more = events.len() > limit as usize;
    events.truncate(limit as usize);
    let next_cursor = events.last().filter(|_| has_more).map(|last| last.sequence.to_string());
    Ok(Json(AuditEvents { events: events.into_iter().map(AuditEntry::from).collect(), next_cursor }))
}
