//! The models that answer: trained, kept, promoted and rolled back.

mod catalog;
mod folder;
mod kind;
mod trained;
mod training;
mod workers;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use axum::http::StatusCode;
use dharmagraph_cmdb::Timestamp;

pub use catalog::{Catalog, Entry};
pub use folder::{Folder, FolderError};
pub use kind::ModelKind;
pub use trained::Trained;
pub use training::{Trainee, TrainingOptions, train};
pub(crate) use workers::Workers;

use crate::problem::Problem;

/// A model that answers.
#[derive(Debug)]
pub struct Current {
    /// What is known of it.
    pub entry: Entry,
    /// The model.
    pub model: Trained,
}

/// Every model of a server. Where there is no folder, they last as long as the process.
#[derive(Debug, Default)]
pub struct Models {
    folder: Option<Folder>,
    shelf: RwLock<Shelf>,
    /// Held while the list changes, so that one change is on the disk before the next begins.
    changing: Mutex<()>,
    workers: Workers,
}

#[derive(Debug, Default)]
struct Shelf {
    catalog: Catalog,
    /// The current model of each kind, or why it cannot be used.
    loaded: BTreeMap<ModelKind, Result<Arc<Current>, String>>,
    /// The files, where there is no folder.
    files: BTreeMap<(ModelKind, u32), Vec<u8>>,
}

impl Models {
    /// Opens a folder and reads the current model of each kind. One that cannot be read is logged, and answers with what is
    /// wrong with it until another is promoted.
    ///
    /// # Errors
    /// [`FolderError`] where the folder or its list cannot be used.
    pub fn open(folder: Folder) -> Result<Self, FolderError> {
        let catalog = folder.catalog()?;
        let mut loaded = BTreeMap::new();
        for kind in ModelKind::ALL {
            let Some(entry) = catalog.current(kind) else { continue };
            let read = folder.model(kind, entry.version).inspect_err(|error| tracing::error!(%error, "a model is not there"));
            // Where files lie is the operator's business.
            let file = read.map_err(|_| "its file cannot be read".to_owned());
            let model = file.and_then(|file| Trained::load(kind, &file).map_err(|error| error.to_string()));
            if let Err(error) = &model {
                tracing::error!(model = kind.as_str(), version = entry.version, error, "the current model cannot be used");
            }
            loaded.insert(kind, model.map(|model| Arc::new(Current { entry: entry.clone(), model })));
        }
        let shelf = RwLock::new(Shelf { catalog, loaded, files: BTreeMap::new() });
        Ok(Self { folder: Some(folder), shelf, changing: Mutex::new(()), workers: Workers::default() })
    }

    /// Where models compute.
    pub(crate) const fn workers(&self) -> &Workers {
        &self.workers
    }

    /// The models that there are now.
    #[must_use]
    pub fn catalog(&self) -> Catalog {
        self.read(|shelf| shelf.catalog.clone())
    }

    /// The model of a kind that answers, if one was trained.
    ///
    /// # Errors
    /// 409 `CONFLICT` where it cannot be used, with what to do.
    pub(crate) fn current(&self, kind: ModelKind) -> Result<Option<Arc<Current>>, Problem> {
        match self.read(|shelf| shelf.loaded.get(&kind).cloned()) {
            None => Ok(None),
            Some(Ok(current)) => Ok(Some(current)),
            Some(Err(error)) => {
                let detail = format!("the current model {kind} cannot be used: {error}; promote another version, or train it again");
                Err(Problem::new(StatusCode::CONFLICT, "CONFLICT", detail))
            }
        }
    }

    /// Keeps a model. It answers from now on where `promote` says so, and where it is the first of its kind. When this returns,
    /// it is on the disk.
    ///
    /// # Errors
    /// 500 `INTERNAL` where it cannot be written; nothing is changed then.
    pub(crate) fn add(&self, kind: ModelKind, trainee: Trainee, promote: bool) -> Result<Entry, Problem> {
        let _changing = self.change();
        let Trainee { file, model, rows, data_hash, metrics } = trainee;
        let mut catalog = self.catalog();
        let version = catalog.next_version(kind);
        let entry = Entry { name: kind, version, trained_at: Timestamp::now(), rows, data_hash, bytes: file.len(), metrics };
        catalog.add(entry.clone());
        if promote {
            catalog.promote(kind, version)?;
        }
        let answers = catalog.current(kind).is_some_and(|current| current.version == version);
        if let Some(folder) = &self.folder {
            folder.write_model(kind, version, &file).and_then(|()| folder.write_catalog(&catalog)).map_err(unwritten)?;
        }
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        shelf.catalog = catalog;
        if self.folder.is_none() {
            shelf.files.insert((kind, version), file);
        }
        if answers {
            shelf.loaded.insert(kind, Ok(Arc::new(Current { entry: entry.clone(), model })));
        }
        Ok(entry)
    }

    /// Lets a version answer, be it newer or older. When this returns, that is on the disk.
    ///
    /// # Errors
    /// 404 `NOT_FOUND`; 409 `CONFLICT` for one whose file cannot be used; 500 `INTERNAL` where the list cannot be written.
    /// Nothing is changed then.
    pub(crate) fn promote(&self, kind: ModelKind, version: u32) -> Result<Entry, Problem> {
        let _changing = self.change();
        let mut catalog = self.catalog();
        catalog.promote(kind, version)?;
        let entry = catalog.entry(kind, version)?.clone();
        let model = Trained::load(kind, &self.file(kind, version)?)
            .map_err(|error| Problem::new(StatusCode::CONFLICT, "CONFLICT", format!("{kind} {version} cannot be used: {error}")))?;
        if let Some(folder) = &self.folder {
            folder.write_catalog(&catalog).map_err(unwritten)?;
        }
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        shelf.catalog = catalog;
        shelf.loaded.insert(kind, Ok(Arc::new(Current { entry: entry.clone(), model })));
        Ok(entry)
    }

    /// The file of a model.
    ///
    /// # Errors
    /// 404 `NOT_FOUND`; 500 `INTERNAL` where it cannot be read.
    pub(crate) fn file(&self, kind: ModelKind, version: u32) -> Result<Vec<u8>, Problem> {
        self.read(|shelf| shelf.catalog.entry(kind, version).map(|_| ()))?;
        match &self.folder {
            Some(folder) => folder.model(kind, version).map_err(|error| Problem::internal(error.to_string())),
            None => {
                let file = self.read(|shelf| shelf.files.get(&(kind, version)).cloned());
                file.ok_or_else(|| Problem::internal("a model that is listed has no file"))
            }
        }
    }

    fn read<T>(&self, look: impl FnOnce(&Shelf) -> T) -> T {
        look(&self.shelf.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unwritten(error: FolderError) -> Problem {
    Problem::internal(error.to_string())
}
