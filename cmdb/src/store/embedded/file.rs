//! The file: its tables, its format, and reading a graph back from it.
//!
//! Numbers of nodes, scopes and symbols are the same in the file and in memory. What is there now (`strings`, `scopes`,
//! `nodes`, `edges`) is read whole at the start; history and tasks stay in the file and are read when asked for.

use std::path::Path;
use std::sync::Arc;

use redb::{Database, DatabaseError, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition, TableError};

use super::bytes::{Reader, put_number, put_signed, put_text};
use super::graph::{Claim, Graph, OutEdge};
use super::record::Record;
use super::strings::{Interner, SharedStrings, Symbol};
use crate::error::{BoxError, Error, Result};
use crate::model::{ResourceId, Scope, Timestamp};

/// The format of the file.
const FORMAT: i64 = 1;

/// What redb may keep of the file in memory: the graph itself is in memory already.
const CACHE_BYTES: usize = 16 << 20;

pub(super) const FACTS: TableDefinition<'_, &str, i64> = TableDefinition::new("facts");
pub(super) const STRINGS: TableDefinition<'_, u32, &str> = TableDefinition::new("strings");
/// By number: text, and the microseconds of its last completion.
pub(super) const SCOPES: TableDefinition<'_, u32, (&str, Option<i64>)> = TableDefinition::new("scopes");
/// By number: id, creation, claims.
pub(super) const NODES: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("nodes");
/// By number of the source: relationships.
pub(super) const EDGES: TableDefinition<'_, u32, &[u8]> = TableDefinition::new("edges");
/// Changes of resources, by time and id.
pub(super) const CHANGES: TableDefinition<'_, (i64, &str), &[u8]> = TableDefinition::new("changes");
/// The times of each resource's changes.
pub(super) const VERSIONS: TableDefinition<'_, (&str, i64), ()> = TableDefinition::new("versions");
/// Changes of relationships, by time.
pub(super) const EDGE_CHANGES: TableDefinition<'_, i64, &[u8]> = TableDefinition::new("edge_changes");
pub(super) const TASKS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("tasks");
pub(super) const TASK_TIMES: TableDefinition<'_, (i64, &str), ()> = TableDefinition::new("task_times");
pub(super) const TASK_KEYS: TableDefinition<'_, (&str, &str), &str> = TableDefinition::new("task_keys");
pub(super) const UNFINISHED: TableDefinition<'_, &str, ()> = TableDefinition::new("unfinished");

/// The time of the newest change, in [`FACTS`].
pub(super) const LATEST: &str = "latest";
/// The time since when history is kept, in [`FACTS`].
pub(super) const HISTORY_SINCE: &str = "history_since";

/// Turns the file library's errors into ours.
pub(super) fn failed<E: Into<redb::Error>>(operation: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::backend("embedded", operation, BoxError::from(error.into()))
}

fn broken(what: &str) -> Error {
    Error::backend("embedded", "read the file", format!("{what} is damaged; restore the file from a backup"))
}

/// Opens the file, or makes it, with every table.
pub(super) fn open(path: &Path) -> Result<Database> {
    let file = Database::builder().set_cache_size(CACHE_BYTES).create(path).map_err(|error| match error {
        DatabaseError::DatabaseAlreadyOpen => Error::Locked { path: path.display().to_string() },
        error => failed("open the file")(error),
    })?;
    check_format(&file, path)?;
    Ok(file)
}

fn check_format(file: &Database, path: &Path) -> Result<()> {
    let reading = file.begin_read().map_err(failed("open the file"))?;
    let format = match reading.open_table(FACTS) {
        Ok(facts) => facts.get("format").map_err(failed("open the file"))?.map(|format| format.value()),
        Err(TableError::TableDoesNotExist(_)) => None,
        Err(error) => return Err(failed("open the file")(error)),
    };
    match format {
        Some(FORMAT) => Ok(()),
        None => make_tables(file),
        Some(other) => Err(Error::backend(
            "embedded",
            "open the file",
            format!(
                "{} has format {other}, this version reads format {FORMAT}; open it with the version that wrote it and \
                 export it, or choose another data directory",
                path.display()
            ),
        )),
    }
}

fn make_tables(file: &Database) -> Result<()> {
    let make = || -> Result<(), redb::Error> {
        let writing = file.begin_write()?;
        writing.open_table(FACTS)?.insert("format", FORMAT)?;
        writing.open_table(STRINGS)?;
        writing.open_table(SCOPES)?;
        writing.open_table(NODES)?;
        writing.open_table(EDGES)?;
        writing.open_table(CHANGES)?;
        writing.open_table(VERSIONS)?;
        writing.open_table(EDGE_CHANGES)?;
        writing.open_table(TASKS)?;
        writing.open_table(TASK_TIMES)?;
        writing.open_table(TASK_KEYS)?;
        writing.open_table(UNFINISHED)?;
        writing.commit()?;
        Ok(())
    };
    make().map_err(failed("make the file"))
}

/// A row of [`NODES`].
pub(super) fn node_row(id: &ResourceId, first: Timestamp, claims: &[Claim]) -> Vec<u8> {
    let mut row = Vec::with_capacity(256);
    put_text(&mut row, id.as_str());
    put_signed(&mut row, first.as_micros());
    put_number(&mut row, claims.len() as u64);
    for claim in claims {
        put_number(&mut row, claim.scope.into());
        claim.record.write(&mut row);
    }
    row
}

pub(super) fn read_node(row: &[u8]) -> Option<(&str, Timestamp, Vec<Claim>)> {
    let mut reader = Reader::new(row);
    let (id, first) = (reader.text()?, Timestamp::from_micros(reader.signed()?));
    let count = reader.number()?;
    let claim = |_| Some(Claim { scope: reader.small()?, record: Arc::new(Record::read(&mut reader)?) });
    let claims = (0..count).map(claim).collect::<Option<_>>()?;
    Some((id, first, claims))
}

/// A row of [`EDGES`].
pub(super) fn edges_row(edges: &[OutEdge]) -> Vec<u8> {
    let mut row = Vec::with_capacity(8 * edges.len());
    for edge in edges {
        put_number(&mut row, edge.kind.0.into());
        put_number(&mut row, edge.target.into());
        put_number(&mut row, edge.scope.into());
    }
    row
}

pub(super) fn read_edges(row: &[u8]) -> Option<Vec<OutEdge>> {
    let mut reader = Reader::new(row);
    let mut edges = Vec::new();
    while !reader.is_empty() {
        edges.push(OutEdge { kind: Symbol(reader.small()?), target: reader.small()?, scope: reader.small()? });
    }
    Some(edges)
}

/// Reads the whole graph.
pub(super) fn load(file: &Database) -> Result<(Graph, SharedStrings)> {
    let strings = SharedStrings::default();
    let mut interner = Interner::new(&strings);
    let read = failed::<redb::Error>;
    let mut load = || -> Result<Result<Graph>, redb::Error> {
        let reading = file.begin_read()?;
        for (expected, row) in (0..).zip(reading.open_table(STRINGS)?.iter()?) {
            let (number, text) = row?;
            if number.value() != expected || interner.intern(text.value()).0 != expected {
                return Ok(Err(broken("the table of texts")));
            }
        }
        let mut graph = Graph::new(interner.intern("arn"));
        for row in reading.open_table(SCOPES)?.iter()? {
            let (_, entry) = row?;
            let (text, completed) = entry.value();
            let Ok(scope) = text.parse::<Scope>() else { return Ok(Err(broken("the table of scopes"))) };
            let provider = interner.intern(scope.provider.as_str());
            let number = graph.find_or_make_scope(&scope, provider);
            graph.scopes[number as usize].completed = completed.map(Timestamp::from_micros);
        }
        let mut claimed = Vec::new();
        for row in reading.open_table(NODES)?.iter()? {
            let (number, node) = row?;
            let Some((id, first, claims)) = read_node(node.value()) else { return Ok(Err(broken("a resource"))) };
            graph.place(number.value(), ResourceId::new(id), first);
            if !claims.is_empty() {
                claimed.push((number.value(), first, claims));
            }
        }
        for row in reading.open_table(EDGES)?.iter()? {
            let (source, edges) = row?;
            let nodes = graph.nodes.len();
            let edges = read_edges(edges.value())
                .filter(|edges| (source.value() as usize) < nodes && edges.iter().all(|edge| (edge.target as usize) < nodes));
            let Some(edges) = edges else { return Ok(Err(broken("a relationship"))) };
            graph.set_out(source.value(), edges);
        }
        for (number, first, claims) in claimed {
            graph.set_claims(number, claims, first);
        }
        graph.index_placed();
        graph.settle_order();
        Ok(Ok(graph))
    };
    let graph = load().map_err(read("read the file"))??;
    Ok((graph, strings))
}

/// How many texts the file holds.
pub(super) fn strings(file: &Database) -> Result<usize> {
    let read = || Ok::<_, redb::Error>(file.begin_read()?.open_table(STRINGS)?.len()?);
    Ok(usize::try_from(read().map_err(failed("read the file"))?).unwrap_or(usize::MAX))
}

/// The time of the newest change.
pub(super) fn latest(file: &Database) -> Result<Option<Timestamp>> {
    let read = || Ok::<_, redb::Error>(file.begin_read()?.open_table(FACTS)?.get(LATEST)?.map(|micros| micros.value()));
    Ok(read().map_err(failed("read the file"))?.map(Timestamp::from_micros))
}
