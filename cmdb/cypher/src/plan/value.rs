//! Values that are known before anything runs.

use super::Planner;
use crate::tree::Expression;
use crate::value::Value;

impl Planner<'_, '_> {
    /// The values to seek where they are known, comparable and without null; no two of them equal.
    pub(super) fn known_values(&self, value: &Expression, many: bool) -> Option<Vec<Value>> {
        let mut values = Vec::new();
        if many {
            match value {
                Expression::List(items) => {
                    for item in items {
                        values.push(self.known(item)?.clone());
                    }
                }
                other => match self.known(other)? {
                    Value::List(items) => values.extend(items.iter().cloned()),
                    Value::Null => {}
                    _ => return None,
                },
            }
        } else {
            values.push(self.known(value)?.clone());
        }
        values.retain(|value| !matches!(value, Value::Null));
        if !values.iter().all(|value| matches!(value, Value::Boolean(_) | Value::Integer(_) | Value::String(_))) {
            return None;
        }
        if values.len() > 1 {
            values.sort_by(order);
            values.dedup_by(|left, right| order(left, right).is_eq());
        }
        Some(values)
    }

    /// The value of a literal or parameter.
    pub(super) fn known<'v>(&'v self, expression: &'v Expression) -> Option<&'v Value> {
        match expression {
            Expression::Literal(value) => Some(value),
            Expression::Parameter(name) => self.parameters.get(&**name),
            _ => None,
        }
    }

    /// A literal or parameter that is a whole number.
    pub(super) fn whole_number(&self, expression: &Expression) -> Option<f64> {
        match self.known(expression) {
            Some(Value::Integer(number)) => Some(*number as f64),
            _ => None,
        }
    }
}

/// An order of the scalars that are sought; equal for what is the same.
fn order(left: &Value, right: &Value) -> std::cmp::Ordering {
    match (left, right) {
        (Value::Boolean(left), Value::Boolean(right)) => left.cmp(right),
        (Value::Integer(left), Value::Integer(right)) => left.cmp(right),
        (Value::String(left), Value::String(right)) => left.cmp(right),
        _ => rank(left).cmp(&rank(right)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Boolean(_) => 0,
        Value::Integer(_) => 1,
        _ => 2,
    }
}
