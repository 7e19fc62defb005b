//! Reading the columns of a row, whatever the database.

use std::fmt::Display;
use std::str::FromStr;

use sqlx::{ColumnIndex, Decode, Row, Type};

use crate::time::Timestamp;

/// What a column gives, or the database's error.
type Read<T> = Result<T, sqlx::Error>;

/// A row whose columns are read by name.
pub(in crate::store) trait Columns {
    /// A text.
    fn text(&self, name: &'static str) -> Read<String>;
    /// A text, if there is one.
    fn optional_text(&self, name: &'static str) -> Read<Option<String>>;
    /// A whole number.
    fn whole(&self, name: &'static str) -> Read<i64>;
    /// A whole number, if there is one.
    fn optional_whole(&self, name: &'static str) -> Read<Option<i64>>;
    /// Yes or no.
    fn truth(&self, name: &'static str) -> Read<bool>;
    /// Bytes.
    fn bytes(&self, name: &'static str) -> Read<Vec<u8>>;

    /// A time, kept in microseconds.
    fn time(&self, name: &'static str) -> Read<Timestamp> {
        Ok(Timestamp::from_micros(self.whole(name)?))
    }

    /// A time, if there is one.
    fn optional_time(&self, name: &'static str) -> Read<Option<Timestamp>> {
        Ok(self.optional_whole(name)?.map(Timestamp::from_micros))
    }

    /// A number that is never negative.
    fn count(&self, name: &'static str) -> Read<u64> {
        u64::try_from(self.whole(name)?).map_err(|error| unreadable(name, error))
    }

    /// The 32 bytes of a hash.
    fn hash(&self, name: &'static str) -> Read<[u8; 32]> {
        let bytes = self.bytes(name)?;
        let length = bytes.len();
        bytes.try_into().map_err(|_| unreadable(name, format!("expected 32 bytes, found {length}")))
    }

    /// A text that reads as something else.
    fn parsed<T>(&self, name: &'static str) -> Read<T>
    where
        T: FromStr<Err: Display>,
    {
        self.text(name)?.parse().map_err(|error| unreadable(name, error))
    }

    /// A text that reads as something else, if there is one.
    fn optional_parsed<T>(&self, name: &'static str) -> Read<Option<T>>
    where
        T: FromStr<Err: Display>,
    {
        self.optional_text(name)?.map(|text| text.parse().map_err(|error| unreadable(name, error))).transpose()
    }

    /// JSON, kept as text.
    fn json<T: serde::de::DeserializeOwned>(&self, name: &'static str) -> Read<T> {
        serde_json::from_str(&self.text(name)?).map_err(|error| unreadable(name, error))
    }
}

impl<R> Columns for R
where
    R: Row,
    for<'c> &'c str: ColumnIndex<R>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> bool: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> Vec<u8>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn text(&self, name: &'static str) -> Read<String> {
        self.try_get(name)
    }

    fn optional_text(&self, name: &'static str) -> Read<Option<String>> {
        self.try_get(name)
    }

    fn whole(&self, name: &'static str) -> Read<i64> {
        self.try_get(name)
    }

    fn optional_whole(&self, name: &'static str) -> Read<Option<i64>> {
        self.try_get(name)
    }

    fn truth(&self, name: &'static str) -> Read<bool> {
        self.try_get(name)
    }

    fn bytes(&self, name: &'static str) -> Read<Vec<u8>> {
        self.try_get(name)
    }
}

/// A column that holds what nobody but another program can have written there.
pub(super) fn unreadable(name: &str, why: impl Display) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: name.to_owned(), source: why.to_string().into() }
}
