//! What was, and what changed: read from the file.

use redb::{Database, ReadTransaction, ReadableDatabase};

use super::Shared;
use super::bytes::Reader;
use super::commit::{CREATED, REMOVED, UPDATED};
use super::file::{CHANGES, EDGE_CHANGES, FACTS, HISTORY_SINCE, NODES, VERSIONS, failed, read_node};
use super::read::damaged;
use super::record::Record;
use super::strings::Symbol;
use crate::error::{Error, Result};
use crate::model::{
    Change, ChangeFilter, ChangeKind, ChangePage, PageRequest, Resource, ResourceId, ResourceType, TaskId, Timestamp, Version,
    VersionPage,
};
use crate::store::cursor::{ChangePosition, Start, VersionPosition, page_start, write_cursor};

/// A row of [`CHANGES`].
pub(super) struct ChangeRow<'a> {
    pub(super) kind: ChangeKind,
    pub(super) resource_type: Symbol,
    pub(super) task: &'a str,
    /// When the resource was created, and what it was before the change.
    pub(super) before: Option<(Timestamp, Record)>,
}

impl<'a> ChangeRow<'a> {
    pub(super) fn read(row: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(row);
        let kind = match reader.byte()? {
            CREATED => ChangeKind::Created,
            UPDATED => ChangeKind::Updated,
            REMOVED => ChangeKind::Removed,
            _ => return None,
        };
        let (resource_type, task) = (Symbol(reader.small()?), reader.text()?);
        let before =
            if reader.is_empty() { None } else { Some((Timestamp::from_micros(reader.signed()?), Record::read(&mut reader)?)) };
        Some(Self { kind, resource_type, task, before })
    }
}

/// History as one moment's readers see it: later commits do not show.
pub(super) struct History<'a> {
    reading: ReadTransaction,
    shared: &'a Shared,
}

impl<'a> History<'a> {
    pub(super) fn new(shared: &'a Shared) -> Result<Self> {
        let reading = shared.file.begin_read().map_err(failed("read history"))?;
        Ok(Self { reading, shared })
    }

    fn resource(&self, id: &ResourceId, first: Timestamp, record: &Record) -> Result<Resource> {
        let mut resource = record.unpack(id.clone(), &self.shared.strings.read()).ok_or_else(|| damaged(id))?;
        resource.first_discovered = Some(first);
        Ok(resource)
    }

    /// What the file says of a resource now.
    fn current(&self, id: &ResourceId) -> Result<Option<Resource>> {
        let Some(number) = self.shared.read().find(id.as_str()) else { return Ok(None) };
        let read = || Ok::<_, redb::Error>(self.reading.open_table(NODES)?.get(number)?);
        let Some(row) = read().map_err(failed("read history"))? else { return Ok(None) };
        let (found, first, claims) = read_node(row.value()).ok_or_else(|| damaged(id))?;
        let shown = claims.first().filter(|_| found == id.as_str());
        shown.map(|claim| self.resource(id, first, &claim.record)).transpose()
    }

    /// What a change found: the row's `before`, as a resource.
    fn before(&self, id: &ResourceId, at: i64) -> Result<Option<Resource>> {
        let read = || Ok::<_, redb::Error>(self.reading.open_table(CHANGES)?.get((at, id.as_str()))?);
        let row = read().map_err(failed("read history"))?.ok_or_else(|| damaged(id))?;
        let row = ChangeRow::read(row.value()).ok_or_else(|| damaged(id))?;
        row.before.map(|(first, record)| self.resource(id, first, &record)).transpose()
    }

    /// The resource as it was after `at`: what the next change found, else what is there now.
    pub(super) fn after(&self, id: &ResourceId, at: i64) -> Result<Option<Resource>> {
        let read = || -> Result<Option<i64>, redb::Error> {
            let versions = self.reading.open_table(VERSIONS)?;
            let mut later = versions.range((id.as_str(), at.saturating_add(1))..=(id.as_str(), i64::MAX))?;
            Ok(later.next().transpose()?.map(|(key, _)| key.value().1))
        };
        match read().map_err(failed("read history"))? {
            Some(next) => self.before(id, next),
            None => self.current(id),
        }
    }

    pub(super) fn versions(&self, id: &ResourceId, page: &PageRequest) -> Result<VersionPage> {
        let start = page_start::<VersionPosition>(page)?;
        let read = || -> Result<Vec<i64>, redb::Error> {
            let versions = self.reading.open_table(VERSIONS)?;
            let times = versions.range((id.as_str(), i64::MIN)..=(id.as_str(), i64::MAX))?.rev();
            times.map(|row| Ok(row?.0.value().1)).collect()
        };
        let times = read().map_err(failed("read history"))?;
        if times.is_empty() && self.current(id)?.is_none() {
            return Err(Error::NotFound { what: "resource", id: id.to_string() });
        }
        let from = match start {
            Start::Offset(items) => usize::try_from(items).unwrap_or(usize::MAX).min(times.len()),
            Start::After(VersionPosition(last)) => times.partition_point(|at| *at >= last.as_micros()),
        };
        let shown: Vec<_> = times[from..].iter().copied().take(page.limit).collect();
        let more = from + shown.len() < times.len();
        let next_cursor = shown.last().filter(|_| more).map(|at| write_cursor(&VersionPosition(Timestamp::from_micros(*at))));
        let versions = shown.into_iter().map(|at| self.version(id, at)).collect::<Result<_>>()?;
        Ok(VersionPage { resource_id: id.clone(), versions, next_cursor })
    }

    fn version(&self, id: &ResourceId, at: i64) -> Result<Version> {
        let read = || Ok::<_, redb::Error>(self.reading.open_table(CHANGES)?.get((at, id.as_str()))?);
        let row = read().map_err(failed("read history"))?.ok_or_else(|| damaged(id))?;
        let row = ChangeRow::read(row.value()).ok_or_else(|| damaged(id))?;
        let resource = match (row.kind, &row.before) {
            (ChangeKind::Removed, Some((first, record))) => self.resource(id, *first, record)?,
            _ => self.after(id, at)?.ok_or_else(|| damaged(id))?,
        };
        Ok(Version { at: Timestamp::from_micros(at), task_id: TaskId::new(row.task), kind: row.kind, resource })
    }

    pub(super) fn changes(&self, filter: &ChangeFilter, page: &PageRequest) -> Result<ChangePage> {
        let start = page_start::<ChangePosition>(page)?;
        let (mut skip, after) = match start {
            Start::Offset(items) => (items, None),
            Start::After(ChangePosition(at, id)) => (0, Some((at.as_micros(), id))),
        };
        let from = filter.from.map_or(i64::MIN, Timestamp::as_micros);
        let to = filter.to.map_or(i64::MAX, Timestamp::as_micros);
        let first = match &after {
            Some((at, id)) if *at >= from => (*at, id.as_str()),
            _ => (from, ""),
        };
        let mut page_of = ChangePage::default();
        if first.0 >= to {
            return Ok(page_of);
        }
        let changes = self.reading.open_table(CHANGES).map_err(failed("read history"))?;
        for row in changes.range(first..(to, "")).map_err(failed("read history"))? {
            let (key, row) = row.map_err(failed("read history"))?;
            let (at, id) = key.value();
            if after.as_ref().is_some_and(|(last, last_id)| (at, id) <= (*last, last_id.as_str())) {
                continue;
            }
            let id = ResourceId::new(id);
            let row = ChangeRow::read(row.value()).ok_or_else(|| damaged(&id))?;
            let strings = self.shared.strings.read();
            let resource_type = strings.text(row.resource_type);
            let fits = filter.task_id.as_ref().is_none_or(|task| task.as_str() == row.task)
                && filter.resource_type.as_ref().is_none_or(|asked| asked.as_str() == resource_type);
            drop(strings);
            if !fits {
                continue;
            }
            if skip > 0 {
                skip -= 1;
                continue;
            }
            if page_of.changes.len() == page.limit {
                let last = page_of.changes.last();
                page_of.next_cursor = last.map(|last| write_cursor(&ChangePosition(last.at, last.id.clone())));
                break;
            }
            let change = self.change(id, at, row)?;
            page_of.changes.push(change);
        }
        Ok(page_of)
    }

    fn change(&self, id: ResourceId, at: i64, row: ChangeRow<'_>) -> Result<Change> {
        let fields = match (row.kind, row.before) {
            (ChangeKind::Updated, Some((first, record))) => {
                let after = self.after(&id, at)?.ok_or_else(|| damaged(&id))?;
                Change::fields_between(&self.resource(&id, first, &record)?, &after)
            }
            _ => std::collections::BTreeMap::new(),
        };
        Ok(Change {
            at: Timestamp::from_micros(at),
            task_id: TaskId::new(row.task),
            kind: row.kind,
            id,
            resource_type: ResourceType::new(self.shared.strings.read().text(row.resource_type).to_owned()),
            fields,
        })
    }
}

/// Since when history is kept; `None` where nothing was ever forgotten.
pub(super) fn history_since(file: &Database) -> Result<Option<Timestamp>> {
    let read = || -> Result<_, redb::Error> {
        Ok(file.begin_read()?.open_table(FACTS)?.get(HISTORY_SINCE)?.map(|micros| Timestamp::from_micros(micros.value())))
    };
    read().map_err(failed("read history"))
}

/// Forgets changes from before `horizon`; gives how many.
pub(super) fn prune(file: &Database, horizon: Timestamp) -> Result<u64> {
    let prune = || -> Result<u64, redb::Error> {
        let writing = file.begin_write()?;
        let mut forgotten = 0;
        {
            let mut changes = writing.open_table(CHANGES)?;
            let mut versions = writing.open_table(VERSIONS)?;
            for row in changes.extract_from_if(..(horizon.as_micros(), ""), |_, _| true)? {
                let (key, _) = row?;
                let (at, id) = key.value();
                versions.remove((id, at))?;
                forgotten += 1;
            }
            let mut edges = writing.open_table(EDGE_CHANGES)?;
            for row in edges.extract_from_if(..horizon.as_micros(), |_, _| true)? {
                let (_, row) = row?;
                forgotten += EdgeChanges::new(row.value()).map_or(0, |changes| changes.count() as u64);
            }
            if forgotten > 0 {
                writing.open_table(FACTS)?.insert(HISTORY_SINCE, horizon.as_micros())?;
            }
        }
        writing.commit()?;
        Ok(forgotten)
    };
    prune().map_err(failed("prune history"))
}

/// One entry of a row of [`EDGE_CHANGES`].
#[derive(Debug, Clone, Copy)]
pub(super) struct EdgeChange<'a> {
    pub(super) came: bool,
    pub(super) source: &'a str,
    pub(super) kind: Symbol,
    pub(super) target: &'a str,
    pub(super) scope: u32,
}

/// The entries of a row of [`EDGE_CHANGES`].
#[derive(Debug)]
pub(super) struct EdgeChanges<'a> {
    pub(super) task: &'a str,
    reader: Reader<'a>,
}

impl<'a> EdgeChanges<'a> {
    pub(super) fn new(row: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(row);
        Some(Self { task: reader.text()?, reader })
    }
}

impl<'a> Iterator for EdgeChanges<'a> {
    type Item = EdgeChange<'a>;

    fn next(&mut self) -> Option<EdgeChange<'a>> {
        Some(EdgeChange {
            came: self.reader.byte()? == 1,
            source: self.reader.text()?,
            kind: Symbol(self.reader.small()?),
            target: self.reader.text()?,
            scope: self.reader.small()?,
        })
    }
}
