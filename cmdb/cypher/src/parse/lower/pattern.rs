//! Patterns: their variables first, then what each node and relationship must be.

use std::collections::BTreeSet;

use open_cypher::ast::{Expr, ExprKind, Name as Variable, Pattern as Written, RelationshipDirection};

use super::Lowering;
use super::matching::Written as Layout;
use super::scope::Scope;
use super::typing::fits;
use crate::error::Result;
use crate::functions::Kinds;
use crate::graph::Direction;
use crate::tree::{BinaryOperator, Expression, Name, NodePattern, PathPattern, Pattern, Slot, StepPattern};

/// Whether a pattern may bind variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NewVariables {
    Allowed,
    Refused,
}

/// The slots of one path.
struct Slots {
    binding: Option<Slot>,
    nodes: Vec<Slot>,
    /// Those of the relationships, and whether this path binds them.
    steps: Vec<(Slot, bool)>,
}

type Properties = Vec<(Name, Expression)>;

impl Lowering<'_> {
    /// Lowers paths that hold together. Properties that must equal something else of the same pattern are given apart, as
    /// conditions.
    pub(super) fn paths(
        &mut self,
        written: &Written,
        scope: &mut Scope,
        new: NewVariables,
    ) -> Result<(Pattern, Vec<Expression>)> {
        let mut layouts = Vec::with_capacity(written.parts.len());
        for part in &written.parts {
            layouts.push(self.lay_out(part)?);
        }
        let first = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        let mut relationships = BTreeSet::new();
        let mut slots = Vec::with_capacity(layouts.len());
        for layout in &layouts {
            slots.push(self.declare(layout, scope, new, &mut relationships)?);
        }
        let last = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        // A pattern inside of another one's properties may use the slots of both.
        let around = if self.pattern_slots.is_empty() { first } else { self.pattern_slots.start };
        let outer = std::mem::replace(&mut self.pattern_slots, around..last);
        let mut conditions = Vec::new();
        let mut paths = Vec::with_capacity(layouts.len());
        for (layout, slots) in layouts.iter().zip(slots) {
            paths.push(self.path(layout, slots, scope, &mut conditions)?);
        }
        self.pattern_slots = outer;
        Ok((Pattern { paths }, conditions))
    }

    /// Binds the variables of a path, or finds them in the scope.
    fn declare(
        &mut self,
        layout: &Layout<'_>,
        scope: &mut Scope,
        new: NewVariables,
        relationships: &mut BTreeSet<String>,
    ) -> Result<Slots> {
        let binding = layout.binding.map(|name| self.path_variable(name, scope)).transpose()?;
        let mut nodes = Vec::with_capacity(layout.nodes.len());
        let mut steps = Vec::with_capacity(layout.steps.len());
        for node in &layout.nodes {
            nodes.push(self.pattern_variable(node.variable.as_ref(), (Kinds::NODE, Kinds::ANY), scope, new)?);
        }
        for (relationship, walk) in &layout.steps {
            if let Some(name) = &relationship.variable
                && !relationships.insert(name.kind.text.clone())
            {
                let message = format!("the relationship {} is used twice in one pattern, which never holds", name.kind.text);
                return Err(self.error(name.span, message));
            }
            let kinds = if walk.is_some() { (Kinds::LIST, Kinds::RELATIONSHIP) } else { (Kinds::RELATIONSHIP, Kinds::ANY) };
            let known = self.slots.len();
            let slot = self.pattern_variable(relationship.variable.as_ref(), kinds, scope, new)?;
            steps.push((slot, self.slots.len() > known));
        }
        Ok(Slots { binding, nodes, steps })
    }

    fn pattern_variable(
        &mut self,
        variable: Option<&Variable>,
        (kinds, items): (Kinds, Kinds),
        scope: &mut Scope,
        new: NewVariables,
    ) -> Result<Slot> {
        let Some(variable) = variable else { return Ok(self.bind(None, kinds, items)) };
        let name = &variable.kind.text;
        if let Some(slot) = scope.get(name) {
            let (bound, bound_items) = self.binding(slot);
            if !fits(bound, kinds) || (kinds == Kinds::LIST && !fits(bound_items, items)) {
                let (bound, kinds) = (super::typing::describe(bound), super::typing::describe(kinds));
                let message = format!("the variable {name} is already bound to {bound} and cannot be {kinds} here");
                return Err(self.error(variable.span, message));
            }
            self.uses_pattern |= self.pattern_slots.contains(&slot.0);
            return Ok(slot);
        }
        if new == NewVariables::Refused {
            let message = format!("the variable {name} is not defined: a pattern used as an expression cannot bind it");
            return Err(self.error(variable.span, message));
        }
        let slot = self.bind(Some(name), kinds, items);
        scope.insert(name, slot);
        Ok(slot)
    }

    /// Binds the variable of a path.
    pub(super) fn path_variable(&mut self, variable: &Variable, scope: &mut Scope) -> Result<Slot> {
        let name = &variable.kind.text;
        if scope.get(name).is_some() {
            return Err(self.error(variable.span, format!("the variable {name} is already bound")));
        }
        let slot = self.bind(Some(name), Kinds::PATH, Kinds::ANY);
        scope.insert(name, slot);
        Ok(slot)
    }

    fn path(
        &mut self,
        layout: &Layout<'_>,
        slots: Slots,
        scope: &Scope,
        conditions: &mut Vec<Expression>,
    ) -> Result<PathPattern> {
        let mut nodes = Vec::with_capacity(layout.nodes.len());
        for (node, slot) in layout.nodes.iter().zip(slots.nodes) {
            let labels = node.labels.as_ref().map(|labels| self.labels(labels)).transpose()?;
            let properties = self.properties(node.properties.as_deref(), Some(slot), scope, conditions)?;
            let predicate = self.condition(node.where_clause.as_deref(), scope)?;
            nodes.push(NodePattern { slot, labels, properties, property_map: None, predicate });
        }
        let mut steps = Vec::with_capacity(layout.steps.len());
        for ((relationship, walk), (slot, is_new)) in layout.steps.iter().zip(slots.steps) {
            let direction = match relationship.direction.kind {
                RelationshipDirection::Left => Direction::Incoming,
                RelationshipDirection::Right => Direction::Outgoing,
                _ => Direction::Both,
            };
            let kinds = relationship.labels.as_ref().map(|labels| self.labels(labels)).transpose()?;
            let owner = if walk.is_some() { None } else { Some(slot) };
            let properties = self.properties(relationship.properties.as_deref(), owner, scope, conditions)?;
            let condition = relationship.where_clause.as_deref();
            let predicate = if walk.is_some() {
                self.condition_of_each(condition, (slot, is_new), scope)?
            } else {
                self.condition(condition, scope)?
            };
            steps.push(StepPattern { slot, direction, kinds, walk: *walk, properties, property_map: None, predicate });
        }
        Ok(PathPattern { binding: slots.binding, shortest: layout.shortest, nodes, steps })
    }

    /// Lowers WHERE inside of the brackets.
    fn condition(&mut self, written: Option<&Expr>, scope: &Scope) -> Result<Vec<Expression>> {
        written.map_or(Ok(Vec::new()), |condition| self.conjunctions(condition, scope, "in WHERE"))
    }

    /// Lowers WHERE inside of the brackets of a walk, where the variable is each of its relationships.
    fn condition_of_each(
        &mut self,
        written: Option<&Expr>,
        (slot, is_new): (Slot, bool),
        scope: &Scope,
    ) -> Result<Vec<Expression>> {
        let Some(condition) = written else { return Ok(Vec::new()) };
        if !is_new {
            return Err(self.unsupported(condition.span, "WHERE in relationships that are bound already"));
        }
        let (kinds, items) = self.binding(slot);
        self.set_kinds(slot, Kinds::RELATIONSHIP, Kinds::ANY);
        let lowered = self.condition(written, scope);
        self.set_kinds(slot, kinds, items);
        lowered
    }

    /// Lowers `{key: value}`. Where `owner` is one element, a value that depends on the same pattern becomes a condition.
    fn properties(
        &mut self,
        written: Option<&Expr>,
        owner: Option<Slot>,
        scope: &Scope,
        conditions: &mut Vec<Expression>,
    ) -> Result<Properties> {
        let Some(written) = written else { return Ok(Vec::new()) };
        let ExprKind::Map(entries) = &written.kind else {
            return Err(self.error(written.span, "expected {key: value}: a parameter cannot give all properties of a pattern"));
        };
        let mut properties = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = self.name(&entry.key.kind.text);
            let used = std::mem::take(&mut self.uses_pattern);
            let value = self.plain(&entry.value, scope, "in a pattern")?.expression;
            let depends = self.uses_pattern;
            self.uses_pattern |= used;
            match owner {
                Some(owner) if depends => {
                    let found = Expression::Property(Box::new(Expression::Slot(owner)), key);
                    conditions.push(Expression::Binary(BinaryOperator::Equal, Box::new(found), Box::new(value)));
                }
                _ => properties.push((key, value)),
            }
        }
        Ok(properties)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{all_wrong, clauses, read};
    use crate::graph::Direction;
    use crate::tree::{Clause, PathPattern, Walk};

    /// The first pattern's first path, and how many conditions stand beside the pattern.
    fn first(text: &str) -> (PathPattern, usize) {
        match clauses(&read(text)).first() {
            Some(Clause::Match { pattern, predicate, .. }) => (pattern.paths[0].clone(), predicate.len()),
            other => panic!("{other:?}"),
        }
    }

    fn walk(least: u64, most: Option<u64>) -> Option<Walk> {
        Some(Walk { least, most })
    }

    #[test]
    fn lengths_are_read_in_all_forms() {
        let lengths = [
            ("[r]", "", None),
            ("[*]", "", walk(1, None)),
            ("[*2]", "", walk(2, Some(2))),
            ("[*0..]", "", walk(0, None)),
            ("[*..3]", "", walk(1, Some(3))),
            ("[*1..3]", "", walk(1, Some(3))),
            ("[r]", "+", walk(1, None)),
            ("[r]", "*", walk(0, None)),
            ("[r]", "{2}", walk(2, Some(2))),
            ("[r]", "{1,3}", walk(1, Some(3))),
            ("[r]", "{,3}", walk(0, Some(3))),
            ("[r]", "?", walk(0, Some(1))),
        ];
        for (relationship, behind, expected) in lengths {
            let text = format!("MATCH (a)-{relationship}->{behind}(b) RETURN a");
            assert_eq!(first(&text).0.steps[0].walk, expected, "{text}");
        }
    }

    #[test]
    fn directions_are_those_from_left_to_right() {
        let (path, _) = first("MATCH (a)-->(b)<--(c)--(d)<-->(e) RETURN a");
        let directions: Vec<Direction> = path.steps.iter().map(|step| step.direction).collect();
        assert_eq!(directions, [Direction::Outgoing, Direction::Incoming, Direction::Both, Direction::Both]);
    }

    #[test]
    fn properties_that_depend_on_the_same_pattern_become_conditions() {
        for (text, properties, conditions) in [
            ("MATCH (a {x: 1, y: $p}) RETURN a", 2, 0),
            ("MATCH (a {x: b.x})-->(b) RETURN a", 0, 1),
            ("MATCH (a {x: size([(b)-->(c {y: 1}) | c])})-->(b) RETURN a", 0, 1),
            ("MATCH (a {x: [y IN [1] | y], z: 1}) WHERE a.x = 1 AND (a.y AND a.z) RETURN a", 2, 3),
        ] {
            let (path, found) = first(text);
            assert_eq!((path.nodes[0].properties.len(), found), (properties, conditions), "{text}");
        }
    }

    #[test]
    fn conditions_inside_of_brackets_stay_there() {
        let (path, _) = first("MATCH (a WHERE a.x = 1 AND a.y = 2)-[r:R* WHERE r.w > 1]->(b) RETURN r");
        assert_eq!((path.nodes[0].predicate.len(), path.steps[0].predicate.len()), (2, 1));
    }

    #[test]
    fn variables_keep_their_kind() {
        all_wrong(&[
            ("MATCH ()-[r]->() MATCH (r) RETURN r", 25, "r is already bound to a relationship and cannot be a node"),
            ("MATCH (r) MATCH ()-[r]->() RETURN r", 21, "cannot be a relationship"),
            ("MATCH (r)-[r]->() RETURN r", 12, "cannot be a relationship"),
            ("MATCH ()-[r*]->()-[s]->() MATCH ()-[r]->() RETURN r", 37, "bound to a list"),
            ("WITH [1] AS r MATCH ()-[r*]->() RETURN r", 25, "cannot be a list"),
            ("MATCH (p) MATCH p = ()-->() RETURN p", 17, "p is already bound"),
            ("MATCH p = (p)-->() RETURN p", 12, "bound to a path and cannot be a node"),
            ("MATCH ()-[r]->()-[r]->() RETURN r", 19, "used twice in one pattern"),
            ("MATCH ()-[r]->(), ()-[r]->() RETURN r", 23, "used twice in one pattern"),
            ("MATCH (n $p) RETURN n", 10, "a parameter cannot give all properties"),
            ("MATCH (n) WHERE (n)-->(m) RETURN n", 24, "cannot bind it"),
            ("MATCH (n) RETURN (n)-->()", 18, "a pattern is no value"),
            ("MATCH (n) RETURN size((n)-->())", 23, "a pattern is no value"),
        ]);
        read("MATCH ()-[r*]->() WITH r AS s MATCH (a)-[s*]->(b) RETURN a");
        read("OPTIONAL MATCH (n) WITH null AS n MATCH (n) RETURN n");
    }
}
