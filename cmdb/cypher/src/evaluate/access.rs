//! Parts of values: properties, items, slices.

use super::build::flat_list;
use super::{Context, Row, bound, evaluate};
use crate::error::{Error, Result};
use crate::graph::Symbol;
use crate::temporal;
use crate::tree::{Expression, Name};
use crate::value::Value;

/// `base.name`; null for null and for a key that is not there.
#[inline(never)]
pub(super) fn property(base: &Expression, name: &Name, row: &mut Row, context: &Context<'_>) -> Result<Value> {
    match base {
        Expression::Slot(slot) => property_of(bound(row, *slot), name, context),
        _ => property_of(&evaluate(base, row, context)?, name, context),
    }
}

/// A property of a value.
pub(super) fn property_of(value: &Value, name: &Name, context: &Context<'_>) -> Result<Value> {
    match value {
        Value::Node(_) | Value::Relationship(_) => Ok(stored(value, context.symbol(name), context)),
        _ => component(value, &name.text),
    }
}

/// `base[index]`: an item of a list, or a property by its name.
#[inline(never)]
pub(super) fn index(base: &Expression, index: &Expression, row: &mut Row, context: &Context<'_>) -> Result<Value> {
    let base = evaluate(base, row, context)?;
    match (&base, evaluate(index, row, context)?) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::List(items), Value::Integer(index)) => {
            Ok(place(index, items.len()).and_then(|place| items.get(place)).cloned().unwrap_or_default())
        }
        (Value::Node(_) | Value::Relationship(_), Value::String(key)) => Ok(stored(&base, context.graph.symbol(&key), context)),
        (Value::Map(_) | Value::Temporal(_), Value::String(key)) => component(&base, &key),
        (Value::List(_), other) => {
            Err(Error::value(format!("expected an integer as index of a list, found {}", other.description())))
        }
        (Value::Map(_) | Value::Temporal(_) | Value::Node(_) | Value::Relationship(_), other) => {
            Err(Error::value(format!("expected a string as key of {}, found {}", base.description(), other.description())))
        }
        _ => Err(Error::value(format!("expected a list, map, node or relationship before [..], found {}", base.description()))),
    }
}

/// `base[from..to]`, the end not included; null where a border is null.
#[inline(never)]
pub(super) fn slice(
    base: &Expression,
    from: Option<&Expression>,
    to: Option<&Expression>,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Value> {
    let items = match evaluate(base, row, context)? {
        Value::Null => return Ok(Value::Null),
        Value::List(items) => items,
        other => return Err(Error::value(format!("expected a list before [.. .. ..], found {}", other.description()))),
    };
    let Some(from) = border(from, 0, items.len(), row, context)? else { return Ok(Value::Null) };
    let Some(to) = border(to, items.len(), items.len(), row, context)? else { return Ok(Value::Null) };
    flat_list(items.get(from..to).unwrap_or_default().to_vec(), context.meter)
}

/// A border of a slice, within the list; nothing for null.
fn border(
    expression: Option<&Expression>,
    default: usize,
    length: usize,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Option<usize>> {
    let Some(expression) = expression else { return Ok(Some(default)) };
    match evaluate(expression, row, context)? {
        Value::Null => Ok(None),
        Value::Integer(index) => Ok(Some(place(index, length).unwrap_or(0).min(length))),
        other => Err(Error::value(format!("expected integers as borders of a slice, found {}", other.description()))),
    }
}

/// Where an index is from the start; negative ones count from the end. Nothing for those before the start.
fn place(index: i64, length: usize) -> Option<usize> {
    match usize::try_from(index.unsigned_abs()) {
        Ok(back) if index < 0 => length.checked_sub(back),
        Ok(place) => Some(place),
        Err(_) => (index >= 0).then_some(usize::MAX),
    }
}

/// A property in the graph.
fn stored(entity: &Value, key: Option<Symbol>, context: &Context<'_>) -> Value {
    match (entity, key) {
        (Value::Node(node), Some(key)) => context.graph.property(*node, key),
        (Value::Relationship(relationship), Some(key)) => context.graph.relationship_property(*relationship, key),
        _ => Value::Null,
    }
}

/// An entry of a map, or a component of a temporal value.
fn component(value: &Value, key: &str) -> Result<Value> {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Map(entries) => Ok(entries.get(key).cloned().unwrap_or_default()),
        Value::Temporal(temporal) => temporal::property(temporal, key),
        _ => Err(Error::value(format!(
            "expected a node, relationship, map or temporal value before .{key}, found {}",
            value.description()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, literal, name, slot, value_of};
    use super::*;

    fn property(base: Expression, key: &str) -> Result<String> {
        value_of(&Expression::Property(Box::new(base), name(key))).map(|value| json(&value))
    }

    fn index(base: impl Into<Value>, index: impl Into<Value>) -> Result<String> {
        value_of(&Expression::Index(Box::new(literal(base)), Box::new(literal(index)))).map(|value| json(&value))
    }

    #[test]
    fn properties_are_read_from_nodes_maps_and_null() {
        assert_eq!(property(slot(0), "name").unwrap(), r#""web""#);
        assert_eq!(property(slot(0), "never_met").unwrap(), "null");
        assert_eq!(property(slot(1), "name").unwrap(), "null");
        assert_eq!(property(slot(2), "name").unwrap(), "null");
        let map: Value = [("name", Value::from(1))].into_iter().collect();
        assert_eq!(property(literal(map), "name").unwrap(), "1");
        let error = property(literal(3), "name").unwrap_err().to_string();
        assert_eq!(error, "expected a node, relationship, map or temporal value before .name, found the integer 3");
    }

    #[test]
    fn lists_are_indexed_from_both_ends_and_maps_by_key() {
        assert_eq!(index(vec![1, 2, 3], 0).unwrap(), "1");
        assert_eq!(index(vec![1, 2, 3], -1).unwrap(), "3");
        assert_eq!(index(vec![1, 2, 3], -4).unwrap(), "null");
        assert_eq!(index(vec![1, 2, 3], i64::MIN).unwrap(), "null");
        assert_eq!(index(super::super::testing::NODE, "name").unwrap(), r#""web""#);
        assert!(index(vec![1], "a").unwrap_err().to_string().contains("expected an integer as index of a list"));
        assert!(index(true, 1).unwrap_err().to_string().contains("found the boolean true"));
    }

    #[test]
    fn slices_stay_within_the_list() {
        let slice = |from: Option<Value>, to: Option<Value>| {
            let border = |value: Option<Value>| value.map(|value| Box::new(literal(value)));
            json(&value_of(&Expression::Slice(Box::new(literal(vec![1, 2, 3])), border(from), border(to))).unwrap())
        };
        assert_eq!(slice(Some(1.into()), None), "[2,3]");
        assert_eq!(slice(Some((-5).into()), Some(5.into())), "[1,2,3]");
        assert_eq!(slice(Some((-3).into()), Some((-1).into())), "[1,2]");
        assert_eq!(slice(Some(3.into()), Some(1.into())), "[]");
        assert_eq!(slice(Some(i64::MAX.into()), Some(i64::MAX.into())), "[]");
        assert_eq!(slice(None, Some(Value::Null)), "null");
    }
}
