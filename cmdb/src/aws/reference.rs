//! Secrets that the server reads from where a request says, within what the operator allows.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use crate::error::{Error, Result};
use crate::secret::Secret;

/// Longer files hold no key.
const MAX_LENGTH: u64 = 64 * 1024;

/// What references may name: `env://NAME` allows that variable, `file:///folder/` every file below that folder,
/// `file:///folder/name` that file.
#[derive(Debug, Clone, Copy)]
pub(super) struct AllowList<'a>(&'a [String]);

impl<'a> AllowList<'a> {
    pub(super) const fn new(entries: &'a [String]) -> Self {
        Self(entries)
    }

    /// Checks a reference by its text alone.
    ///
    /// # Errors
    /// [`Error::Invalid`] for text that is no reference, [`Error::Forbidden`] for one that the list does not allow.
    pub(super) fn check(self, field: &str, reference: &str) -> Result<()> {
        match parse(field, reference)? {
            Reference::Variable(name) => {
                let listed = self.0.iter().any(|entry| entry.strip_prefix("env://") == Some(name));
                if listed { Ok(()) } else { Err(forbidden(field)) }
            }
            Reference::File(path) => {
                let listed = self.files().any(|allowed| allowed.covers(path));
                if listed { Ok(()) } else { Err(forbidden(field)) }
            }
        }
    }

    /// Reads what a reference names, without the line end.
    ///
    /// # Errors
    /// Those of `check` and of `file`, and [`Error::Invalid`] for a variable or file that is missing, empty, too long or
    /// no text.
    pub(super) fn read(self, field: &str, reference: &str) -> Result<Secret> {
        self.check(field, reference)?;
        let text = match parse(field, reference)? {
            Reference::Variable(name) => {
                std::env::var(name).map_err(|_| unreadable(field, "a variable that is set", "one that is not"))?
            }
            Reference::File(_) => read_text(field, &self.file(field, reference)?)?,
        };
        let text = zeroize::Zeroizing::new(text);
        let secret = text.trim_end_matches(['\n', '\r']);
        if secret.is_empty() {
            return Err(unreadable(field, "a secret", "nothing"));
        }
        Ok(Secret::new(secret))
    }

    /// The file that a reference names, as it is once all symbolic links were followed.
    ///
    /// # Errors
    /// Those of `check`, [`Error::Invalid`] for a file that is not there, [`Error::Forbidden`] for one whose links lead out
    /// of the folders of the list.
    pub(super) fn file(self, field: &str, reference: &str) -> Result<PathBuf> {
        self.check(field, reference)?;
        let Reference::File(path) = parse(field, reference)? else {
            return Err(Error::invalid(field, "file:///path", "the reference of a variable"));
        };
        let real = path.canonicalize().map_err(|_| unreadable(field, "a file that can be read", "one that cannot"))?;
        let allowed = self.files().filter_map(|allowed| Some(Allowed { path: allowed.path.canonicalize().ok()?, ..allowed }));
        if allowed.into_iter().any(|allowed| allowed.covers(&real)) { Ok(real) } else { Err(forbidden(field)) }
    }

    fn files(self) -> impl Iterator<Item = Allowed> {
        self.0.iter().filter_map(|entry| {
            let path = entry.strip_prefix("file://").filter(|path| path.starts_with('/'))?;
            Some(Allowed { path: PathBuf::from(path), folder: path.ends_with('/') })
        })
    }
}

struct Allowed {
    path: PathBuf,
    folder: bool,
}

impl Allowed {
    fn covers(&self, path: &Path) -> bool {
        if self.folder { path.starts_with(&self.path) && path != self.path } else { path == self.path }
    }
}

enum Reference<'a> {
    Variable(&'a str),
    File(&'a Path),
}

fn parse<'a>(field: &str, reference: &'a str) -> Result<Reference<'a>> {
    let unusable = || Error::invalid(field, "env://NAME or file:///path", "something else");
    if let Some(name) = reference.strip_prefix("env://") {
        let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        return if fits { Ok(Reference::Variable(name)) } else { Err(unusable()) };
    }
    let path = Path::new(reference.strip_prefix("file://").ok_or_else(unusable)?);
    let plain = path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
    if path.is_absolute() && plain && !reference.contains('\0') { Ok(Reference::File(path)) } else { Err(unusable()) }
}

fn read_text(field: &str, path: &Path) -> Result<String> {
    let unusable = |found| unreadable(field, "a text file of at most 64 KiB", found);
    let file = std::fs::File::open(path).map_err(|_| unusable("a file that cannot be read"))?;
    let mut text = String::new();
    let length = file.take(MAX_LENGTH + 1).read_to_string(&mut text).map_err(|_| unusable("a file that is no text"))?;
    if length as u64 > MAX_LENGTH { Err(unusable("a longer one")) } else { Ok(text) }
}

/// The reference itself is not repeated: where keys were put by mistake, they would be shown.
fn unreadable(field: &str, expected: &str, found: &str) -> Error {
    Error::invalid(field, expected, found)
}

fn forbidden(field: &str) -> Error {
    Error::Forbidden {
        what: format!("the reference in `{field}`"),
        reason: "the server's configuration does not list it; its references say what a request may name".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::error::ErrorKind;

    fn kind(result: Result<impl Sized>) -> Option<ErrorKind> {
        result.err().map(|error| error.kind())
    }

    #[test]
    fn only_listed_variables_and_files_pass() {
        let entries = ["env://KEY".to_owned(), "file:///run/secrets/".to_owned(), "file:///etc/key".to_owned()];
        let list = AllowList::new(&entries);
        for reference in ["env://KEY", "file:///run/secrets/a", "file:///run/secrets/a/b", "file:///etc/key"] {
            list.check("access_key", reference).unwrap();
        }
        for reference in ["env://HOME", "file:///etc/keys", "file:///run/secrets", "file:///run/secretsx/a", "file:///etc/key/a"]
        {
            assert_eq!(kind(list.check("access_key", reference)), Some(ErrorKind::Forbidden), "{reference}");
        }
    }

    #[test]
    fn what_is_no_reference_or_leads_upwards_is_refused_by_its_text() {
        let entries = ["file:///run/secrets/".to_owned()];
        let texts = [
            "",
            "AKIA1",
            "env://",
            "env://A=B",
            "file://run/secrets/a",
            "file:///run/secrets/../../etc/passwd",
            "file:///run/secrets/..",
            "file:///run/secrets/a\0b",
            "https://example.com/",
        ];
        for reference in texts {
            let error = AllowList::new(&entries).check("access_key", reference).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Invalid, "{reference:?}");
            assert!(!error.to_string().contains("AKIA1") && !error.to_string().contains("secrets"), "{error}");
        }
    }

    #[test]
    fn an_empty_list_allows_nothing() {
        assert_eq!(kind(AllowList::new(&[]).check("secret_key", "env://KEY")), Some(ErrorKind::Forbidden));
    }

    #[test]
    fn a_file_is_read_without_its_line_end() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key"), "hunter2\r\n").unwrap();
        let entries = [format!("file://{}/", folder.path().display())];
        let list = AllowList::new(&entries);
        let secret = list.read("secret_key", &format!("file://{}/key", folder.path().display())).unwrap();
        assert_eq!(secret.expose(), "hunter2");
        let missing = list.read("secret_key", &format!("file://{}/none", folder.path().display()));
        assert_eq!(kind(missing), Some(ErrorKind::Invalid));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_may_lead_about_in_the_folder_but_not_out_of_it() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(folder.path().join("..data")).unwrap();
        fs::write(folder.path().join("..data/key"), "inside").unwrap();
        fs::write(outside.path().join("key"), "outside").unwrap();
        std::os::unix::fs::symlink(folder.path().join("..data/key"), folder.path().join("in")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("key"), folder.path().join("out")).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.path().join("away")).unwrap();
        let entries = [format!("file://{}/", folder.path().display())];
        let read =
            |name: &str| AllowList::new(&entries).read("secret_key", &format!("file://{}/{name}", folder.path().display()));
        assert_eq!(read("in").unwrap().expose(), "inside");
        assert_eq!(kind(read("out")), Some(ErrorKind::Forbidden));
        assert_eq!(kind(read("away/key")), Some(ErrorKind::Forbidden));
    }
}
