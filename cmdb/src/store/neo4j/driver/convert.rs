//! Values as neo4rs has them, and back.

use neo4rs::{BoltMap, BoltNull, BoltString, BoltType, Row};

use super::super::fault::Fault;
use super::super::value::{Map, Value};
use super::RECORD;

/// A statement's parameters.
pub(super) fn parameters(parameters: Map) -> impl Iterator<Item = (BoltString, BoltType)> {
    parameters.into_iter().map(|(name, value)| (BoltString { value: name }, from_value(value)))
}

fn from_value(value: Value) -> BoltType {
    match value {
        Value::Null | Value::Structure { .. } => BoltType::Null(BoltNull),
        Value::Boolean(boolean) => boolean.into(),
        Value::Integer(integer) => integer.into(),
        Value::Float(float) => float.into(),
        Value::Bytes(bytes) => bytes.into(),
        Value::Text(text) => BoltType::String(BoltString { value: text }),
        Value::List(items) => items.into_iter().map(from_value).collect::<Vec<_>>().into(),
        Value::Map(members) => BoltType::Map(BoltMap { value: parameters(members).collect() }),
    }
}

/// The list that a row of ours is.
pub(super) fn record(row: &Row) -> Result<Vec<Value>, Fault> {
    let record: BoltType = row.get(RECORD).map_err(|error| Fault::Protocol(format!("a row that does not read: {error}")))?;
    match to_value(record)? {
        Value::List(record) => Ok(record),
        _ => Err(Fault::Protocol("a row that is no list".to_owned())),
    }
}

fn to_value(value: BoltType) -> Result<Value, Fault> {
    Ok(match value {
        BoltType::Null(_) => Value::Null,
        BoltType::Boolean(boolean) => Value::Boolean(boolean.value),
        BoltType::Integer(integer) => Value::Integer(integer.value),
        BoltType::Float(float) => Value::Float(float.value),
        BoltType::Bytes(bytes) => Value::Bytes(bytes.value.to_vec()),
        BoltType::String(text) => Value::Text(text.value),
        BoltType::List(items) => Value::List(items.value.into_iter().map(to_value).collect::<Result<_, _>>()?),
        BoltType::Map(members) => {
            let member = |(key, value): (BoltString, BoltType)| to_value(value).map(|value| (key.value, value));
            Value::Map(members.value.into_iter().map(member).collect::<Result<_, _>>()?)
        }
        _ => return Err(Fault::Protocol("the database holds a property that this store never writes".to_owned())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_comes_back() {
        let value = Value::map([
            ("list", Value::List(vec![Value::Integer(-1), Value::Float(0.5), Value::Null, Value::Boolean(true)])),
            ("text", Value::text("'\u{0}\"")),
            ("bytes", Value::Bytes(vec![0, 255])),
            ("map", Value::map([("a", Value::List(Vec::new()))])),
        ]);
        assert_eq!(to_value(from_value(value.clone())).unwrap(), value);
    }
}
