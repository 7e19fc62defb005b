//! Everything in the file, as records.

use std::cell::RefCell;
use std::collections::HashMap;

use redb::{Database, ReadableDatabase, ReadableTable};
use tokio::sync::mpsc::Sender;

use super::file::{
    CHANGES, EDGE_CHANGES, EDGES, FACTS, HISTORY_SINCE, NODES, SCOPES, TASK_TIMES, TASKS, failed, read_edges, read_node,
};
use super::graph::OutEdge;
use super::history::{ChangeRow, EdgeChanges};
use super::read::damaged;
use super::strings::{SharedStrings, Strings, Symbol};
use super::tasks;
use crate::error::Result;
use crate::model::{ChangeKind, Relationship, RelationshipKind, Resource, ResourceId, ResourceType, Scope, TaskId, Timestamp};
use crate::store::export::{FORMAT, Tally};
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
    /// By number.
    ids: HashMap<u32, ResourceId>,
    /// The same, ordered by id.
    order: Vec<u32>,
}

/// Takes a record; says whether somebody still listens.
type Sink<'a> = &'a dyn Fn(ExportRecord) -> bool;

impl Export {
    fn new(file: &Database) -> Result<Self> {
        let reading = file.begin_read().map_err(failed("export"))?;
        Ok(Self { reading, scopes: Vec::new(), ids: HashMap::new(), order: Vec::new() })
    }

    fn run(mut self, strings: &SharedStrings, sink: Sink<'_>) -> Result<()> {
        let tally = RefCell::new(Tally::default());
        let counted: Sink<'_> = &|record| {
            tally.borrow_mut().count(&record);
            sink(record)
        };
        self.header(counted)?;
        self.scopes(counted)?;
        self.resources(strings, counted)?;
        self.relationships(strings, counted)?;
        self.changes(strings, counted)?;
        self.tasks(counted)?;
        sink(ExportRecord::End(tally.borrow().counts()));
        Ok(())
    }

    fn header(&self, sink: Sink<'_>) -> Result<()> {
        let read = || Ok::<_, redb::Error>(self.reading.open_table(FACTS)?.get(HISTORY_SINCE)?.map(|at| at.value()));
        let history_since = read().map_err(failed("export"))?.map(Timestamp::from_micros);
        sink(ExportRecord::Header { format: FORMAT, exported_at: Timestamp::now(), history_since });
        Ok(())
    }

    /// Sends the scopes; learns their numbers, and those of nodes.
    fn scopes(&mut self, sink: Sink<'_>) -> Result<()> {
        let mut owned = HashMap::<u32, u64>::new();
        let nodes = self.reading.open_table(NODES).map_err(failed("export"))?;
        for row in nodes.iter().map_err(failed("export"))? {
            let (number, row) = row.map_err(failed("export"))?;
            let unknown = ResourceId::new("?");
            let (id, _, claims) = read_node(row.value()).ok_or_else(|| damaged(&unknown))?;
            claims.iter().for_each(|claim| *owned.entry(claim.scope).or_default() += 1);
            self.ids.insert(number.value(), ResourceId::new(id));
            self.order.push(number.value());
        }
        self.order.sort_by(|a, b| self.ids.get(a).cmp(&self.ids.get(b)));

        let table = self.reading.open_table(SCOPES).map_err(failed("export"))?;
        let mut states = Vec::new();
        for row in table.iter().map_err(failed("export"))? {
            let (number, row) = row.map_err(failed("export"))?;
            let (text, completed) = row.value();
            let scope: Scope = text.parse()?;
            self.scopes.push(scope.clone());
            let resources = owned.get(&number.value()).copied().unwrap_or(0);
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

    fn resources(&self, strings: &SharedStrings, sink: Sink<'_>) -> Result<()> {
        let nodes = self.reading.open_table(NODES).map_err(failed("export"))?;
        for number in &self.order {
            let Some(row) = nodes.get(number).map_err(failed("export"))? else { continue };
            let unknown = ResourceId::new("?");
            let (id, first, claims) = read_node(row.value()).ok_or_else(|| damaged(&unknown))?;
            for claim in claims {
                let id = ResourceId::new(id);
                let mut resource = claim.record.unpack(id.clone(), &strings.read()).ok_or_else(|| damaged(&id))?;
                resource.first_discovered = Some(first);
                if !sink(ExportRecord::Resource { scope: self.scope(claim.scope), resource: Box::new(resource) }) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn relationships(&self, strings: &SharedStrings, sink: Sink<'_>) -> Result<()> {
        let edges = self.reading.open_table(EDGES).map_err(failed("export"))?;
        for number in &self.order {
            let Some(row) = edges.get(number).map_err(failed("export"))? else { continue };
            let source = self.id(*number);
            let edges = read_edges(row.value()).ok_or_else(|| damaged(&source))?;
            let strings = strings.read();
            let owned = |edge: &OutEdge| {
                (relationship(&strings, source.clone(), edge.kind, self.id(edge.target)), self.scope(edge.scope))
            };
            let mut owned: Vec<_> = edges.iter().map(owned).collect();
            drop(strings);
            owned.sort();
            if !owned.into_iter().all(|(relationship, scope)| sink(ExportRecord::Relationship { scope, relationship })) {
                break;
            }
        }
        Ok(())
    }

    fn id(&self, number: u32) -> ResourceId {
        self.ids.get(&number).cloned().unwrap_or_else(|| ResourceId::new("?"))
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

    /// Tasks, newest first.
    fn tasks(&self, sink: Sink<'_>) -> Result<()> {
        let times = self.reading.open_table(TASK_TIMES).map_err(failed("export"))?;
        let tasks = self.reading.open_table(TASKS).map_err(failed("export"))?;
        for key in times.iter().map_err(failed("export"))?.rev() {
            let (key, ()) = key.map(|(key, _)| (key, ())).map_err(failed("export"))?;
            let Some(row) = tasks.get(key.value().1).map_err(failed("export"))? else { continue };
            if !sink(ExportRecord::Task(Box::new(tasks::read(row.value())?))) {
                break;
            }
        }
        Ok(())
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
    let resource_type = ResourceType::known_or_new(strings.text(row.resource_type));
    Ok(ExportRecord::ResourceChange { at, task_id, kind: row.kind, id: id.clone(), resource_type, before })
}
