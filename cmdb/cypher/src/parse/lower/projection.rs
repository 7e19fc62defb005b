//! WITH and RETURN.

use std::collections::BTreeSet;
use std::sync::Arc;

use open_cypher::ast::{Expr, ExprKind, ProjectionClause, ProjectionItem, ProjectionItemKind, SetQuantifier};

use super::Lowering;
use super::aggregates::{Aggregates, Grouping, Known, has_aggregate};
use super::scope::Scope;
use crate::error::Result;
use crate::functions::Kinds;
use crate::tree::{Expression, Item, Projection, Slot};
use crate::value::Value;

/// What is written of WITH or RETURN.
pub(super) struct Body<'w> {
    pub(super) written: &'w ProjectionClause,
    pub(super) predicate: Option<&'w Expr>,
}

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
    /// Lowers WITH or RETURN; gives the scope behind it and the names of its columns.
    pub(super) fn projection(
        &mut self,
        body: &Body<'_>,
        scope: &Scope,
        aliased: bool,
    ) -> Result<(Projection, Scope, Vec<Arc<str>>)> {
        let written = body.written;
        let mut columns = self.columns(written, scope, aliased)?;
        let grouped = columns.iter().any(|column| column.aggregates);
        let distinct = written.quantifier.as_ref().is_some_and(|quantifier| quantifier.kind == SetQuantifier::Distinct);
        let mut plain = Vec::new();
        for column in columns.iter_mut().filter(|column| !column.aggregates) {
            plain.push(self.item(column, scope)?);
        }
        let mut items = Vec::new();
        let mut grouping = Grouping { known: Vec::new(), before: scope.clone(), calls: Vec::new() };
        if grouped {
            items = self.mixed(&mut columns, &mut grouping)?;
        }
        let mut after = Scope::default();
        for column in &columns {
            after.insert(&column.name, column.slot);
        }
        let keeps_rows = !grouped && !distinct;
        let visible = if keeps_rows { scope.below(&after) } else { after.clone() };
        let order = self.order(written, &columns, &visible, &mut grouping, (grouped, distinct))?;
        let predicate = match body.predicate {
            Some(predicate) if keeps_rows => self.conjunctions(predicate, &visible, "in WHERE")?,
            Some(predicate) => self.condition_of_columns(predicate, &columns, &visible, &mut grouping)?,
            None => Vec::new(),
        };
        let projection = Projection {
            aggregates: grouping.calls.into_iter().map(|(_, call)| call).collect(),
            grouped,
            columns: columns.iter().map(|column| column.slot).collect(),
            keys: if grouped { std::mem::take(&mut plain) } else { Vec::new() },
            items: if grouped { items } else { plain },
            distinct,
            order,
            skip: self.count(written.skip.as_ref().or(written.offset.as_ref()), "SKIP")?,
            limit: self.count(written.limit.as_ref(), "LIMIT")?,
            predicate,
        };
        Ok((projection, after, columns.into_iter().map(|column| column.name).collect()))
    }

    fn columns<'w>(&self, written: &'w ProjectionClause, scope: &Scope, aliased: bool) -> Result<Vec<Column<'w>>> {
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

    /// Lowers a column without aggregates. A variable that keeps its name keeps its slot.
    fn item(&mut self, column: &mut Column<'_>, scope: &Scope) -> Result<Item> {
        let Some(expression) = column.expression else {
            return Ok(Item { expression: Expression::Slot(column.slot), slot: column.slot });
        };
        let typed = self.plain(expression, scope, "here")?;
        column.slot = match (&typed.expression, &expression.kind) {
            (Expression::Slot(slot), ExprKind::Variable(name)) if name.kind.text == *column.name => *slot,
            _ => self.bind(Some(&column.name), typed.kinds, typed.items),
        };
        Ok(Item { expression: typed.expression, slot: column.slot })
    }

    /// Lowers the columns with aggregates: beside these, only grouping keys may stand.
    fn mixed(&mut self, columns: &mut [Column<'_>], grouping: &mut Grouping) -> Result<Vec<Item>> {
        let mut scope = Scope::default();
        for column in columns.iter().filter(|column| !column.aggregates) {
            match column.expression {
                None => scope.insert(&column.name, column.slot),
                Some(expression) => match key(expression) {
                    Some(Key::Variable(name)) => scope.insert(name, column.slot),
                    Some(Key::Property(variable)) => grouping.known.push(Known {
                        span: stripped(expression).span,
                        slot: column.slot,
                        variable: Some(variable.to_owned()),
                    }),
                    None => {}
                },
            }
        }
        let mut items = Vec::new();
        for column in columns.iter_mut().filter(|column| column.aggregates) {
            let Some(expression) = column.expression else { continue };
            let typed = self.grouped(grouping, |lowering| lowering.expression(expression, &scope))?;
            column.slot = self.bind(Some(&column.name), typed.kinds, typed.items);
            items.push(Item { expression: typed.expression, slot: column.slot });
        }
        Ok(items)
    }

    /// Lowers what is computed after grouping.
    pub(super) fn grouped<T>(&mut self, grouping: &mut Grouping, lower: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let known = std::mem::take(grouping);
        let outer = (self.grouping.replace(known), std::mem::replace(&mut self.aggregates, Aggregates::Allowed), self.locals);
        self.locals = 0;
        let lowered = lower(self);
        *grouping = self.grouping.take().unwrap_or_default();
        (self.grouping, self.aggregates, self.locals) = outer;
        lowered
    }

    /// Lowers SKIP or LIMIT, which depend on no row.
    fn count(&mut self, written: Option<&Expr>, clause: &'static str) -> Result<Option<Expression>> {
        let Some(written) = written else { return Ok(None) };
        let typed = self.plain(written, &Scope::default(), "in SKIP and LIMIT")?;
        let is_negative = matches!(typed.expression, Expression::Literal(Value::Integer(..0)));
        if is_negative || !typed.fits(Kinds::INTEGER) {
            return Err(self.error(written.span, format!("{clause} expects an integer that is not negative")));
        }
        Ok(Some(typed.expression))
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

#[cfg(test)]
mod tests {
    use super::super::super::testing::{all_wrong, projection, read};
    use crate::tree::Expression;

    #[test]
    fn a_variable_that_keeps_its_name_keeps_its_slot() {
        let query = read("MATCH (n) WITH n, n AS m RETURN n, m");
        let returned = projection(&query);
        assert!(returned.items.iter().all(|item| matches!(item.expression, Expression::Slot(slot) if slot == item.slot)));
        assert_ne!(returned.columns[0], returned.columns[1]);
    }

    #[test]
    fn items_with_aggregates_are_split_from_the_keys() {
        let query = read("MATCH (n) RETURN n.kind AS kind, count(n) + 1 AS c, count(n) AS d, collect(DISTINCT n.x) AS xs");
        let projection = projection(&query);
        assert!(projection.grouped);
        assert_eq!((projection.keys.len(), projection.items.len(), projection.aggregates.len()), (1, 3, 2));
        assert!(projection.aggregates[1].distinct);
        assert_eq!(projection.columns.len(), 4);
    }

    #[test]
    fn keys_may_stand_beside_aggregates() {
        for text in [
            "MATCH (n) RETURN n, n.x + count(*)",
            "MATCH (n) RETURN n.x, n.x + count(*)",
            "MATCH (n) RETURN (n.x) AS y, (n.x) + count(*)",
            "MATCH (n) RETURN n.x, [y IN collect(n.y) | y + n.x]",
            "MATCH (n) RETURN n, size([(n)-->(m) | m]) + count(*)",
            "MATCH (n) RETURN $p + count(*)",
            "MATCH (n) RETURN [n IN collect(n) | n.x]",
        ] {
            read(text);
        }
    }

    #[test]
    fn what_is_neither_key_nor_aggregate_is_wrong() {
        all_wrong(&[
            ("MATCH (n) RETURN n.x + count(*)", 18, "n is neither a grouping key"),
            ("MATCH (n) RETURN n.x + n.y, n.x + n.y + count(*)", 29, "n is neither a grouping key"),
            ("MATCH (n) RETURN count(count(*))", 24, "inside another aggregate"),
            ("MATCH (n) RETURN [x IN [1] | count(*)]", 30, "in a list comprehension"),
            ("MATCH (n) WHERE count(n) > 1 RETURN n", 17, "in WHERE"),
            ("MATCH (n {x: count(*)}) RETURN n", 14, "in a pattern"),
            ("UNWIND [count(*)] AS x RETURN x", 9, "in UNWIND"),
            ("MATCH (n) RETURN n LIMIT count(*)", 26, "in SKIP and LIMIT"),
            ("RETURN count(rand())", 14, "rand()"),
        ]);
    }

    #[test]
    fn columns_need_names_of_their_own() {
        all_wrong(&[
            ("WITH 1 AS a, 2 AS a RETURN a", 14, "two columns have the name a"),
            ("MATCH (n) WITH n.x RETURN 1", 16, "WITH needs a name for n.x"),
            ("MATCH () RETURN *", 17, "at least one variable"),
            ("MATCH (n) WITH *, 1 AS n RETURN n", 19, "two columns have the name n"),
        ]);
    }

    #[test]
    fn skip_and_limit_are_integers_that_depend_on_no_row() {
        all_wrong(&[
            ("MATCH (n) RETURN n LIMIT -1", 26, "LIMIT expects an integer that is not negative"),
            ("MATCH (n) RETURN n SKIP 1.5", 25, "SKIP expects"),
            ("MATCH (n) RETURN n LIMIT 'a'", 26, "LIMIT expects"),
            ("MATCH (n) RETURN n LIMIT n.x", 26, "n is not defined"),
        ]);
        assert!(projection(&read("RETURN 1 AS x SKIP $a + 1 LIMIT toInteger(2.5)")).limit.is_some());
    }

    #[test]
    fn star_gives_the_variables_by_name() {
        let query = read("MATCH (b)-[r]->(a) RETURN *, 1 AS z");
        let names: Vec<&str> = query.columns.iter().map(|name| &**name).collect();
        assert_eq!(names, ["a", "b", "r", "z"]);
    }

    #[test]
    fn with_hides_what_it_does_not_name() {
        all_wrong(&[("MATCH (n), (m) WITH n RETURN m", 30, "m is not defined")]);
    }
}
