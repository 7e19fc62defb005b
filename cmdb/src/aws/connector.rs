//! From a request to its discoverer.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;

use super::calls::CallCounter;
use super::clients::{Network, Partitions};
use super::credentials::configure;
use super::discoverer::AwsDiscoverer;
use super::external_id::external_id;
use super::gate::Gate;
use super::kind::Kind;
use super::settings::AwsSettings;
use super::validation::validate;
use crate::discover::{Connector, Discoverer};
use crate::error::{Error, Result};
use crate::model::Provider;
use crate::sync::DiscoveryRequest;

/// Takes discovery requests for AWS.
///
/// Its discoveries share one bound on requests under way and what was learned of throttling.
#[derive(Debug)]
pub struct AwsConnector {
    settings: AwsSettings,
    network: Network,
}

impl AwsConnector {
    /// A connector with these settings.
    #[must_use]
    pub fn new(settings: AwsSettings) -> Self {
        let network = Network { gate: Gate::new(settings.concurrency), partitions: Arc::new(Partitions::default()) };
        Self { settings, network }
    }

    /// The external id that this installation sends when it takes a role; the role's trust policy should require it.
    #[must_use]
    pub fn external_id(&self, role_arn: &str) -> String {
        external_id(&self.settings.external_id_key, role_arn)
    }
}

#[async_trait]
impl Connector for AwsConnector {
    fn provider(&self) -> Provider {
        Provider::AWS
    }

    fn validate(&self, request: &DiscoveryRequest) -> Result<()> {
        validate(request, &self.settings)
    }

    async fn connect(&self, request: &DiscoveryRequest) -> Result<Box<dyn Discoverer>> {
        validate(request, &self.settings)?;
        let Some(credentials) = &request.credentials else {
            return Err(Error::invalid("credentials", "credentials", "none"));
        };
        let mut seen = BTreeSet::new();
        let regions: Vec<String> = request.regions.iter().filter(|region| seen.insert(*region)).cloned().collect();
        let calls = CallCounter::default();
        let config = configure(credentials, &self.settings, &self.network, &regions, &calls).await?;
        Ok(Box::new(AwsDiscoverer::new(
            config,
            self.network.clone(),
            regions,
            Kind::selected(&request.resource_types)?,
            self.settings.concurrency,
            calls,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn nothing_of_the_key_shows() {
        let connector = AwsConnector::new(AwsSettings {
            endpoint_url: None,
            allow_inline_keys: false,
            references: Vec::new(),
            external_id_key: Secret::new("hunter2"),
            concurrency: 0,
        });
        assert!(!format!("{connector:?}").contains("hunter2"));
        assert!(!connector.external_id("arn:aws:iam::123456789012:role/reader").contains("hunter2"));
    }
}
