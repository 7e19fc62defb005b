//! Where streams are kept: one file each in a folder, or memory where there is none.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::super::durable::{keep_names, make_folder, write};

/// How many streams are kept: those that were asked about last.
pub(super) const STREAMS: usize = 1000;
/// What a file is called until it is whole.
const NEW: &str = "new";

/// The last streams by their keys, which are names of files.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    folder: Option<PathBuf>,
    index: Mutex<Index>,
}

#[derive(Debug, Default)]
struct Index {
    places: BTreeMap<String, Place>,
    /// Counts what was written.
    turn: u64,
}

#[derive(Debug)]
struct Place {
    last: u64,
    /// Its content, where there is no folder.
    content: Option<Vec<u8>>,
}

impl Shelf {
    /// Opens a folder, or makes it. What a crash left half written goes; the order of the streams is that of their last writing.
    pub(super) fn open(folder: PathBuf) -> io::Result<Self> {
        make_folder(&folder)?;
        let mut found: Vec<(SystemTime, String)> = Vec::new();
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.ends_with(&format!(".{NEW}")) {
                fs::remove_file(entry.path())?;
            } else if is_key(&name) {
                found.push((entry.metadata()?.modified()?, name));
            }
        }
        found.sort_unstable();
        let shelf = Self { folder: Some(folder), index: Mutex::default() };
        shelf.place(found.into_iter().map(|(_, key)| (key, None)).collect())?;
        Ok(shelf)
    }

    /// What is kept under a key.
    pub(super) fn read(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        match &self.folder {
            Some(folder) => match fs::read(folder.join(key)) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                read => read.map(Some),
            },
            None => {
                let index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(index.places.get(key).and_then(|place| place.content.clone()))
            }
        }
    }

    /// Keeps contents under their keys; each is replaced whole. When this returns, they are on the disk, and the streams that were
    /// written longest ago have made room.
    pub(super) fn write(&self, contents: Vec<(String, Vec<u8>)>) -> io::Result<()> {
        let Some(folder) = &self.folder else {
            return self.place(contents.into_iter().map(|(key, content)| (key, Some(content))).collect());
        };
        for (key, content) in &contents {
            write(&folder.join(key).with_extension(NEW), content)?;
        }
        self.place(contents.into_iter().map(|(key, _)| (key, None)).collect())?;
        keep_names(folder)
    }

    /// Gives each its place, and the oldest no more. Files get their names under the lock, so that none goes that just came.
    fn place(&self, contents: Vec<(String, Option<Vec<u8>>)>) -> io::Result<()> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, content) in contents {
            if let Some(path) = self.folder.as_ref().map(|folder| folder.join(&key)) {
                let new = path.with_extension(NEW);
                if new.exists() {
                    fs::rename(new, path)?;
                }
            }
            index.turn += 1;
            let last = index.turn;
            index.places.insert(key, Place { last, content });
        }
        while index.places.len() > STREAMS {
            let oldest = index.places.iter().min_by_key(|(_, place)| place.last).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            index.places.remove(&oldest);
            if let Some(folder) = &self.folder
                && let Err(error) = fs::remove_file(folder.join(&oldest))
            {
                tracing::warn!(%error, file = oldest, "a stream that made room could not be removed");
            }
        }
        Ok(())
    }
}

/// Whether it is the name of a stream's file.
fn is_key(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> String {
        format!("{number:064x}")
    }

    #[test]
    fn the_stream_that_was_written_longest_ago_makes_room_also_after_a_restart() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("streams");
        for shelf in [Shelf::default(), Shelf::open(folder.clone()).unwrap()] {
            let write = |numbers: std::ops::RangeInclusive<usize>| {
                shelf.write(numbers.map(|number| (key(number), vec![1])).collect()).unwrap();
            };
            write(0..=STREAMS - 1);
            write(0..=0);
            write(STREAMS..=STREAMS);
            assert!(shelf.read(&key(0)).unwrap().is_some() && shelf.read(&key(1)).unwrap().is_none());
            assert!(shelf.read(&key(2)).unwrap().is_some());
        }
        fs::write(folder.join("half.new"), "x").unwrap();
        let shelf = Shelf::open(folder.clone()).unwrap();
        shelf.write(vec![(key(STREAMS + 1), vec![2])]).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), STREAMS);
        assert_eq!(shelf.read(&key(STREAMS + 1)).unwrap(), Some(vec![2]));
        assert!(shelf.read(&key(0)).unwrap().is_some());
    }
}
