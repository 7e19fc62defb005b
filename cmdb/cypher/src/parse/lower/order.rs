//! ORDER BY.

use open_cypher::ast::{Expr, ExprKind, NullOrder, ProjectionClause, SortDirection, SortItem};

use super::Lowering;
use super::aggregates::{Grouping, Known, has_aggregate};
use super::projection::{Column, Key, key, stripped};
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
            let variable = match key(item) {
                Some(Key::Variable(name)) => {
                    scope.insert(name, column.slot);
                    continue;
                }
                Some(Key::Property(variable)) => Some(variable.to_owned()),
                None if column.aggregates || !beside_aggregates => None,
                None => continue,
            };
            grouping.known.push(Known { span: stripped(item).span, slot: column.slot, variable });
        }
        let scope = scope.below(visible);
        grouping.before = scope.clone();
        scope
    }
}

fn sort_key(expression: Expression, item: &SortItem) -> SortKey {
    SortKey {
        expression,
        descending: item.direction.as_ref().is_some_and(|direction| direction.kind == SortDirection::Descending),
        nulls_first: item.nulls.as_ref().map(|nulls| nulls.kind == NullOrder::First),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{all_wrong, projection, read};
    use crate::tree::Expression;

    fn sorts_by_a_column(text: &str) -> bool {
        let query = read(text);
        let projection = projection(&query);
        matches!(projection.order[0].expression, Expression::Slot(slot) if projection.columns.contains(&slot))
    }

    #[test]
    fn what_a_column_computes_is_not_computed_again() {
        assert!(sorts_by_a_column("MATCH (n) RETURN n.x ORDER BY n.x"));
        assert!(sorts_by_a_column("MATCH (n) RETURN n.x AS y ORDER BY y"));
        assert!(sorts_by_a_column("MATCH (n) RETURN n.x + 1 AS y ORDER BY (n . x + 1)"));
        assert!(sorts_by_a_column("MATCH (n) RETURN DISTINCT n.x + 1 ORDER BY n.x + 1"));
        assert!(sorts_by_a_column("MATCH (n) RETURN n.k, count(*) ORDER BY count(*)"));
    }

    #[test]
    fn rows_are_sorted_by_what_was_visible_before() {
        read("MATCH (n) RETURN n.x ORDER BY n.y, n.x DESC");
        read("MATCH (n) WITH n.x AS x WHERE n.y = 1 AND x = 2 RETURN x");
        read("MATCH (n) RETURN DISTINCT n AS m ORDER BY n.x, m.y");
        read("MATCH (n) RETURN n.k, sum(n.x) AS s ORDER BY s + sum(n.x), n.k + s");
        read("MATCH (n) WITH DISTINCT n.x AS x WHERE n.x = 1 RETURN x");
    }

    #[test]
    fn groups_are_sorted_by_their_columns_only() {
        all_wrong(&[
            ("MATCH (n) RETURN DISTINCT n.x ORDER BY n.y", 40, "n is not defined"),
            ("MATCH (n) RETURN count(n) AS c ORDER BY n.x + c", 41, "n is not defined"),
            ("MATCH (n) RETURN min(n.x) AS m ORDER BY max(n.x)", 45, "n is not defined"),
            ("MATCH (n) RETURN n.x ORDER BY count(*)", 31, "count() is not allowed in ORDER BY"),
            ("MATCH (n) RETURN DISTINCT n.x ORDER BY count(*)", 40, "cannot aggregate"),
            ("MATCH (n) RETURN n.x + n.y, count(*) ORDER BY n.x + n.y + count(*)", 47, "n is not defined"),
            ("MATCH (n), (m) WITH n ORDER BY x RETURN n", 32, "x is not defined"),
        ]);
    }
}
