//! Terraform state files, as far as it takes to send the right one.
//!
//! The file is read here, with the rights of the person who names it: the server's allow-list of folders is for requests
//! that name a file on the server.

use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use super::failure::{Failure, plain};

/// What every state file has.
#[derive(Debug, Deserialize)]
struct Header {
    version: Option<u64>,
    lineage: Option<String>,
}

/// The content of a state file; of standard input where the name is `-`.
pub(crate) async fn read(file: &Path) -> Result<Arc<[u8]>, Failure> {
    let (name, document) = if file.as_os_str() == "-" {
        ("standard input".to_owned(), standard_input().await?)
    } else {
        let document = tokio::fs::read(file).await.map_err(|error| Failure::file("read", file, &error))?;
        (file.display().to_string(), document)
    };
    check(&document).map_err(|found| {
        Failure::usage(format!("{name} is not a Terraform state file: expected JSON of format version 4, found {found}"))
            .advise("`terraform state pull` writes one")
    })?;
    Ok(document.into())
}

/// What is wrong at first sight.
fn check(document: &[u8]) -> Result<(), String> {
    if document.trim_ascii().is_empty() {
        return Err("nothing".to_owned());
    }
    match serde_json::from_slice(document) {
        Ok(Header { version: Some(4), .. }) => Ok(()),
        Ok(Header { version: Some(version), lineage: Some(_) }) => Err(format!("version {version}")),
        Ok(_) => Err("other JSON".to_owned()),
        Err(error) if error.is_data() => Err("other JSON".to_owned()),
        Err(error) => Err(format!("text that is no JSON from line {} on", error.line())),
    }
}

async fn standard_input() -> Result<Vec<u8>, Failure> {
    let failed = |error: &io::Error| Failure::new(format!("cannot read standard input: {}", plain(error)));
    let read = tokio::task::spawn_blocking(|| {
        let mut document = Vec::new();
        io::stdin().lock().read_to_end(&mut document).map(|_| document)
    });
    read.await.map_err(|error| failed(&error.into()))?.map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_state_is_named() {
        for (document, found) in [
            ("", "nothing"),
            (" \n", "nothing"),
            ("resource \"aws_vpc\" \"a\" {}", "text that is no JSON from line 1 on"),
            ("{\"version\": 4", "text that is no JSON from line 1 on"),
            ("[]", "other JSON"),
            ("{\"format_version\": \"1.2\"}", "other JSON"),
            ("{\"version\": \"4\"}", "other JSON"),
            ("{\"version\": 3, \"lineage\": \"a\"}", "version 3"),
        ] {
            assert_eq!(check(document.as_bytes()), Err(found.to_owned()), "{document}");
        }
        assert_eq!(check(b"{\"version\": 4, \"resources\": []}"), Ok(()));
    }

    #[tokio::test]
    async fn a_file_that_is_not_there_is_named() {
        let failure = read(Path::new("/nowhere/a.tfstate")).await.unwrap_err();
        let mut text = Vec::new();
        failure.write(&mut text, false).unwrap();
        assert_eq!(text, b"error: cannot read /nowhere/a.tfstate: no such file or directory\n");
    }
}
