//! One value of a row.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// There is none.
    Missing,
    /// A finite number.
    Number(f64),
    /// Anything else.
    Word(String),
}

/// How tables write that there is no value.
const MISSING: [&str; 6] = ["", "na", "n/a", "nan", "null", "none"];

/// The number that a text of a table stands for: `Some(None)` where it is missing, `None` where it is a word. May be infinite.
pub(super) fn number(text: &str) -> Option<Option<f64>> {
    if text.len() <= 4 && MISSING.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Some(None);
    }
    text.parse::<f64>().ok().map(Some)
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

struct CellVisitor;

impl Visitor<'_> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, text, true, false or null")
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::Missing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Cell, E> {
        Ok(Cell::Number(f64::from(u8::from(flag))))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Cell, E> {
        Ok(Cell::Number(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "features are floating-point numbers")]
    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Number(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "features are floating-point numbers")]
    fn visit_u64<E>(self, number: u64) -> Result<Cell, E> {
        Ok(Cell::Number(number as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Word(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Cell, E> {
        Ok(Cell::Word(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_from_json() {
        let cells: Vec<Cell> = serde_json::from_str(r#"[1, -2, 0.5, true, null, "tcp"]"#).unwrap();
        let numbers = [Cell::Number(1.0), Cell::Number(-2.0), Cell::Number(0.5), Cell::Number(1.0)];
        assert_eq!(cells[..4], numbers);
        assert_eq!(cells[4..], [Cell::Missing, Cell::Word("tcp".into())]);
        assert!(serde_json::from_str::<Cell>("[]").is_err());
        assert!(serde_json::from_str::<Cell>("1e999").is_err(), "JSON has no infinite number");
    }

    #[test]
    fn tables_write_missing_values_in_many_ways() {
        for text in ["", "NA", "nan", "NaN", "null", "None", "N/A"] {
            assert_eq!(number(text), Some(None), "{text}");
        }
        assert_eq!((number("1.5"), number("-3e2"), number("tcp")), (Some(Some(1.5)), Some(Some(-300.0)), None));
        assert_eq!(number("1e999"), Some(Some(f64::INFINITY)));
    }
}
