//! Expressions with variables of their own.

use open_cypher::ast::{Expr, ListComprehension, QuantifiedPredicate, QuantifiedPredicateKind, ReduceExpression};

use super::Lowering;
use super::scope::Scope;
use super::typing::Typed;
use crate::error::Result;
use crate::functions::Kinds;
use crate::tree::{Expression, QuantifierKind};

impl Lowering<'_> {
    pub(super) fn list_comprehension(&mut self, written: &ListComprehension, scope: &Scope) -> Result<Typed> {
        let list = self.items_of(&written.list, scope)?;
        let name = &written.variable.kind.text;
        let slot = self.bind(Some(name), list.items, Kinds::ANY);
        let scope = scope.with(name, slot);
        self.inside("in a list comprehension", |lowering| {
            let predicate = match &written.predicate {
                Some(predicate) => Some(Box::new(lowering.predicate(predicate, &scope)?.expression)),
                None => None,
            };
            let (projection, items) = match &written.projection {
                Some(projection) => {
                    let typed = lowering.expression(projection, &scope)?;
                    (Some(Box::new(typed.expression)), typed.kinds)
                }
                None => (None, list.items),
            };
            let list = Box::new(list.expression);
            let expression = Expression::ListComprehension { slot, list, predicate, projection };
            Ok(Typed { expression, kinds: Kinds::LIST, items })
        })
    }

    pub(super) fn quantified(&mut self, written: &QuantifiedPredicate, scope: &Scope) -> Result<Typed> {
        let list = self.items_of(&written.list, scope)?;
        let kind = match written.kind.kind {
            QuantifiedPredicateKind::All => QuantifierKind::All,
            QuantifiedPredicateKind::Any => QuantifierKind::Any,
            QuantifiedPredicateKind::None => QuantifierKind::None,
            QuantifiedPredicateKind::Single => QuantifierKind::Single,
            _ => return Err(self.unsupported(written.kind.span, "this predicate")),
        };
        let name = &written.variable.kind.text;
        let slot = self.bind(Some(name), list.items, Kinds::ANY);
        let scope = scope.with(name, slot);
        self.inside("in the predicate of a list", |lowering| {
            let predicate = Box::new(lowering.predicate(&written.predicate, &scope)?.expression);
            Ok(Typed::boolean(Expression::Quantifier { kind, slot, list: Box::new(list.expression), predicate }))
        })
    }

    pub(super) fn reduce(&mut self, written: &ReduceExpression, scope: &Scope) -> Result<Typed> {
        let initial = self.expression(&written.initial, scope)?;
        let list = self.items_of(&written.list, scope)?;
        let accumulator = self.bind(Some(&written.accumulator.kind.text), Kinds::ANY, Kinds::ANY);
        let slot = self.bind(Some(&written.variable.kind.text), list.items, Kinds::ANY);
        let scope = scope.with(&written.accumulator.kind.text, accumulator).with(&written.variable.kind.text, slot);
        self.inside("in reduce()", |lowering| {
            let step = Box::new(lowering.expression(&written.expression, &scope)?.expression);
            let (initial, list) = (Box::new(initial.expression), Box::new(list.expression));
            Ok(Typed::new(Expression::Reduce { accumulator, initial, slot, list, step }, Kinds::ANY))
        })
    }

    fn items_of(&mut self, list: &Expr, scope: &Scope) -> Result<Typed> {
        let typed = self.expression(list, scope)?;
        self.require(&typed, Kinds::LIST, list.span, "what stands behind IN")?;
        Ok(typed)
    }
}
