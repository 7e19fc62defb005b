//! Calls of functions.

use open_cypher::Span;
use open_cypher::ast::{Expr, ExprKind, FunctionInvocation, SetQuantifier};

use super::Lowering;
use super::aggregates::{Aggregates, aggregate_of};
use super::scope::Scope;
use super::typing::{Typed, describe};
use crate::error::Result;
use crate::functions::{self, Function, Kinds};
use crate::tree::{Expression, Shortest, SubqueryKind};
use crate::value::Value;

/// The name of what is called, in lower case, with its namespace.
pub(super) fn name(call: &FunctionInvocation) -> String {
    let parts: Vec<&str> = call.name.parts.iter().map(|part| part.kind.text.as_str()).collect();
    parts.join(".").to_lowercase()
}

/// Whether DISTINCT stands before the arguments.
pub(super) fn is_distinct(call: &FunctionInvocation) -> bool {
    call.quantifier.as_ref().is_some_and(|quantifier| quantifier.kind == SetQuantifier::Distinct)
}

/// So many arguments, in words.
pub(super) fn counted(arguments: usize) -> String {
    if arguments == 1 { "1 argument".to_owned() } else { format!("{arguments} arguments") }
}

impl Lowering<'_> {
    pub(super) fn call(&mut self, call: &FunctionInvocation, span: Span, scope: &Scope) -> Result<Typed> {
        let name = name(call);
        match (name.as_str(), &*call.arguments) {
            ("exists", [argument]) => return self.exists(argument, scope),
            ("shortestpath", [argument]) => return self.shortest(argument, Shortest::One, scope),
            ("allshortestpaths", [argument]) => return self.shortest(argument, Shortest::All, scope),
            _ => {}
        }
        if let Some(aggregate) = aggregate_of(call) {
            return self.aggregate(call, aggregate, span);
        }
        let Some(function) = functions::function(&name) else {
            return Err(self.error(span, format!("the function {name}() is not known")));
        };
        if is_distinct(call) {
            return Err(self.error(span, format!("DISTINCT may stand in aggregates only, and {name}() is none")));
        }
        if name == "rand" && matches!(self.aggregates, Aggregates::Refused(place) if place == super::aggregates::NESTED) {
            return Err(self.error(span, "rand() may not stand inside an aggregate: its values would not repeat"));
        }
        let arguments = self.arguments(call, function, span, scope)?;
        Ok(Typed::new(Expression::Call(function, arguments), function.result))
    }

    fn arguments(
        &mut self,
        call: &FunctionInvocation,
        function: &'static Function,
        span: Span,
        scope: &Scope,
    ) -> Result<Vec<Expression>> {
        let (name, least, most) = (function.name, function.least, function.parameters.len());
        let found = call.arguments.len();
        if found < least || (found > most && !function.repeats) {
            let expected = match () {
                () if function.repeats => format!("at least {}", counted(least)),
                () if least == most => counted(least),
                () => format!("{least} to {}", counted(most)),
            };
            return Err(self.error(span, format!("{name}() takes {expected}, found {found}")));
        }
        let mut arguments = Vec::with_capacity(found);
        let last = function.parameters.last().copied().unwrap_or(Kinds::ANY);
        for (index, argument) in call.arguments.iter().enumerate() {
            let kinds = function.parameters.get(index).copied().unwrap_or(last);
            let typed = self.expression(argument, scope)?;
            if !typed.fits(kinds) {
                let (expected, found) = (describe(kinds), describe(typed.kinds));
                return Err(self.error(argument.span, format!("{name}() expects {expected}, found {found}")));
            }
            arguments.push(typed.expression);
        }
        Ok(arguments)
    }

    /// `exists(n.key)` and `exists((n)-->())`.
    fn exists(&mut self, argument: &Expr, scope: &Scope) -> Result<Typed> {
        if matches!(argument.kind, ExprKind::Pattern(_)) {
            return self.predicate(argument, scope);
        }
        let typed = self.expression(argument, scope)?;
        match typed.expression {
            operand @ (Expression::Property(..) | Expression::Index(..)) => {
                Ok(Typed::boolean(Expression::IsNull { operand: Box::new(operand), negated: true }))
            }
            _ => Err(self.error(argument.span, "exists() expects a property or a pattern")),
        }
    }

    /// `shortestPath()` as a value: the first path that is found, or null; `allShortestPaths()`: all of them.
    fn shortest(&mut self, argument: &Expr, shortest: Shortest, scope: &Scope) -> Result<Typed> {
        let ExprKind::Pattern(pattern) = &argument.kind else {
            return Err(self.error(argument.span, "expected a pattern of two nodes and what joins them"));
        };
        let body = self.shortest_body(pattern, shortest, scope)?;
        let paths = self.subquery(SubqueryKind::Collect, body);
        Ok(match shortest {
            Shortest::One => {
                let first = Expression::Literal(Value::Integer(0));
                Typed::new(Expression::Index(Box::new(paths), Box::new(first)), Kinds::PATH)
            }
            Shortest::All => Typed { expression: paths, kinds: Kinds::LIST, items: Kinds::PATH },
        })
    }
}
