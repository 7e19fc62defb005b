//! Subqueries, and patterns used as expressions.

use open_cypher::Span;
use open_cypher::ast::{Pattern as Written, PatternComprehension, QueryKind, SubqueryExpression, SubqueryExpressionKind};

use super::Lowering;
use super::aggregates::Aggregates;
use super::bodies::Ending;
use super::pattern::NewVariables;
use super::scope::Scope;
use super::typing::Typed;
use crate::error::Result;
use crate::functions::Kinds;
use crate::tree::{Body, Clause, Expression, Item, Part, Pattern, Projection, Shortest, Slot, SubqueryKind};

impl Lowering<'_> {
    /// EXISTS, COUNT and COLLECT.
    pub(super) fn subquery_expression(&mut self, written: &SubqueryExpression, span: Span, scope: &Scope) -> Result<Typed> {
        let (kind, kinds, ending) = match written.kind.kind {
            SubqueryExpressionKind::Exists => (SubqueryKind::Exists, Kinds::BOOLEAN, Ending::Any),
            SubqueryExpressionKind::Count => (SubqueryKind::Count, Kinds::INTEGER, Ending::Any),
            SubqueryExpressionKind::Collect => (SubqueryKind::Collect, Kinds::LIST, Ending::Return),
            _ => return Err(self.unsupported(span, "this subquery")),
        };
        let QueryKind::Regular(query) = &written.query.kind else {
            return Err(self.error(span, "expected a query in the braces"));
        };
        let grouping = self.grouping.take();
        let aggregates = std::mem::replace(&mut self.aggregates, Aggregates::Refused("here"));
        let result = self.body(query, scope, ending);
        self.grouping = grouping;
        self.aggregates = aggregates;
        let (body, columns) = result?;
        if kind == SubqueryKind::Collect && columns.len() != 1 {
            return Err(self.error(span, format!("COLLECT expects one column, found {}", columns.len())));
        }
        Ok(Typed::new(self.subquery(kind, body), kinds))
    }

    /// A pattern as a predicate. It may name no variables that are not bound.
    pub(super) fn pattern_body(&mut self, written: &Written, scope: &Scope) -> Result<Body> {
        let mut scope = scope.clone();
        self.inside("in a pattern", |lowering| {
            let (pattern, predicate) = lowering.paths(written, &mut scope, NewVariables::Refused)?;
            Ok(body(vec![Clause::Match { optional: false, pattern, predicate }], Vec::new()))
        })
    }

    /// The paths of `shortestPath()` used as a value.
    pub(super) fn shortest_body(&mut self, written: &Written, shortest: Shortest, scope: &Scope) -> Result<Body> {
        let mut scope = scope.clone();
        let slot = self.bind(None, Kinds::PATH, Kinds::ANY);
        self.inside("in a pattern", |lowering| {
            let (mut pattern, predicate) = lowering.paths(written, &mut scope, NewVariables::Refused)?;
            for path in &mut pattern.paths {
                path.shortest = Some(shortest);
                path.binding = Some(slot);
            }
            Ok(collected(pattern, predicate, Expression::Slot(slot), slot))
        })
    }

    /// `[(a)-->(b) WHERE .. | b.name]`.
    pub(super) fn pattern_comprehension(&mut self, written: &PatternComprehension, scope: &Scope) -> Result<Typed> {
        let mut scope = scope.clone();
        self.inside("in a pattern comprehension", |lowering| {
            let binding = match &written.binding {
                Some(name) => Some(lowering.path_variable(name, &mut scope)?),
                None => None,
            };
            let (mut pattern, mut predicate) = lowering.paths(&written.pattern, &mut scope, NewVariables::Allowed)?;
            if let (Some(slot), [path]) = (binding, &mut *pattern.paths) {
                path.binding = Some(slot);
            }
            if let Some(condition) = &written.predicate {
                predicate.extend(lowering.conjunctions(condition, &scope, "in a pattern comprehension")?);
            }
            let item = lowering.expression(&written.projection, &scope)?;
            let slot = lowering.bind(None, item.kinds, item.items);
            let body = collected(pattern, predicate, item.expression, slot);
            let expression = lowering.subquery(SubqueryKind::Collect, body);
            Ok(Typed { expression, kinds: Kinds::LIST, items: item.kinds })
        })
    }
}

fn body(clauses: Vec<Clause>, columns: Vec<Slot>) -> Body {
    Body { parts: vec![Part { clauses, columns }], distinct: false }
}

/// Finds a pattern and gives one value for each time.
fn collected(pattern: Pattern, predicate: Vec<Expression>, expression: Expression, slot: Slot) -> Body {
    let projection = Projection {
        aggregates: Vec::new(),
        grouped: false,
        keys: Vec::new(),
        items: vec![Item { expression, slot }],
        columns: vec![slot],
        distinct: false,
        order: Vec::new(),
        skip: None,
        limit: None,
        predicate: Vec::new(),
    };
    let found = Clause::Match { optional: false, pattern, predicate };
    body(vec![found, Clause::Project(projection)], vec![slot])
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{all_wrong, projection, read};
    use crate::tree::{Clause, Expression, SubqueryKind};

    #[test]
    fn patterns_and_subqueries_become_bodies() {
        for (text, kind, clauses) in [
            ("MATCH (n) RETURN EXISTS { (n)-->(:B) } AS x", SubqueryKind::Exists, 1),
            ("MATCH (n) RETURN exists((n)-->(:B)) AS x", SubqueryKind::Exists, 1),
            ("MATCH (n) RETURN COUNT { MATCH (n)-->(m) WHERE m.x = 1 RETURN m } AS x", SubqueryKind::Count, 2),
            ("MATCH (n) RETURN COLLECT { UNWIND [1] AS y RETURN y } AS x", SubqueryKind::Collect, 2),
            ("MATCH (n) RETURN [p = (n)-->(m) WHERE m.x = 1 | length(p)] AS x", SubqueryKind::Collect, 2),
        ] {
            let query = read(text);
            assert!(matches!(projection(&query).items[0].expression, Expression::Subquery(found, _) if found == kind), "{text}");
            assert_eq!(query.subqueries[0].parts[0].clauses.len(), clauses, "{text}");
        }
    }

    #[test]
    fn a_subquery_sees_the_variables_around_it() {
        let query = read("MATCH (n) WHERE EXISTS { MATCH (n)-->(m) WITH m WHERE m.x = n.x RETURN m } RETURN n");
        let Some(Clause::Match { pattern, .. }) = query.body.parts[0].clauses.first() else { panic!("{query:?}") };
        let Some(Clause::Match { pattern: inner, .. }) = query.subqueries[0].parts[0].clauses.first() else {
            panic!("{query:?}")
        };
        assert_eq!(pattern.paths[0].nodes[0].slot, inner.paths[0].nodes[0].slot);
        all_wrong(&[
            ("MATCH (n) WHERE EXISTS { (n)-->(m) } RETURN m", 45, "m is not defined"),
            ("RETURN COLLECT { RETURN 1 AS a, 2 AS b }", 8, "COLLECT expects one column, found 2"),
            ("RETURN COUNT { RETURN x }", 23, "x is not defined"),
        ]);
    }

    #[test]
    fn shortest_paths_as_values_are_collected() {
        let query = read("MATCH (a), (b) RETURN shortestPath((a)-[*]->(b)) AS p, allShortestPaths((a)-[*]-(b)) AS q");
        let items = &projection(&query).items;
        assert!(matches!(items[0].expression, Expression::Index(..)));
        assert!(matches!(items[1].expression, Expression::Subquery(SubqueryKind::Collect, _)));
        assert!(query.subqueries.iter().all(|body| matches!(
            body.parts[0].clauses.first(),
            Some(Clause::Match { pattern, .. }) if pattern.paths[0].shortest.is_some()
        )));
    }
}
