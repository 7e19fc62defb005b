//! Everything in the file, as records.

use redb::{Database, ReadableDatabase, ReadableTable};
use tokio::sync::mpsc::Sender;

use super::file::{CHANGES, EDGE_CHANGES, EDGES, FACTS, HISTORY_SINCE, NODES, SCOPES, failed, read_edges, read_node};
use super::history::{ChangeRow, EdgeChanges};
use super::read::damaged;
use super::strings::{SharedStrings, Strings, Symbol};
use crate::error::{Error, Result};
use crate::model::{ChangeKind, Relationship, RelationshipKind, Resource, ResourceId, Scope, TaskId, Timestamp};
use crate::store::{ExportRecord, ScopeState};

/// Sends every record, from one moment's view of the file. Ends early when nobody listens any more.
pub(super) fn export(file: &Database, strings: &SharedStrings, records: &Sender<Result<ExportRecord>>) {
    let send = |record| records.blocking_send(record).is_ok();
    if let Err(error) = Export::new(file).and_then(|export| export.run(strings, &|record| send(Ok(record)))) {
        send(Err(error));
    }
}

struct Export {
    reading: redb::ReadTransaction,
    /// By number.
    scopes: Vec<Scope>,
}

/// Takes a record; says whether somebody still listens.
type Sink<'a> = &'a dyn Fn(ExportRecord) -> bool;

impl Export {
    fn new(file: &Database) -> Result<Self> {
        let reading = file.begin_read().map_err(failed("export"))?;
        Ok(Self { reading, scopes: Vec::new() })
    }

    fn run(mut self, strings: &SharedStrings, sink: Sink<'_>) -> Result<()> {
        self.header(sink)?;
        self.scopes(sink)?;
        self.resources(strings, sink)?;
        self.relationships(strings, sink)?;
        self.changes(strings, sink)
    }

    fn header(&self, sink: Sink<'_>) -> Result<()> {
        let read = || Ok::<_, redb::Error>(self.reading.open_table(FACTS)?.get(HISTORY_SINCE)?.map(|at| at.value()));
        let history_since = read().map_err(failed("export"))?.map(Timestamp::from_micros);
        sink(ExportRecord::Header { format: 1, exported_at: Timestamp::now(), history_since });
        Ok(())
    }

    fn scopes(&mut self, sink: Sink<'_>) -> Result<()> {
        let mut owned = std::collections::HashMap::<u32, u64>::new();
        self.each_node(|_, _, claims| {
            claims.iter().for_each(|claim| *owned.entry(claim.scope).or_default() += 1);
            Ok(true)
        })?;
        let read = || -> Result<Vec<(String, Option<i64>)>, redb::Error> {
            let table = self.reading.open_table(SCOPES)?;
            table.iter()?.map(|row| row.map(|(_, row)| (row.value().0.to_owned(), row.value().1)).map_err(Into::into)).collect()
        };
        let mut states = Vec::new();
        for (number, (text, completed)) in (0..).zip(read().map_err(failed("export"))?) {
            let scope: Scope = text.parse()?;
            self.scopes.push(scope.clone());
            let resources = owned.get(&number).copied().unwrap_or(0);
            let completed_at = completed.map(Timestamp::from_micros);
            if completed_at.is_some() || resources > 0 {
                states.push(ScopeState { scope, completed_at, resources });
            }
        }
        states.sort_by(|a, b| a.scope.cmp(&b.scope));
        states.into_iter().all(|state| sink(ExportRecord::Scope(state)));
        Ok(())
    }

    fn scope(&self, number: u32) -> Scope {
        let unknown = || Scope::new(crate::model::Provider::new("unknown"), "", "", "");
        self.scopes.get(number as usize).cloned().unwrap_or_else(unknown)
    }

    fn each_node(&self, mut each: impl FnMut(ResourceId, Timestamp, Vec<super::graph::Claim>) -> Result<bool>) -> Result<()> {
        let nodes = self.reading.open_table(NODES).map_err(failed("export"))?;
        for row in nodes.iter().map_err(failed("export"))? {
            let (_, row) = row.map_err(failed("export"))?;
            let unknown = ResourceId::new("?");
            let (id, first, claims) = read_node(row.value()).ok_or_else(|| damaged(&unknown))?;
            if !each(ResourceId::new(id), first, claims)? {
                break;
            }
        }
        Ok(())
    }

    fn resources(&self, strings: &SharedStrings, sink: Sink<'_>) -> Result<()> {
        self.each_node(|id, first, claims| {
            for claim in claims {
                let mut resource = claim.record.unpack(id.clone(), &strings.read()).ok_or_else(|| damaged(&id))?;
                resource.first_discovered = Some(first);
                let record = ExportRecord::Resource { scope: self.scope(claim.scope), resource: Box::new(resource) };
                if !sink(record) {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    fn relationships(&self, strings: &SharedStrings, sink: Sink<'_>) -> Result<()> {
        let read = failed::<redb::Error>;
        let (nodes, edges) = (self.reading.open_table(NODES), self.reading.open_table(EDGES));
        let nodes = nodes.map_err(|error| read("export")(error.into()))?;
        let edges = edges.map_err(|error| read("export")(error.into()))?;
        let id = |number: u32| -> Result<ResourceId> {
            let row = nodes.get(number).map_err(failed("export"))?;
            let row = row.ok_or_else(|| Error::backend("embedded", "export", "a relationship's end has no row"))?;
            Ok(ResourceId::new(read_node(row.value()).map_or("", |(id, ..)| id)))
        };
        for row in edges.iter().map_err(failed("export"))? {
            let (source, row) = row.map_err(failed("export"))?;
            let source = id(source.value())?;
            for edge in read_edges(row.value()).ok_or_else(|| damaged(&source))? {
                let relationship = relationship(&strings.read(), source.clone(), edge.kind, id(edge.target)?);
                if !sink(ExportRecord::Relationship { scope: self.scope(edge.scope), relationship }) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Changes of both kinds, merged by time.
    fn changes(&self, strings: &SharedStrings, sink: Sink<'_>) -> Result<()> {
        let changes = self.reading.open_table(CHANGES).map_err(failed("export"))?;
        let edges = self.reading.open_table(EDGE_CHANGES).map_err(failed("export"))?;
        let mut edges = edges.iter().map_err(failed("export"))?.peekable();
        for row in changes.iter().map_err(failed("export"))? {
            let (key, row) = row.map_err(failed("export"))?;
            let (at, id) = key.value();
            while edges.peek().is_some_and(|row| row.as_ref().is_ok_and(|(key, _)| key.value() < at)) {
                let Some(row) = edges.next() else { break };
                let (key, row) = row.map_err(failed("export"))?;
                if !self.edge_changes(key.value(), row.value(), &strings.read(), sink) {
                    return Ok(());
                }
            }
            let id = ResourceId::new(id);
            let row = ChangeRow::read(row.value()).ok_or_else(|| damaged(&id))?;
            if !sink(resource_change(&id, at, row, &strings.read())?) {
                return Ok(());
            }
        }
        for row in edges {
            let (key, row) = row.map_err(failed("export"))?;
            if !self.edge_changes(key.value(), row.value(), &strings.read(), sink) {
                break;
            }
        }
        Ok(())
    }

    fn edge_changes(&self, at: i64, row: &[u8], strings: &Strings, sink: Sink<'_>) -> bool {
        let Some(entries) = EdgeChanges::new(row) else { return true };
        let task_id = TaskId::new(entries.task);
        let mut entries = entries;
        entries.all(|entry| {
            sink(ExportRecord::RelationshipChange {
                at: Timestamp::from_micros(at),
                task_id: task_id.clone(),
                kind: if entry.came { ChangeKind::Created } else { ChangeKind::Removed },
                scope: self.scope(entry.scope),
                relationship: relationship(strings, ResourceId::new(entry.source), entry.kind, ResourceId::new(entry.target)),
            })
        })
    }
}

fn relationship(strings: &Strings, source: ResourceId, kind: Symbol, target: ResourceId) -> Relationship {
    Relationship::new(source, RelationshipKind::new(strings.text(kind).to_owned()), target)
}

fn resource_change(id: &ResourceId, at: i64, row: ChangeRow<'_>, strings: &Strings) -> Result<ExportRecord> {
    let before = match row.before {
        None => None,
        Some((first, record)) => {
            let mut resource: Resource = record.unpack(id.clone(), strings).ok_or_else(|| damaged(id))?;
            resource.first_discovered = Some(first);
            Some(Box::new(resource))
        }
    };
    let (at, task_id) = (Timestamp::from_micros(at), TaskId::new(row.task));
    Ok(ExportRecord::ResourceChange { at, task_id, kind: row.kind, id: id.clone(), before })
}
