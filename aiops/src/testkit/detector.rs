//! What a [`Detector`] promises.

use std::fmt::Debug;

use super::{ok, rows};
use crate::data::Table;
use crate::model::Detector;

/// Every check, with normal rows that it was not fitted on, and how its score and p-value are read.
pub fn every<D: Detector>(detector: &D, normal: &Table, read: impl Fn(&D::Score) -> (f64, f64))
where
    D::Score: Debug,
{
    a_row_alone_is_scored_as_among_others(detector, normal);
    no_number_is_infinite_or_none(detector, normal);
    another_width_is_refused(detector, normal);
    a_stranger_row_is_rarer(detector, normal, &read);
    p_values_of_normal_rows_are_valid(detector, normal, &read);
}

/// One score for each row, in order, and the same one to the bit for a row alone.
pub fn a_row_alone_is_scored_as_among_others<D: Detector>(detector: &D, table: &Table)
where
    D::Score: Debug,
{
    rows::a_row_alone_is_answered_as_among_others(table, &|rows| detector.score(rows));
}

/// Missing values, and any that a [`Table`] can have, are scored with finite numbers.
pub fn no_number_is_infinite_or_none<D: Detector>(detector: &D, table: &Table)
where
    D::Score: Debug,
{
    rows::odd_rows_are_answered(table, &|rows| detector.score(rows));
}

/// Rows of another number of columns are refused as data.
pub fn another_width_is_refused<D: Detector>(detector: &D, table: &Table)
where
    D::Score: Debug,
{
    rows::another_width_is_refused(table.columns(), &|rows| detector.score(rows));
}

/// P-values are above 0 and at most 1, and a higher score has no higher one.
pub fn a_stranger_row_is_rarer<D: Detector>(detector: &D, table: &Table, read: impl Fn(&D::Score) -> (f64, f64)) {
    let mut seen: Vec<(f64, f64)> = ok(detector.score(table), "a table of normal rows").iter().map(read).collect();
    seen.sort_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((_, p_value)) = seen.iter().find(|(_, p_value)| !(*p_value > 0.0 && *p_value <= 1.0)) {
        panic!("a p-value is {p_value}");
    }
    if let Some(pair) = seen.windows(2).find(|pair| pair[0].1 < pair[1].1) {
        panic!("the score {} has the p-value {}, and the higher score {} has {}", pair[0].0, pair[0].1, pair[1].0, pair[1].1);
    }
}

/// P-values of normal rows that it was not fitted on are valid: no share of them is at most `p` that is larger than `p`, but for
/// chance and the tenth by which [`drift`](crate::drift) lets p-values differ. They may be larger: a detector that compares with
/// scores of models that learnt from less is careful.
pub fn p_values_of_normal_rows_are_valid<D: Detector>(detector: &D, normal: &Table, read: impl Fn(&D::Score) -> (f64, f64)) {
    let mut seen: Vec<f64> = ok(detector.score(normal), "a table of normal rows").iter().map(|score| read(score).1).collect();
    seen.sort_by(f64::total_cmp);
    let rows = seen.len() as f64;
    for (place, p_value) in seen.iter().enumerate() {
        let share = (place + 1) as f64 / rows;
        assert!(share - p_value <= 0.1, "{share} of normal rows have a p-value of at most {p_value}");
    }
}
