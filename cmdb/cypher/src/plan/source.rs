//! Where a pattern starts: how few nodes must be looked at for one of its places.

use super::checks::Pending;
use super::{Builder, Check, Planner, Source};
use crate::graph::Symbol;
use crate::tree::{BinaryOperator, Expression, LabelExpression, Name, Slot};
use crate::value::Value;

/// A way to find the nodes of a place.
pub(super) struct Start<'q> {
    pub(super) source: Source<'q>,
    pub(super) rows: f64,
    /// The place of the check that the source makes needless.
    pub(super) proves: Option<usize>,
}

/// A seek by a value that is not known yet is expected to find so many nodes.
const NODES_PER_UNKNOWN_VALUE: f64 = 5.0;

impl<'q> Planner<'q, '_> {
    /// The cheapest way to find the nodes of a slot that is not bound.
    pub(super) fn start(&self, slot: Slot, pending: &[Pending<'q>], chain: &Builder<'q>) -> Start<'q> {
        let mut best = Start { source: Source::All, rows: self.graph.node_count() as f64, proves: None };
        for (place, check) in pending.iter().enumerate() {
            if let Some(LabelExpression::Name(name)) = check.label_of(slot) {
                let (source, rows) = match self.symbol(name) {
                    Some(label) => (Source::Label(label), self.graph.label_count(label) as f64),
                    None => (Source::Nothing, 0.0),
                };
                if rows < best.rows || (rows <= best.rows && matches!(best.source, Source::All)) {
                    best = Start { source, rows, proves: Some(place) };
                }
            }
        }
        for (place, check) in pending.iter().enumerate() {
            let Some((name, value, many)) = check.equality_of(slot) else { continue };
            let Some(key) = self.symbol(name) else { continue };
            if let Some(values) = self.known_values(value, many) {
                if let Some(count) = values.iter().map(|value| self.graph.seek_count(key, value)).sum::<Option<u64>>()
                    && (count as f64) < best.rows.max(1.0)
                {
                    best = Start {
                        source: Source::Values { key, values, written: value, many },
                        rows: count as f64,
                        proves: Some(place),
                    };
                }
            } else if check
                .slots
                .iter()
                .all(|needed| *needed != slot && chain.is_bound(*needed) || *needed == slot && !mentions(value, slot, self))
                && self.graph.seek_count(key, &Value::String("".into())).is_some()
                && NODES_PER_UNKNOWN_VALUE < best.rows
            {
                let otherwise = Box::new(best.source);
                best =
                    Start { source: Source::Seek { key, value, many, otherwise }, rows: NODES_PER_UNKNOWN_VALUE, proves: None };
            }
        }
        best
    }

    /// The values to seek where they are known, comparable and without null; no two of them equal.
    fn known_values(&self, value: &Expression, many: bool) -> Option<Vec<Value>> {
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

    /// Which share of the nodes of the graph the checks of a slot leave, about.
    pub(super) fn share(&self, slot: Slot, pending: &[Pending<'q>]) -> f64 {
        let all = (self.graph.node_count() as f64).max(1.0);
        let mut share = 1.0_f64;
        for check in pending {
            if let Some(LabelExpression::Name(name)) = check.label_of(slot) {
                let count = self.symbol(name).map_or(0, |label| self.graph.label_count(label));
                share = share.min(count as f64 / all);
            } else if let Some((name, value, many)) = check.equality_of(slot) {
                let seek = |key: Symbol| {
                    let values = self.known_values(value, many)?;
                    values.iter().map(|value| self.graph.seek_count(key, value)).sum::<Option<u64>>()
                };
                share = share.min(self.symbol(name).and_then(seek).map_or(0.1, |count| count as f64 / all));
            }
        }
        share
    }
}

fn mentions(expression: &Expression, slot: Slot, planner: &Planner<'_, '_>) -> bool {
    let mut found = false;
    super::mentions::slots(expression, planner.query, &mut |mentioned| found |= mentioned == slot);
    found
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

impl<'q> Pending<'q> {
    /// The label that this demands of a slot.
    fn label_of(&self, slot: Slot) -> Option<&'q LabelExpression> {
        match self.check {
            Check::Labels(of, label) if of == slot => Some(label),
            Check::Expression(Expression::HasLabels(of, label)) if matches!(**of, Expression::Slot(of) if of == slot) => {
                Some(label)
            }
            _ => None,
        }
    }

    /// The key of a slot that must equal a value, or one of a list of values.
    fn equality_of(&self, slot: Slot) -> Option<(&'q Name, &'q Expression, bool)> {
        let key_of = |expression: &'q Expression| match expression {
            Expression::Property(of, name) if matches!(**of, Expression::Slot(of) if of == slot) => Some(name),
            _ => None,
        };
        match self.check {
            Check::Property(of, name, value) if of == slot => Some((name, value, false)),
            Check::Expression(Expression::Binary(BinaryOperator::Equal, left, right)) => {
                key_of(left).map(|name| (name, &**right, false)).or_else(|| key_of(right).map(|name| (name, &**left, false)))
            }
            Check::Expression(Expression::Binary(BinaryOperator::In, left, right)) => {
                key_of(left).map(|name| (name, &**right, true))
            }
            _ => None,
        }
    }
}
