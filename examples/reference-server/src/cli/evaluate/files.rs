//! The files of data sets.

use std::fs;
use std::path::{Path, PathBuf};

use csv::ReaderBuilder;

use super::super::failure::Failure;
use super::super::table::content;

const SUFFIX: &str = ".csv.gz";

/// What to learn from, and what to be judged on.
pub(super) struct Pair {
    /// What stands behind `train` in the name of the file, without a leading underscore.
    pub(super) name: String,
    pub(super) train: PathBuf,
    /// The file of the same name with `test` in the place of `train`.
    pub(super) test: Option<PathBuf>,
}

/// The files in a folder whose names begin like this, by name; none where there is no folder.
pub(super) fn files(folder: &Path, beginning: &str) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |error| Failure::file("read", folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(beginning) && name.ends_with(SUFFIX)) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The files `SET_train*` of a folder, each with the test beside it; a test that there is nothing to learn for is a failure.
pub(super) fn pairs(folder: &Path, set: &str) -> Result<Vec<Result<Pair, Failure>>, Failure> {
    let (train, test) = (format!("{set}_train"), format!("{set}_test"));
    let mut pairs = Vec::new();
    for file in files(folder, &train)? {
        let end = rest(&file, &train);
        let beside = folder.join(format!("{test}{end}{SUFFIX}"));
        let name = end.trim_start_matches('_').to_owned();
        pairs.push(Ok(Pair { name, test: beside.is_file().then_some(beside), train: file }));
    }
    for file in files(folder, &test)? {
        let beside = format!("{train}{}{SUFFIX}", rest(&file, &test));
        if !folder.join(&beside).is_file() {
            pairs.push(Err(refused(&file, &format!("there is no {beside} beside it to learn from"))));
        }
    }
    Ok(pairs)
}

/// What stands between the beginning of a file's name and its suffix.
pub(super) fn rest<'a>(file: &'a Path, beginning: &str) -> &'a str {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.strip_prefix(beginning).and_then(|rest| rest.strip_suffix(SUFFIX)).unwrap_or_default()
}

/// The rows of a file whose first column names a series and whose others are its values, as many as there are; what is missing
/// between them is `NaN`.
pub(super) fn wide(file: &Path) -> Result<Vec<(String, Vec<f64>)>, Failure> {
    let content = content(file)?;
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(content.as_slice());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| refused(file, &error))?;
        let mut cells = record.iter().map(str::trim);
        let name = cells.next().unwrap_or_default().to_owned();
        let values: Result<Vec<f64>, Failure> = cells.map(|cell| value(cell, &name, file)).collect();
        let mut values = values?;
        while values.pop_if(|last| last.is_nan()).is_some() {}
        if values.is_empty() {
            return Err(refused(file, &format!("row {name}: expected values behind the name, found none")));
        }
        rows.push((name, values));
    }
    if rows.is_empty() {
        return Err(refused(file, &"expected a line of names and a row for each series, found no row"));
    }
    Ok(rows)
}

fn value(cell: &str, row: &str, file: &Path) -> Result<f64, Failure> {
    if cell.is_empty() || cell.eq_ignore_ascii_case("NA") {
        return Ok(f64::NAN);
    }
    let number = cell.parse().ok().filter(|number: &f64| !number.is_infinite());
    number.ok_or_else(|| refused(file, &format!("row {row}: expected a finite number, found `{cell}`")))
}

/// A failure that names the file.
pub(super) fn refused(file: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("{}: {error}", file.display()))
}
