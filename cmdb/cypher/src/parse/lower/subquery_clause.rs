//! Subqueries in CALL.
//!
//! For each row, `CALL { .. RETURN a, b }` gives as many as the subquery does, with its columns beside the others. That is what
//! `UNWIND COLLECT { .. RETURN [a, b] } AS row` gives, so it becomes that.

use std::sync::Arc;

use open_cypher::ast::{ExprKind, ProjectionClause, ProjectionItemKind, SingleQuery, WithClause};
use open_cypher::{Span, ast::ClauseKind};

use super::super::calls::{Call, Imports};
use super::super::source::Source;
use super::Lowering;
use super::aggregates::Aggregates;
use super::bodies::{Ending, Outer};
use super::scope::Scope;
use crate::error::{Error, Result};
use crate::functions::Kinds;
use crate::tree::{Body, Clause, Expression, Item, Mode, Projection, Slot, SubqueryKind};
use crate::value::Value;

impl<'s> Lowering<'s> {
    /// Lowers the subquery that is called at a place of the text, if one is.
    pub(super) fn called(&mut self, written: &WithClause, span: Span, scope: &mut Scope) -> Result<Option<Vec<Clause>>> {
        let Some((call, source)) = self.calls.get(&self.source.place(span)) else { return Ok(None) };
        if !is_stand_in(written) {
            return Err(self.error(span, "expected a clause behind the braces of CALL, found something else"));
        }
        if call.optional {
            return Err(self.unsupported(span, "OPTIONAL CALL"));
        }
        let (body, columns) = self.called_body(call, source, scope)?;
        let Some(taken) = columns.iter().find(|name| scope.get(name).is_some()) else {
            return Ok(Some(self.beside(body, &columns, scope)));
        };
        Err(self.error(span, format!("the variable {taken} is already bound: the subquery must name its column otherwise")))
    }

    fn called_body(&mut self, call: &Call, source: &'s Source<'s>, scope: &Scope) -> Result<(Body, Vec<Arc<str>>)> {
        let named;
        let outer = match &call.imports {
            Imports::Leading => Outer::Imported(scope),
            Imports::All => Outer::Seen(scope),
            Imports::Named(names) => {
                let mut seen = Scope::default();
                for (name, place) in names {
                    let Some(slot) = scope.get(name) else {
                        let (message, position) =
                            (format!("the variable {name} is not defined"), source.whole_position(place.start));
                        return Err(Error::Query { message, position });
                    };
                    seen.insert(name, slot);
                }
                named = seen;
                Outer::Seen(&named)
            }
        };
        let around = std::mem::replace(&mut self.source, source);
        let aggregates = std::mem::replace(&mut self.aggregates, Aggregates::Refused("here"));
        let result = if source.mode == Mode::Run {
            source.query().and_then(|query| self.body(query, outer, Ending::Return))
        } else {
            Err(self.error(Span::empty(0), "EXPLAIN and PROFILE begin a whole query"))
        };
        self.aggregates = aggregates;
        self.source = around;
        result
    }

    /// The rows of the body beside those that there are.
    fn beside(&mut self, mut body: Body, columns: &[Arc<str>], scope: &mut Scope) -> Vec<Clause> {
        let kinds: Vec<_> = match &*body.parts {
            [part] => part.columns.iter().map(|slot| self.binding(*slot)).collect(),
            _ => Vec::new(),
        };
        let kinds = |place: usize| kinds.get(place).copied().unwrap_or((Kinds::ANY, Kinds::ANY));
        if let [name] = columns {
            let slot = self.bind(Some(name), kinds(0).0, kinds(0).1);
            scope.insert(name, slot);
            return vec![Clause::Unwind { list: self.subquery(SubqueryKind::Collect, body), slot }];
        }
        for part in &mut body.parts {
            let slot = self.bind(None, Kinds::LIST, Kinds::ANY);
            let row = Expression::List(part.columns.iter().copied().map(Expression::Slot).collect());
            part.clauses.push(Clause::Project(computed(vec![Item { expression: row, slot }], vec![slot])));
            part.columns = vec![slot];
        }
        let row = self.bind(None, Kinds::LIST, Kinds::ANY);
        let unwind = Clause::Unwind { list: self.subquery(SubqueryKind::Collect, body), slot: row };
        let mut items = Vec::with_capacity(columns.len());
        for (place, name) in columns.iter().enumerate() {
            let slot = self.bind(Some(name), kinds(place).0, kinds(place).1);
            scope.insert(name, slot);
            let index = Expression::Literal(Value::Integer(i64::try_from(place).unwrap_or(i64::MAX)));
            items.push(Item { expression: Expression::Index(Box::new(Expression::Slot(row)), Box::new(index)), slot });
        }
        let visible: Vec<Slot> = scope.iter().map(|(_, slot)| slot).collect();
        vec![unwind, Clause::Project(computed(items, visible))]
    }
}

/// A projection that computes items for each row.
fn computed(items: Vec<Item>, columns: Vec<Slot>) -> Projection {
    Projection {
        aggregates: Vec::new(),
        grouped: false,
        keys: Vec::new(),
        items,
        columns,
        distinct: false,
        order: Vec::new(),
        skip: None,
        limit: None,
        predicate: Vec::new(),
    }
}

/// Whether nothing was written behind the braces that the parser took for a part of the stand-in.
fn is_stand_in(written: &WithClause) -> bool {
    matches!(&*written.projection.items, [item] if matches!(item.kind, ProjectionItemKind::Wildcard))
        && written.where_clause.is_none()
        && keeps_rows(&written.projection)
}

/// Whether there is neither DISTINCT, ORDER BY, SKIP nor LIMIT.
const fn keeps_rows(projection: &ProjectionClause) -> bool {
    projection.quantifier.is_none()
        && projection.order_by.is_none()
        && projection.offset.is_none()
        && projection.skip.is_none()
        && projection.limit.is_none()
}

/// Whether a query begins with a WITH that does no more than name variables.
pub(super) fn imports(query: &SingleQuery) -> bool {
    let Some(ClauseKind::With(WithClause { projection, where_clause: None })) =
        query.kind.clauses.first().map(|clause| &clause.kind)
    else {
        return false;
    };
    keeps_rows(projection)
        && projection.items.iter().all(|item| match &item.kind {
            ProjectionItemKind::Expression { expression, alias: None } => matches!(expression.kind, ExprKind::Variable(_)),
            ProjectionItemKind::Wildcard => true,
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{all_wrong, clauses, read};
    use crate::tree::{Clause, Expression, SubqueryKind};

    #[test]
    fn a_subquery_with_one_column_is_collected_and_unwound() {
        let query = read("MATCH (n) CALL { WITH n MATCH (n)-->(m) RETURN count(m) AS k } RETURN n, k");
        let [_, Clause::Unwind { list, .. }, Clause::Project(_)] = clauses(&query) else { panic!("{query:?}") };
        assert!(matches!(list, Expression::Subquery(SubqueryKind::Collect, _)), "{list:?}");
    }

    #[test]
    fn several_columns_are_taken_out_of_lists() {
        let query = read("CALL { RETURN 1 AS a, 2 AS b UNION RETURN 3 AS b, 4 AS a } RETURN a + b AS c");
        assert!(matches!(clauses(&query), [Clause::Unwind { .. }, Clause::Project(_), Clause::Project(_)]), "{query:?}");
    }

    #[test]
    fn a_subquery_sees_what_it_imports_and_gives_new_names() {
        for text in [
            "MATCH (n) CALL (n) { MATCH (n)-->(m) WITH m RETURN n.x AS x } RETURN x",
            "MATCH (n) CALL (*) { RETURN n.x AS x } RETURN x",
            "MATCH (n) CALL { WITH * RETURN n.x AS x } RETURN x",
            "MATCH (n) CALL { WITH n RETURN 1 AS a UNION RETURN 2 AS a } RETURN a",
            "MATCH (n) CALL { WITH n WITH 1 AS y MATCH (n) RETURN n.x AS x } RETURN x",
            "MATCH (n) WHERE EXISTS { CALL { RETURN 1 AS a } MATCH (n) RETURN a } RETURN n",
        ] {
            read(text);
        }
        all_wrong(&[
            ("MATCH (n) CALL { RETURN n.x AS x } RETURN x", 25, "n is not defined"),
            ("MATCH (n) CALL { WITH n WITH 1 AS y RETURN n.x AS x } RETURN x", 44, "n is not defined"),
            ("MATCH (n) CALL { WITH n AS m RETURN m } RETURN m", 23, "n is not defined"),
            ("MATCH (n) CALL (n, m) { RETURN 1 AS x } RETURN x", 20, "m is not defined"),
            ("MATCH (n) CALL { MATCH (n) RETURN n } RETURN n", 11, "n is already bound"),
            ("CALL { MATCH (n) } RETURN 1 AS x", 17, "expected RETURN"),
            ("CALL { EXPLAIN RETURN 1 AS x } RETURN x", 7, "begin a whole query"),
            ("CALL { } RETURN 1 AS x", 7, "found no text"),
            ("CALL { RETURN 1 AS x } ORDER BY x RETURN x", 1, "expected a clause behind the braces"),
            ("CALL { RETURN 1 AS x } WHERE x = 2 RETURN x", 1, "expected a clause behind the braces"),
            ("MATCH (n) CALL { RETURN 1 AS x }, 2 AS y RETURN x", 11, "expected a clause behind the braces"),
        ]);
    }
}
