//! Which slots are mentioned where.

use crate::tree::{Body, Clause, Expression, PathPattern, ProjectedEntry, Projection, Query, Slot};

/// Which slots of a query are read, found once for each statement.
#[derive(Debug, Clone)]
pub(crate) struct Reads(Vec<bool>);

impl Reads {
    /// Looks at the whole query.
    pub(crate) fn of(query: &Query) -> Self {
        let mut reads = Self(vec![false; query.slots]);
        let mut walked = Self(reads.0.clone());
        for body in std::iter::once(&query.body).chain(&query.subqueries) {
            for part in &body.parts {
                part.columns.iter().for_each(|slot| reads.add(*slot));
                for clause in &part.clauses {
                    reads.add_clause(clause, &mut walked);
                }
            }
        }
        reads
    }

    fn add_clause(&mut self, clause: &Clause, walked: &mut Self) {
        clause_expressions(clause, &mut |expression| own_slots(expression, &mut |slot| self.add(slot)));
        match clause {
            Clause::Match { pattern, .. } => {
                for step in pattern.paths.iter().flat_map(|path| &path.steps) {
                    if walked.contains(step.slot) {
                        self.add(step.slot);
                    }
                    walked.add(step.slot);
                }
            }
            Clause::Project(Projection { distinct: true, columns, .. }) => columns.iter().for_each(|slot| self.add(*slot)),
            Clause::Unwind { .. } | Clause::Project(_) => {}
        }
    }

    fn add(&mut self, slot: Slot) {
        if let Some(seen) = self.0.get_mut(slot.0 as usize) {
            *seen = true;
        }
    }

    /// Whether an expression reads the slot, DISTINCT compares it, it is a column of an answer, or a second
    /// pattern walks along it. A single place in a pattern does not count.
    pub(crate) fn contains(&self, slot: Slot) -> bool {
        self.0.get(slot.0 as usize).copied().unwrap_or(true)
    }
}

/// Every slot that an expression mentions, those inside of its subqueries too.
pub(crate) fn slots(expression: &Expression, query: &Query, mention: &mut dyn FnMut(Slot)) {
    walk(expression, &mut |inner| match inner {
        Expression::Slot(slot) => mention(*slot),
        Expression::Subquery(_, id) => {
            if let Some(body) = query.subqueries.get(id.0 as usize) {
                body_slots(body, query, mention);
            }
        }
        _ => {}
    });
}

/// Every slot that a body mentions, those of patterns too.
pub(crate) fn body_slots(body: &Body, query: &Query, mention: &mut dyn FnMut(Slot)) {
    for part in &body.parts {
        part.columns.iter().copied().for_each(&mut *mention);
        for clause in &part.clauses {
            if let Clause::Match { pattern, .. } = clause {
                pattern.paths.iter().for_each(|path| path_slots(path, mention));
            }
            clause_expressions(clause, &mut |expression| slots(expression, query, mention));
        }
    }
}

/// Every slot that a path binds or needs.
pub(crate) fn path_slots(path: &PathPattern, mention: &mut dyn FnMut(Slot)) {
    path.binding.into_iter().for_each(&mut *mention);
    path.nodes.iter().for_each(|node| mention(node.slot));
    path.steps.iter().for_each(|step| mention(step.slot));
}

fn own_slots(expression: &Expression, mention: &mut dyn FnMut(Slot)) {
    walk(expression, &mut |inner| {
        if let Expression::Slot(slot) = inner {
            mention(*slot);
        }
    });
}

/// Every expression that stands directly in a clause.
pub(crate) fn clause_expressions<'q>(clause: &'q Clause, visit: &mut dyn FnMut(&'q Expression)) {
    match clause {
        Clause::Match { pattern, predicate, .. } => {
            for path in &pattern.paths {
                for node in &path.nodes {
                    node.properties.iter().for_each(|(_, value)| visit(value));
                    node.predicate.iter().for_each(&mut *visit);
                }
                for step in &path.steps {
                    step.properties.iter().for_each(|(_, value)| visit(value));
                    step.predicate.iter().for_each(&mut *visit);
                }
            }
            predicate.iter().for_each(&mut *visit);
        }
        Clause::Unwind { list, .. } => visit(list),
        Clause::Project(projection) => projection_expressions(projection, visit),
    }
}

fn projection_expressions<'q>(projection: &'q Projection, visit: &mut dyn FnMut(&'q Expression)) {
    projection.aggregates.iter().flat_map(|aggregate| &aggregate.arguments).for_each(&mut *visit);
    projection.keys.iter().chain(&projection.items).for_each(|item| visit(&item.expression));
    projection.order.iter().for_each(|key| visit(&key.expression));
    projection.skip.iter().chain(&projection.limit).chain(&projection.predicate).for_each(visit);
}

/// Visits an expression and every one inside of it, not those of subqueries.
pub(crate) fn walk<'q>(expression: &'q Expression, visit: &mut dyn FnMut(&'q Expression)) {
    visit(expression);
    match expression {
        Expression::Literal(_) | Expression::Parameter(_) | Expression::Slot(_) | Expression::Subquery(..) => {}
        Expression::List(items) | Expression::And(items) | Expression::Or(items) | Expression::Call(_, items) => {
            items.iter().for_each(|item| walk(item, visit));
        }
        Expression::Map(entries) => entries.iter().for_each(|(_, value)| walk(value, visit)),
        Expression::Property(inner, _) | Expression::Unary(_, inner) | Expression::HasLabels(inner, _) => walk(inner, visit),
        Expression::IsNull { operand, .. } => walk(operand, visit),
        Expression::Index(left, right) | Expression::Binary(_, left, right) => {
            walk(left, visit);
            walk(right, visit);
        }
        Expression::Slice(list, from, to) => {
            walk(list, visit);
            from.iter().chain(to).for_each(|bound| walk(bound, visit));
        }
        Expression::Case { operand, alternatives, otherwise } => {
            operand.iter().chain(otherwise).for_each(|inner| walk(inner, visit));
            for (when, then) in alternatives {
                walk(when, visit);
                walk(then, visit);
            }
        }
        Expression::ListComprehension { list, predicate, projection, .. } => {
            walk(list, visit);
            predicate.iter().chain(projection).for_each(|inner| walk(inner, visit));
        }
        Expression::Quantifier { list, predicate, .. } => {
            walk(list, visit);
            walk(predicate, visit);
        }
        Expression::Reduce { initial, list, step, .. } => {
            walk(initial, visit);
            walk(list, visit);
            walk(step, visit);
        }
        Expression::MapProjection { base, entries } => {
            walk(base, visit);
            for entry in entries {
                if let ProjectedEntry::Entry(_, value) = entry {
                    walk(value, visit);
                }
            }
        }
    }
}
