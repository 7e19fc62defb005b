//! Expressions as a person would write them.

use std::collections::BTreeMap;

use crate::graph::PropertyGraph;
use crate::tree::{
    AggregateCall, BinaryOperator, Body, Clause, Expression, LabelExpression, ProjectedEntry, QuantifierKind, Query, Slot,
    SubqueryKind, UnaryOperator,
};

/// Writes parts of a query.
pub(super) struct Writer<'d> {
    pub(super) graph: &'d dyn PropertyGraph,
    query: &'d Query,
    aggregates: BTreeMap<Slot, &'d AggregateCall>,
}

impl<'d> Writer<'d> {
    pub(super) fn new(query: &'d Query, graph: &'d dyn PropertyGraph) -> Self {
        let calls = |body: &'d Body| {
            body.parts.iter().flat_map(|part| &part.clauses).flat_map(|clause| match clause {
                Clause::Project(projection) => projection.aggregates.as_slice(),
                _ => &[],
            })
        };
        let bodies = std::iter::once(&query.body).chain(&query.subqueries);
        let aggregates = bodies.flat_map(calls).map(|call| (call.slot, call)).collect();
        Self { graph, query, aggregates }
    }

    /// The name of a slot, empty where it has none.
    pub(super) fn known_name(&self, slot: Slot) -> &str {
        self.query.slot_names.get(slot.0 as usize).and_then(Option::as_deref).unwrap_or_default()
    }

    /// What stands for a slot.
    pub(super) fn slot(&self, slot: Slot) -> String {
        if let Some(call) = self.aggregates.get(&slot) {
            let distinct = if call.distinct { "DISTINCT " } else { "" };
            let arguments = if call.arguments.is_empty() { "*".into() } else { self.all(&call.arguments) };
            return format!("{}({distinct}{arguments})", call.aggregate.name);
        }
        match self.known_name(slot) {
            "" => format!("anonymous_{}", slot.0),
            name => name.into(),
        }
    }

    pub(super) fn labels(&self, labels: &LabelExpression) -> String {
        let sides = |sides: &[LabelExpression], between: &str| {
            sides.iter().map(|side| self.labels(side)).collect::<Vec<_>>().join(between)
        };
        match labels {
            LabelExpression::Name(name) => name.text.to_string(),
            LabelExpression::Any => "%".into(),
            LabelExpression::Not(inner) => format!("!({})", self.labels(inner)),
            LabelExpression::And(all) => format!("({})", sides(all, "&")),
            LabelExpression::Or(any) => sides(any, "|"),
        }
    }

    fn all(&self, expressions: &[Expression]) -> String {
        self.between(expressions, ", ")
    }

    fn between(&self, expressions: &[Expression], between: &str) -> String {
        expressions.iter().map(|expression| self.text(expression)).collect::<Vec<_>>().join(between)
    }

    pub(super) fn text(&self, expression: &Expression) -> String {
        match expression {
            Expression::Literal(value) => value.to_json(self.graph).to_string(),
            Expression::Parameter(name) => format!("${name}"),
            Expression::Slot(slot) => self.slot(*slot),
            Expression::List(items) => format!("[{}]", self.all(items)),
            Expression::Map(entries) => {
                let entries: Vec<_> = entries.iter().map(|(key, value)| format!("{key}: {}", self.text(value))).collect();
                format!("{{{}}}", entries.join(", "))
            }
            Expression::Property(of, name) => format!("{}.{}", self.text(of), name.text),
            Expression::Index(of, index) => format!("{}[{}]", self.text(of), self.text(index)),
            Expression::Slice(of, from, to) => {
                let bound = |bound: &Option<Box<Expression>>| bound.as_ref().map(|bound| self.text(bound)).unwrap_or_default();
                format!("{}[{}..{}]", self.text(of), bound(from), bound(to))
            }
            Expression::Unary(operator, operand) => {
                let sign = match operator {
                    UnaryOperator::Plus => "+",
                    UnaryOperator::Minus => "-",
                    UnaryOperator::Not => "NOT ",
                };
                format!("{sign}{}", self.text(operand))
            }
            Expression::And(sides) => format!("({})", self.between(sides, " AND ")),
            Expression::Or(sides) => format!("({})", self.between(sides, " OR ")),
            Expression::Binary(operator, left, right) => {
                format!("{} {} {}", self.text(left), sign(*operator), self.text(right))
            }
            Expression::IsNull { operand, negated } => {
                format!("{} IS {}NULL", self.text(operand), if *negated { "NOT " } else { "" })
            }
            Expression::HasLabels(of, labels) => format!("{}:{}", self.text(of), self.labels(labels)),
            Expression::Call(function, arguments) => format!("{}({})", function.name, self.all(arguments)),
            other => self.bracketed(other),
        }
    }

    /// What has words or brackets around it.
    fn bracketed(&self, expression: &Expression) -> String {
        match expression {
            Expression::Case { operand, alternatives, otherwise } => {
                let mut text = "CASE".to_owned();
                text.extend(operand.iter().map(|operand| format!(" {}", self.text(operand))));
                let branch =
                    |(when, then): &(Expression, Expression)| format!(" WHEN {} THEN {}", self.text(when), self.text(then));
                text.extend(alternatives.iter().map(branch));
                text.extend(otherwise.iter().map(|otherwise| format!(" ELSE {}", self.text(otherwise))));
                text + " END"
            }
            Expression::ListComprehension { slot, list, predicate, projection } => {
                let mut text = format!("[{} IN {}", self.slot(*slot), self.text(list));
                text.extend(predicate.iter().map(|predicate| format!(" WHERE {}", self.text(predicate))));
                text.extend(projection.iter().map(|projection| format!(" | {}", self.text(projection))));
                text + "]"
            }
            Expression::Quantifier { kind, slot, list, predicate } => {
                let name = match kind {
                    QuantifierKind::All => "all",
                    QuantifierKind::Any => "any",
                    QuantifierKind::None => "none",
                    QuantifierKind::Single => "single",
                };
                format!("{name}({} IN {} WHERE {})", self.slot(*slot), self.text(list), self.text(predicate))
            }
            Expression::Reduce { accumulator, initial, slot, list, step } => {
                let (accumulator, initial) = (self.slot(*accumulator), self.text(initial));
                format!("reduce({accumulator} = {initial}, {} IN {} | {})", self.slot(*slot), self.text(list), self.text(step))
            }
            Expression::MapProjection { base, entries } => {
                let entry = |entry: &ProjectedEntry| match entry {
                    ProjectedEntry::Property(name) => format!(".{}", name.text),
                    ProjectedEntry::All => ".*".into(),
                    ProjectedEntry::Entry(key, value) => format!("{key}: {}", self.text(value)),
                };
                format!("{} {{{}}}", self.text(base), entries.iter().map(entry).collect::<Vec<_>>().join(", "))
            }
            Expression::Subquery(SubqueryKind::Exists, _) => "EXISTS {..}".into(),
            Expression::Subquery(SubqueryKind::Count, _) => "COUNT {..}".into(),
            Expression::Subquery(SubqueryKind::Collect, _) => "COLLECT {..}".into(),
            _ => String::new(),
        }
    }
}

fn sign(operator: BinaryOperator) -> &'static str {
    match operator {
        BinaryOperator::Xor => "XOR",
        BinaryOperator::Equal => "=",
        BinaryOperator::NotEqual => "<>",
        BinaryOperator::Less => "<",
        BinaryOperator::LessEqual => "<=",
        BinaryOperator::Greater => ">",
        BinaryOperator::GreaterEqual => ">=",
        BinaryOperator::Matches => "=~",
        BinaryOperator::In => "IN",
        BinaryOperator::StartsWith => "STARTS WITH",
        BinaryOperator::EndsWith => "ENDS WITH",
        BinaryOperator::Contains => "CONTAINS",
        BinaryOperator::Add => "+",
        BinaryOperator::Subtract => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Remainder => "%",
        BinaryOperator::Power => "^",
        BinaryOperator::Concatenate => "||",
    }
}
