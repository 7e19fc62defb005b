//! Listing many scopes at once.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::FutureExt;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::JoinSet;

use super::discoverer::Account;
use super::fault::Fault;
use super::kind::Kind;
use super::page::Report;
use super::region::Region;
use super::{ec2, ecs, elb, rds};
use crate::discover::DiscoveryEvent;
use crate::error::{Error, Result};
use crate::model::{Provider, Scope};

/// Events that wait for the reader, over all listings.
const WAITING_EVENTS: usize = 1024;

/// The events of a discovery. Its tasks end with it.
pub(super) struct Listing {
    events: Receiver<DiscoveryEvent>,
    _tasks: JoinSet<()>,
}

impl Listing {
    /// Begins one task per scope. They are given places in order, and a region gets at most half of them.
    pub(super) fn begin(account: Arc<Account>, scopes: Vec<Scope>) -> Self {
        let (sender, events) = channel(WAITING_EVENTS);
        let places = Arc::new(Semaphore::new(account.concurrency));
        let mut regions = BTreeMap::new();
        let mut tasks = JoinSet::new();
        for scope in in_order(scopes) {
            let region = regions.entry(scope.region.clone()).or_insert_with(|| {
                Arc::new(SharedRegion { places: Semaphore::new(account.concurrency.div_ceil(2)), region: OnceCell::new() })
            });
            let (account, region, places) = (Arc::clone(&account), Arc::clone(region), Arc::clone(&places));
            tasks.spawn(one(account, region, places, scope, sender.clone()));
        }
        Self { events, _tasks: tasks }
    }
}

impl Stream for Listing {
    type Item = DiscoveryEvent;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<DiscoveryEvent>> {
        self.events.poll_recv(context)
    }
}

struct SharedRegion {
    places: Semaphore,
    region: OnceCell<Region>,
}

/// Each scope once, in the order of [`Kind::ALL`] and then of the regions, so that neither a region nor a service gets
/// all calls at once.
fn in_order(scopes: Vec<Scope>) -> Vec<Scope> {
    let scopes: BTreeSet<Scope> = scopes.into_iter().collect();
    let mut scopes: Vec<Scope> = scopes.into_iter().collect();
    scopes.sort_by_key(|scope| Kind::ALL.iter().position(|kind| kind.native_type() == scope.native_type));
    scopes
}

/// Lists one scope and ends it.
async fn one(
    account: Arc<Account>,
    region: Arc<SharedRegion>,
    places: Arc<Semaphore>,
    scope: Scope,
    events: Sender<DiscoveryEvent>,
) {
    let _of_region = region.places.acquire().await;
    let _of_all = places.acquire().await;
    let report = Report::new(scope.clone(), events, account.calls.clone());
    let listed = AssertUnwindSafe(list(&account, &region, &scope, &report)).catch_unwind().await;
    let end = match listed {
        Ok(Ok(())) => DiscoveryEvent::Completed(scope),
        Ok(Err(error)) => DiscoveryEvent::Failed { scope, error },
        Err(panic) => DiscoveryEvent::Failed { scope, error: Fault::internal("aws", words_of(&*panic)).into() },
    };
    report.event(end).await;
    report.event(report.calls()).await;
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the listing ended unexpectedly: {}", words.unwrap_or("no reason given"))
}

async fn list(account: &Account, shared: &SharedRegion, scope: &Scope, report: &Report) -> Result<()> {
    let caller = account.caller().await?;
    let kind = match Kind::of(&scope.native_type) {
        Some(kind) if scope.provider == Provider::AWS && scope.account == caller.account => kind,
        _ => return Err(Error::invalid("scope", format!("one of account {}", caller.account), format!("`{scope}`"))),
    };
    let region = shared.region.get_or_try_init(|| async { account.region(caller, &scope.region) }).await?;
    Ok(list_kind(kind, region, report).await?)
}

async fn list_kind(kind: Kind, region: &Region, report: &Report) -> Result<(), Fault> {
    match kind {
        Kind::Instance => ec2::instances::list(region, report).boxed(),
        Kind::Volume => ec2::volumes::list(region, report).boxed(),
        Kind::Snapshot => ec2::snapshots::list(region, report).boxed(),
        Kind::Vpc => ec2::vpcs::list(region, report).boxed(),
        Kind::Subnet => ec2::subnets::list(region, report).boxed(),
        Kind::SecurityGroup => ec2::security_groups::list(region, report).boxed(),
        Kind::NetworkInterface => ec2::network_interfaces::list(region, report).boxed(),
        Kind::Address => ec2::addresses::list(region, report).boxed(),
        Kind::RouteTable => ec2::route_tables::list(region, report).boxed(),
        Kind::InternetGateway => ec2::internet_gateways::list(region, report).boxed(),
        Kind::NatGateway => ec2::nat_gateways::list(region, report).boxed(),
        Kind::NetworkAcl => ec2::network_acls::list(region, report).boxed(),
        Kind::PeeringConnection => ec2::peering_connections::list(region, report).boxed(),
        Kind::DbInstance => rds::instances::list(region, report).boxed(),
        Kind::DbCluster => rds::clusters::list(region, report).boxed(),
        Kind::DbSubnetGroup => rds::subnet_groups::list(region, report).boxed(),
        Kind::LoadBalancer => elb::load_balancers::list(region, report).boxed(),
        Kind::Listener => elb::listeners::list(region, report).boxed(),
        Kind::TargetGroup => elb::target_groups::list(region, report).boxed(),
        Kind::EcsCluster => ecs::clusters::list(region, report).boxed(),
        Kind::EcsService => ecs::services::list(region, report).boxed(),
        Kind::EcsTask => ecs::tasks::list(region, report).boxed(),
        Kind::EcsTaskDefinition => ecs::task_definitions::list(region, report).boxed(),
        Kind::EcsContainerInstance => ecs::container_instances::list(region, report).boxed(),
    }
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_services_take_turns_and_each_scope_is_listed_once() {
        let scope = |region: &str, kind: Kind| Scope::new(Provider::AWS, "1", region, kind.native_type());
        let mut scopes = Vec::new();
        for region in ["b-1", "a-1", "b-1"] {
            scopes.extend([Kind::Volume, Kind::DbInstance, Kind::Instance].map(|kind| scope(region, kind)));
        }
        let order = [
            scope("a-1", Kind::Instance),
            scope("b-1", Kind::Instance),
            scope("a-1", Kind::DbInstance),
            scope("b-1", Kind::DbInstance),
            scope("a-1", Kind::Volume),
            scope("b-1", Kind::Volume),
        ];
        assert_eq!(in_order(scopes), order);
    }
}
