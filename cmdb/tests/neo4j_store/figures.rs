//! How much is sent to Neo4j.

use std::sync::Arc;

use async_trait::async_trait;
use dharmagraph_cmdb::store::StatementCounts;
use dharmagraph_cmdb::sync::{DiscoveryRequest, EngineSettings, SyncEngine, Task, TaskStatus};
use dharmagraph_cmdb::{Connector, Discoverer, DiscoveryEvent, GraphStore, Provider, Result, Scope, ScopeSnapshot};
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, stream};

use super::estate::{account, tell};
use super::neo4j;

/// Resources of the account.
const RESOURCES: u64 = 10_000;

#[tokio::test]
async fn a_sync_sends_few_statements_with_distinct_rows_and_an_unchanged_one_only_its_times() {
    let store = neo4j::emptied().await;
    let account = |changed| account(RESOURCES as usize, changed);
    // The schema is made by the first use.
    store.ping().await.unwrap();
    let mut before = store.counts();
    let mut sent = || {
        let now = store.counts();
        now - std::mem::replace(&mut before, now)
    };

    let report = tell(&*store, 1, account(0)).await;
    assert_eq!((report.created, report.relationships_created), (RESOURCES, 2 * RESOURCES));
    let first = sent();
    assert!(first.writes + first.reads <= 40, "{first:?}");
    // The scopes; each resource, its owner's word and its version; each relationship and its owner's word; what each scope
    // said of relationships, as one version.
    assert_eq!(first.rows, 100 + 3 * RESOURCES + 2 * 2 * RESOURCES + 100, "{first:?}");

    let report = tell(&*store, 2, account(0)).await;
    assert_eq!((report.unchanged, report.created + report.updated + report.removed), (RESOURCES, 0));
    let again = sent();
    assert_eq!(again, StatementCounts { reads: 2, writes: 1, rows: 100 });

    let report = tell(&*store, 3, account(100)).await;
    assert_eq!((report.updated, report.unchanged), (100, RESOURCES - 100));
    let changed = sent();
    assert_eq!(changed.rows, 100 + 3 * 100, "the scopes; each changed resource, its owner's word and its version: {changed:?}");
    assert!(changed.writes + changed.reads <= 10, "{changed:?}");
}

#[tokio::test]
async fn a_discovery_of_many_small_scopes_brings_them_together() {
    let store = neo4j::emptied().await;
    store.ping().await.unwrap();
    let shared = Arc::new(store.clone());
    let connector = Arc::new(Account(account(RESOURCES as usize, 0)));
    let engine = SyncEngine::new(Arc::clone(&shared) as _, Arc::clone(&shared) as _, vec![connector], EngineSettings::default());
    let discover = async || {
        let before = store.counts();
        let task = engine.start(DiscoveryRequest::new(Provider::AWS)).await.unwrap();
        let steps: Vec<Task> = engine.watch(&task.task_id).await.unwrap().collect().await;
        (steps.into_iter().last().unwrap(), store.counts() - before)
    };

    let (task, sent) = discover().await;
    assert_eq!((task.status, task.created), (TaskStatus::Completed, RESOURCES));
    // Besides the reconciles: the task's row at its beginning, once planned, after each reconcile and at its end.
    assert!(sent.reads + sent.writes <= 40 + 5, "{sent:?}");

    let (task, sent) = discover().await;
    assert_eq!((task.status, task.unchanged), (TaskStatus::Completed, RESOURCES));
    assert_eq!(sent.rows, 100, "the scopes: {sent:?}");
    assert!(sent.writes <= 1 + 4, "the scopes' times and the task's row: {sent:?}");
}

/// A provider that lists an account scope by scope.
#[derive(Debug, Clone)]
struct Account(Vec<ScopeSnapshot>);

#[async_trait]
impl Connector for Account {
    fn provider(&self) -> Provider {
        Provider::AWS
    }

    fn validate(&self, _: &DiscoveryRequest) -> Result<()> {
        Ok(())
    }

    async fn connect(&self, _: &DiscoveryRequest) -> Result<Box<dyn Discoverer>> {
        Ok(Box::new(self.clone()))
    }
}

#[async_trait]
impl Discoverer for Account {
    fn provider(&self) -> Provider {
        Provider::AWS
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        Ok(self.0.iter().map(|listing| listing.scope.clone()).collect())
    }

    fn discover(&self, _: Vec<Scope>) -> BoxStream<'static, DiscoveryEvent> {
        let listed = |listing: ScopeSnapshot| {
            let ScopeSnapshot { scope, resources, relationships, .. } = listing;
            let (of, tied) = (scope.clone(), scope.clone());
            let resources =
                resources.into_iter().map(move |found| DiscoveryEvent::Resource { scope: of.clone(), resource: Box::new(found) });
            let ties = relationships
                .into_iter()
                .map(move |relationship| DiscoveryEvent::Relationship { scope: tied.clone(), relationship });
            stream::iter(resources.chain(ties).chain([DiscoveryEvent::Completed(scope)]))
        };
        stream::iter(self.0.clone()).flat_map(listed).boxed()
    }
}
