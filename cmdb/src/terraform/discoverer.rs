//! Reporting what a state tells.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::StreamExt;

use super::listing::Listing;
use super::state::State;
use crate::discover::{Discoverer, DiscoveryEvent};
use crate::error::{Error, Result};
use crate::model::{Provider, Relationship, Resource, Scope};

/// Lists what one state file tells, as one scope.
///
/// Holds nothing of the file but what it lists. Cheap to clone.
#[derive(Clone)]
pub struct TerraformDiscoverer {
    scope: Scope,
    serial: u64,
    resources: Arc<[Resource]>,
    relationships: Arc<[Relationship]>,
}

impl TerraformDiscoverer {
    /// Reads a state file's bytes, for instance piped from `terraform state pull`.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless they are a state of format version 4; it says what they are instead.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let state = State::parse(bytes)?;
        let listing = Listing::of(&state);
        Ok(Self {
            scope: Scope::new(Provider::TERRAFORM, state.lineage, "global", "terraform::State"),
            serial: state.serial,
            resources: listing.resources.into_values().collect(),
            relationships: listing.relationships.into_iter().collect(),
        })
    }

    /// The scope that stands for this state through all its versions.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// How often the state was written before; the newer of two has the greater one.
    #[must_use]
    pub const fn serial(&self) -> u64 {
        self.serial
    }
}

impl fmt::Debug for TerraformDiscoverer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TerraformDiscoverer")
            .field("scope", &self.scope)
            .field("serial", &self.serial)
            .field("resources", &self.resources.len())
            .field("relationships", &self.relationships.len())
            .finish()
    }
}

#[async_trait]
impl Discoverer for TerraformDiscoverer {
    fn provider(&self) -> Provider {
        Provider::TERRAFORM
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        Ok(vec![self.scope.clone()])
    }

    fn discover(&self, mut scopes: Vec<Scope>) -> BoxStream<'static, DiscoveryEvent> {
        scopes.sort();
        scopes.dedup();
        let this = self.clone();
        futures_util::stream::iter(scopes).flat_map(move |scope| this.list(scope)).boxed()
    }
}

impl TerraformDiscoverer {
    fn list(&self, scope: Scope) -> BoxStream<'static, DiscoveryEvent> {
        if scope != self.scope {
            let error = Error::invalid("scope", format!("`{}`", self.scope), format!("`{scope}`"));
            return futures_util::stream::iter([DiscoveryEvent::Failed { scope, error }]).boxed();
        }
        let (resources, relationships) = (Arc::clone(&self.resources), Arc::clone(&self.relationships));
        let end = scope.clone();
        let resource_scope = scope.clone();
        let events = (0..resources.len())
            .map(move |position| DiscoveryEvent::Resource {
                scope: resource_scope.clone(),
                resource: Box::new(resources[position].clone()),
            })
            .chain((0..relationships.len()).map(move |position| DiscoveryEvent::Relationship {
                scope: scope.clone(),
                relationship: relationships[position].clone(),
            }))
            .chain(std::iter::once_with(move || DiscoveryEvent::Completed(end)));
        futures_util::stream::iter(events).boxed()
    }
}
