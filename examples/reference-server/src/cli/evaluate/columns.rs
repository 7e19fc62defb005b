//! Columns of data sets: which are there, and what they hold.

use std::path::Path;

use dharmagraph_aiops::data::{Schema, Table};
use dharmagraph_aiops::model::Warning;
use dharmagraph_reference_server::frame::{Column, Frame, Strangers, align};

use super::super::failure::Failure;
use super::super::output::note;
use super::files::refused;

/// Takes a column out.
pub(super) fn take(frame: &mut Frame, name: &str, file: &Path) -> Result<Column, Failure> {
    frame.take(name).map_err(|_| {
        let names: Vec<&str> = frame.names().iter().take(50).map(String::as_str).collect();
        refused(file, &format!("expected a column `{name}`, found {}", names.join(", ")))
    })
}

/// Takes a column out that is yes or no: 0 and 1, or false and true. Only the rows `of` must have one; others are no.
pub(super) fn flags(frame: &mut Frame, name: &str, file: &Path, of: &dyn Fn(usize) -> bool) -> Result<Vec<bool>, Failure> {
    let column = take(frame, name, file)?;
    let flag = |row: usize| match column.word(row).map(|word| word.to_ascii_lowercase()).as_deref() {
        _ if !of(row) => Ok(false),
        Some("1" | "true") => Ok(true),
        Some("0" | "false") => Ok(false),
        found => {
            let found = found.unwrap_or("nothing");
            Err(refused(file, &format!("column {name}, row {}: expected 0 or 1, found {found}", row + 1)))
        }
    };
    (0..frame.rows()).map(flag).collect()
}

/// Takes a column of numbers out; what is missing is `NaN`.
pub(super) fn measured(frame: &mut Frame, name: &str, file: &Path) -> Result<Vec<f64>, Failure> {
    match take(frame, name, file)? {
        Column::Numbers(numbers) => Ok(numbers),
        words @ Column::Words { .. } => words.into_numbers(name).map_err(|error| refused(file, &error)),
    }
}

/// Takes a column of names out, none of which may be missing.
pub(super) fn names(frame: &mut Frame, name: &str, file: &Path) -> Result<Vec<String>, Failure> {
    take(frame, name, file)?.into_words(name).map_err(|error| refused(file, &error))
}

/// Takes the columns out that are no features, and tells which.
pub(super) fn keep(frame: &mut Frame, file: &Path, is_feature: &dyn Fn(&str) -> bool) -> Result<(), Failure> {
    let others: Vec<String> = frame.names().iter().filter(|name| !is_feature(name)).cloned().collect();
    for name in &others {
        take(frame, name, file)?;
    }
    passed_over(&others, file);
    Ok(())
}

/// The rows of a test part in the order of the features that were learnt; all of them must be there, and what else is there is
/// passed over.
pub(super) fn aligned(frame: &Frame, learnt: &Schema, file: &Path) -> Result<Table, Failure> {
    let (rows, warnings) = align(frame, learnt, Strangers::PassedOver).map_err(|error| refused(file, &error))?;
    let mut unseen = Vec::new();
    for warning in warnings {
        match warning {
            Warning::MissingFeature { feature } => {
                return Err(refused(
                    file,
                    &format!("expected a column `{feature}`, which the file to learn from has, found none"),
                ));
            }
            Warning::UnseenCategory { feature, value } => unseen.push(format!("{feature} {value}")),
            _ => {}
        }
    }
    if !unseen.is_empty() {
        note(&format!("{}: not learnt, and taken as missing: {}", file.display(), unseen.join(", ")));
    }
    let others: Vec<String> = frame.names().iter().filter(|name| learnt.position(name).is_none()).cloned().collect();
    passed_over(&others, file);
    Ok(rows)
}

fn passed_over(names: &[String], file: &Path) {
    if !names.is_empty() {
        note(&format!("{}: passed over what is no feature: {}", file.display(), names.join(", ")));
    }
}

/// The places of the rows of each name, in the order in which the names first come.
pub(super) fn places_by_name(names: &[String]) -> Vec<(&str, Vec<usize>)> {
    let mut known = std::collections::BTreeMap::new();
    let mut parts: Vec<(&str, Vec<usize>)> = Vec::new();
    for (row, name) in names.iter().enumerate() {
        let place = *known.entry(name.as_str()).or_insert(parts.len());
        if place == parts.len() {
            parts.push((name, Vec::new()));
        }
        parts[place].1.push(row);
    }
    parts
}
