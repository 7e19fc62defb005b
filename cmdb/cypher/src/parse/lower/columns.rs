//! The columns of WITH and RETURN: their names, and which of them are grouping keys.

use std::collections::BTreeSet;
use std::sync::Arc;

use open_cypher::ast::{Expr, ExprKind, ProjectionClause, ProjectionItem, ProjectionItemKind};

use super::Lowering;
use super::aggregates::has_aggregate;
use super::scope::Scope;
use crate::error::Result;
use crate::tree::Slot;

/// A column to be.
pub(super) struct Column<'w> {
    pub(super) name: Arc<str>,
    /// Nothing for a variable that `*` takes over.
    pub(super) expression: Option<&'w Expr>,
    /// Known for what keeps its slot, and for the others once they are lowered.
    pub(super) slot: Slot,
    pub(super) aggregates: bool,
}

/// Stands for a column's slot until it is lowered.
const UNBOUND: Slot = Slot(u32::MAX);

impl Lowering<'_> {
    /// The columns as they are written, `*` spelled out.
    pub(super) fn columns<'w>(&self, written: &'w ProjectionClause, scope: &Scope, aliased: bool) -> Result<Vec<Column<'w>>> {
        let mut columns = Vec::with_capacity(written.items.len());
        let mut names = BTreeSet::new();
        for item in &written.items {
            if matches!(item.kind, ProjectionItemKind::Wildcard) {
                let all =
                    scope.iter().map(|(name, slot)| Column { name: Arc::clone(name), expression: None, slot, aggregates: false });
                columns.extend(all);
                if columns.is_empty() && !aliased {
                    return Err(self.error(item.span, "RETURN * needs at least one variable"));
                }
            } else {
                columns.push(self.column(item, aliased)?);
            }
        }
        for column in &columns {
            if !names.insert(Arc::clone(&column.name)) {
                let span = column.expression.map_or(written.span, |expression| expression.span);
                return Err(self.error(span, format!("two columns have the name {}", column.name)));
            }
        }
        Ok(columns)
    }

    fn column<'w>(&self, item: &'w ProjectionItem, aliased: bool) -> Result<Column<'w>> {
        let ProjectionItemKind::Expression { expression, alias } = &item.kind else {
            return Err(self.unsupported(item.span, "this item"));
        };
        let name: Arc<str> = match (alias, &expression.kind) {
            (Some(alias), _) => alias.kind.text.as_str().into(),
            (None, ExprKind::Variable(name)) => name.kind.text.as_str().into(),
            (None, _) if aliased => {
                let what = self.source.slice(expression.span);
                return Err(self.error(expression.span, format!("WITH needs a name for {what}: add AS and a name")));
            }
            (None, _) => self.source.slice(expression.span).into(),
        };
        Ok(Column { name, expression: Some(expression), slot: UNBOUND, aggregates: has_aggregate(expression) })
    }
}

/// A grouping key that may stand beside aggregates.
pub(super) enum Key<'w> {
    Variable(&'w str),
    /// A property of a variable, or of such a property.
    Property(&'w str),
}

/// An expression without the brackets around it.
pub(super) fn stripped(expression: &Expr) -> &Expr {
    let mut expression = expression;
    while let ExprKind::Parenthesized(inner) = &expression.kind {
        expression = inner;
    }
    expression
}

/// What kind of key an expression is; computed ones are none.
pub(super) fn key(expression: &Expr) -> Option<Key<'_>> {
    let expression = stripped(expression);
    match &expression.kind {
        ExprKind::Variable(name) => Some(Key::Variable(&name.kind.text)),
        ExprKind::Property { .. } => {
            let mut owner = expression;
            while let ExprKind::Property { expression, .. } = &owner.kind {
                owner = expression;
            }
            let ExprKind::Variable(name) = &owner.kind else { return None };
            Some(Key::Property(&name.kind.text))
        }
        _ => None,
    }
}
