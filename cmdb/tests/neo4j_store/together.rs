//! Several users of one database.

use dharmagraph_cmdb::store::Neo4jStore;
use dharmagraph_cmdb::testkit::{everything, import};
use dharmagraph_cmdb::{ChangeFilter, GraphStore, PageRequest, ResourceId};

use super::estate::{account, tell};
use super::neo4j;

#[tokio::test]
async fn stores_that_say_the_same_at_once_make_one_history() {
    let store = neo4j::emptied().await;
    let others: Vec<_> = (0..4)
        .map(|_| {
            let other = Neo4jStore::connect(&neo4j::options()).unwrap();
            tokio::spawn(async move { tell(&other, 1, account(200, 0)).await })
        })
        .collect();
    let mut created = 0;
    for other in others {
        created += other.await.unwrap().created;
    }
    assert_eq!(created, 200);
    let page = PageRequest { limit: 1000, ..PageRequest::default() };
    assert_eq!(store.changes(&ChangeFilter::default(), &page).await.unwrap().changes.len(), 200);
}

#[tokio::test]
async fn a_store_with_a_task_takes_no_export_in() {
    let store = neo4j::emptied().await;
    import::a_store_with_a_task_takes_nothing_in(&*store).await;
}

#[tokio::test]
async fn clearing_leaves_nothing_of_ours() {
    let store = neo4j::emptied().await;
    tell(&*store, 1, account(20, 0)).await;
    store.clear().await.unwrap();
    let none = everything(&*store, &[ResourceId::new("r-00001")]).await;
    assert_eq!(none["present"]["list"]["total"], 0);
    assert_eq!((none["changes"].as_array().map(Vec::len), none["scopes"].as_array().map(Vec::len)), (Some(0), Some(0)));
}
