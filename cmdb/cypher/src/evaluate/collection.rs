//! Lists and maps: literals, comprehensions, `reduce`, map projections.

use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;

use super::build;
use super::{Context, Row, access, arithmetic, bind, bound, evaluate, holds};
use crate::error::{Error, Result};
use crate::tree::{BinaryOperator, Expression, ProjectedEntry, Slot};
use crate::value::{Value, check_items};

/// `[a, b]`.
#[inline(never)]
pub(super) fn list(items: &[Expression], row: &mut Row, context: &Context<'_>) -> Result<Value> {
    let items = items.iter().map(|item| evaluate(item, row, context)).collect::<Result<_>>()?;
    build::list(items, context.meter)
}

/// `{key: value}`; of equal keys the last counts.
#[inline(never)]
pub(super) fn map(entries: &[(Arc<str>, Expression)], row: &mut Row, context: &Context<'_>) -> Result<Value> {
    let entry = |(key, value): &(Arc<str>, Expression)| Ok((Arc::clone(key), evaluate(value, row, context)?));
    build::map(entries.iter().map(entry).collect::<Result<_>>()?, context.meter)
}

/// The items of a list; nothing for null.
pub(super) fn items(list: &Expression, row: &mut Row, context: &Context<'_>) -> Result<Option<Arc<Vec<Value>>>> {
    match evaluate(list, row, context)? {
        Value::Null => Ok(None),
        Value::List(items) => Ok(Some(items)),
        other => Err(Error::value(format!("expected a list after IN, found {}", other.description()))),
    }
}

/// `[slot IN list WHERE predicate | projection]`.
#[inline(never)]
pub(super) fn comprehension(
    slot: Slot,
    list: &Expression,
    predicate: Option<&Expression>,
    projection: Option<&Expression>,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Value> {
    let Some(items) = items(list, row, context)? else { return Ok(Value::Null) };
    let mut found = Vec::new();
    for item in items.iter() {
        context.meter.step()?;
        bind(row, slot, item.clone());
        if predicate.map_or(Ok(true), |predicate| holds(predicate, row, context))? {
            found.push(projection.map_or_else(|| Ok(item.clone()), |projection| evaluate(projection, row, context))?);
        }
    }
    // Its items were counted above.
    check_items(&found, context.meter)?;
    Ok(Value::from(found))
}

/// `reduce(accumulator = initial, slot IN list | step)`.
#[inline(never)]
pub(super) fn reduce(
    (accumulator, initial): (Slot, &Expression),
    (slot, list): (Slot, &Expression),
    step: &Expression,
    row: &mut Row,
    context: &Context<'_>,
) -> Result<Value> {
    let Some(items) = items(list, row, context)? else { return Ok(Value::Null) };
    let initial = evaluate(initial, row, context)?;
    bind(row, accumulator, initial);
    for item in items.iter() {
        context.meter.step()?;
        bind(row, slot, item.clone());
        let value = match step {
            // What is added goes onto the accumulator's own list instead of a copy of it.
            Expression::Binary(BinaryOperator::Add, left, right) if is_slot(left, accumulator) => {
                let right = evaluate(right, row, context)?;
                arithmetic::add(take(row, accumulator), right, context)?
            }
            _ => evaluate(step, row, context)?,
        };
        bind(row, accumulator, value);
    }
    Ok(bound(row, accumulator).clone())
}

fn is_slot(expression: &Expression, wanted: Slot) -> bool {
    matches!(expression, Expression::Slot(slot) if *slot == wanted)
}

fn take(row: &mut Row, slot: Slot) -> Value {
    row.get_mut(slot.0 as usize).map(mem::take).unwrap_or_default()
}

/// `base {.key, .*, key: value}`.
#[inline(never)]
pub(super) fn projection(base: &Expression, projected: &[ProjectedEntry], row: &mut Row, context: &Context<'_>) -> Result<Value> {
    let base = evaluate(base, row, context)?;
    if base.is_null() {
        return Ok(Value::Null);
    }
    let mut entries = BTreeMap::new();
    for entry in projected {
        match entry {
            ProjectedEntry::Property(name) => {
                entries.insert(Arc::clone(&name.text), access::property_of(&base, name, context)?);
            }
            ProjectedEntry::All => entries.extend(all(&base, context)?),
            ProjectedEntry::Entry(key, value) => {
                entries.insert(Arc::clone(key), evaluate(value, row, context)?);
            }
        }
    }
    build::map(entries, context.meter)
}

/// All entries or properties of a value.
fn all(base: &Value, context: &Context<'_>) -> Result<BTreeMap<Arc<str>, Value>> {
    match base {
        Value::Map(entries) => Ok(BTreeMap::clone(entries)),
        Value::Node(node) => Ok(context.graph.properties(*node)),
        Value::Relationship(relationship) => Ok(context.graph.relationship_properties(*relationship)),
        _ => Err(Error::value(format!("expected a node, relationship or map before {{.*}}, found {}", base.description()))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, literal, name, slot, value_of};
    use super::*;

    fn sum(left: Expression, right: Expression) -> Box<Expression> {
        Box::new(Expression::Binary(BinaryOperator::Add, Box::new(left), Box::new(right)))
    }

    fn reduce(initial: Expression, list: impl Into<Value>, step: Box<Expression>) -> Result<String> {
        let (initial, list) = (Box::new(initial), Box::new(literal(list)));
        value_of(&Expression::Reduce { accumulator: Slot(3), initial, slot: Slot(4), list, step }).map(|value| json(&value))
    }

    #[test]
    fn a_comprehension_filters_and_projects() {
        let comprehension = Expression::ListComprehension {
            slot: Slot(3),
            list: Box::new(literal(vec![1, 2, 3])),
            predicate: Some(Box::new(Expression::Binary(BinaryOperator::Greater, Box::new(slot(3)), Box::new(literal(1))))),
            projection: Some(sum(slot(3), literal(10))),
        };
        assert_eq!(json(&value_of(&comprehension).unwrap()), "[12,13]");
    }

    #[test]
    fn reduce_carries_its_value_along() {
        assert_eq!(reduce(literal(0), vec![1, 2, 3], sum(slot(3), slot(4))).unwrap(), "6");
        assert_eq!(reduce(literal(Vec::<Value>::new()), vec![1, 2], sum(slot(3), slot(4))).unwrap(), "[1,2]");
        assert_eq!(reduce(literal(vec![0]), vec![1, 2], sum(slot(3), slot(3))).unwrap(), "[0,0,0,0]");
        assert_eq!(reduce(literal(0), Value::Null, sum(slot(3), slot(4))).unwrap(), "null");
    }

    #[test]
    fn a_list_that_grows_item_by_item_is_not_copied_for_each() {
        let items = vec![1; 100_000];
        let step = sum(slot(3), slot(4));
        // Copies would take 5,000,000,000 steps.
        assert!(reduce(literal(Vec::<Value>::new()), items, step).is_ok());
    }

    #[test]
    fn lists_are_not_built_deeper_than_values_may_be() {
        let wrap = Box::new(Expression::List(vec![slot(3)]));
        assert!(reduce(literal(1), vec![1; Value::NESTING], wrap.clone()).is_ok());
        let error = reduce(literal(1), vec![1; Value::NESTING + 1], wrap).unwrap_err().to_string();
        assert!(error.contains("at most 100 deep"), "{error}");
        let append = sum(Expression::List(vec![]), Expression::List(vec![slot(3)]));
        assert!(reduce(literal(1), vec![1; Value::NESTING + 1], append).is_err());
    }

    #[test]
    fn a_map_projection_takes_over_what_it_names() {
        let entries = vec![
            ProjectedEntry::All,
            ProjectedEntry::Property(name("never_met")),
            ProjectedEntry::Entry("other".into(), literal(1)),
        ];
        let projection = |place| Expression::MapProjection { base: Box::new(slot(place)), entries: entries.clone() };
        assert_eq!(json(&value_of(&projection(0)).unwrap()), r#"{"name":"web","never_met":null,"other":1}"#);
        assert_eq!(json(&value_of(&projection(2)).unwrap()), "null");
    }
}
