//! The folder that keeps the models: one file, the registry with every model in it. The folder of streams lies beside it.
//!
//! The file appears under its name when it is whole and on the disk, so that what was acknowledged is there after a crash.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dharmagraph_aiops::model::{load, save};
use dharmagraph_aiops::registry::Registry;

use super::durable::{self, keep_names, make_folder};

const REGISTRY: &str = "registry.dhg";
const NEW: &str = "registry.dhg.new";
const STREAMS: &str = "streams";

/// Why the folder of models cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// The file system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, in the imperative.
        action: &'static str,
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The registry is not what this program writes.
    #[error("{}: {source}; restore it, or move it away to begin without models", path.display())]
    Registry {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        source: dharmagraph_aiops::Error,
    },
}

/// The folder of models.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens the folder; where there is none, makes one that only its owner can enter.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, FolderError> {
        let path = path.into();
        make_folder(&path).map_err(|source| failed("create the folder of models", &path, source))?;
        Ok(Self { path })
    }

    /// The registry; an empty one where there is no file yet.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn read(&self) -> Result<Registry, FolderError> {
        let path = self.path.join(REGISTRY);
        match fs::read(&path) {
            Ok(file) => load(&file).map_err(|source| FolderError::Registry { path, source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Registry::new()),
            Err(source) => Err(failed("read", &path, source)),
        }
    }

    /// Replaces the registry. When this returns, it is on the disk under its name.
    ///
    /// # Errors
    /// [`FolderError::Io`]; the file is then as it was, or as it should be.
    pub fn write(&self, registry: &Registry) -> Result<(), FolderError> {
        let path = self.path.join(REGISTRY);
        let file = save(registry).map_err(|source| FolderError::Registry { path: path.clone(), source })?;
        self.replace(&path, &file).map_err(|source| failed("write", &path, source))
    }

    fn replace(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let new = self.path.join(NEW);
        durable::write(&new, content)?;
        fs::rename(&new, path)?;
        keep_names(&self.path)
    }

    /// Where streams are kept.
    pub(super) fn streams(&self) -> PathBuf {
        self.path.join(STREAMS)
    }
}

pub(super) fn failed(action: &'static str, path: &Path, source: io::Error) -> FolderError {
    FolderError::Io { action, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use dharmagraph_aiops::registry::NewModel;

    use super::*;

    #[test]
    fn a_folder_is_made_and_keeps_what_was_written() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path().join("models")).unwrap();
        assert_eq!(folder.read().unwrap(), Registry::new());
        let mut registry = Registry::new();
        let model = NewModel {
            name: "threat".into(),
            kind: "threat".into(),
            trained_at: 0,
            data_hash: String::new(),
            schema: None,
            metrics: BTreeMap::new(),
            file: b"model".to_vec(),
        };
        registry.register(model).unwrap();
        folder.write(&registry).unwrap();
        assert_eq!(Folder::open(place.path().join("models")).unwrap().read().unwrap(), registry);
    }

    #[test]
    fn a_registry_that_is_not_ours_is_named_and_kept() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join(REGISTRY), "[]").unwrap();
        let error = Folder::open(place.path()).unwrap().read().unwrap_err().to_string();
        assert!(error.contains("registry.dhg") && error.contains("restore it"), "{error}");
        assert_eq!(fs::read(place.path().join(REGISTRY)).unwrap(), b"[]");
    }
}
