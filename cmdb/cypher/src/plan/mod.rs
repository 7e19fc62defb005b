//! From tree to operators.
//!
//! A plan is made anew for each run, from the counts that the graph keeps: which nodes a pattern is started at and in which
//! order its steps are followed. It borrows the expressions of the tree, so that it costs little.

mod builder;
mod checks;
mod counted;
mod description;
mod duplicates;
mod kinds;
mod length;
mod mentions;
mod operator;
mod pattern;
mod projection;
mod source;
mod step;

use std::collections::BTreeMap;

use builder::Builder;
pub use description::PlanDescription;
pub(crate) use description::describe;
pub(crate) use length::length;
pub(crate) use mentions::{Reads, path_slots};
pub(crate) use operator::{BodyPlan, Chain, Check, Expand, Kinds, Operator, Shortening, Source, Step, Tally, Walking};
pub(crate) use step::against;

use crate::graph::{PropertyGraph, Symbol};
use crate::tree::{Body, Clause, Expression, Name, Query, Slot, SubqueryKind};
use crate::value::Value;

/// How a query is answered.
#[derive(Debug)]
pub(crate) struct Plan<'q> {
    pub(crate) body: BodyPlan<'q>,
    /// By [`SubqueryId`](crate::tree::SubqueryId).
    pub(crate) subqueries: Vec<BodyPlan<'q>>,
}

/// What a plan is made from.
pub(crate) struct Planner<'q, 'g> {
    pub(crate) query: &'q Query,
    pub(crate) reads: &'g Reads,
    pub(crate) graph: &'g dyn PropertyGraph,
    pub(crate) parameters: &'g BTreeMap<String, Value>,
    /// The graph's symbol of each name of the query.
    pub(crate) symbols: &'g [Option<Symbol>],
    /// Whether it is counted what each operator does.
    pub(crate) profiled: bool,
    subqueries: Vec<Option<BodyPlan<'q>>>,
}

impl<'q, 'g> Planner<'q, 'g> {
    pub(crate) fn new(
        query: &'q Query,
        reads: &'g Reads,
        graph: &'g dyn PropertyGraph,
        parameters: &'g BTreeMap<String, Value>,
        symbols: &'g [Option<Symbol>],
        profiled: bool,
    ) -> Self {
        let subqueries = query.subqueries.iter().map(|_| None).collect();
        Self { query, reads, graph, parameters, symbols, profiled, subqueries }
    }

    /// Plans the whole query.
    pub(crate) fn plan(mut self) -> Plan<'q> {
        let body = self.body(&self.query.body, &vec![false; self.query.slots], false);
        let subqueries = self.subqueries.into_iter().map(Option::unwrap_or_default).collect();
        Plan { body, subqueries }
    }

    /// Plans a body whose surroundings have bound some slots. `any_copy` says that nobody cares how often a row comes.
    fn body(&mut self, body: &'q Body, bound: &[bool], any_copy: bool) -> BodyPlan<'q> {
        let mut inputs = Vec::new();
        if bound.contains(&true) {
            mentions::body_slots(body, self.query, &mut |slot| {
                if bound.get(slot.0 as usize).copied().unwrap_or_default() && !inputs.contains(&slot) {
                    inputs.push(slot);
                }
            });
        }
        let distinct = body.distinct && body.parts.len() > 1;
        let parts = body.parts.iter().map(|part| self.part(part, bound.to_vec(), any_copy || distinct)).collect();
        BodyPlan { parts, distinct, inputs }
    }

    fn part(&mut self, part: &'q crate::tree::Part, bound: Vec<bool>, any_copy: bool) -> Chain<'q> {
        let mut chain = Builder::new(bound);
        let mut clauses = part.clauses.as_slice();
        if let [Clause::Match { optional: false, pattern, predicate }, Clause::Project(projection), rest @ ..] = clauses
            && let Some((counted, key)) = self.counted(pattern, predicate, projection, &chain)
        {
            chain.add(counted, key);
            self.projected(projection, &mut chain);
            self.inner(&part.clauses[1], &chain);
            clauses = rest;
        }
        while let [clause, rest @ ..] = clauses {
            match clause {
                Clause::Match { optional, pattern, predicate } => {
                    let any_copy = duplicates::may_be_left_out(rest, any_copy);
                    self.matched(*optional, pattern, predicate, any_copy, &mut chain);
                }
                Clause::Unwind { list, slot } => {
                    let rows = chain.rows * 10.0;
                    chain.add(Operator::Unwind { list, slot: *slot }, rows);
                    chain.bind(*slot);
                }
                Clause::Project(projection) => self.projection(projection, &mut chain),
            }
            self.inner(clause, &chain);
            clauses = rest;
        }
        chain.finish(&part.columns, self.profiled)
    }

    /// Plans the subqueries in the expressions of a clause.
    fn inner(&mut self, clause: &'q Clause, chain: &Builder<'q>) {
        if self.query.subqueries.is_empty() {
            return;
        }
        let mut found = Vec::new();
        let mut bound = chain.bound.clone();
        let mut bind = |slot: Slot| {
            if let Some(place) = bound.get_mut(slot.0 as usize) {
                *place = true;
            }
        };
        mentions::clause_expressions(clause, &mut |expression| {
            mentions::walk(expression, &mut |inner| match inner {
                Expression::Subquery(kind, id) => found.push((*kind, *id)),
                Expression::ListComprehension { slot, .. } | Expression::Quantifier { slot, .. } => bind(*slot),
                Expression::Reduce { accumulator, slot, .. } => {
                    bind(*accumulator);
                    bind(*slot);
                }
                _ => {}
            });
        });
        for (kind, id) in found {
            let place = id.0 as usize;
            if let (Some(body), Some(None)) = (self.query.subqueries.get(place), self.subqueries.get(place)) {
                self.subqueries[place] = Some(self.body(body, &bound, kind == SubqueryKind::Exists));
            }
        }
    }

    /// The graph's symbol of a name.
    fn symbol(&self, name: &Name) -> Option<Symbol> {
        self.symbols.get(name.index as usize).copied().flatten()
    }
}
