//! The variables of patterns.

use std::collections::BTreeSet;

use open_cypher::ast::Name;

use super::Lowering;
use super::matching::Written;
use super::scope::Scope;
use super::typing::{describe, fits};
use crate::error::Result;
use crate::functions::Kinds;
use crate::tree::Slot;

/// Whether a pattern may bind variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NewVariables {
    Allowed,
    Refused,
}

/// The slots of one path.
pub(super) struct Slots {
    pub(super) binding: Option<Slot>,
    pub(super) nodes: Vec<Slot>,
    /// Those of the relationships, and whether this path binds them.
    pub(super) steps: Vec<(Slot, bool)>,
}

impl Lowering<'_> {
    /// Binds the variables of a path, or finds them in the scope.
    pub(super) fn declare(
        &mut self,
        layout: &Written<'_>,
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
        variable: Option<&Name>,
        (kinds, items): (Kinds, Kinds),
        scope: &mut Scope,
        new: NewVariables,
    ) -> Result<Slot> {
        let Some(variable) = variable else { return Ok(self.bind(None, kinds, items)) };
        let name = &variable.kind.text;
        if let Some(slot) = scope.get(name) {
            let (bound, bound_items) = self.binding(slot);
            if !fits(bound, kinds) || (kinds == Kinds::LIST && !fits(bound_items, items)) {
                let (bound, kinds) = (describe(bound), describe(kinds));
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
    pub(super) fn path_variable(&mut self, variable: &Name, scope: &mut Scope) -> Result<Slot> {
        let name = &variable.kind.text;
        if scope.get(name).is_some() {
            return Err(self.error(variable.span, format!("the variable {name} is already bound")));
        }
        let slot = self.bind(Some(name), Kinds::PATH, Kinds::ANY);
        scope.insert(name, slot);
        Ok(slot)
    }
}
