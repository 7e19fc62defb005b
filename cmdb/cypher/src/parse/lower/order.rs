//! ORDER BY.

use open_cypher::ast::{Expr, ExprKind, NullOrder, ProjectionClause, SortDirection, SortItem};

use super::Lowering;
use super::aggregates::{Grouping, has_aggregate};
use super::projection::{Column, Key, key};
use super::scope::Scope;
use crate::error::Result;
use crate::tree::{Expression, SortKey};

impl Lowering<'_> {
    /// Lowers the sort keys of a projection, whose columns were lowered.
    pub(super) fn order(
        &mut self,
        written: &ProjectionClause,
        columns: &[Column<'_>],
        visible: &Scope,
        grouping: &mut Grouping,
        (grouped, distinct): (bool, bool),
    ) -> Result<Vec<SortKey>> {
        let Some(order) = &written.order_by else { return Ok(Vec::new()) };
        let mut keys = Vec::with_capacity(order.items.len());
        for item in &order.items {
            let expression = if grouped || distinct {
                self.sort_of_columns(&item.expression, columns, visible, grouping, grouped)?
            } else {
                self.sort_of_rows(&item.expression, columns, visible)?
            };
            keys.push(sort_key(expression, item));
        }
        Ok(keys)
    }

    /// A sort key where the rows before are still there: all variables are visible.
    fn sort_of_rows(&mut self, expression: &Expr, columns: &[Column<'_>], visible: &Scope) -> Result<Expression> {
        let is_column = |column: &&Column<'_>| {
            column.expression.is_some_and(|item| self.source.same(stripped(item).span, stripped(expression).span))
        };
        let names_column = matches!(&expression.kind, ExprKind::Variable(_));
        if let Some(column) = columns.iter().find(is_column)
            && !names_column
        {
            return Ok(Expression::Slot(column.slot));
        }
        Ok(self.plain(expression, visible, "in ORDER BY, as there is none in what is projected")?.expression)
    }

    /// A sort key where only the columns are left, and what they were computed from.
    fn sort_of_columns(
        &mut self,
        expression: &Expr,
        columns: &[Column<'_>],
        visible: &Scope,
        grouping: &mut Grouping,
        grouped: bool,
    ) -> Result<Expression> {
        let aggregates = has_aggregate(expression);
        if aggregates && !grouped {
            return Err(self.error(expression.span, "ORDER BY cannot aggregate where no column does"));
        }
        let scope = self.scope_of_columns(columns, visible, grouping, aggregates);
        Ok(self.grouped(grouping, |lowering| lowering.expression(expression, &scope))?.expression)
    }

    /// WHERE behind WITH, where only the columns are left, and what they were computed from.
    pub(super) fn condition_of_columns(
        &mut self,
        predicate: &Expr,
        columns: &[Column<'_>],
        visible: &Scope,
        grouping: &mut Grouping,
    ) -> Result<Vec<Expression>> {
        let scope = self.scope_of_columns(columns, visible, grouping, false);
        self.grouped(grouping, |lowering| lowering.conjunctions(predicate, &scope, "in WHERE"))
    }

    /// What can be named where only the columns are left. Beside aggregates, computed columns cannot be repeated.
    fn scope_of_columns(
        &self,
        columns: &[Column<'_>],
        visible: &Scope,
        grouping: &mut Grouping,
        beside_aggregates: bool,
    ) -> Scope {
        let mut scope = Scope::default();
        grouping.known.clear();
        for column in columns {
            let Some(item) = column.expression else { continue };
            match key(item) {
                Some(Key::Variable(name)) => scope.insert(name, column.slot),
                Some(Key::Property(span)) => grouping.known.push((span, column.slot)),
                None if column.aggregates || !beside_aggregates => grouping.known.push((stripped(item).span, column.slot)),
                None => {}
            }
        }
        let scope = scope.below(visible);
        grouping.before = scope.clone();
        scope
    }
}

fn stripped(expression: &Expr) -> &Expr {
    let mut expression = expression;
    while let ExprKind::Parenthesized(inner) = &expression.kind {
        expression = inner;
    }
    expression
}

fn sort_key(expression: Expression, item: &SortItem) -> SortKey {
    SortKey {
        expression,
        descending: item.direction.as_ref().is_some_and(|direction| direction.kind == SortDirection::Descending),
        nulls_first: item.nulls.as_ref().map(|nulls| nulls.kind == NullOrder::First),
    }
}
