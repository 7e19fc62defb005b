//! The models that answer: trained, kept, promoted and rolled back.

mod durable;
mod folder;
mod judge;
mod kind;
mod recent;
mod streams;
mod trained;
mod training;
mod workers;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use axum::http::StatusCode;
use dharmagraph_aiops::registry::{ModelVersion, NewModel, Registry};
use dharmagraph_cmdb::Timestamp;

pub use folder::{Folder, FolderError};
pub(crate) use judge::{Judge, Lesson, table};
pub use kind::ModelKind;
pub(crate) use recent::Recent;
pub(crate) use streams::{Session, Streams};
pub use trained::{Content, Trained};
pub use training::{Trainee, TrainingOptions, train, units_of};
pub(crate) use workers::Workers;

use crate::problem::Problem;

/// How many versions that are not current are kept in memory.
const EARLIER: usize = 4;

/// A model that answers.
#[derive(Debug)]
pub(crate) struct Current {
    /// What is known of it.
    pub(crate) version: ModelVersion,
    /// The model.
    pub(crate) model: Trained,
    /// What it was asked about lately.
    pub(crate) recent: Recent,
}

/// Every model of a server. Where there is no folder, they last as long as the process.
#[derive(Debug, Default)]
pub struct Models {
    folder: Option<Folder>,
    shelf: RwLock<Shelf>,
    /// Held while the registry changes, so that one change is on the disk before the next begins.
    changing: Mutex<()>,
    workers: Workers,
    streams: Streams,
    /// Versions that streams go on with though another is current.
    earlier: Mutex<VecDeque<Arc<Current>>>,
}

#[derive(Debug, Default)]
struct Shelf {
    registry: Arc<Registry>,
    /// The current model of each kind, or why it cannot be used.
    loaded: BTreeMap<ModelKind, Result<Arc<Current>, String>>,
}

impl Models {
    /// Opens a folder and reads the current model of each kind. One that cannot be read, since another version of this program
    /// wrote it, is logged, and answers with what is wrong with it until another is promoted.
    ///
    /// # Errors
    /// [`FolderError`] where the folder or its registry cannot be used.
    pub fn open(folder: Folder) -> Result<Self, FolderError> {
        let registry = folder.read()?;
        let mut loaded = BTreeMap::new();
        for kind in ModelKind::ALL {
            let Some(version) = current(&registry, kind) else { continue };
            let current = read(&registry, kind, version.version).map(Arc::new);
            if let Err(error) = &current {
                tracing::error!(model = kind.as_str(), version = version.version, %error, "the current model cannot be used");
            }
            loaded.insert(kind, current.map_err(|error| error.to_string()));
        }
        let shelf = RwLock::new(Shelf { registry: Arc::new(registry), loaded });
        let streams = Streams::open(folder.streams())?;
        Ok(Self { folder: Some(folder), shelf, streams, ..Self::default() })
    }

    /// Where models compute.
    pub(crate) const fn workers(&self) -> &Workers {
        &self.workers
    }

    /// What is remembered of series that go on.
    pub(crate) const fn streams(&self) -> &Streams {
        &self.streams
    }

    /// The models that there are now.
    #[must_use]
    pub fn registry(&self) -> Arc<Registry> {
        Arc::clone(&self.shelf.read().unwrap_or_else(PoisonError::into_inner).registry)
    }

    /// The model of a kind that answers, if one was trained.
    ///
    /// # Errors
    /// 409 `CONFLICT` where it cannot be used, with what to do.
    pub(crate) fn current(&self, kind: ModelKind) -> Result<Option<Arc<Current>>, Problem> {
        let loaded = self.shelf.read().unwrap_or_else(PoisonError::into_inner).loaded.get(&kind).cloned();
        match loaded {
            None => Ok(None),
            Some(Ok(current)) => Ok(Some(current)),
            Some(Err(error)) => {
                let detail =
                    format!("the current model {kind} cannot be used: {error}; promote another version, or train it again");
                Err(Problem::new(StatusCode::CONFLICT, "CONFLICT", detail))
            }
        }
    }

    /// A version of a kind, be it current or not, if it is there and its file is this one.
    pub(crate) fn version(&self, kind: ModelKind, number: u32, file_hash: &str) -> Option<Arc<Current>> {
        let is_it = |found: &Current| found.model.kind() == kind && found.version.file_hash == file_hash;
        if let Ok(Some(current)) = self.current(kind)
            && is_it(&current)
        {
            return Some(current);
        }
        let mut earlier = self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = earlier.iter().find(|found| is_it(found) && found.version.version == number) {
            return Some(Arc::clone(found));
        }
        let found = Arc::new(read(&self.registry(), kind, number).ok().filter(is_it)?);
        earlier.truncate(EARLIER - 1);
        earlier.push_front(Arc::clone(&found));
        Some(found)
    }

    /// Keeps a model. It answers from now on where `promote` says so, and where none of its kind does. When this returns, it is
    /// on the disk.
    ///
    /// # Errors
    /// 422 `LIMIT_EXCEEDED` where the models take too much; 500 `INTERNAL` where it cannot be written. Nothing is changed then.
    pub(crate) fn add(&self, trainee: Trainee, promote: bool) -> Result<ModelVersion, Problem> {
        let _changing = self.change();
        let Trainee { file, model, data_hash, metrics, warnings: _ } = trainee;
        let kind = model.kind();
        let mut registry = Registry::clone(&self.registry());
        let promote = promote || current(&registry, kind).is_none();
        let number = registry.register(NewModel {
            name: kind.to_string(),
            kind: kind.to_string(),
            trained_at: Timestamp::now().as_micros().div_euclid(1_000_000),
            data_hash,
            schema: Some(model.schema.clone()),
            metrics,
            file,
        })?;
        if promote {
            registry.promote(kind.as_str(), number)?;
        }
        let version = registry.version(kind.as_str(), number)?.clone();
        let current = promote.then(|| Current { version: version.clone(), model, recent: Recent::default() });
        self.put(registry, current)?;
        Ok(version)
    }

    /// Lets a version answer, be it newer or older. When this returns, that is on the disk.
    ///
    /// # Errors
    /// 404 `NOT_FOUND`; 400 `INVALID` for one whose file cannot be used; 500 `INTERNAL` where the registry cannot be written.
    /// Nothing is changed then.
    pub(crate) fn promote(&self, kind: ModelKind, number: u32) -> Result<ModelVersion, Problem> {
        let _changing = self.change();
        let mut registry = Registry::clone(&self.registry());
        registry.promote(kind.as_str(), number)?;
        let current = read(&registry, kind, number)?;
        let version = current.version.clone();
        self.put(registry, Some(current))?;
        Ok(version)
    }

    /// Writes the registry, then shows it.
    fn put(&self, registry: Registry, current: Option<Current>) -> Result<(), Problem> {
        if let Some(folder) = &self.folder {
            folder.write(&registry).map_err(|error| Problem::internal(error.to_string()))?;
        }
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        shelf.registry = Arc::new(registry);
        if let Some(current) = current {
            shelf.loaded.insert(current.model.kind(), Ok(Arc::new(current)));
        }
        Ok(())
    }

    fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The version of a kind that answers.
pub(crate) fn current(registry: &Registry, kind: ModelKind) -> Option<&ModelVersion> {
    registry.current(kind.as_str()).ok().flatten()
}

fn read(registry: &Registry, kind: ModelKind, number: u32) -> dharmagraph_aiops::Result<Current> {
    let version = registry.version(kind.as_str(), number)?.clone();
    let model = Trained::read(kind, registry.file(kind.as_str(), number)?)?;
    Ok(Current { version, model, recent: Recent::default() })
}
