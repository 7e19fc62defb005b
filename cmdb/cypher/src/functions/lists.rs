//! Functions of lists, and those that choose among values.

use super::arguments::{argument, integer, list, unfit};
use super::{Function, Kinds};
use crate::error::{Error, Result};
use crate::evaluate::{Context, equal, flat_list, item_room, text_room};
use crate::value::Value;

const SEQUENCE: Kinds = Kinds::LIST.or(Kinds::STRING);

pub(super) static FUNCTIONS: &[Function] = &[
    Function::new("coalesce", &[Kinds::ANY], Kinds::ANY, coalesce).repeated(),
    Function::new("head", &[Kinds::LIST], Kinds::ANY, head),
    Function::new("isempty", &[SEQUENCE.or(Kinds::MAP)], Kinds::BOOLEAN, is_empty),
    Function::new("last", &[Kinds::LIST], Kinds::ANY, last),
    Function::new("nullif", &[Kinds::ANY, Kinds::ANY], Kinds::ANY, null_if),
    Function::new("range", &[Kinds::INTEGER, Kinds::INTEGER, Kinds::INTEGER], Kinds::LIST, range).at_least(2),
    Function::new("reverse", &[SEQUENCE], SEQUENCE, reverse),
    Function::new("size", &[SEQUENCE], Kinds::INTEGER, size),
    Function::new("tail", &[Kinds::LIST], Kinds::LIST, tail),
];

/// The first argument that is not null.
fn coalesce(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    Ok(arguments.iter().find(|argument| !argument.is_null()).cloned().unwrap_or_default())
}

/// Null where both are equal, else the first.
fn null_if(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let first = argument(arguments, 0);
    Ok(if equal(first, argument(arguments, 1), context)? == Some(true) { Value::Null } else { first.clone() })
}

fn head(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    Ok(list("head", arguments, 0)?.and_then(<[_]>::first).cloned().unwrap_or_default())
}

fn last(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    Ok(list("last", arguments, 0)?.and_then(<[_]>::last).cloned().unwrap_or_default())
}

fn tail(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    match list("tail", arguments, 0)? {
        None => Ok(Value::Null),
        Some(items) => flat_list(items.get(1..).unwrap_or_default().to_vec(), context.meter),
    }
}

fn reverse(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::List(items) => flat_list(items.iter().rev().cloned().collect(), context.meter),
        Value::String(string) => {
            text_room(string.len(), context.meter)?;
            Ok(Value::from(string.chars().rev().collect::<String>()))
        }
        other => Err(unfit("reverse", "a list or string", other)),
    }
}

/// How many items a list has, or characters a text.
pub(super) fn size(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let size = match argument(arguments, 0) {
        Value::Null => return Ok(Value::Null),
        Value::List(items) => items.len(),
        Value::String(string) => {
            text_room(string.len(), context.meter)?;
            string.chars().count()
        }
        other => return Err(unfit("size", "a list or string", other)),
    };
    Ok(Value::Integer(i64::try_from(size).unwrap_or(i64::MAX)))
}

fn is_empty(arguments: &[Value], _: &Context<'_>) -> Result<Value> {
    match argument(arguments, 0) {
        Value::Null => Ok(Value::Null),
        Value::List(items) => Ok(Value::from(items.is_empty())),
        Value::Map(entries) => Ok(Value::from(entries.is_empty())),
        Value::String(string) => Ok(Value::from(string.is_empty())),
        other => Err(unfit("isEmpty", "a list, map or string", other)),
    }
}

/// Integers from the first to the second, which is included.
fn range(arguments: &[Value], context: &Context<'_>) -> Result<Value> {
    let step = if arguments.len() < 3 { Some(1) } else { integer("range", arguments, 2)? };
    let (Some(from), Some(to), Some(step)) = (integer("range", arguments, 0)?, integer("range", arguments, 1)?, step) else {
        return Ok(Value::Null);
    };
    if step == 0 {
        return Err(Error::value("range() expected a step other than zero, found 0"));
    }
    let distance = (i128::from(to) - i128::from(from)) / i128::from(step);
    let towards = (to >= from) == (step > 0) || to == from;
    let count = if towards { u64::try_from(distance).map_or(u64::MAX, |distance| distance.saturating_add(1)) } else { 0 };
    item_room(count, context.meter)?;
    Ok(std::iter::successors(Some(from), |item| item.checked_add(step))
        .take(usize::try_from(count).unwrap_or(usize::MAX))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{call, error};
    use super::*;

    fn items() -> Value {
        Value::from(vec![1, 2, 3])
    }

    #[test]
    fn lists_are_taken_apart() {
        assert_eq!(call("head", [items()]), "1");
        assert_eq!(call("last", [items()]), "3");
        assert_eq!(call("tail", [items()]), "[2,3]");
        assert_eq!(call("reverse", [items()]), "[3,2,1]");
        assert_eq!(call("size", [items()]), "3");
        assert_eq!(call("tail", [Value::from(Vec::<Value>::new())]), "[]");
    }

    #[test]
    fn texts_are_counted_and_reversed_by_characters() {
        assert_eq!(call("size", ["åß".into()]), "2");
        assert_eq!(call("reverse", ["raksO".into()]), r#""Oskar""#);
    }

    #[test]
    fn a_range_includes_its_end_and_stops_at_the_largest_integer() {
        assert_eq!(call("range", [Value::from(1), 3.into()]), "[1,2,3]");
        assert_eq!(call("range", [Value::from(3), 0.into(), (-2).into()]), "[3,1]");
        assert_eq!(call("range", [Value::from(0), (-1).into()]), "[]");
        assert_eq!(call("range", [Value::from(0), 1.into(), (-1).into()]), "[]");
        assert_eq!(call("range", [Value::from(0), 0.into(), (-1).into()]), "[0]");
        assert_eq!(call("range", [Value::from(0), 5.into(), 9.into()]), "[0]");
        assert_eq!(call("range", [Value::from(i64::MAX - 1), i64::MAX.into(), 5.into()]), "[9223372036854775806]");
        assert!(error("range", [Value::from(1), 3.into(), 0.into()]).contains("other than zero"));
        assert!(error("range", [Value::from(0), i64::MAX.into()]).contains("exceeds the limit"));
    }

    #[test]
    fn coalesce_and_nullif_choose() {
        assert_eq!(call("coalesce", [Value::Null, 1.into(), 2.into()]), "1");
        assert_eq!(call("nullIf", [Value::from(1), 1.0.into()]), "null");
        assert_eq!(call("nullIf", [Value::from(1), 2.into()]), "1");
    }
}
