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
    steps: Vec<Slot>,
}

type Properties = Vec<(Name, Expression)>;

impl Lowering<'_> {
    /// Lowers paths that hold together. Conditions inside of them, and properties that must equal something else of the
    /// same pattern, are given apart.
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
        let outer = (std::mem::replace(&mut self.pattern_slots, first..last), self.uses_pattern);
        let mut conditions = Vec::new();
        let mut paths = Vec::with_capacity(layouts.len());
        for (layout, slots) in layouts.iter().zip(slots) {
            paths.push(self.path(layout, slots, scope, &mut conditions)?);
        }
        let (pattern_slots, uses_pattern) = outer;
        self.pattern_slots = pattern_slots;
        self.uses_pattern = uses_pattern || self.uses_pattern;
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
        for (relationship, walk, _) in &layout.steps {
            if let Some(name) = &relationship.variable
                && !relationships.insert(name.kind.text.clone())
            {
                let message = format!("the relationship {} is used twice in one pattern, which never holds", name.kind.text);
                return Err(self.error(name.span, message));
            }
            let kinds = if walk.is_some() { (Kinds::LIST, Kinds::RELATIONSHIP) } else { (Kinds::RELATIONSHIP, Kinds::ANY) };
            steps.push(self.pattern_variable(relationship.variable.as_ref(), kinds, scope, new)?);
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
            if let Some(condition) = &node.where_clause {
                conditions.extend(self.conjunctions(condition, scope, "in WHERE")?);
            }
            nodes.push(NodePattern { slot, labels, properties, property_map: None, predicate: Vec::new() });
        }
        let mut steps = Vec::with_capacity(layout.steps.len());
        for ((relationship, walk, span), slot) in layout.steps.iter().zip(slots.steps) {
            let direction = match relationship.direction.kind {
                RelationshipDirection::Left => Direction::Incoming,
                RelationshipDirection::Right => Direction::Outgoing,
                _ => Direction::Both,
            };
            let kinds = relationship.labels.as_ref().map(|labels| self.labels(labels)).transpose()?;
            let owner = if walk.is_some() { None } else { Some(slot) };
            let properties = self.properties(relationship.properties.as_deref(), owner, scope, conditions)?;
            if let Some(condition) = &relationship.where_clause {
                if walk.is_some() {
                    return Err(self.unsupported(*span, "WHERE in a relationship of variable length"));
                }
                conditions.extend(self.conjunctions(condition, scope, "in WHERE")?);
            }
            let (property_map, predicate) = (None, Vec::new());
            steps.push(StepPattern { slot, direction, kinds, walk: *walk, properties, property_map, predicate });
        }
        Ok(PathPattern { binding: slots.binding, shortest: layout.shortest, nodes, steps })
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
            self.uses_pattern = false;
            let value = self.plain(&entry.value, scope, "in a pattern")?.expression;
            match owner {
                Some(owner) if self.uses_pattern => {
                    let found = Expression::Property(Box::new(Expression::Slot(owner)), key);
                    conditions.push(Expression::Binary(BinaryOperator::Equal, Box::new(found), Box::new(value)));
                }
                _ => properties.push((key, value)),
            }
        }
        Ok(properties)
    }
}
