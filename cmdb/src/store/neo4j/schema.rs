//! Constraints and indexes, made once, and the format of what lies in the database.

use std::collections::BTreeSet;
use std::time::Duration;

use super::database::{Access, Database, LONG};
use super::fault::Fault;
use super::value::{Fields, Map, Value};
use crate::error::Result as StoreResult;

/// How long making the schema may take; indexes over a large graph take a while.
const LIMIT: Duration = Duration::from_secs(120);

/// The format that this version reads and writes.
pub(super) const FORMAT: i64 = 1;

/// Everything that is looked for by more than its label.
pub(super) const SCHEMA: [&str; 21] = [
    "CREATE CONSTRAINT resource_id IF NOT EXISTS FOR (n:Resource) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT inventory_key IF NOT EXISTS FOR (n:Inventory) REQUIRE n.key IS UNIQUE",
    "CREATE CONSTRAINT inventory_scope IF NOT EXISTS FOR (n:InventoryScope) REQUIRE n.scope IS UNIQUE",
    "CREATE CONSTRAINT discovery_task_id IF NOT EXISTS FOR (n:DiscoveryTask) REQUIRE n.task_id IS UNIQUE",
    "CREATE INDEX resource_provider IF NOT EXISTS FOR (n:Resource) ON (n.provider)",
    "CREATE INDEX resource_type IF NOT EXISTS FOR (n:Resource) ON (n.resource_type)",
    "CREATE INDEX resource_status IF NOT EXISTS FOR (n:Resource) ON (n.status)",
    "CREATE INDEX resource_region IF NOT EXISTS FOR (n:Resource) ON (n.region)",
    "CREATE INDEX resource_name IF NOT EXISTS FOR (n:Resource) ON (n.name)",
    "CREATE INDEX resource_arn IF NOT EXISTS FOR (n:Resource) ON (n.arn)",
    "CREATE INDEX resource_claim_id IF NOT EXISTS FOR (n:ResourceClaim) ON (n.resource_id)",
    "CREATE INDEX resource_claim_scope IF NOT EXISTS FOR (n:ResourceClaim) ON (n.scope)",
    "CREATE INDEX relationship_claim_source IF NOT EXISTS FOR (n:RelationshipClaim) ON (n.source)",
    "CREATE INDEX relationship_claim_target IF NOT EXISTS FOR (n:RelationshipClaim) ON (n.target)",
    "CREATE INDEX relationship_claim_scope IF NOT EXISTS FOR (n:RelationshipClaim) ON (n.scope)",
    "CREATE INDEX resource_version_id IF NOT EXISTS FOR (n:ResourceVersion) ON (n.resource_id)",
    "CREATE INDEX resource_version_at IF NOT EXISTS FOR (n:ResourceVersion) ON (n.at)",
    "CREATE INDEX relationship_version_at IF NOT EXISTS FOR (n:RelationshipVersion) ON (n.at)",
    "CREATE INDEX discovery_task_started IF NOT EXISTS FOR (n:DiscoveryTask) ON (n.started_at)",
    "CREATE INDEX discovery_task_key IF NOT EXISTS FOR (n:DiscoveryTask) ON (n.idempotency_key)",
    "CREATE INDEX discovery_task_finished IF NOT EXISTS FOR (n:DiscoveryTask) ON (n.finished)",
];

/// Makes what is missing, and checks that the database is one that this version understands.
pub(super) async fn prepare(database: &Database) -> Result<(), Fault> {
    let mut transaction = database.begin_within(LIMIT).await?;
    let mut known = BTreeSet::new();
    for statement in ["SHOW INDEXES YIELD name RETURN [name] AS record", "SHOW CONSTRAINTS YIELD name RETURN [name] AS record"] {
        for record in transaction.read(statement, Map::new()).await? {
            known.insert(Fields::new(record).text()?);
        }
    }
    let missing = SCHEMA.iter().filter(|statement| statement.split(' ').nth(2).is_some_and(|name| !known.contains(name)));
    let mut made = false;
    for statement in missing {
        transaction.write(statement, Map::new()).await?;
        made = true;
    }
    transaction.commit().await?;

    let mut transaction = database.begin_within(LIMIT).await?;
    if made {
        transaction.read("CALL db.awaitIndexes(60)", Map::new()).await?;
    }
    let mut format = transaction.read("MATCH (i:Inventory {key: 'inventory'}) RETURN [i.format] AS record", Map::new()).await?;
    if format.is_empty() {
        let make = "MERGE (i:Inventory {key: 'inventory'}) ON CREATE SET i.format = $format RETURN [i.format] AS record";
        format = transaction.write(make, Map::from([("format".to_owned(), Value::Integer(FORMAT))])).await?;
    }
    transaction.commit().await?;
    match format.into_iter().next().map(|record| Fields::new(record).integer()).transpose()? {
        Some(FORMAT) => Ok(()),
        other => Err(Fault::Protocol(format!(
            "the database holds an inventory of format {}, this version reads format {FORMAT}: use the version that wrote it, \
             or export with that one and import with this one",
            other.unwrap_or_default()
        ))),
    }
}

/// The labels of all that this store keeps; the `:Inventory` goes last.
pub(super) const LABELS: [&str; 8] = [
    "Resource",
    "ResourceClaim",
    "RelationshipClaim",
    "ResourceVersion",
    "RelationshipVersion",
    "InventoryScope",
    "DiscoveryTask",
    "Inventory",
];

/// Removes every node of this store, in batches.
pub(super) async fn clear(database: &Database) -> StoreResult<()> {
    for label in LABELS {
        let delete = format!("MATCH (n:{label}) WITH n LIMIT 10000 DETACH DELETE n RETURN [count(*)] AS record");
        let batch = || async {
            let mut transaction = database.begin(Access::Write).await?;
            let records = transaction.write(&delete, Map::new()).await?;
            transaction.commit().await?;
            let deleted = records.into_iter().next().map(|record| Fields::new(record).integer()).transpose()?;
            Ok(deleted.unwrap_or_default())
        };
        while database.tried("clear the database", LONG, batch).await? > 0 {}
    }
    Ok(())
}
