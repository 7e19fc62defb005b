//! What is sent and what comes back.

use std::collections::BTreeMap;

use super::fault::Fault;

/// Parameters, properties, and what the server says about an answer.
pub(super) type Map = BTreeMap<String, Value>;

/// A value of the protocol.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Self>),
    Map(Map),
    /// A node, relationship, path, time or point: what its fields are is told by the tag.
    Structure {
        tag: u8,
        fields: Vec<Self>,
    },
}

impl Value {
    /// What kind of value this is, for messages.
    const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a float",
            Self::Bytes(_) => "bytes",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Structure { .. } => "a structure",
        }
    }

    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text, or null.
    pub(super) fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }

    /// A map of a few members.
    pub(super) fn map<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Map(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }
}

/// A record, read field by field.
#[derive(Debug)]
pub(super) struct Fields(std::vec::IntoIter<Value>);

impl Fields {
    pub(super) fn new(record: Vec<Value>) -> Self {
        Self(record.into_iter())
    }

    pub(super) fn value(&mut self) -> Result<Value, Fault> {
        self.0.next().ok_or_else(|| Fault::Protocol("a record has fewer fields than were asked for".to_owned()))
    }

    pub(super) fn text(&mut self) -> Result<String, Fault> {
        self.optional_text()?.ok_or_else(|| unexpected("text", &Value::Null))
    }

    pub(super) fn optional_text(&mut self) -> Result<Option<String>, Fault> {
        match self.value()? {
            Value::Text(text) => Ok(Some(text)),
            Value::Null => Ok(None),
            other => Err(unexpected("text", &other)),
        }
    }

    pub(super) fn integer(&mut self) -> Result<i64, Fault> {
        self.optional_integer()?.ok_or_else(|| unexpected("an integer", &Value::Null))
    }

    pub(super) fn optional_integer(&mut self) -> Result<Option<i64>, Fault> {
        match self.value()? {
            Value::Integer(integer) => Ok(Some(integer)),
            Value::Null => Ok(None),
            other => Err(unexpected("an integer", &other)),
        }
    }

    pub(super) fn map(&mut self) -> Result<Map, Fault> {
        self.optional_map()?.ok_or_else(|| unexpected("a map", &Value::Null))
    }

    pub(super) fn optional_map(&mut self) -> Result<Option<Map>, Fault> {
        match self.value()? {
            Value::Map(map) => Ok(Some(map)),
            Value::Null => Ok(None),
            other => Err(unexpected("a map", &other)),
        }
    }
}

fn unexpected(expected: &str, found: &Value) -> Fault {
    Fault::Protocol(format!("expected {expected}, found {}; was this database written by something else?", found.kind()))
}
