//! Aggregates whose values the graph keeps: nothing is looked at for them.

use super::kinds::names;
use super::{Builder, Operator, Planner};
use crate::graph::{Direction, Symbol};
use crate::tree::{Expression, LabelExpression, NodePattern, PathPattern, Pattern, Projection, Slot, StepPattern};
use crate::value::Value;

impl<'q> Planner<'q, '_> {
    /// What stands for a first MATCH and the grouping behind it, with its number of rows.
    pub(super) fn counted(
        &self,
        pattern: &'q Pattern,
        predicate: &[Expression],
        projection: &'q Projection,
        chain: &Builder<'q>,
    ) -> Option<(Operator<'q>, f64)> {
        let [path] = pattern.paths.as_slice() else { return None };
        let plain = predicate.is_empty() && path.binding.is_none() && path.shortest.is_none();
        if !plain || !projection.grouped || projection.keys.len() > 1 {
            return None;
        }
        let bound = path.nodes.iter().map(|node| node.slot).chain(path.steps.iter().map(|step| step.slot));
        if bound.clone().any(|slot| chain.is_bound(slot)) {
            return None;
        }
        // What each row has another of.
        let once = bound.clone().next_back();
        let counts_rows = projection.aggregates.iter().all(|call| {
            call.aggregate.name == "count"
                && match call.arguments.as_slice() {
                    [] => true,
                    [Expression::Slot(slot)] if call.distinct => once == Some(*slot),
                    [Expression::Slot(slot)] => bound.clone().any(|bound| bound == *slot),
                    _ => false,
                }
        });
        if !counts_rows {
            return None;
        }
        let groups = match path.steps.as_slice() {
            [] => self.node_groups(path.nodes.first()?, projection)?,
            [step] => self.relationship_groups(path, step, projection)?,
            _ => return None,
        };
        let rows = groups.len() as f64;
        let aggregates = projection.aggregates.iter().map(|call| call.slot).collect();
        let key = projection.keys.first().map(|key| key.slot);
        Some((Operator::Counted { key, aggregates, groups }, rows))
    }

    fn node_groups(&self, node: &'q NodePattern, projection: &Projection) -> Option<Vec<(Value, u64)>> {
        let plain = node.properties.is_empty() && node.predicate.is_empty();
        let mut labels = Vec::new();
        if !plain || !node.labels.as_ref().is_none_or(|wanted| self.all_labels(wanted, &mut labels)) {
            return None;
        }
        let Some(key) = projection.keys.first() else {
            let count = match labels.as_slice() {
                [] => self.graph.node_count(),
                [label] => label.map_or(0, |label| self.graph.label_count(label)),
                _ => return None,
            };
            return Some(vec![(Value::Null, count)]);
        };
        let Expression::Property(of, name) = &key.expression else { return None };
        if !matches!(**of, Expression::Slot(slot) if slot == node.slot) {
            return None;
        }
        let labels: Option<Vec<Symbol>> = labels.into_iter().collect();
        let groups = self.graph.counts(&labels?, self.symbol(name)?)?;
        Some(groups.into_iter().filter(|(_, count)| *count > 0).collect())
    }

    fn relationship_groups(
        &self,
        path: &PathPattern,
        step: &'q StepPattern,
        projection: &Projection,
    ) -> Option<Vec<(Value, u64)>> {
        let [left, right] = path.nodes.as_slice() else { return None };
        let is_any = |node: &NodePattern| node.labels.is_none() && node.properties.is_empty() && node.predicate.is_empty();
        let any = is_any(left) && is_any(right) && left.slot != right.slot && step.direction != Direction::Both;
        let plain = step.walk.is_none() && step.properties.is_empty() && step.predicate.is_empty();
        if !any || !plain {
            return None;
        }
        let count = |kind: Option<Symbol>| self.graph.relationship_count(kind);
        let kinds = match &step.kinds {
            None => None,
            Some(kinds) => {
                let mut symbols: Vec<_> = names(kinds)?.into_iter().filter_map(|name| self.symbol(name)).collect();
                symbols.sort_unstable();
                symbols.dedup();
                Some(symbols)
            }
        };
        match (projection.keys.first(), kinds) {
            (None, None) => Some(vec![(Value::Null, count(None)?)]),
            (None, Some(kinds)) => {
                Some(vec![(Value::Null, kinds.into_iter().map(|kind| count(Some(kind))).sum::<Option<u64>>()?)])
            }
            (Some(key), Some(kinds)) if is_type_of(&key.expression, step.slot) => {
                let group = |kind: Symbol| Some((Value::String(self.graph.text(kind)), count(Some(kind))?));
                let groups: Option<Vec<_>> = kinds.into_iter().map(group).collect();
                Some(groups?.into_iter().filter(|(_, count)| *count > 0).collect())
            }
            _ => None,
        }
    }

    /// The labels of `A&B`; false for what is more than that.
    fn all_labels(&self, labels: &LabelExpression, symbols: &mut Vec<Option<Symbol>>) -> bool {
        match labels {
            LabelExpression::Name(name) => {
                symbols.push(self.symbol(name));
                true
            }
            LabelExpression::And(sides) => sides.iter().all(|side| self.all_labels(side, symbols)),
            _ => false,
        }
    }
}

fn is_type_of(expression: &Expression, slot: Slot) -> bool {
    match expression {
        Expression::Call(function, arguments) => {
            function.name == "type" && matches!(arguments.as_slice(), [Expression::Slot(of)] if *of == slot)
        }
        _ => false,
    }
}
