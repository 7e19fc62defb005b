//! A list of breached passwords in a folder, as the k-anonymity services hand it out.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use tokio::task::spawn_blocking;

use super::breached::BreachedPasswords;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// Hexadecimal digits of a SHA-1 that name the file.
const PREFIX: usize = 5;

/// The most of one file that is read. The files of the largest public list have about 100 KB.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Breached passwords in a folder of range files: `ABCDE.txt` has a line `SUFFIX:COUNT` for each password whose SHA-1 in
/// hexadecimal is `ABCDE` and the suffix. This is the form of the Pwned Passwords ranges, so that its downloads work as they
/// are and no password, nor a part of its hash, leaves the machine.
///
/// A range without a file has no breached password. Lines with a count of 0, with which the service pads its answers, do not
/// count. SHA-1 is no protection here, it is the name that the list has for a password.
#[derive(Debug, Clone)]
pub struct RangeFolder {
    folder: PathBuf,
}

impl RangeFolder {
    /// The list in this folder.
    ///
    /// # Errors
    /// [`Error::Invalid`] where it is no folder that can be read.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        match std::fs::read_dir(&folder) {
            Ok(_) => Ok(Self { folder }),
            Err(error) => Err(Error::invalid(
                "folder of breached passwords",
                "a folder of files named ABCDE.txt",
                format!("`{}`: {error}", folder.display()),
            )),
        }
    }
}

#[async_trait]
impl BreachedPasswords for RangeFolder {
    async fn contains(&self, password: &Secret) -> Result<bool> {
        let (folder, password) = (self.folder.clone(), password.clone());
        spawn_blocking(move || is_listed(&folder, &sha1(password.expose())))
            .await
            .map_err(|error| Error::internal(format!("reading breached passwords ended early: {error}")))?
            .map_err(|error| Error::Backend {
                backend: "range folder",
                operation: "read breached passwords",
                retryable: false,
                source: error.into(),
            })
    }
}

/// SHA-1 in hexadecimal, upper case as in the names of the files.
fn sha1(password: &str) -> String {
    digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02X}")).collect()
}

fn is_listed(folder: &Path, sha1: &str) -> io::Result<bool> {
    let (prefix, suffix) = sha1.split_at(PREFIX);
    let file = match File::open(folder.join(format!("{prefix}.txt"))) {
        // The folder itself may be gone, which is no reason to take any password.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return std::fs::read_dir(folder).map(|_| false),
        file => file?,
    };
    if file.metadata()?.len() > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("{prefix}.txt has more than {LARGEST} bytes")));
    }
    for line in BufReader::new(file.take(LARGEST)).split(b'\n') {
        let line = line?;
        let line = line.trim_ascii();
        let mut parts = line.splitn(2, |byte| *byte == b':');
        if parts.next().is_some_and(|listed| listed.eq_ignore_ascii_case(suffix.as_bytes())) {
            // A line without a count is of a list that has none.
            return Ok(parts.next().is_none_or(|count| count.iter().any(|byte| *byte != b'0')));
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The SHA-1 of `password` after its first five digits, `5BAA6`.
    const LISTED: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";

    async fn found_in(file: &[u8]) -> Result<bool> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("5BAA6.txt"), file).unwrap();
        RangeFolder::open(folder.path())?.contains(&Secret::new("password")).await
    }

    #[tokio::test]
    async fn a_password_is_found_by_its_suffix_with_a_count() {
        let other = "0018A45C4D1DEF81644B54AB7F969B88D65:10";
        for (file, expected) in [
            (format!("{other}\r\n{LISTED}:10434004\r\n"), true),
            (format!("{LISTED}:1"), true),
            (format!("{}:1\n{other}\n", LISTED.to_lowercase()), true),
            (format!("{LISTED}\n"), true),
            (format!("{LISTED}:0\r\n"), false),
            (format!("{other}\n"), false),
            (format!("{}:5\n", &LISTED[1..]), false),
            (format!("5BAA6{LISTED}:5\n"), false),
            (String::new(), false),
        ] {
            assert_eq!(found_in(file.as_bytes()).await.unwrap(), expected, "{file}");
        }
    }

    #[tokio::test]
    async fn a_file_that_is_no_text_does_not_matter() {
        assert!(!found_in(&[0xff, b':', 0, b'\n', b'\n', b':']).await.unwrap());
    }

    #[tokio::test]
    async fn a_range_without_a_file_has_none_but_a_missing_folder_is_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let list = RangeFolder::open(folder.path()).unwrap();
        assert!(!list.contains(&Secret::new("password")).await.unwrap());
        folder.close().unwrap();
        let failure = list.contains(&Secret::new("password")).await.unwrap_err();
        assert!(matches!(failure, Error::Backend { .. }), "{failure}");
        assert!(matches!(RangeFolder::open("/nonexistent/folder"), Err(Error::Invalid { .. })));
    }

    #[tokio::test]
    async fn a_range_that_is_a_folder_or_too_large_is_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let list = RangeFolder::open(folder.path()).unwrap();
        let range = folder.path().join("5BAA6.txt");
        std::fs::create_dir(&range).unwrap();
        assert!(matches!(list.contains(&Secret::new("password")).await, Err(Error::Backend { .. })));
        std::fs::remove_dir(&range).unwrap();
        File::create(&range).unwrap().set_len(LARGEST + 1).unwrap();
        assert!(matches!(list.contains(&Secret::new("password")).await, Err(Error::Backend { .. })));
    }
}
