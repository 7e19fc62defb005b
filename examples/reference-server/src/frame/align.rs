//! A frame in the order of a model's schema.

use std::collections::BTreeSet;

use dharmagraph_aiops::data::{FeatureKind, Schema, Table};
use dharmagraph_aiops::model::Warning;
use dharmagraph_aiops::{Error, Result};

use super::column::level;
use super::{Column, Frame};

/// The most unseen words that are named for one feature.
const NAMED: usize = 20;

/// What to do with columns that the schema does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strangers {
    /// They are misspelt features.
    Refused,
    /// They are there for other purposes.
    PassedOver,
}

/// The rows with the columns that a model was fitted with. A feature that is not there, and a word that the training did not
/// have, are missing, with a warning.
///
/// # Errors
/// [`Error::Data`] for words where numbers are expected, for refused strangers with the features that there are, and where no
/// feature is there at all.
pub fn align(frame: &Frame, schema: &Schema, strangers: Strangers) -> Result<(Table, Vec<Warning>)> {
    let known = || {
        let mut names = schema.features().iter().take(60).map(|f| f.name.as_str()).collect::<Vec<_>>().join(", ");
        names.truncate(names.floor_char_boundary(600));
        names
    };
    if strangers == Strangers::Refused
        && let Some(stranger) = frame.names().iter().find(|name| schema.position(name).is_none())
    {
        let stranger: String = stranger.chars().take(80).collect();
        return Err(Error::data("feature", format!("one that the model was trained with: {}", known()), format!("`{stranger}`")));
    }
    let mut warnings = Vec::new();
    let mut columns: Vec<Option<Vec<f64>>> = Vec::with_capacity(schema.len());
    for feature in schema.features() {
        let Some(column) = frame.column(&feature.name) else {
            warnings.push(Warning::MissingFeature { feature: feature.name.clone() });
            columns.push(None);
            continue;
        };
        columns.push(Some(match &feature.kind {
            FeatureKind::Numeric => numbers(column, &feature.name)?,
            FeatureKind::Categorical { levels } => places(column, &feature.name, levels, &mut warnings),
        }));
    }
    if columns.iter().all(Option::is_none) {
        return Err(Error::data("rows", format!("features of the model: {}", known()), "none of them"));
    }
    let mut values = Vec::with_capacity(frame.rows() * schema.len());
    for row in 0..frame.rows() {
        values.extend(columns.iter().map(|column| column.as_ref().map_or(f64::NAN, |column| column[row])));
    }
    Ok((Table::new(values, schema.len())?, warnings))
}

fn numbers(column: &Column, name: &str) -> Result<Vec<f64>> {
    match column {
        Column::Numbers(numbers) => Ok(numbers.clone()),
        Column::Words { levels, places } => {
            let is_word = |place: &f64| level(levels, *place).is_some_and(|word| word.parse::<f64>().is_err());
            let row = places.iter().position(is_word).unwrap_or_default();
            let found = level(levels, places.get(row).copied().unwrap_or(f64::NAN)).cloned().unwrap_or_default();
            let found: String = found.chars().take(80).collect();
            Err(Error::data(format!("feature {name}, row {}", row + 1), "a number", format!("`{found}`")))
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "places far below 2^53")]
fn places(column: &Column, name: &str, levels: &[String], warnings: &mut Vec<Warning>) -> Vec<f64> {
    let place = |word: &str| levels.iter().position(|level| level == word).map_or(f64::NAN, |place| place as f64);
    let (found, words): (Vec<f64>, BTreeSet<String>) = match column {
        Column::Words { levels: words, places } => {
            let known: Vec<f64> = words.iter().map(|word| place(word)).collect();
            let unseen = words.iter().zip(&known).filter(|(_, place)| place.is_nan()).map(|(word, _)| word.clone());
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places are small whole numbers")]
            let of = |at: &f64| if at.is_nan() { f64::NAN } else { known[*at as usize] };
            (places.iter().map(of).collect(), unseen.collect())
        }
        Column::Numbers(numbers) => {
            let of = |number: &f64| if number.is_nan() { f64::NAN } else { place(&number.to_string()) };
            let found: Vec<f64> = numbers.iter().map(of).collect();
            let unseen = numbers.iter().zip(&found).filter(|(number, place)| !number.is_nan() && place.is_nan());
            let unseen = unseen.map(|(number, _)| number.to_string()).collect();
            (found, unseen)
        }
    };
    warnings.extend(
        words
            .into_iter()
            .take(NAMED)
            .map(|word| Warning::UnseenCategory { feature: name.to_owned(), value: word.chars().take(80).collect() }),
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        Frame::from_csv(b"n,w\n1,tcp\n2,udp\n").unwrap().into_table().unwrap().0
    }

    #[test]
    fn columns_come_in_the_order_of_the_schema() {
        let frame = Frame::from_csv(b"extra,w,n\nx,udp,3\nx,icmp,\n").unwrap();
        let (table, warnings) = align(&frame, &schema(), Strangers::PassedOver).unwrap();
        assert_eq!(table.row(0), [3.0, 1.0]);
        assert!(table.row(1).iter().all(|value| value.is_nan()));
        assert_eq!(warnings, [Warning::UnseenCategory { feature: "w".into(), value: "icmp".into() }]);
        let error = align(&frame, &schema(), Strangers::Refused).unwrap_err().to_string();
        assert!(error.contains("n, w") && error.contains("`extra`"), "{error}");
    }

    #[test]
    fn a_missing_feature_is_a_warning_and_none_at_all_an_error() {
        let (table, warnings) = align(&Frame::from_csv(b"w\ntcp\n").unwrap(), &schema(), Strangers::Refused).unwrap();
        assert!(table.row(0)[0].is_nan());
        assert_eq!(warnings, [Warning::MissingFeature { feature: "n".into() }]);
        let nothing = align(&Frame::from_csv(b"x\ntcp\n").unwrap(), &schema(), Strangers::PassedOver);
        assert!(nothing.unwrap_err().to_string().contains("none of them"));
        let word = align(&Frame::from_csv(b"n\nmany\n").unwrap(), &schema(), Strangers::Refused);
        assert!(word.unwrap_err().to_string().contains("`many`"));
        let last = align(&Frame::from_csv(b"n\n1\n2\nmany\n").unwrap(), &schema(), Strangers::Refused);
        assert!(last.unwrap_err().to_string().contains("row 3: expected a number, found `many`"));
    }
}
