//! What a [`Predictor`] promises.

use std::fmt::Debug;

use super::rows;
use crate::data::Table;
use crate::model::Predictor;

/// Every check, with rows of the schema that it was fitted with.
pub fn every<P: Predictor>(predictor: &P, rows: &Table)
where
    P::Answer: Debug,
{
    a_row_alone_is_answered_as_among_others(predictor, rows);
    no_number_is_infinite_or_none(predictor, rows);
    another_width_is_refused(predictor, rows);
}

/// One answer for each row, in order, and the same one to the bit for a row alone.
pub fn a_row_alone_is_answered_as_among_others<P: Predictor>(predictor: &P, table: &Table)
where
    P::Answer: Debug,
{
    rows::a_row_alone_is_answered_as_among_others(table, &|rows| predictor.predict(rows));
}

/// Missing values, and any that a [`Table`] can have, are answered with finite numbers.
pub fn no_number_is_infinite_or_none<P: Predictor>(predictor: &P, table: &Table)
where
    P::Answer: Debug,
{
    rows::odd_rows_are_answered(table, &|rows| predictor.predict(rows));
}

/// Rows of another number of columns are refused as data.
pub fn another_width_is_refused<P: Predictor>(predictor: &P, table: &Table)
where
    P::Answer: Debug,
{
    rows::another_width_is_refused(table.columns(), &|rows| predictor.predict(rows));
}
