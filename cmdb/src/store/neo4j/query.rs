//! Cypher, sent on to Neo4j.

use std::time::Duration;

use dharmagraph_cypher::{TextLimits, guard};
use serde_json::{Map as JsonMap, Value as Json};

use super::answer::{self, Ends};
use super::bolt::{Answer, Connection};
use super::database::{Database, failed};
use super::fault::Fault;
use super::value::{Fields, Map, Value};
use crate::error::{Error, Result};
use crate::store::{QueryLimits, QueryPlan, Table};

/// How much longer than a query may run one waits for Neo4j to stop it, before the connection is closed on it.
const GRACE: Duration = Duration::from_millis(500);
const ENDS: &str = "MATCH (n) WHERE elementId(n) IN $ids RETURN elementId(n), n.id";

/// See [`GraphStore::query`](crate::GraphStore::query).
///
/// Four things keep a query from doing more than reading: its text is looked at before it is sent, which also keeps out
/// procedures, files and administration; it runs in a transaction that the server itself holds to reading; that transaction
/// is never committed; and the server ends it at its time. When the future is dropped the connection is closed, and the
/// server then ends the query.
pub(super) async fn query(
    database: &Database,
    text: &str,
    parameters: JsonMap<String, Json>,
    limits: &QueryLimits,
) -> Result<Table> {
    let mut text_limits = TextLimits::default();
    text_limits.bytes = limits.text;
    guard::check(text, &text_limits).map_err(refused)?;
    let parameters = answer::parameters(parameters)?;
    let timeout = || Error::Timeout { what: "the query".into(), limit: limits.timeout };

    let asked = async {
        let mut connection = database.begin_query(limits.timeout).await?;
        let answered = ask(&mut connection, text, parameters, limits.rows).await;
        let ended = match &answered {
            Ok(_) => connection.rollback().await.is_ok(),
            Err(fault) => matches!(fault, Fault::Refused { .. }),
        };
        // Any other connection closes, and the server ends what it was doing.
        if ended {
            connection.give_back().await;
        }
        answered
    };
    match tokio::time::timeout(limits.timeout.saturating_add(GRACE), asked).await {
        Err(_) => Err(timeout()),
        Ok(Err(Fault::Refused { code, .. })) if code.starts_with("Neo.ClientError.Transaction.TransactionTimedOut") => {
            Err(timeout())
        }
        Ok(Err(fault)) => Err(explained(fault)),
        Ok(Ok((found, _))) if found.more => Err(Error::LimitExceeded { what: "the number of rows".into(), limit: limits.rows }),
        Ok(Ok((found, ends))) => Ok(table(found, &ends)),
    }
}

/// Runs the query and, where its answer names the ends of relationships, finds out which resources these are.
async fn ask(connection: &mut Connection, text: &str, parameters: Map, rows: u64) -> Result<(Answer, Ends), Fault> {
    let found = connection.run(text, parameters, Some(rows)).await?;
    let mut ends = Ends::of(&found.records);
    let unknown = ends.unknown();
    if !found.more && !unknown.is_empty() {
        let ids = Map::from([("ids".to_owned(), Value::texts(unknown))]);
        for record in connection.run(ENDS, ids, None).await?.records {
            let mut fields = Fields::new(record);
            let element = fields.text()?;
            // A node that is no resource of ours may have anything as its id.
            let id = if let Value::Text(id) = fields.value()? { Some(id) } else { None };
            ends.insert(element, id);
        }
    }
    Ok((found, ends))
}

fn table(found: Answer, ends: &Ends) -> Table {
    let rows = found.records.into_iter().map(|record| record.into_iter().map(|value| answer::json(value, ends)).collect());
    let (rows, columns) = (rows.collect(), found.columns);
    let mut summary = found.summary;
    let plan = summary.remove("profile").or_else(|| summary.remove("plan")).map(|plan| answer::json(plan, ends));
    let plan = plan.map(|steps| QueryPlan { text: answer::plan_text(&steps), steps });
    Table { columns, rows, plan }
}

/// What the look at the text found.
fn refused(error: dharmagraph_cypher::Error) -> Error {
    use dharmagraph_cypher::Error as Cypher;
    match error {
        Cypher::Forbidden { what, position } => {
            Error::Forbidden { what: format!("{what} ({position})"), reason: "a query may only read".into() }
        }
        Cypher::Unsupported { what, position } => {
            Error::Unsupported { what: format!("{what} ({position})"), backend: "neo4j".into() }
        }
        Cypher::Limit { what, limit } => Error::LimitExceeded { what: what.into(), limit },
        other => Error::Query { message: other.to_string() },
    }
}

/// What Neo4j says of a query that cannot be, in this crate's words; anything else is a failure of the store.
fn explained(fault: Fault) -> Error {
    let Fault::Refused { code, message } = fault else { return failed("answer a query", fault) };
    let message = || message.clone();
    match code.as_str() {
        "Neo.ClientError.Statement.AccessMode" => {
            Error::Forbidden { what: "writing".into(), reason: "a query may only read".into() }
        }
        _ if code.starts_with("Neo.ClientError.Security.Forbidden") => {
            Error::Forbidden { what: message(), reason: "Neo4j does not let this user do it".into() }
        }
        _ if code.starts_with("Neo.ClientError.Statement.") || code.starts_with("Neo.ClientError.Procedure.") => {
            Error::Query { message: message() }
        }
        _ => failed("answer a query", Fault::Refused { message: message(), code }),
    }
}
