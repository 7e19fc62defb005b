//! What a MATCH demands, to be checked as soon as the slots are bound.

use super::{Builder, Check, Operator, Planner, mentions};
use crate::tree::{Expression, LabelExpression, NodePattern, Pattern, Slot, StepPattern};

/// A check that waits for its slots.
pub(super) struct Pending<'q> {
    pub(super) check: Check<'q>,
    /// The slots that it mentions and that are bound once the clause is through.
    pub(super) slots: Vec<Slot>,
}

impl<'q> Planner<'q, '_> {
    /// All checks of a clause but those of walks, whose relationships are checked one by one.
    pub(super) fn pending(&self, pattern: &'q Pattern, predicate: &'q [Expression], bound: &[bool]) -> Vec<Pending<'q>> {
        let mut checks = Vec::new();
        for path in &pattern.paths {
            path.nodes.iter().for_each(|node| self.node_checks(node, &mut checks));
            path.steps.iter().filter(|step| step.walk.is_none()).for_each(|step| step_checks(step, &mut checks));
        }
        checks.extend(predicate.iter().map(Check::Expression));
        checks.into_iter().map(|check| Pending { check, slots: self.needs(check, pattern, bound) }).collect()
    }

    fn node_checks(&self, node: &'q NodePattern, checks: &mut Vec<Check<'q>>) {
        if let Some(labels) = &node.labels {
            self.label_checks(node.slot, labels, checks);
        }
        checks.extend(node.properties.iter().map(|(name, value)| Check::Property(node.slot, name, value)));
        checks.extend(node.property_map.iter().map(|map| Check::Properties(node.slot, map)));
        checks.extend(node.predicate.iter().map(Check::Expression));
    }

    /// The labels of a node, but for those that every node of the graph has.
    fn label_checks(&self, slot: Slot, labels: &'q LabelExpression, checks: &mut Vec<Check<'q>>) {
        match labels {
            LabelExpression::And(sides) => sides.iter().for_each(|side| self.label_checks(slot, side, checks)),
            LabelExpression::Name(name)
                if self.symbol(name).is_some_and(|label| self.graph.label_count(label) == self.graph.node_count()) => {}
            single => checks.push(Check::Labels(slot, single)),
        }
    }

    fn needs(&self, check: Check<'q>, pattern: &Pattern, bound: &[bool]) -> Vec<Slot> {
        let mut needs = Vec::new();
        let mut need = |slot: Slot| {
            let known = || bound.get(slot.0 as usize).copied().unwrap_or_default() || binds(pattern, slot);
            if !needs.contains(&slot) && known() {
                needs.push(slot);
            }
        };
        match check {
            Check::Expression(expression) => mentions::slots(expression, self.query, &mut need),
            Check::Node(slot) | Check::Labels(slot, _) => need(slot),
            Check::Property(slot, _, value) | Check::Properties(slot, value) => {
                need(slot);
                mentions::slots(value, self.query, &mut need);
            }
        }
        needs
    }

    /// Whether everything that the checks of a walk need is bound, its own relationship aside.
    pub(super) fn is_ready(&self, step: &'q StepPattern, pattern: &Pattern, chain: &Builder<'q>) -> bool {
        if step.walk.is_none() {
            return true;
        }
        let mut checks = Vec::new();
        step_checks(step, &mut checks);
        let ready = |slot: &Slot| *slot == step.slot || chain.is_bound(*slot);
        checks.into_iter().all(|check| self.needs(check, pattern, &chain.bound).iter().all(ready))
    }
}

/// Adds a filter with every check whose slots are bound.
pub(super) fn place<'q>(pending: &mut Vec<Pending<'q>>, chain: &mut Builder<'q>) {
    let mut ready = Vec::new();
    pending.retain(|check| {
        let wait = !check.slots.iter().all(|slot| chain.is_bound(*slot));
        if !wait {
            ready.push(check.check);
        }
        wait
    });
    if !ready.is_empty() {
        let rows = ready.iter().fold(chain.rows, |rows, check| rows * passing(check));
        chain.add(Operator::Filter(ready), rows);
    }
}

/// The share of rows that pass a check, about.
fn passing(check: &Check<'_>) -> f64 {
    match check {
        Check::Property(..) | Check::Properties(..) => 0.1,
        Check::Expression(_) | Check::Labels(..) => 0.5,
        Check::Node(_) => 1.0,
    }
}

/// The checks of one relationship.
pub(super) fn step_checks<'q>(step: &'q StepPattern, checks: &mut Vec<Check<'q>>) {
    checks.extend(step.properties.iter().map(|(name, value)| Check::Property(step.slot, name, value)));
    checks.extend(step.property_map.iter().map(|map| Check::Properties(step.slot, map)));
    checks.extend(step.predicate.iter().map(Check::Expression));
}

fn binds(pattern: &Pattern, slot: Slot) -> bool {
    let mut found = false;
    pattern.paths.iter().for_each(|path| mentions::path_slots(path, &mut |bound| found |= bound == slot));
    found
}
