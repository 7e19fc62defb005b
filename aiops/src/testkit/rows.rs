//! What predictors and detectors promise alike of rows.

use std::fmt::Debug;

use super::{finite, ok, refused};
use crate::data::Table;
use crate::error::{Error, Result};

/// Numbers that arithmetic goes wrong with.
const ODD: [f64; 9] = [f64::NAN, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, -0.0, 1e200, -1e154, 4_294_967_296.0];

/// A row alone is answered as it is among others, to the bit, and there is one answer for each.
pub(super) fn a_row_alone_is_answered_as_among_others<A: Debug>(rows: &Table, ask: &impl Fn(&Table) -> Result<Vec<A>>) {
    let together = ok(ask(rows), "a table of rows as at the training");
    assert_eq!(together.len(), rows.rows(), "not one answer for each row");
    for (place, answer) in together.iter().enumerate() {
        let alone = ok(ask(&rows.select(&[place])), "one row alone");
        assert_eq!(alone.len(), 1, "not one answer for one row");
        // What `Debug` writes of a number is read back as the same number.
        assert_eq!(format!("{answer:?}"), format!("{:?}", alone[0]), "row {} alone is answered otherwise", place + 1);
    }
    assert!(ok(ask(&rows.select(&[])), "a table without rows").is_empty(), "no rows have answers");
}

/// Missing and absurd values in any column are answered with numbers.
pub(super) fn odd_rows_are_answered<A: Debug>(rows: &Table, ask: &impl Fn(&Table) -> Result<Vec<A>>) {
    let first = if rows.rows() > 0 { rows.row(0).to_vec() } else { vec![0.0; rows.columns()] };
    for odd in ODD {
        let mut wanted = vec![vec![odd; rows.columns()]];
        wanted.extend((0..rows.columns()).map(|column| {
            let mut row = first.clone();
            row[column] = odd;
            row
        }));
        wanted.push((0..rows.columns()).map(|column| if column % 2 == 0 { odd } else { f64::MAX }).collect());
        for row in wanted {
            let what = format!("the row {row:?}");
            let answers = ok(Table::new(row, rows.columns()).and_then(|table| ask(&table)), &what);
            finite(&answers, &what);
        }
    }
}

/// A table of another width is refused as data that says how many columns were expected.
pub(super) fn another_width_is_refused<A: Debug>(columns: usize, ask: &impl Fn(&Table) -> Result<Vec<A>>) {
    for width in [columns + 1, columns + 100, columns.saturating_sub(1)] {
        if width == 0 || width == columns {
            continue;
        }
        let table = ok(Table::new(vec![0.0; width], width), "a table");
        match refused(ask(&table), "a row of another width") {
            Error::Data { expected, found, .. } => {
                assert!(expected.contains(&columns.to_string()), "the error does not tell how many columns: {expected}");
                assert!(found.contains(&width.to_string()), "the error does not tell how many came: {found}");
            }
            other => panic!("another width is refused as {other:?}, not as data"),
        }
    }
}
