//! Follows walks of several relationships, none of them twice.

use super::Flow;
use super::execution::Execution;
use super::expand::is_used;
use super::nodes::{bind, node, other_end, unexpected, value};
use super::trail::Trail;
use crate::error::Result;
use crate::evaluate::Row;
use crate::graph::{Direction, NodeId, Relationship};
use crate::plan::Walking;
use crate::value::Value;

impl Execution<'_, '_> {
    /// Binds the end of each walk, and its relationships where they are wanted.
    pub(super) fn walk(&self, at: usize, walking: &Walking<'_>, row: &mut Row) -> Result<Flow> {
        let expand = &walking.expand;
        let Some(from) = node(row, expand.from)? else { return Ok(Flow::Continue(())) };
        let into = if expand.to_bound { node(row, expand.to)? } else { None };
        if expand.to_bound && into.is_none() {
            return Ok(Flow::Continue(()));
        }
        if walking.walk.least == 0 && self.arrive(at, walking, into, from, &[], row)?.is_break() {
            return Ok(Flow::Break(()));
        }
        let most = walking.walk.most.unwrap_or(u64::MAX);
        let mut trail = Trail::default();
        if most > 0 {
            self.open(at, walking, from, &mut trail, row)?;
        }
        while let Some(node) = trail.advance(from) {
            let length = trail.path.len() as u64;
            if length >= walking.walk.least && self.arrive(at, walking, into, node, &trail.path, row)?.is_break() {
                return Ok(Flow::Break(()));
            }
            if length < most {
                self.open(at, walking, node, &mut trail, row)?;
            } else {
                trail.retreat();
            }
        }
        Ok(Flow::Continue(()))
    }

    /// Puts the relationships that may come next on the trail.
    fn open(&self, at: usize, walking: &Walking<'_>, node: NodeId, trail: &mut Trail, row: &mut Row) -> Result<()> {
        trail.descend();
        let _ = self.visit(node, &walking.expand, &mut |relationship| {
            self.step(at)?;
            if self.may_follow(walking, relationship, row)? {
                trail.offer(relationship);
            }
            Ok(Flow::Continue(()))
        })?;
        trail.offered(self.context.meter)
    }

    /// Whether a relationship fulfils what is asked of each of a walk.
    pub(super) fn may_follow(&self, walking: &Walking<'_>, relationship: Relationship, row: &mut Row) -> Result<bool> {
        let expand = &walking.expand;
        if !expand.kinds.fulfils(relationship, self.context) || is_used(relationship, &expand.others, row) {
            return Ok(false);
        }
        if walking.each.is_empty() {
            return Ok(true);
        }
        bind(row, expand.slot, Value::Relationship(relationship));
        self.pass(&walking.each, row)
    }

    /// Hands on a row for the end of a walk.
    pub(super) fn arrive(
        &self,
        at: usize,
        walking: &Walking<'_>,
        into: Option<NodeId>,
        node: NodeId,
        path: &[Relationship],
        row: &mut Row,
    ) -> Result<Flow> {
        match into {
            Some(into) if into != node => return Ok(Flow::Continue(())),
            Some(_) => {}
            None => bind(row, walking.expand.to, Value::Node(node)),
        }
        if walking.listed {
            bind(row, walking.expand.slot, list(path, walking.reversed));
        }
        self.push(at + 1, row)
    }

    /// Checks that a list of relationships that is bound is a walk, and binds its end.
    pub(super) fn follow(&self, at: usize, walking: &Walking<'_>, row: &mut Row) -> Result<Flow> {
        let expand = &walking.expand;
        let Some(from) = node(row, expand.from)? else { return Ok(Flow::Continue(())) };
        let bound = value(row, expand.slot).clone();
        let items = match &bound {
            Value::List(items) => items,
            Value::Null => return Ok(Flow::Continue(())),
            other => return Err(unexpected("a list of relationships", other)),
        };
        let length = items.len() as u64;
        if length < walking.walk.least || walking.walk.most.is_some_and(|most| length > most) {
            return Ok(Flow::Continue(()));
        }
        let mut path = Vec::with_capacity(items.len());
        for item in items.iter() {
            match item {
                Value::Relationship(relationship) => path.push(*relationship),
                Value::Null => return Ok(Flow::Continue(())),
                other => return Err(unexpected("a list of relationships", other)),
            }
        }
        if walking.reversed {
            path.reverse();
        }
        let mut node = from;
        for (place, relationship) in path.iter().enumerate() {
            self.step(at)?;
            let leads = match expand.direction {
                Direction::Outgoing => relationship.source == node,
                Direction::Incoming => relationship.target == node,
                Direction::Both => relationship.source == node || relationship.target == node,
            };
            let fits = leads && expand.kinds.contain(*relationship, self.context) && !path[..place].contains(relationship);
            let passes = fits && self.may_follow(walking, *relationship, row)?;
            if !walking.each.is_empty() {
                bind(row, expand.slot, bound.clone());
            }
            if !passes {
                return Ok(Flow::Continue(()));
            }
            node = other_end(*relationship, node);
        }
        if expand.to_bound {
            if super::nodes::node(row, expand.to)? != Some(node) {
                return Ok(Flow::Continue(()));
            }
        } else {
            bind(row, expand.to, Value::Node(node));
        }
        self.push(at + 1, row)
    }
}

/// The relationships of a walk as a value, in the order of writing.
pub(super) fn list(path: &[Relationship], reversed: bool) -> Value {
    let mut items: Vec<_> = path.iter().copied().map(Value::Relationship).collect();
    if reversed {
        items.reverse();
    }
    Value::List(items.into())
}
