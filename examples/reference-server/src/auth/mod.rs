//! Who is asking, and whether it may: what stands between a request and its route.
//!
//! [`open`] opens the accounts that a configuration names; the server's `gate` asks them.

mod address;
mod credentials;
mod gate;
mod opening;
mod permissions;

use std::net::IpAddr;
use std::time::Duration;

use dharmagraph_auth::service::AuthService;

pub(crate) use gate::gate;
pub use opening::{AuthOpenError, exist, open};
#[cfg(test)]
pub(crate) use permissions::TABLE;
pub(crate) use permissions::{Access, row};

use crate::config::Profile;

/// How often signing keys are looked at and what is over is forgotten.
const UPKEEP: Duration = Duration::from_secs(60 * 60);

/// Who is let in, and how that is found out.
#[derive(Debug, Clone)]
pub struct Admission {
    /// Decides.
    pub service: AuthService,
    /// In `development` the inventory is open to everybody who reaches it.
    pub profile: Profile,
    /// Proxies that tell in `X-Forwarded-For` who is asking.
    pub trusted_proxies: Vec<IpAddr>,
}

/// Rotates keys and forgets what is over, now and each hour. What fails is tried again an hour later.
pub(crate) async fn keep_up(service: AuthService) {
    let mut interval = tokio::time::interval(UPKEEP);
    loop {
        interval.tick().await;
        match service.upkeep().await {
            Ok(done) => tracing::debug!(rotated = done.rotated, forgotten = done.forgotten, "accounts were tidied up"),
            Err(error) => tracing::warn!(%error, "accounts were not tidied up; it is tried again in an hour"),
        }
    }
}
