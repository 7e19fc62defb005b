//! Chains of operators as trees.

use super::PlanDescription;
use super::expression::Writer;
use crate::graph::PropertyGraph;
use crate::plan::{BodyPlan, Chain, Operator, Plan, mentions};
use crate::tree::{Expression, Query, SubqueryId, SubqueryKind};

/// Describes a plan, with what its operators did where they counted it.
pub(crate) fn describe(plan: &Plan<'_>, query: &Query, graph: &dyn PropertyGraph) -> PlanDescription {
    let description = Describer { plan, writer: Writer::new(query, graph) };
    let body = description.body(&plan.body);
    let columns = query.columns.join(", ");
    PlanDescription { operator: "ProduceResults".into(), details: columns, steps: body.steps.map(|_| 0), ..body.above() }
}

struct Describer<'d> {
    plan: &'d Plan<'d>,
    writer: Writer<'d>,
}

impl Describer<'_> {
    fn body(&self, body: &BodyPlan<'_>) -> PlanDescription {
        let mut parts: Vec<_> = body.parts.iter().map(|part| self.chain(part)).collect();
        let single = if parts.len() == 1 { parts.pop() } else { None };
        single.unwrap_or_else(|| {
            let total = |number: fn(&PlanDescription) -> Option<u64>| parts.iter().map(number).sum();
            PlanDescription {
                operator: if body.distinct { "Union" } else { "UnionAll" }.into(),
                details: String::new(),
                estimated_rows: parts.iter().map(|part| part.estimated_rows).sum(),
                rows: total(|part| part.rows),
                steps: total(|part| part.steps.map(|_| 0)),
                children: parts,
            }
        })
    }

    fn chain(&self, chain: &Chain<'_>) -> PlanDescription {
        let mut outer = Vec::new();
        let mut below = None;
        for (place, step) in chain.steps.iter().enumerate() {
            let tally = chain.tallies.get(place);
            let mut description = PlanDescription {
                operator: self.writer.operator(&step.operator).into(),
                details: self.writer.details(&step.operator),
                estimated_rows: step.estimate.max(0.0).round() as u64,
                rows: tally.map(|tally| tally.rows.get()),
                steps: tally.map(|tally| tally.steps.get()),
                children: Vec::new(),
            };
            let input = below.take().or_else(|| needs_input(&step.operator).then(|| argument(chain)));
            match &step.operator {
                Operator::Optional { .. } => outer.push(input.unwrap_or_else(|| argument(chain))),
                Operator::Matched { .. } => {
                    description.children.extend(outer.pop());
                    description.children.extend(input);
                    below = Some(description);
                }
                operator => {
                    description.children.extend(input);
                    description.children.extend(self.subqueries(operator));
                    below = Some(description);
                }
            }
        }
        below.unwrap_or_else(|| argument(chain))
    }

    /// What the expressions of an operator run for each row.
    fn subqueries(&self, operator: &Operator<'_>) -> Vec<PlanDescription> {
        let mut found: Vec<(SubqueryKind, SubqueryId)> = Vec::new();
        operator.expressions(&mut |expression| {
            mentions::walk(expression, &mut |inner| {
                if let Expression::Subquery(kind, id) = inner {
                    found.push((*kind, *id));
                }
            });
        });
        let body = |(kind, id): (SubqueryKind, SubqueryId)| {
            let body = self.body(self.plan.subqueries.get(id.0 as usize)?);
            let operator = match kind {
                SubqueryKind::Exists => "Exists",
                SubqueryKind::Count => "Count",
                SubqueryKind::Collect => "Collect",
            };
            Some(PlanDescription { operator: operator.into(), details: String::new(), ..body.above() })
        };
        found.into_iter().filter_map(body).collect()
    }
}

impl PlanDescription {
    /// An operator that hands on what this one gives.
    fn above(self) -> Self {
        let (estimated_rows, rows, steps) = (self.estimated_rows, self.rows, self.steps.map(|_| 0));
        let children = vec![self];
        Self { operator: String::new(), details: String::new(), estimated_rows, rows, steps, children }
    }
}

/// The one row with which a chain begins.
fn argument(chain: &Chain<'_>) -> PlanDescription {
    let profiled = (!chain.tallies.is_empty()).then_some(0);
    let (operator, details) = ("Argument".to_owned(), String::new());
    PlanDescription { operator, details, estimated_rows: 1, rows: profiled.map(|_| 1), steps: profiled, children: Vec::new() }
}

/// Whether an operator only makes sense with rows from elsewhere.
fn needs_input(operator: &Operator<'_>) -> bool {
    !matches!(operator, Operator::Scan { .. } | Operator::Counted { .. } | Operator::Unwind { .. })
}
