//! What only the server itself can tell.

use std::time::Duration;

use futures_util::future::try_join_all;
use serde_json::Map as JsonMap;

use super::database::{Access, Database};
use super::fault::Fault;
use super::schema::SCHEMA;
use super::value::{Fields, Map, Value};
use super::{Neo4jOptions, query};
use crate::error::Error;
use crate::secret::Secret;
use crate::store::QueryLimits;

/// Never comes to an end by itself; the text says whose query it is.
fn endless(name: &str) -> String {
    format!("UNWIND range(1, 1000000) AS {name} UNWIND range(1, 1000000) AS b WITH {name}, b WHERE {name} = -b RETURN count(*)")
}

fn within(timeout: Duration) -> QueryLimits {
    QueryLimits { timeout, ..QueryLimits::default() }
}

fn database() -> Database {
    let variable = |name: &str| {
        std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run `make test`, which starts a Neo4j for the tests"))
    };
    let password = Secret::new(variable("NEO4J_PASSWORD"));
    Database::new(&Neo4jOptions::new(variable("NEO4J_URI"), variable("NEO4J_USER"), password)).unwrap()
}

/// How many transactions of the server run a query that holds this text.
async fn under_way(database: &Database, text: &str) -> i64 {
    let statement = "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery CONTAINS $text AND NOT currentQuery STARTS WITH 'SHOW' \
        RETURN [count(*)] AS record";
    let mut transaction = database.begin(Access::Read).await.unwrap();
    let records = transaction.read(statement, Map::from([("text".to_owned(), Value::text(text))])).await.unwrap();
    Fields::new(records.into_iter().next().unwrap()).integer().unwrap()
}

/// Asks until the count is what it has to be.
async fn wait_for(database: &Database, text: &str, count: i64) {
    let waited = tokio::time::timeout(Duration::from_secs(20), async {
        while under_way(database, text).await != count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    waited.await.unwrap_or_else(|_| panic!("never {count} transactions with `{text}`"));
}

#[tokio::test]
async fn a_query_that_nobody_waits_for_ends_on_the_server() {
    let (database, watcher) = (database(), database());
    let (text, limits) = (endless("dropped"), within(Duration::from_secs(600)));
    {
        let mut asked = std::pin::pin!(query::query(&database, &text, JsonMap::new(), &limits));
        tokio::select! {
            answer = &mut asked => panic!("an answer: {answer:?}"),
            () = wait_for(&watcher, "dropped", 1) => {}
        }
    }
    wait_for(&watcher, "dropped", 0).await;
}

#[tokio::test]
async fn a_query_that_is_out_of_time_ends_on_the_server() {
    let (database, watcher) = (database(), database());
    let limits = within(Duration::from_millis(300));
    let error = query::query(&database, &endless("timed"), JsonMap::new(), &limits).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    wait_for(&watcher, "timed", 0).await;
}

#[tokio::test]
async fn the_server_itself_refuses_to_write_in_a_query() {
    let database = database();
    let mut connection = database.begin_query(Duration::from_secs(10)).await.unwrap();
    let fault = connection.run("CREATE (n:NotToBe) RETURN n", Map::new(), Some(1)).await.unwrap_err();
    assert!(matches!(&fault, Fault::Refused { code, .. } if code == "Neo.ClientError.Statement.AccessMode"), "{fault:?}");
}

#[tokio::test]
async fn constraints_and_indexes_are_made_by_several_that_begin_at_once() {
    let database = database();
    let mut transaction = database.begin(Access::Write).await.unwrap();
    for statement in SCHEMA {
        let [_, kind, name, ..] = statement.split(' ').collect::<Vec<_>>()[..] else { panic!("{statement}") };
        transaction.write(&format!("DROP {kind} {name} IF EXISTS"), Map::new()).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let others: Vec<Database> = std::iter::repeat_with(self::database).take(4).collect();
    try_join_all(others.iter().map(|other| other.begin(Access::Read))).await.unwrap();
    let mut transaction = database.begin(Access::Read).await.unwrap();
    let indexed = "SHOW INDEXES YIELD labelsOrTypes, properties, owningConstraint WHERE labelsOrTypes = ['Resource'] \
        RETURN [properties[0], owningConstraint IS NOT NULL] AS record ORDER BY record[0]";
    let found = transaction.read(indexed, Map::new()).await.unwrap();
    let expected = ["arn", "id", "name", "provider", "region", "resource_type", "status"];
    let expected: Vec<_> = expected.map(|property| vec![Value::text(property), Value::Boolean(property == "id")]).into();
    assert_eq!(found, expected);
}
