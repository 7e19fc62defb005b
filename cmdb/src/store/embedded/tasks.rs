//! Tasks, in the same file.

use std::ops::Bound;

use async_trait::async_trait;
use redb::{ReadableDatabase, ReadableTable, WriteTransaction};

use super::EmbeddedStore;
use super::file::{TASK_KEYS, TASK_TIMES, TASKS, UNFINISHED, failed};
use crate::error::{Error, Result};
use crate::model::{PageRequest, Provider, TaskId};
use crate::store::cursor::{Start, TaskPosition, page_start, write_cursor};
use crate::sync::{Task, TaskPage, TaskStore};

pub(super) fn row(task: &Task) -> Result<Vec<u8>> {
    serde_json::to_vec(task).map_err(|error| Error::backend("embedded", "store a task", error))
}

pub(super) fn read(row: &[u8]) -> Result<Task> {
    serde_json::from_slice(row).map_err(|error| Error::backend("embedded", "read a task", error))
}

pub(super) fn write(writing: &WriteTransaction, task: &Task, row: &[u8]) -> Result<(), redb::Error> {
    let id = task.task_id.as_str();
    writing.open_table(TASKS)?.insert(id, row)?;
    writing.open_table(TASK_TIMES)?.insert((task.started_at.as_micros(), id), ())?;
    if let Some(key) = &task.request.idempotency_key {
        writing.open_table(TASK_KEYS)?.insert((task.provider.as_str(), key.as_str()), id)?;
    }
    let mut unfinished = writing.open_table(UNFINISHED)?;
    if task.status.is_final() {
        unfinished.remove(id)?;
    } else {
        unfinished.insert(id, ())?;
    }
    Ok(())
}

#[async_trait]
impl TaskStore for EmbeddedStore {
    async fn insert(&self, task: &Task) -> Result<()> {
        let (task, row) = (task.clone(), row(task)?);
        self.on_file(move |file| {
            let insert = || -> Result<bool, redb::Error> {
                let writing = file.begin_write()?;
                if writing.open_table(TASKS)?.get(task.task_id.as_str())?.is_some() {
                    return Ok(false);
                }
                write(&writing, &task, &row)?;
                writing.commit()?;
                Ok(true)
            };
            if insert().map_err(failed("store a task"))? {
                return Ok(());
            }
            let id = task.task_id.to_string();
            Err(Error::Conflict { reference: id.clone(), candidates: vec![id] })
        })
        .await
    }

    async fn put(&self, task: &Task) -> Result<()> {
        let (task, row) = (task.clone(), row(task)?);
        self.on_file(move |file| {
            let put = || -> Result<(), redb::Error> {
                let writing = file.begin_write()?;
                write(&writing, &task, &row)?;
                writing.commit()?;
                Ok(())
            };
            put().map_err(failed("store a task"))
        })
        .await
    }

    async fn task(&self, id: &TaskId) -> Result<Option<Task>> {
        let id = id.clone();
        self.on_file(move |file| {
            let find = || Ok::<_, redb::Error>(file.begin_read()?.open_table(TASKS)?.get(id.as_str())?);
            find().map_err(failed("read a task"))?.map(|row| read(row.value())).transpose()
        })
        .await
    }

    async fn tasks(&self, page: &PageRequest) -> Result<TaskPage> {
        let (start, limit) = (page_start::<TaskPosition>(page)?, page.limit);
        self.on_file(move |file| {
            let find = || -> Result<(Vec<Vec<u8>>, bool), redb::Error> {
                let reading = file.begin_read()?;
                let (times, tasks) = (reading.open_table(TASK_TIMES)?, reading.open_table(TASKS)?);
                let (skip, last) = match start {
                    Start::Offset(items) => (usize::try_from(items).unwrap_or(usize::MAX), None),
                    Start::After(TaskPosition(at, id)) => (0, Some((at.as_micros(), id))),
                };
                let mut rows = Vec::new();
                let before = match &last {
                    None => Bound::Unbounded,
                    Some((at, id)) => Bound::Excluded((*at, id.as_str())),
                };
                let newest_first = times.range::<(i64, &str)>((Bound::Unbounded, before))?.rev();
                for row in newest_first.skip(skip).take(limit + 1) {
                    let (key, ()) = row.map(|(key, _)| (key, ()))?;
                    if let Some(task) = tasks.get(key.value().1)? {
                        rows.push(task.value().to_vec());
                    }
                }
                let more = rows.len() > limit;
                rows.truncate(limit);
                Ok((rows, more))
            };
            let (rows, more) = find().map_err(failed("list tasks"))?;
            let tasks = rows.iter().map(|row| read(row)).collect::<Result<Vec<_>>>()?;
            let last = tasks.last().filter(|_| more);
            let next_cursor = last.map(|last| write_cursor(&TaskPosition(last.started_at, last.task_id.clone())));
            Ok(TaskPage { tasks, next_cursor })
        })
        .await
    }

    async fn task_by_key(&self, provider: &Provider, idempotency_key: &str) -> Result<Option<Task>> {
        let (provider, key) = (provider.clone(), idempotency_key.to_owned());
        self.on_file(move |file| {
            let find = || -> Result<Option<Vec<u8>>, redb::Error> {
                let reading = file.begin_read()?;
                let keys = reading.open_table(TASK_KEYS)?;
                let Some(id) = keys.get((provider.as_str(), key.as_str()))? else { return Ok(None) };
                Ok(reading.open_table(TASKS)?.get(id.value())?.map(|row| row.value().to_vec()))
            };
            find().map_err(failed("read a task"))?.map(|row| read(&row)).transpose()
        })
        .await
    }

    async fn unfinished(&self) -> Result<Vec<Task>> {
        self.on_file(|file| {
            let find = || -> Result<Vec<Vec<u8>>, redb::Error> {
                let reading = file.begin_read()?;
                let (unfinished, tasks) = (reading.open_table(UNFINISHED)?, reading.open_table(TASKS)?);
                let mut rows = Vec::new();
                for row in unfinished.iter()? {
                    if let Some(task) = tasks.get(row?.0.value())? {
                        rows.push(task.value().to_vec());
                    }
                }
                Ok(rows)
            };
            find().map_err(failed("list tasks"))?.iter().map(|row| read(row)).collect()
        })
        .await
    }
}
