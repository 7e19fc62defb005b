//! The one directory in which an installation keeps its data.
//!
//! | file | what |
//! |---|---|
//! | `inventory.redb` | the embedded store; the process that has it open is the only one that writes |
//! | `neo4j.lock` | locked by the process that works on Neo4j with this directory, where that is the store |
//! | `external-id.key` | 32 random bytes from which each role's external id is made; keep it, roles trust it |
//! | `auth.db` | accounts, sessions and the audit trail, where SQLite keeps them |
//! | `auth.key` | the key that what is secret in there is sealed with; without it nobody can sign in any more |
//! | `models/` | trained models: `registry.dhg` holds all of them, and which of them answer; `streams/` what is remembered of streams |
//! | `server.json` | the addresses and process id of the server that runs on this directory, while it runs |

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use dharmagraph_cmdb::{Error, Secret};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::config::StoreKind;

const STORE_FILE: &str = "inventory.redb";
const LOCK_FILE: &str = "neo4j.lock";
const KEY_FILE: &str = "external-id.key";
const AUTH_FILE: &str = "auth.db";
const AUTH_KEY_FILE: &str = "auth.key";
const MODELS: &str = "models";
const SERVER_FILE: &str = "server.json";
const KEY_BYTES: usize = 32;

/// An opened data directory.
#[derive(Debug, Clone)]
pub struct DataDirectory {
    path: PathBuf,
}

/// The server that runs on a data directory, as it wrote it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerRecord {
    /// Its process id.
    pub pid: u32,
    /// Where it listens; each address answers the same.
    pub addresses: Vec<SocketAddr>,
    /// What keeps its graph.
    #[serde(default)]
    pub store: StoreKind,
}

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataDirectoryError {
    /// The file system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, in the imperative.
        action: &'static str,
        /// Which file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `external-id.key` is not what this program writes.
    #[error("{} holds {found} bytes, expected {KEY_BYTES}; restore it, or remove it to get new external ids", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// How long it is.
        found: usize,
    },
}

impl DataDirectory {
    /// Opens the directory; where there is none, makes one that only its owner can enter.
    ///
    /// # Errors
    /// [`DataDirectoryError::Io`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DataDirectoryError> {
        let path = path.as_ref();
        let failed = |source| DataDirectoryError::Io { action: "create the data directory", path: path.to_owned(), source };
        if !path.is_dir() {
            let mut builder = fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(path).map_err(failed)?;
        }
        let path = fs::canonicalize(path).map_err(failed)?;
        Ok(Self { path })
    }

    /// Whether there is a data directory with an embedded store.
    #[must_use]
    pub fn holds_store(path: impl AsRef<Path>) -> bool {
        path.as_ref().join(STORE_FILE).is_file()
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The embedded store's file.
    #[must_use]
    pub fn store_file(&self) -> PathBuf {
        self.path.join(STORE_FILE)
    }

    /// The folder of trained models.
    #[must_use]
    pub fn models(&self) -> PathBuf {
        self.path.join(MODELS)
    }

    /// Where SQLite keeps accounts in a data directory.
    #[must_use]
    pub fn accounts_in(path: impl AsRef<Path>) -> PathBuf {
        path.as_ref().join(AUTH_FILE)
    }

    /// The text of the key that accounts are sealed with; `made` becomes it where there is none.
    ///
    /// # Errors
    /// [`DataDirectoryError::Io`].
    pub fn auth_key(&self, made: &str) -> Result<Secret, DataDirectoryError> {
        let path = self.path.join(AUTH_KEY_FILE);
        let failed = |action| {
            let path = path.clone();
            move |source| DataDirectoryError::Io { action, path, source }
        };
        if !path.exists() {
            write_first(&path, made.as_bytes()).map_err(failed("write"))?;
        }
        fs::read_to_string(&path).map(Secret::new).map_err(failed("read"))
    }

    /// Locks the directory against other processes that work on Neo4j with it, until the lock is dropped.
    ///
    /// The embedded store does so by itself.
    ///
    /// # Errors
    /// [`Error::Locked`] while another process has the lock; [`Error::Backend`] where the file cannot be made.
    pub(crate) fn lock(&self) -> dharmagraph_cmdb::Result<DirectoryLock> {
        let path = self.path.join(LOCK_FILE);
        let failed = |source| Error::backend("data directory", "lock itself", source);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(DirectoryLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path: self.path.display().to_string() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// The installation's key for external ids, in hexadecimal; made where there is none.
    ///
    /// # Errors
    /// [`DataDirectoryError`], also for a file of another length.
    pub fn external_id_key(&self) -> Result<Secret, DataDirectoryError> {
        let path = self.path.join(KEY_FILE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = random_key();
                write_private(&path, &key).map_err(|source| DataDirectoryError::Io {
                    action: "write",
                    path: path.clone(),
                    source,
                })?;
                key.to_vec()
            }
            Err(source) => return Err(DataDirectoryError::Io { action: "read", path, source }),
        };
        if bytes.len() != KEY_BYTES {
            return Err(DataDirectoryError::Key { path, found: bytes.len() });
        }
        Ok(Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
    }

    /// The server on this kind of store that wrote itself down here, if one did.
    ///
    /// A server that was killed leaves its record behind: ask it before believing that it runs.
    #[must_use]
    pub fn server(&self, store: StoreKind) -> Option<ServerRecord> {
        let record: ServerRecord = serde_json::from_slice(&fs::read(self.path.join(SERVER_FILE)).ok()?).ok()?;
        (record.store == store).then_some(record)
    }

    /// Writes the running server down until the returned guard is dropped.
    pub(crate) fn announce(&self, addresses: &[SocketAddr], store: StoreKind) -> Result<Announcement, DataDirectoryError> {
        let record = ServerRecord { pid: std::process::id(), addresses: addresses.to_vec(), store };
        let path = self.path.join(SERVER_FILE);
        let text = serde_json::to_vec_pretty(&record).unwrap_or_default();
        write_private(&path, &text).map_err(|source| DataDirectoryError::Io { action: "write", path: path.clone(), source })?;
        Ok(Announcement { path })
    }
}

/// Keeps other processes away; the system lets go of it when the process ends, however it does.
#[derive(Debug)]
pub(crate) struct DirectoryLock {
    _file: File,
}

/// The record of a running server; dropping it removes the record.
#[derive(Debug)]
pub(crate) struct Announcement {
    path: PathBuf,
}

impl Drop for Announcement {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(path = %self.path.display(), %error, "the server's record could not be removed");
        }
    }
}

/// Replaces a file whole, readable for its owner alone.
fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file: File = options.open(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&new, path)
}

/// Writes a file whole, readable for its owner alone, unless somebody else did in the meantime.
fn write_first(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = path.with_extension(format!("{}.first", Uuid::new_v4()));
    write_private(&new, content)?;
    let linked = fs::hard_link(&new, path);
    fs::remove_file(&new)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Random bytes of the operating system: version 4 UUIDs less the two bytes that are not all random.
fn random_key() -> [u8; KEY_BYTES] {
    let mut key = [0; KEY_BYTES];
    let random = std::iter::repeat_with(Uuid::new_v4).flat_map(|uuid| {
        let bytes = uuid.into_bytes();
        (0..bytes.len()).filter(|at| *at != 6 && *at != 8).map(move |at| bytes[at])
    });
    for (slot, byte) in key.iter_mut().zip(random) {
        *slot = byte;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    fn mode(path: &Path) -> u32 {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_enter_the_directory_and_read_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("a/b")).unwrap();
        directory.external_id_key().unwrap();
        assert_eq!(mode(directory.path()), 0o700);
        assert_eq!(mode(&directory.path().join(KEY_FILE)), 0o600);
    }

    #[test]
    fn the_key_stays_the_same_and_differs_between_installations() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let directory = DataDirectory::open(one.path()).unwrap();
        let key = directory.external_id_key().unwrap();
        assert_eq!(key.expose().len(), 2 * KEY_BYTES);
        assert_eq!(directory.external_id_key().unwrap(), key);
        assert_ne!(DataDirectory::open(other.path()).unwrap().external_id_key().unwrap(), key);
    }

    #[test]
    fn the_first_key_for_accounts_stays() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path()).unwrap();
        assert_eq!(directory.auth_key("one").unwrap().expose(), "one");
        assert_eq!(directory.auth_key("other").unwrap().expose(), "one");
        write_first(&directory.path().join(AUTH_KEY_FILE), b"late").unwrap();
        assert_eq!(directory.auth_key("other").unwrap().expose(), "one");
        #[cfg(unix)]
        assert_eq!(mode(&directory.path().join(AUTH_KEY_FILE)), 0o600);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_damaged_key_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(KEY_FILE), "short").unwrap();
        let error = DataDirectory::open(folder.path()).unwrap().external_id_key().unwrap_err();
        assert!(error.to_string().contains("5 bytes"), "{error}");
        assert_eq!(fs::read(folder.path().join(KEY_FILE)).unwrap(), b"short");
    }

    #[test]
    fn a_server_is_written_down_while_it_runs() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path()).unwrap();
        assert_eq!(directory.server(StoreKind::Neo4j), None);
        let addresses = vec!["127.0.0.1:8200".parse().unwrap(), "[::1]:8200".parse().unwrap()];
        let announcement = directory.announce(&addresses, StoreKind::Neo4j).unwrap();
        let record = directory.server(StoreKind::Neo4j).unwrap();
        assert_eq!(record, ServerRecord { pid: std::process::id(), addresses, store: StoreKind::Neo4j });
        assert_eq!(directory.server(StoreKind::Embedded), None, "it cannot answer for another store");
        drop(announcement);
        assert_eq!(directory.server(StoreKind::Neo4j), None);
    }

    #[test]
    fn one_process_at_a_time_has_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path()).unwrap();
        let lock = directory.lock().unwrap();
        assert!(matches!(directory.lock(), Err(Error::Locked { .. })));
        drop(lock);
        directory.lock().unwrap();
    }
}
