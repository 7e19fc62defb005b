//! Listing what exists.

use std::fmt;

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::model::{Provider, Relationship, Resource, Scope};
use crate::sync::DiscoveryRequest;

/// One thing that a discovery reports while it runs.
#[derive(Debug)]
#[non_exhaustive]
pub enum DiscoveryEvent {
    /// The listing of `scope` holds this resource.
    Resource {
        /// Whose listing.
        scope: Scope,
        /// What it holds.
        resource: Box<Resource>,
    },
    /// The listing of `scope` tells of this relationship.
    Relationship {
        /// Whose listing.
        scope: Scope,
        /// What it tells.
        relationship: Relationship,
    },
    /// This scope was listed to its last page.
    Completed(Scope),
    /// This scope could not be listed to its end; the others go on.
    Failed {
        /// The scope.
        scope: Scope,
        /// Why.
        error: Error,
    },
    /// How much was asked so far, over all scopes.
    Progress(Calls),
}

/// How often a provider's API was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Calls {
    /// Operations asked for.
    pub api_calls: u64,
    /// Requests sent again after a throttled, failed or broken answer.
    pub retries: u64,
}

/// Lists what exists at one provider.
///
/// # Contract
/// - `scopes` names every scope that `discover` can list, each once; a scope that it does not name is never completed.
/// - Every resource and relationship comes with the scope whose listing reported it, before that scope's end.
/// - Each scope asked for ends exactly once: `Completed` only after every page of it was read and understood, else
///   `Failed`. After its end nothing more comes for it.
/// - A failed scope never ends the stream, nor another scope.
/// - The stream ends when every scope asked for has ended. Dropping it stops all requests.
/// - No event holds a secret.
#[async_trait]
pub trait Discoverer: Send + Sync + fmt::Debug {
    /// The provider that is asked.
    fn provider(&self) -> Provider;

    /// Every scope that can be listed with these settings. May ask the provider, for instance whose account this is.
    async fn scopes(&self) -> Result<Vec<Scope>>;

    /// Lists these scopes, concurrently within the provider's limits.
    fn discover(&self, scopes: Vec<Scope>) -> BoxStream<'static, DiscoveryEvent>;
}

/// Makes a [`Discoverer`] from a request: what a provider registers with the [`SyncEngine`](crate::sync::SyncEngine).
#[async_trait]
pub trait Connector: Send + Sync + fmt::Debug {
    /// The provider whose requests this takes.
    fn provider(&self) -> Provider;

    /// Checks a request without asking anybody.
    ///
    /// # Errors
    /// [`Error::Invalid`] or [`Error::Forbidden`] that names the field, what was expected and what came.
    fn validate(&self, request: &DiscoveryRequest) -> Result<()>;

    /// Prepares the discovery of a validated request.
    ///
    /// # Errors
    /// Whatever keeps the credentials or the input from being read.
    async fn connect(&self, request: &DiscoveryRequest) -> Result<Box<dyn Discoverer>>;
}
