//! One column of a frame.

use std::collections::BTreeSet;

use dharmagraph_aiops::{Error, Result};

use super::Cell;

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers; `NaN` where one is missing.
    Numbers(Vec<f64>),
    /// Words.
    Words {
        /// Each word once, in order.
        levels: Vec<String>,
        /// For each row the place of its word; `NaN` where it is missing.
        places: Vec<f64>,
    },
}

impl Column {
    /// A column of these cells: of numbers where every one is a number or missing, else of words.
    pub(super) fn of(cells: &[&Cell]) -> Self {
        if !cells.iter().any(|cell| matches!(cell, Cell::Word(_))) {
            return Self::Numbers(
                cells.iter().map(|cell| if let Cell::Number(number) = cell { *number } else { f64::NAN }).collect(),
            );
        }
        let word = |cell: &&Cell| match cell {
            Cell::Missing => None,
            Cell::Number(number) => Some(number.to_string()),
            Cell::Word(word) => Some(word.clone()),
        };
        Self::words(cells.iter().map(word).collect())
    }

    /// A column of these words.
    #[expect(clippy::cast_precision_loss, reason = "places far below 2^53")]
    pub(super) fn words(words: Vec<Option<String>>) -> Self {
        let levels: BTreeSet<&String> = words.iter().flatten().collect();
        let levels: Vec<String> = levels.into_iter().cloned().collect();
        let place = |word: &Option<String>| match word {
            Some(word) => levels.binary_search(word).map_or(f64::NAN, |place| place as f64),
            None => f64::NAN,
        };
        let places = words.iter().map(place).collect();
        Self::Words { levels, places }
    }

    /// The numbers, or the words' places.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        match self {
            Self::Numbers(numbers) => numbers,
            Self::Words { places, .. } => places,
        }
    }

    /// The word of a row; a number as it is written. Nothing where it is missing.
    #[must_use]
    pub fn word(&self, row: usize) -> Option<String> {
        match self {
            Self::Numbers(numbers) => numbers.get(row).filter(|number| !number.is_nan()).map(f64::to_string),
            Self::Words { levels, places } => level(levels, *places.get(row)?).cloned(),
        }
    }

    /// The first word, with its row, of a column of words that is one of numbers but for a few slips: it has many different
    /// numbers, and at most one word among twenty of them. Codes of some kind are fewer, or have more words.
    pub(super) fn slip(&self) -> Option<(usize, &str)> {
        const NUMBERS: usize = 50;
        const RARE: usize = 20;
        let Self::Words { levels, places } = self else { return None };
        if levels.iter().filter(|level| level.parse::<f64>().is_ok()).count() < NUMBERS {
            return None;
        }
        let mut words = places.iter().enumerate().filter_map(|(row, place)| {
            let word = level(levels, *place)?;
            word.parse::<f64>().is_err().then_some((row, word.as_str()))
        });
        let first = words.next();
        let present = places.iter().filter(|place| !place.is_nan()).count();
        first.filter(|_| (words.count() + 1) * RARE <= present)
    }

    /// The numbers, none of which may be missing.
    ///
    /// # Errors
    /// [`Error::Data`] for words and for a missing value, with its row.
    pub fn into_numbers(self, name: &str) -> Result<Vec<f64>> {
        let Self::Numbers(numbers) = self else {
            let found = self.word(0).unwrap_or_default();
            return Err(Error::data(format!("column {name}"), "numbers", format!("words such as `{found}`")));
        };
        match numbers.iter().position(|number| number.is_nan()) {
            Some(row) => Err(Error::data(format!("column {name}, row {}", row + 1), "a number", "nothing")),
            None => Ok(numbers),
        }
    }

    /// The words, none of which may be missing; numbers as they are written.
    ///
    /// # Errors
    /// [`Error::Data`] for a missing value, with its row.
    pub fn into_words(self, name: &str) -> Result<Vec<String>> {
        let missing = |row: usize| Error::data(format!("column {name}, row {}", row + 1), "a value", "nothing");
        (0..self.values().len()).map(|row| self.word(row).ok_or_else(|| missing(row))).collect()
    }
}

/// The word at a place.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places are small whole numbers")]
pub(super) fn level(levels: &[String], place: f64) -> Option<&String> {
    if place.is_nan() { None } else { levels.get(place as usize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_words_among_many_numbers_are_slips() {
        let column = |numbers: u32, word: &dyn Fn(u32) -> bool| {
            let cell = |row: u32| Some(if word(row) { "oops".to_owned() } else { (row % numbers).to_string() });
            Column::words((0..1000).map(cell).collect())
        };
        assert_eq!(column(200, &|row| row == 7).slip(), Some((7, "oops")));
        assert_eq!(column(200, &|row| row % 10 == 0).slip(), None, "a tenth is no slip");
        assert_eq!(column(10, &|row| row == 7).slip(), None, "ten numbers are codes");
        assert_eq!(Column::words(vec![None, Some("1".into())]).slip(), None);
    }

    #[test]
    fn a_column_with_one_word_is_of_words() {
        let cells = [Cell::Number(7.0), Cell::Missing, Cell::Word("a".into())];
        let column = Column::of(&cells.iter().collect::<Vec<_>>());
        assert_eq!(column.word(0).as_deref(), Some("7"));
        assert_eq!((column.word(1), column.word(2).as_deref()), (None, Some("a")));
        assert!(column.clone().into_numbers("c").is_err());
        assert!(column.into_words("c").unwrap_err().to_string().contains("row 2"));
    }
}
