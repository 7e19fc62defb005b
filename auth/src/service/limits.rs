//! How many tries somebody has.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::AuthService;
use super::caller::network;
use crate::audit::Caller;
use crate::error::{Error, Result};
use crate::store::{Limit, Take};
use crate::time::Timestamp;

/// A try for an account that was counted, before anything was looked at.
#[derive(Debug)]
pub(super) struct CountedTry {
    account: String,
    account_and_address: String,
}

impl AuthService {
    /// Counts a try by address; whoever has none left is told when there will be.
    pub(super) async fn count_address(&self, what: &str, limit: Limit, caller: &Caller, now: Timestamp) -> Result<()> {
        match self.store().take(&format!("{what}:{}", network(caller)), limit, now).await? {
            Take::Granted => Ok(()),
            Take::Refused { until } => Err(Error::RateLimited { retry_after: until.since(now) }),
        }
    }

    /// Counts a try for an account; nothing where there is none left.
    pub(super) async fn count_try(&self, account: &str, caller: &Caller, now: Timestamp) -> Result<Option<CountedTry>> {
        let limits = &self.settings().limits;
        // The name is only counted by: a hash of it has a bounded length and tells nobody who tried to sign in.
        let name = URL_SAFE_NO_PAD.encode(digest(&SHA256, account.to_ascii_lowercase().as_bytes()));
        let counted = CountedTry {
            account_and_address: format!("account-address:{name}:{}", network(caller)),
            account: format!("account:{name}"),
        };
        for (key, limit) in [(&counted.account_and_address, limits.account_and_address), (&counted.account, limits.account)] {
            if self.store().take(key, limit, now).await? != Take::Granted {
                return Ok(None);
            }
        }
        Ok(Some(counted))
    }

    /// The try was a success: this address begins anew, and the account has its try back.
    pub(super) async fn forgive(&self, counted: &CountedTry, now: Timestamp) -> Result<()> {
        self.store().clear_counter(&counted.account_and_address).await?;
        self.store().give_back(&counted.account, now).await
    }

    /// Nothing was tried after all, or it was right: this one try is given back.
    pub(super) async fn take_back(&self, counted: &CountedTry, now: Timestamp) -> Result<()> {
        self.store().give_back(&counted.account_and_address, now).await?;
        self.store().give_back(&counted.account, now).await
    }
}
