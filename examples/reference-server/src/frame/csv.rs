//! Frames from CSV.

use std::collections::BTreeSet;

use csv::{ByteRecord, ReaderBuilder};
use dharmagraph_aiops::{Error, Result};

use super::cell::number;
use super::{Column, Frame};

/// The most values that are read at once.
const VALUES: usize = 100_000_000;

impl Frame {
    /// Reads CSV (RFC 4180) with a line of names. A column in which everything is a number or missing is one of numbers; empty
    /// cells, `NA`, `NaN`, `null` and `None` are missing.
    ///
    /// # Errors
    /// [`Error::Data`] that names the line and the column: for names that are empty or twice there, rows of another length,
    /// text that is no UTF-8, infinite numbers, and no rows; [`Error::TooMuch`] for more than 100,000,000 values.
    pub fn from_csv(bytes: &[u8]) -> Result<Self> {
        let names = names(bytes)?;
        let mut numeric = vec![true; names.len()];
        let rows = each_row(bytes, |line, record| {
            for (index, cell) in record.iter().enumerate() {
                match number(text(cell, line, &names[index])?) {
                    Some(Some(number)) if number.is_infinite() => {
                        return Err(Error::data(place(line, &names[index]), "a finite number, or nothing", "an infinite one"));
                    }
                    Some(_) => {}
                    None => numeric[index] = false,
                }
            }
            Ok(())
        })?;
        if rows == 0 {
            return Err(Error::data("CSV", "at least one row below the names", "none"));
        }
        if rows.saturating_mul(names.len()) > VALUES {
            return Err(Error::TooMuch { what: "the table's values".into(), limit: VALUES, found: rows * names.len() });
        }
        let mut numbers: Vec<Vec<f64>> = numeric.iter().map(|is| Vec::with_capacity(if *is { rows } else { 0 })).collect();
        let mut words: Vec<Vec<Option<String>>> = vec![Vec::new(); names.len()];
        each_row(bytes, |line, record| {
            for (index, cell) in record.iter().enumerate() {
                let cell = text(cell, line, &names[index])?;
                if numeric[index] {
                    numbers[index].push(number(cell).flatten().unwrap_or(f64::NAN));
                } else {
                    words[index].push(if number(cell) == Some(None) { None } else { Some(cell.to_owned()) });
                }
            }
            Ok(())
        })?;
        let columns = numbers.into_iter().zip(words).zip(numeric);
        let columns = columns.map(|((numbers, words), is)| if is { Column::Numbers(numbers) } else { Column::words(words) });
        Ok(Self { columns: columns.collect(), names, rows })
    }
}

fn names(bytes: &[u8]) -> Result<Vec<String>> {
    let mut reader = ReaderBuilder::new().from_reader(bytes);
    let header = reader.headers().map_err(|error| refused(&error))?;
    let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    if names.is_empty() {
        return Err(Error::data("CSV", "a line of names", "nothing"));
    }
    if let [name] = names.as_slice()
        && let Some(separator) = [';', '\t', '|'].into_iter().find(|separator| name.contains(*separator))
    {
        return Err(Error::data(
            "CSV",
            "commas between the values",
            format!("one name with `{}` in it", separator.escape_default()),
        ));
    }
    let mut known = BTreeSet::new();
    for (index, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(Error::data(format!("CSV, column {}", index + 1), "a name in the first line", "nothing"));
        }
        if !known.insert(name) {
            let name: String = name.chars().take(80).collect();
            return Err(Error::data("CSV", "each name once", format!("`{name}` twice")));
        }
    }
    Ok(names)
}

/// Calls `visit` with each row and its line; gives how many there are.
fn each_row(bytes: &[u8], mut visit: impl FnMut(u64, &ByteRecord) -> Result<()>) -> Result<usize> {
    let mut reader = ReaderBuilder::new().from_reader(bytes);
    let mut record = ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record).map_err(|error| refused(&error))? {
        visit(record.position().map_or(0, csv::Position::line), &record)?;
        rows += 1;
    }
    Ok(rows)
}

fn text<'a>(cell: &'a [u8], line: u64, name: &str) -> Result<&'a str> {
    std::str::from_utf8(cell).map(str::trim).map_err(|_| Error::data(place(line, name), "text in UTF-8", "other bytes"))
}

fn place(line: u64, name: &str) -> String {
    format!("CSV, line {line}, column {name}")
}

fn refused(error: &csv::Error) -> Error {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Error::data(format!("CSV, line {line}"), format!("{expected_len} values"), len.to_string())
        }
        csv::ErrorKind::Utf8 { .. } => Error::data("CSV", "text in UTF-8", "other bytes"),
        _ => Error::data("CSV", "a table with commas between its values", "something else"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_of_numbers_or_of_words() {
        let frame = Frame::from_csv(b"a,kind,\"b, c\"\n1,tcp,NA\n,udp,2.5\n-3e2,,\n").unwrap();
        assert_eq!((frame.names(), frame.rows()), (&["a".to_owned(), "kind".into(), "b, c".into()][..], 3));
        assert_eq!(frame.column("kind").unwrap().word(1).as_deref(), Some("udp"));
        assert_eq!(frame.column("kind").unwrap().word(2), None);
        assert_eq!(frame.column("a").unwrap().values()[2], -300.0);
        assert!(frame.column("a").unwrap().values()[1].is_nan() && frame.column("b, c").unwrap().values()[0].is_nan());
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_place() {
        for (bytes, expected) in [
            (&b""[..], "names"),
            (b"a,b\n", "one row"),
            (b"a,a\n1,2\n", "`a` twice"),
            (b"a,\n1,2\n", "column 2"),
            (b"a,b\n1,2\n3\n", "line 3: expected 2 values"),
            (b"a;b\n1;2\n", "expected commas between the values, found one name with `;`"),
            (b"a,b\n1,1e999\n", "line 2, column b"),
            (b"a,b\n1,\xff\n", "UTF-8"),
        ] {
            let error = Frame::from_csv(bytes).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
