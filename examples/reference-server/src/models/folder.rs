//! The folder that keeps the models: one file for each, and `models.json`, which says what they are.
//!
//! Each file appears under its name when it is whole and on the disk; a model's file before the list that names it. So what was
//! acknowledged is there after a crash, and what is not named is of no account.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::{Catalog, ModelKind};

const LIST: &str = "models.json";

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
    /// The list is not what this program writes.
    #[error("{}: {source}; restore it, or move the folder away to begin without models", path.display())]
    List {
        /// The list's file.
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
        if !path.is_dir() {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(&path).map_err(|source| failed("create the folder of models", &path)(source))?;
        }
        Ok(Self { path })
    }

    /// The list of models; an empty one where there is no file yet.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn catalog(&self) -> Result<Catalog, FolderError> {
        let path = self.path.join(LIST);
        match fs::read(&path) {
            Ok(text) => Catalog::read(&text).map_err(|source| FolderError::List { path, source }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Catalog::default()),
            Err(source) => Err(FolderError::Io { action: "read", path, source }),
        }
    }

    /// Replaces the list.
    ///
    /// # Errors
    /// [`FolderError::Io`]; the list is then as it was, or as it should be.
    pub fn write_catalog(&self, catalog: &Catalog) -> Result<(), FolderError> {
        let text = serde_json::to_vec_pretty(catalog).unwrap_or_default();
        self.write(LIST, &text)
    }

    /// A model's file.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn model(&self, kind: ModelKind, version: u32) -> Result<Vec<u8>, FolderError> {
        let path = self.path.join(name(kind, version));
        fs::read(&path).map_err(|source| failed("read", &path)(source))
    }

    /// Writes a model's file.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn write_model(&self, kind: ModelKind, version: u32, file: &[u8]) -> Result<(), FolderError> {
        self.write(&name(kind, version), file)
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<(), FolderError> {
        let path = self.path.join(name);
        replace(&path, content).map_err(|source| failed("write", &path)(source))
    }
}

fn name(kind: ModelKind, version: u32) -> String {
    format!("{kind}-{version}.dhg")
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { action, path, source }
}

/// Replaces a file whole, readable for its owner alone; when this returns, it is on the disk under its name.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut new = path.to_owned().into_os_string();
    new.push(".new");
    let new = PathBuf::from(new);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_and_keeps_what_was_written() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path().join("models")).unwrap();
        assert_eq!(folder.catalog().unwrap(), Catalog::default());
        folder.write_model(ModelKind::Threat, 7, b"model").unwrap();
        folder.write_catalog(&Catalog::default()).unwrap();
        let again = Folder::open(place.path().join("models")).unwrap();
        assert_eq!(again.model(ModelKind::Threat, 7).unwrap(), b"model");
        assert!(again.model(ModelKind::Threat, 8).unwrap_err().to_string().contains("threat-8.dhg"));
    }

    #[test]
    fn a_list_that_is_not_ours_is_named_and_kept() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join(LIST), "[]").unwrap();
        let error = Folder::open(place.path()).unwrap().catalog().unwrap_err().to_string();
        assert!(error.contains("models.json") && error.contains("restore it"), "{error}");
        assert_eq!(fs::read(place.path().join(LIST)).unwrap(), b"[]");
    }
}
