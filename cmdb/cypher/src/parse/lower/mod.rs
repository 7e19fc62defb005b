//! From the parser's tree to the executor's: names become slots, and what can never be is refused.

mod aggregates;
mod bodies;
mod call;
mod case;
mod chain;
mod comprehension;
mod expression;
mod labels;
mod literal;
mod logic;
mod matching;
mod order;
mod pattern;
mod projection;
mod scope;
mod subquery;
mod typing;

use std::collections::HashMap;
use std::sync::Arc;

use open_cypher::Span;

use self::aggregates::{Aggregates, Grouping};
use self::bodies::Ending;
use self::scope::Scope;
use self::typing::{Binding, Typed};
use super::source::Source;
use crate::error::{Error, Result};
use crate::functions::Kinds;
use crate::tree::{Body, Expression, Name, Query, Slot, SubqueryId, SubqueryKind};

/// Lowers a whole statement.
pub(super) fn query(source: &Source<'_>) -> Result<Query> {
    let mut lowering = Lowering::new(source);
    let (body, columns) = lowering.body(source.query()?, &Scope::default(), Ending::Return)?;
    Ok(Query {
        mode: source.mode,
        body,
        subqueries: lowering.subqueries,
        columns,
        slots: lowering.slots.len(),
        slot_names: lowering.slots.into_iter().map(|binding| binding.name).collect(),
        names: lowering.names,
        parameters: lowering.parameters,
    })
}

/// What was met so far of one statement.
struct Lowering<'s> {
    source: &'s Source<'s>,
    slots: Vec<Binding>,
    names: Vec<Arc<str>>,
    name_indexes: HashMap<Arc<str>, u32>,
    parameters: Vec<Arc<str>>,
    subqueries: Vec<Body>,
    /// Whether an aggregate may stand here.
    aggregates: Aggregates,
    /// What is known of the groups, where items and sort keys are lowered that are computed after grouping.
    grouping: Option<Grouping>,
    /// How many comprehensions and subqueries lie around, inside of the item.
    locals: usize,
    /// The slots that the MATCH being lowered has given.
    pattern_slots: std::ops::Range<u32>,
    /// Whether one of them was used since this was last reset.
    uses_pattern: bool,
}

impl<'s> Lowering<'s> {
    fn new(source: &'s Source<'s>) -> Self {
        Self {
            source,
            slots: Vec::new(),
            names: Vec::new(),
            name_indexes: HashMap::new(),
            parameters: Vec::new(),
            subqueries: Vec::new(),
            aggregates: Aggregates::Refused("here"),
            grouping: None,
            locals: 0,
            pattern_slots: 0..0,
            uses_pattern: false,
        }
    }

    /// A new slot.
    fn bind(&mut self, name: Option<&str>, kinds: Kinds, items: Kinds) -> Slot {
        let slot = Slot(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        self.slots.push(Binding { name: name.map(Arc::from), kinds, items });
        slot
    }

    fn binding(&self, slot: Slot) -> (Kinds, Kinds) {
        self.slots.get(slot.0 as usize).map_or((Kinds::ANY, Kinds::ANY), |binding| (binding.kinds, binding.items))
    }

    fn set_kinds(&mut self, slot: Slot, kinds: Kinds, items: Kinds) {
        if let Some(binding) = self.slots.get_mut(slot.0 as usize) {
            (binding.kinds, binding.items) = (kinds, items);
        }
    }

    fn read(&self, slot: Slot) -> Typed {
        let (kinds, items) = self.binding(slot);
        Typed { expression: Expression::Slot(slot), kinds, items }
    }

    /// A label, type or key.
    fn name(&mut self, text: &str) -> Name {
        if let Some((text, index)) = self.name_indexes.get_key_value(text) {
            return Name { text: Arc::clone(text), index: *index };
        }
        let text: Arc<str> = text.into();
        let index = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(Arc::clone(&text));
        self.name_indexes.insert(Arc::clone(&text), index);
        Name { text, index }
    }

    fn parameter(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.parameters.iter().find(|known| ***known == *text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.parameters.push(Arc::clone(&text));
        text
    }

    fn subquery(&mut self, kind: SubqueryKind, body: Body) -> Expression {
        let id = SubqueryId(u32::try_from(self.subqueries.len()).unwrap_or(u32::MAX));
        self.subqueries.push(body);
        Expression::Subquery(kind, id)
    }

    fn error(&self, span: Span, message: impl Into<String>) -> Error {
        self.source.error(span, message)
    }

    fn unsupported(&self, span: Span, what: impl Into<String>) -> Error {
        self.source.unsupported(span, what)
    }
}
