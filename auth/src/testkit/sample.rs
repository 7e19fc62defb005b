//! Users, sessions and events to fill a store with. No two have the same names.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use serde_json::json;

use super::store::ok;
use crate::audit::{AuditAction, AuditChain, AuditEvent};
use crate::id::{SessionId, Tenant, TokenId, UserId};
use crate::policy::{BuiltInRole, Permission};
use crate::secret::Secret;
use crate::store::{ApiKeyRecord, KeyState, Session, SigningKeyRecord, User};
use crate::time::Timestamp;

/// This many seconds after 2025-01-18T12:30:45.123457Z, which only a store with exact microseconds gives back.
#[must_use]
pub fn second(number: i64) -> Timestamp {
    Timestamp::from_micros(1_737_203_445_123_457 + number * 1_000_000)
}

/// A name that nobody else has.
#[must_use]
pub fn name(beginning: &str) -> String {
    format!("{beginning}-{}", UserId::generate())
}

/// An id for a token.
#[must_use]
pub fn token() -> TokenId {
    ok(TokenId::generate())
}

/// An active user of the default tenant and the role VIEWER.
#[must_use]
pub fn user() -> User {
    let username = name("user");
    User {
        id: UserId::generate(),
        tenant: Tenant::default(),
        email: format!("{username}@example.com"),
        username,
        full_name: Some("Ada Lovelace".to_owned()),
        password_hash: Secret::new("$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0$aGFzaA"),
        role: BuiltInRole::Viewer,
        custom_roles: BTreeSet::new(),
        active: true,
        last_login_at: None,
        created_at: second(0),
        updated_at: second(0),
    }
}

/// An active user of this tenant and the role ADMIN.
#[must_use]
pub fn administrator(tenant: &Tenant) -> User {
    User { tenant: tenant.clone(), role: BuiltInRole::Admin, ..user() }
}

/// A session of this user that began at this time and lasts an hour.
#[must_use]
pub fn session(user: &User, now: Timestamp) -> Session {
    Session {
        id: ok(SessionId::generate()),
        user: user.id.clone(),
        created_at: now,
        expires_at: now.after(Duration::from_secs(3_600)),
        current: token(),
        issued_at: now,
        previous: None,
        ended_at: None,
        ip_address: Some(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        user_agent: Some("curl/8.5.0".to_owned()),
    }
}

/// An API key of this user that may read the inventory and lasts for ever.
#[must_use]
pub fn api_key(user: &User, now: Timestamp) -> ApiKeyRecord {
    ApiKeyRecord {
        id: name("key"),
        user: user.id.clone(),
        name: "nightly import".to_owned(),
        secret_hash: hash("secret"),
        scopes: BTreeSet::from([Permission::cmdb_read(), Permission::cmdb_query()]),
        created_at: now,
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
    }
}

/// A key to sign with; what is sealed is no key.
#[must_use]
pub fn signing_key(state: KeyState, now: Timestamp) -> SigningKeyRecord {
    SigningKeyRecord {
        kid: name("kid"),
        algorithm: "ES256".to_owned(),
        state,
        sealed_key: vec![0, 255, 1, 254],
        created_at: now,
        changed_at: now,
    }
}

/// An event of a tenant with something in every field, by nobody known.
#[must_use]
pub fn event(tenant: &Tenant, at: Timestamp) -> AuditEvent {
    let mut event = AuditEvent::new(AuditAction::Login, "session", tenant.clone(), at);
    event.resource_id = Some(name("session"));
    event.changes.insert("attempts".to_owned(), json!([1, -2, i64::MAX]));
    event.changes.insert("before".to_owned(), json!({"role": "VIEWER", "none": null, "active": true}));
    event.ip_address = Some(IpAddr::from([192, 0, 2, 7]));
    event.user_agent = Some("curl/8.5.0".to_owned());
    event.request_id = Some(name("request"));
    event
}

/// The chain that the checks make hashes with.
#[must_use]
pub fn chain() -> AuditChain {
    AuditChain::new(&[7; 32])
}

/// A hash that only this text has.
#[must_use]
pub fn hash(text: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref());
    hash
}
