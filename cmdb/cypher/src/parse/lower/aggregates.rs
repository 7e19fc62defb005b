//! Aggregates, and what may stand beside them.

use std::ops::ControlFlow;

use open_cypher::Span;
use open_cypher::ast::visit::{Visitor, walk_expr};
use open_cypher::ast::{Expr, ExprKind, FunctionInvocation, Query};

use super::scope::Scope;
use super::typing::{Typed, describe};
use super::{Lowering, call};
use crate::error::Result;
use crate::functions::{self, Aggregate, Kinds};
use crate::tree::{AggregateCall, Expression, Slot};

/// The place of an aggregate's arguments.
pub(super) const NESTED: &str = "inside another aggregate";

/// Whether an aggregate may stand at a place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Aggregates {
    /// In an item or sort key of a projection that groups.
    Allowed,
    /// Anywhere else; the place, as it ends a sentence.
    Refused(&'static str),
}

/// What is known of the groups that a projection makes.
#[derive(Debug, Default)]
pub(super) struct Grouping {
    /// Expressions whose value every group has.
    pub(super) known: Vec<Known>,
    /// The variables before grouping, which the arguments of aggregates see.
    pub(super) before: Scope,
    /// The aggregates met so far.
    pub(super) calls: Vec<(Span, AggregateCall)>,
}

/// An expression whose value every group has, and its slot.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) span: Span,
    pub(super) slot: Slot,
    /// The variable that it depends on, where it is a property: it means the same wherever no other hides that.
    pub(super) variable: Option<String>,
}

/// The aggregate that a call names.
pub(super) fn aggregate_of(call: &FunctionInvocation) -> Option<&'static Aggregate> {
    match &*call.arguments {
        [Expr { kind: ExprKind::Wildcard, .. }] => Some(functions::count_rows()),
        _ => functions::aggregate(&call::name(call)),
    }
}

/// Whether an expression has an aggregate that is not a subquery's own.
pub(super) fn has_aggregate(expression: &Expr) -> bool {
    struct Search(ControlFlow<()>);
    impl<'ast> Visitor<'ast> for Search {
        fn visit_expr(&mut self, node: &'ast Expr) {
            if let ExprKind::Function(call) = &node.kind
                && aggregate_of(call).is_some()
            {
                self.0 = ControlFlow::Break(());
            }
            if self.0.is_continue() {
                walk_expr(self, node);
            }
        }

        fn visit_query(&mut self, _: &'ast Query) {}
    }
    let mut search = Search(ControlFlow::Continue(()));
    search.visit_expr(expression);
    search.0.is_break()
}

impl Lowering<'_> {
    /// Lowers what lies in a comprehension or subquery, where no aggregate of the item may stand.
    pub(super) fn inside<T>(&mut self, place: &'static str, lower: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let aggregates = std::mem::replace(&mut self.aggregates, Aggregates::Refused(place));
        self.locals += 1;
        let result = lower(self);
        self.locals -= 1;
        self.aggregates = aggregates;
        result
    }

    /// The slot of an expression whose value every group has.
    pub(super) fn known(&self, span: Span, scope: &Scope) -> Option<Typed> {
        let is_visible =
            |known: &Known| self.locals == 0 || known.variable.as_ref().is_some_and(|variable| scope.get(variable).is_none());
        let mut known = self.grouping.as_ref()?.known.iter();
        let found = known.find(|known| is_visible(known) && self.source.same(known.span, span))?;
        Some(self.read(found.slot))
    }

    /// Sets an aggregate apart and gives the slot of its value.
    pub(super) fn aggregate(&mut self, call: &FunctionInvocation, aggregate: &'static Aggregate, span: Span) -> Result<Typed> {
        let allowed = matches!(self.aggregates, Aggregates::Allowed);
        let (Some(mut grouping), true) = (self.grouping.take(), allowed) else {
            let place = if let Aggregates::Refused(place) = self.aggregates { place } else { "here" };
            return Err(self.error(span, format!("the aggregate {}() is not allowed {place}", aggregate.name)));
        };
        let known = grouping.calls.iter().find(|(known, _)| self.source.same(*known, span)).map(|(_, call)| call.slot);
        if let Some(slot) = known {
            self.grouping = Some(grouping);
            return Ok(self.read(slot));
        }
        self.aggregates = Aggregates::Refused(NESTED);
        let arguments = self.aggregate_arguments(call, aggregate, span, &grouping.before)?;
        self.aggregates = Aggregates::Allowed;
        let slot = self.bind(None, aggregate.result, Kinds::ANY);
        let distinct = call::is_distinct(call);
        grouping.calls.push((span, AggregateCall { aggregate, distinct, arguments, slot }));
        self.grouping = Some(grouping);
        Ok(self.read(slot))
    }

    fn aggregate_arguments(
        &mut self,
        call: &FunctionInvocation,
        aggregate: &'static Aggregate,
        span: Span,
        before: &Scope,
    ) -> Result<Vec<Expression>> {
        if matches!(&*call.arguments, [Expr { kind: ExprKind::Wildcard, .. }]) {
            return Ok(Vec::new());
        }
        let expected = aggregate.parameters.len();
        if call.arguments.len() != expected {
            let found = call.arguments.len();
            return Err(self.error(span, format!("{}() expects {expected} arguments, found {found}", aggregate.name)));
        }
        let mut arguments = Vec::with_capacity(expected);
        for (argument, kinds) in call.arguments.iter().zip(aggregate.parameters) {
            let typed = self.expression(argument, before)?;
            if !typed.fits(*kinds) {
                let (expected, found) = (describe(*kinds), describe(typed.kinds));
                return Err(self.error(argument.span, format!("{}() expects {expected}, found {found}", aggregate.name)));
            }
            arguments.push(typed.expression);
        }
        Ok(arguments)
    }
}
