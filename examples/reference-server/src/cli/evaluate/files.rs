//! The files of data sets.

use std::path::{Path, PathBuf};

use csv::ReaderBuilder;

use super::super::failure::Failure;
use super::super::table::content;

const SUFFIX: &str = ".csv.gz";

/// The files in a folder whose names begin like this, by name; none where there is no folder.
pub(super) fn files(folder: &Path, beginning: &str) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |error| Failure::file("read", folder, &error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(beginning) && name.ends_with(SUFFIX)) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// What stands between the beginning of a file's name and its suffix.
pub(super) fn rest<'a>(file: &'a Path, beginning: &str) -> &'a str {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.strip_prefix(beginning).and_then(|rest| rest.strip_suffix(SUFFIX)).unwrap_or_default()
}

/// The rows of a file whose first column names a series and whose others are its values, as many as there are.
pub(super) fn wide(file: &Path) -> Result<Vec<(String, Vec<f64>)>, Failure> {
    let content = content(file)?;
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(content.as_slice());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| refused(file, &error))?;
        let mut cells = record.iter();
        let name = cells.next().unwrap_or_default().to_owned();
        let values = cells.filter(|cell| !cell.is_empty() && *cell != "NA").map(str::parse);
        rows.push((name, values.collect::<Result<_, _>>().map_err(|error| refused(file, &error))?));
    }
    Ok(rows)
}

/// A failure that names the file.
pub(super) fn refused(file: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("{}: {error}", file.display()))
}
