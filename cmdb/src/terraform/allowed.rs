//! Which files may be read.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// The real path of the file that `path` names, if it is below one of `folders` once every symbolic link and `..` is
/// followed. A relative path is looked for in each folder in turn.
///
/// # Errors
/// [`Error::Forbidden`] for every path that leads elsewhere, whether anything is there or not; [`Error::NotFound`] for
/// one that leads below a folder to nothing; [`Error::Invalid`] for one that leads to something other than a file.
pub(super) fn resolve(path: &str, folders: &[PathBuf]) -> Result<PathBuf> {
    if path.is_empty() {
        return Err(Error::invalid("path", "the name of a state file", "an empty text"));
    }
    let folders: Vec<PathBuf> = folders.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
    let mut missing_below = false;
    for folder in &folders {
        // An absolute path stands for itself here.
        let candidate = folder.join(path);
        match candidate.canonicalize() {
            Ok(real) if is_below(&real, &folders) => {
                return match real.is_file() {
                    true => Ok(real),
                    false => Err(Error::invalid("path", "a file", format!("`{}`, which is none", shown(path)))),
                };
            }
            Ok(_) => {}
            Err(_) => missing_below |= is_below(&nearest(&candidate), &folders),
        }
    }
    if missing_below {
        return Err(Error::NotFound { what: "state file", id: shown(path) });
    }
    Err(Error::Forbidden {
        what: format!("reading `{}`", shown(path)),
        reason: "only files below the folders that the configuration key `terraform.folders` lists may be read".to_owned(),
    })
}

fn is_below(real: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| real.starts_with(folder))
}

/// The real path of the nearest folder above something that is not there.
fn nearest(missing: &Path) -> PathBuf {
    missing.ancestors().skip(1).find_map(|above| above.canonicalize().ok()).unwrap_or_default()
}

fn shown(path: &str) -> String {
    path.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(path: impl AsRef<Path>, folders: &[PathBuf]) -> &'static str {
        match resolve(path.as_ref().to_str().unwrap(), folders) {
            Ok(_) => "OK",
            Err(error) => error.code(),
        }
    }

    #[test]
    fn only_files_below_a_listed_folder_are_read() {
        let place = tempfile::tempdir().unwrap();
        let (inside, outside) = (place.path().join("inside"), place.path().join("outside"));
        for folder in [&inside.join("team"), &outside] {
            std::fs::create_dir_all(folder).unwrap();
        }
        for file in [inside.join("a.tfstate"), inside.join("team/b.tfstate"), outside.join("c.tfstate")] {
            std::fs::write(file, "{}").unwrap();
        }
        let folders = [place.path().join("missing"), inside.clone()];
        assert_eq!(code("a.tfstate", &folders), "OK");
        assert_eq!(code("team/../team/b.tfstate", &folders), "OK");
        assert_eq!(code(inside.join("a.tfstate"), &folders), "OK");
        assert_eq!(code("d.tfstate", &folders), "NOT_FOUND");
        assert_eq!(code("team", &folders), "INVALID");
        assert_eq!(code("", &folders), "INVALID");
        assert_eq!(code("a\0.tfstate", &folders), "NOT_FOUND");
        assert_eq!(code("../outside/c.tfstate", &folders), "FORBIDDEN");
        assert_eq!(code("../outside/none.tfstate", &folders), "FORBIDDEN");
        assert_eq!(code(outside.join("c.tfstate"), &folders), "FORBIDDEN");
        assert_eq!(code(outside.join("none.tfstate"), &folders), "FORBIDDEN");
        assert_eq!(code("a.tfstate", &[]), "FORBIDDEN");
        // A sibling whose name begins like the folder's is not below it.
        std::fs::write(place.path().join("inside.tfstate"), "{}").unwrap();
        assert_eq!(code(place.path().join("inside.tfstate"), &folders), "FORBIDDEN");
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_do_not_lead_out() {
        let place = tempfile::tempdir().unwrap();
        let (inside, outside) = (place.path().join("inside"), place.path().join("outside"));
        std::fs::create_dir_all(&inside).unwrap();
        std::fs::create_dir_all(&outside).unwrap();
        std::fs::write(outside.join("c.tfstate"), "{}").unwrap();
        std::os::unix::fs::symlink(outside.join("c.tfstate"), inside.join("file")).unwrap();
        std::os::unix::fs::symlink(&outside, inside.join("folder")).unwrap();
        let folders = [inside];
        assert_eq!(code("file", &folders), "FORBIDDEN");
        assert_eq!(code("folder/c.tfstate", &folders), "FORBIDDEN");
        assert_eq!(code("folder/none.tfstate", &folders), "FORBIDDEN");
        // A link is a fine name for a listed folder.
        std::os::unix::fs::symlink(&outside, place.path().join("listed")).unwrap();
        assert_eq!(code("c.tfstate", &[place.path().join("listed")]), "OK");
    }

    #[test]
    fn the_refusal_names_the_key_and_no_other_file() {
        let place = tempfile::tempdir().unwrap();
        let error = resolve("/etc/hostname", &[place.path().to_path_buf()]).unwrap_err().to_string();
        assert!(error.contains("terraform.folders"), "{error}");
        assert!(!error.contains(place.path().to_str().unwrap()), "{error}");
    }
}
