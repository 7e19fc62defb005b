//! The discoverer of one account.

use std::sync::Arc;

use async_trait::async_trait;
use aws_config::SdkConfig;
use futures_core::stream::BoxStream;
use futures_util::StreamExt;
use tokio::sync::OnceCell;

use super::arn::partition_of;
use super::calls::CallCounter;
use super::clients::{Clients, Network, sts};
use super::fault::Fault;
use super::kind::Kind;
use super::listing::Listing;
use super::region::{Caller, Region};
use super::region_name::{home_of, token_regions};
use crate::discover::{Discoverer, DiscoveryEvent};
use crate::error::{Error, Result};
use crate::model::{Provider, Scope};

/// Lists one account in some regions.
#[derive(Debug)]
pub(super) struct AwsDiscoverer {
    account: Arc<Account>,
}

/// What the listings of a discovery share.
#[derive(Debug)]
pub(super) struct Account {
    config: SdkConfig,
    network: Network,
    regions: Vec<String>,
    kinds: Vec<Kind>,
    /// Listings at once.
    pub(super) concurrency: usize,
    pub(super) calls: CallCounter,
    caller: OnceCell<Caller>,
}

impl AwsDiscoverer {
    pub(super) fn new(
        config: SdkConfig,
        network: Network,
        regions: Vec<String>,
        kinds: Vec<Kind>,
        concurrency: usize,
        calls: CallCounter,
    ) -> Self {
        let concurrency = concurrency.max(1);
        let account = Account { config, network, regions, kinds, concurrency, calls, caller: OnceCell::new() };
        Self { account: Arc::new(account) }
    }
}

impl Account {
    /// Whose keys these are: asked once.
    pub(super) async fn caller(&self) -> Result<&Caller, Fault> {
        self.caller.get_or_try_init(|| self.ask_caller()).await
    }

    /// Asks until somebody knows. A region that is not open to the account does not know its keys; its partition's home
    /// does, so that its refusal counts.
    async fn ask_caller(&self) -> Result<Caller, Fault> {
        let home = self.regions.first().map_or("us-east-1", |region| home_of(region));
        let mut first = None;
        for region in token_regions(&self.regions) {
            match self.ask_caller_in(region).await {
                Err(fault) if region == home && !fault.is_silence() => return Err(fault),
                Err(fault) => drop(first.get_or_insert(fault)),
                known => return known,
            }
        }
        Err(first.unwrap_or_else(|| Fault::internal("sts", "there is no region to ask in")))
    }

    async fn ask_caller_in(&self, region: &str) -> Result<Caller, Fault> {
        let answer = sts(&self.config, &self.network.gate, region, &self.calls).get_caller_identity().send().await;
        let answer = answer.map_err(|error| Fault::of("sts", &error))?;
        match (answer.account(), answer.arn().and_then(partition_of)) {
            (Some(account), Some(partition)) => Ok(Caller { account: account.to_owned(), partition: partition.to_owned() }),
            _ => Err(Fault::bad_response("sts", "an identity without account or ARN")),
        }
    }

    /// This account in one of its regions.
    pub(super) fn region(&self, caller: &Caller, name: &str) -> Result<Region> {
        if !self.regions.iter().any(|region| region == name) {
            return Err(Error::invalid("scope", format!("a region of {}", self.regions.join(", ")), format!("`{name}`")));
        }
        let clients = Clients::new(&self.config, caller, name, &self.network.partitions, &self.calls);
        Ok(Region::new(caller.clone(), name.to_owned(), clients))
    }
}

#[async_trait]
impl Discoverer for AwsDiscoverer {
    fn provider(&self) -> Provider {
        Provider::AWS
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        let caller = self.account.caller().await?;
        let scope = |kind: &Kind, region: &String| Scope::new(Provider::AWS, &*caller.account, &**region, kind.native_type());
        Ok(self
            .account
            .kinds
            .iter()
            .flat_map(|kind| self.account.regions.iter().map(move |region| scope(kind, region)))
            .collect())
    }

    fn discover(&self, scopes: Vec<Scope>) -> BoxStream<'static, DiscoveryEvent> {
        let account = Arc::clone(&self.account);
        futures_util::stream::once(async move { Listing::begin(account, scopes) }).flatten().boxed()
    }
}
