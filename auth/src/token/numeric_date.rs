//! Times in claims.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::time::Timestamp;

/// Seconds since the epoch, whole or not (RFC 7519 section 2), from 1970 to the year 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumericDate(pub(crate) Timestamp);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumericDateVisitor)
    }
}

struct NumericDateVisitor;

impl Visitor<'_> for NumericDateVisitor {
    type Value = NumericDate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds since 1970")
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<NumericDate, E> {
        match i64::try_from(seconds) {
            Ok(seconds) if seconds <= Timestamp::MAX.as_seconds() => Ok(NumericDate(Timestamp::from_seconds(seconds))),
            _ => Err(E::custom("a time after the year 9999")),
        }
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<NumericDate, E> {
        let micros = seconds * 1e6;
        if !(0.0..=Timestamp::MAX.as_micros() as f64).contains(&micros) {
            return Err(E::custom("a time before 1970 or after the year 9999"));
        }
        Ok(NumericDate(Timestamp::from_micros(micros as i64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_may_have_fractions_and_must_be_sane() {
        let read = |text: &str| serde_json::from_str::<NumericDate>(text).map(|date| date.0.as_micros()).ok();
        assert_eq!(read("1"), Some(1_000_000));
        assert_eq!(read("1.5"), Some(1_500_000));
        assert_eq!(read("1e9"), Some(1_000_000_000_000_000));
        let digits = "9".repeat(400);
        for text in ["-1", "-0.5", "1e18", "1e308", "18446744073709551616", &digits, "\"1\"", "null", "true", "[1]", "{}"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
