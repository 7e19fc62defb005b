//! What is remembered of series that go on.
//!
//! The state of a stream lies on the disk before an answer tells of it, and is read when the stream is asked about again: nothing
//! is kept in memory between requests, so that a restart changes nothing.

mod record;
mod shelf;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dharmagraph_aiops::anomaly::AnomalyPoint;
use dharmagraph_aiops::data::{Series, Table};
use dharmagraph_aiops::model::{load, save};
use dharmagraph_aiops::{Error, Result};

use super::folder::failed;
use super::judge::{Judge, Lesson, Memory, table};
use super::{Current, FolderError, ModelKind, Models};
use crate::problem::Problem;
use record::Record;
use shelf::{STREAMS, Shelf};

/// The most characters of a name.
const NAME: usize = 200;
/// Streams share so many locks by their keys: two that have the same wait for each other.
const LOCKS: usize = 64;

/// The streams of a server.
#[derive(Debug)]
pub(crate) struct Streams {
    shelf: Shelf,
    locks: Vec<Mutex<()>>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { shelf: Shelf::default(), locks: (0..LOCKS).map(|_| Mutex::default()).collect() }
    }
}

/// A request's streams: nobody else goes on with them meanwhile, and nothing is changed before all of it is [kept](Self::keep).
#[derive(Debug)]
pub(crate) struct Session<'a> {
    streams: &'a Streams,
    _locks: Vec<MutexGuard<'a, ()>>,
    /// What is to be kept, by key.
    changed: BTreeMap<String, Record>,
}

/// The answer about the points that came.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) points: Vec<AnomalyPoint>,
    pub(crate) metrics: Vec<String>,
    pub(crate) rows: Table,
    /// The model that judged, where one was trained.
    pub(crate) trained: Option<Arc<Current>>,
    /// Why the stream begins anew though it was known.
    pub(crate) restarted: Option<String>,
}

impl Streams {
    /// Streams in a folder, which is made where there is none.
    pub(super) fn open(folder: PathBuf) -> Result<Self, FolderError> {
        let shelf = Shelf::open(folder.clone()).map_err(|source| failed("open the folder of streams", &folder, source))?;
        Ok(Self { shelf, ..Self::default() })
    }

    /// Begins a request about the streams of these names. It waits for other requests about them.
    ///
    /// # Errors
    /// [`Error::Data`] for a name that is empty or too long; [`Error::TooMuch`] for more than are kept.
    pub(crate) fn session<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<Session<'_>> {
        let names: BTreeSet<&str> = names.collect();
        if let Some(length) = names.iter().map(|name| name.chars().count()).find(|length| !(1..=NAME).contains(length)) {
            return Err(Error::data("stream_id", format!("1 to {NAME} characters"), length.to_string()));
        }
        if names.len() > STREAMS {
            return Err(Error::TooMuch { what: "the request, in streams,".into(), limit: STREAMS, found: names.len() });
        }
        // Always in the same order, so that no two requests wait for each other.
        let locks: BTreeSet<usize> = names.iter().map(|name| usize::from(hash(name).as_bytes()[0]) % LOCKS).collect();
        let locks = locks.into_iter().map(|lock| self.locks[lock].lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Session { streams: self, _locks: locks.collect(), changed: BTreeMap::new() })
    }
}

impl Session<'_> {
    /// Judges the next points of a stream, which begins with the first that come under its name.
    ///
    /// One whose file cannot be used, or whose model is gone, begins anew, and says so.
    ///
    /// # Errors
    /// 400 `INVALID` for points that do not go on from those that came, and what [`Judge::new`] says; 500 `INTERNAL` where the
    /// file system refuses.
    pub(crate) fn go_on(
        &mut self,
        name: &str,
        series: &[Series],
        training_points: Option<usize>,
        rate: f64,
        (models, current): (&Models, Option<&Arc<Current>>),
    ) -> Result<Heard, Problem> {
        let key = hash(name).to_hex().to_string();
        let (known, mut restarted) = match self.changed.get(&key) {
            Some(record) => (Some(record.clone()), None),
            None => match self.streams.shelf.read(&key).map_err(refused)? {
                None => (None, None),
                Some(file) => match load::<Record>(&file) {
                    Ok(record) if record.name == name => (Some(record), None),
                    Ok(_) => (None, Some("its file is that of another stream".to_owned())),
                    Err(error) => (None, Some(error.to_string())),
                },
            },
        };
        if let Some(record) = &known {
            record.takes(series)?;
        }
        let mut judge = None;
        if let Some(record) = &known {
            let trained = match &record.memory {
                Memory::Trained { version, file_hash, .. } => {
                    let found = models.version(ModelKind::Anomaly, *version, file_hash);
                    if found.is_none() {
                        restarted = Some(format!("version {version} of the model, which judged it, is gone"));
                    }
                    found
                }
                _ => None,
            };
            if restarted.is_none() {
                judge = Some(Judge::resume(record.names(), record.memory.clone(), trained));
            }
        }
        if let Some(reason) = &restarted {
            tracing::warn!(stream = name, reason, "a stream begins anew");
        }
        let lesson = training_points.map_or(Lesson::OnTheWay, Lesson::Points);
        let mut judge = judge.map_or_else(|| Judge::new(series, lesson, rate, current), Ok)?;
        let rows = table(series, &judge.metrics)?;
        let points = judge.points(&rows, rate)?;
        let (metrics, trained) = (judge.metrics.clone(), judge.trained().cloned());
        let unit = |metric: &String| {
            let before = known.iter().flat_map(|record| &record.metrics).find(|(name, _)| name == metric);
            let now = series.iter().find(|series| series.metric == *metric);
            before.and_then(|(_, unit)| unit.clone()).or_else(|| now.and_then(|series| series.unit.clone()))
        };
        let record = Record {
            name: name.to_owned(),
            metrics: metrics.iter().map(|metric| (metric.clone(), unit(metric))).collect(),
            step: series[0].step(),
            next: series[0].time(rows.rows()),
            memory: judge.into_memory(),
        };
        self.changed.insert(key, record);
        Ok(Heard { points, metrics, rows, trained, restarted })
    }

    /// Keeps what changed. When this returns, it is on the disk.
    ///
    /// # Errors
    /// 500 `INTERNAL` where it cannot be written.
    pub(crate) fn keep(self) -> Result<(), Problem> {
        if self.changed.is_empty() {
            return Ok(());
        }
        let file = |(key, record): (String, Record)| Ok((key, save(&record)?));
        let files = self.changed.into_iter().map(file).collect::<Result<_>>()?;
        self.streams.shelf.write(files).map_err(refused)
    }
}

fn hash(name: &str) -> blake3::Hash {
    blake3::hash(name.as_bytes())
}

#[expect(clippy::needless_pass_by_value, reason = "it is what a result's error becomes")]
fn refused(error: io::Error) -> Problem {
    Problem::internal(format!("the folder of streams: {error}"))
}

#[cfg(test)]
mod tests;
