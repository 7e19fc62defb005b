//! Where things are.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

/// The repository's root folder.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate lies in the workspace").to_owned()
}

/// A script of the emulated account, by its file name.
#[must_use]
pub fn script(name: &str) -> PathBuf {
    repository().join("tests/aws").join(name)
}

/// The Python interpreter that has the emulator's packages.
#[must_use]
pub fn python() -> PathBuf {
    let path = std::env::var_os("DHARMAGRAPH_TEST_PYTHON")
        .map_or_else(|| cache_folder().join("dharmagraph-venv/bin/python"), PathBuf::from);
    assert!(path.exists(), "{} is missing: run `make python` or `make test`, which make it", path.display());
    path
}

/// The `dharmagraph` program of the release build.
#[must_use]
pub fn binary() -> PathBuf {
    let path = std::env::var_os("DHARMAGRAPH_BIN").map_or_else(|| target_directory().join("release/dharmagraph"), PathBuf::from);
    assert!(path.exists(), "{} is missing: run `make build` or `make test`, which make it", path.display());
    path
}

/// The folder that cargo builds into.
#[must_use]
pub fn target_directory() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| cache_folder().join("dharmagraph-target"), PathBuf::from)
}

/// A loopback address that nobody listened on a moment ago.
#[must_use]
pub fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("the address of a bound socket").to_string()
}

fn cache_folder() -> PathBuf {
    PathBuf::from(std::env::var_os("HOME").expect("HOME is set")).join(".cache")
}
