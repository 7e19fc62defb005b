//! What is read of Terraform state files.
#![cfg(feature = "terraform")]

#[cfg(feature = "testkit")]
mod conformance;
mod mutations;
mod requests;
mod secrets;
mod services;
mod topology;

use std::collections::BTreeMap;

use dharmagraph_cmdb::terraform::TerraformDiscoverer;
use dharmagraph_cmdb::{Discoverer, DiscoveryEvent, Resource, Scope};
use futures_util::StreamExt;
use serde_json::Value;

const NETWORK: &str = include_str!("../data/terraform/network.tfstate");
const MODULES: &str = include_str!("../data/terraform/modules.tfstate");
const SERVICES: &str = include_str!("../data/terraform/services.tfstate");

/// What one discovery of a state reported.
#[derive(Default)]
struct Found {
    resources: BTreeMap<String, Resource>,
    relationships: Vec<String>,
    completed: Vec<Scope>,
    failed: Vec<Scope>,
    debug: String,
}

impl Found {
    async fn of(state: &str) -> Self {
        let discoverer = TerraformDiscoverer::from_bytes(state.as_bytes()).expect("a state");
        let scopes = discoverer.scopes().await.expect("scopes");
        Self::listed(&discoverer, scopes).await
    }

    async fn listed(discoverer: &dyn Discoverer, scopes: Vec<Scope>) -> Self {
        let mut found = Self { debug: format!("{discoverer:?}"), ..Self::default() };
        let mut events = discoverer.discover(scopes);
        while let Some(event) = events.next().await {
            found.debug.push_str(&format!("{event:?}"));
            match event {
                DiscoveryEvent::Resource { resource, .. } => {
                    let before = found.resources.insert(resource.id.to_string(), *resource);
                    assert_eq!(before, None, "a resource is reported once");
                }
                DiscoveryEvent::Relationship { relationship: r, .. } => {
                    found.relationships.push(format!("{} {} {}", r.source, r.kind, r.target));
                }
                DiscoveryEvent::Completed(scope) => found.completed.push(scope),
                DiscoveryEvent::Failed { scope, .. } => found.failed.push(scope),
                other => panic!("a state file reports no {other:?}"),
            }
        }
        found
    }

    fn resource(&self, id: &str) -> &Resource {
        self.resources.get(id).unwrap_or_else(|| panic!("{id} is not among {:?}", self.resources.keys()))
    }

    fn fact(&self, id: &str, name: &str) -> Value {
        self.resource(id).metadata.get(name).cloned().unwrap_or_default()
    }

    /// The relationships from this id, as `KIND target`.
    fn from(&self, id: &str) -> Vec<&str> {
        self.relationships.iter().filter_map(|text| text.strip_prefix(id)?.strip_prefix(' ')).collect()
    }
}
