//! What happens while Neo4j cannot be reached.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use dharmagraph_cmdb::store::{Neo4jOptions, Neo4jStore};
use dharmagraph_cmdb::sync::TaskStore;
use dharmagraph_cmdb::testkit::everything;
use dharmagraph_cmdb::{ChangeFilter, Error, GraphStore, PageRequest, QueryLimits, ResourceId, Secret};
use serde_json::Map;
use tokio::net::TcpListener;

use super::estate::{account, tell};
use super::neo4j;
use super::proxy::Proxy;

/// How soon who asks has to know.
const SOON: Duration = Duration::from_secs(2);

fn at(uri: &str) -> Neo4jStore {
    let mut options = neo4j::options();
    options.uri = uri.to_owned();
    Neo4jStore::connect(&options).unwrap()
}

/// Asks in several ways; every one has to fail soon, with an error that may pass.
async fn assert_unreachable(store: &Neo4jStore) {
    let id = ResourceId::new("r-00001");
    soon(store.ping()).await;
    soon(store.get(&id, None)).await;
    soon(store.statistics(None)).await;
    soon(store.query("RETURN 1", Map::new(), &QueryLimits::default())).await;
    soon(store.changes(&ChangeFilter::default(), &PageRequest::default())).await;
    soon(TaskStore::unfinished(store)).await;
}

async fn soon<T: Debug>(asked: impl Future<Output = Result<T, Error>>) {
    let begun = Instant::now();
    let error = asked.await.unwrap_err();
    assert!(begun.elapsed() < SOON, "{:?}: {error}", begun.elapsed());
    assert!(matches!(error, Error::Backend { backend: "neo4j", retryable: true, .. }), "{error:?}");
}

#[tokio::test]
async fn a_neo4j_that_is_down_is_said_to_be_down_within_2_seconds() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = nobody.local_addr().unwrap();
    let options = |address| Neo4jOptions::new(format!("bolt://{address}"), "neo4j", Secret::new("password"));
    // Connections are taken up and never answered.
    assert_unreachable(&Neo4jStore::connect(&options(address)).unwrap()).await;
    drop(nobody);
    assert_unreachable(&Neo4jStore::connect(&options(address)).unwrap()).await;
}

#[tokio::test]
async fn a_neo4j_that_is_back_is_used_again() {
    let _turn = neo4j::emptied().await;
    let proxy = Proxy::to(&neo4j::options().uri).await;
    let store = at(&proxy.uri);
    tell(&store, 1, account(10, 0)).await;
    proxy.open(false);
    assert_unreachable(&store).await;
    proxy.open(true);
    assert_eq!(store.statistics(None).await.unwrap().total_resources, 10);
}

#[tokio::test]
async fn a_sync_that_meets_an_outage_is_taken_up_when_it_is_over() {
    let _turn = neo4j::emptied().await;
    let proxy = Proxy::to(&neo4j::options().uri).await;
    let store = at(&proxy.uri);
    tell(&store, 1, account(10, 0)).await;
    proxy.open(false);
    let (told, ()) = tokio::join!(tell(&store, 2, account(10, 5)), async {
        assert!(store.ping().await.is_err());
        proxy.open(true);
    });
    assert_eq!(told.updated, 5);
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_told_once_and_reported_right() {
    let reference = neo4j::emptied().await;
    tell(&*reference, 1, account(20, 0)).await;
    tell(&*reference, 2, account(20, 5)).await;
    let ids: Vec<ResourceId> = (0..20).map(|n| ResourceId::new(format!("r-{n:05}"))).collect();
    let expected = everything(&*reference, &ids).await;
    reference.clear().await.unwrap();

    let proxy = Proxy::to(&neo4j::options().uri).await;
    let store = at(&proxy.uri);
    store.ping().await.unwrap();
    proxy.lose_next_commit();
    assert_eq!(tell(&store, 1, account(20, 0)).await.created, 20);
    assert!(proxy.has_lost_a_commit());
    proxy.lose_next_commit();
    assert_eq!(tell(&store, 2, account(20, 5)).await.updated, 5);
    assert!(proxy.has_lost_a_commit());
    assert_eq!(everything(&store, &ids).await, expected);
}
