//! Writing a plan: first to the file, then to memory.

use std::collections::BTreeSet;

use redb::Database;
use roaring::RoaringBitmap;

use super::bytes::{put_number, put_signed, put_text};
use super::file::{CHANGES, EDGE_CHANGES, EDGES, FACTS, LATEST, NODES, SCOPES, STRINGS, VERSIONS, edges_row, failed, node_row};
use super::graph::Graph;
use super::history::EdgeChange;
use super::plan::Plan;
use super::record::Record;
use super::strings::{Strings, Symbol};
use crate::error::Result;
use crate::model::{ChangeKind, TaskId, Timestamp};

/// How much of what only grows is in the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    pub(super) strings: usize,
    pub(super) scopes: usize,
    /// Nodes whose row holds their id.
    pub(super) nodes: RoaringBitmap,
}

pub(super) const CREATED: u8 = 0;
pub(super) const UPDATED: u8 = 1;
pub(super) const REMOVED: u8 = 2;

const fn kind_byte(kind: ChangeKind) -> u8 {
    match kind {
        ChangeKind::Created => CREATED,
        ChangeKind::Updated => UPDATED,
        ChangeKind::Removed => REMOVED,
    }
}

/// A row of [`CHANGES`]: what happened, to what type of resource, by which task, and the resource before it with the time
/// of its creation.
pub(super) fn change_row(
    kind: ChangeKind,
    resource_type: Symbol,
    task: &TaskId,
    before: Option<(Timestamp, &Record)>,
) -> Vec<u8> {
    let mut row = Vec::with_capacity(64);
    row.push(kind_byte(kind));
    put_number(&mut row, resource_type.0.into());
    put_text(&mut row, task.as_str());
    if let Some((first, record)) = before {
        put_signed(&mut row, first.as_micros());
        record.write(&mut row);
    }
    row
}

fn planned_change_row(graph: &Graph, plan: &Plan, number: u32, kind: ChangeKind, task: &TaskId) -> Vec<u8> {
    let node = &graph.nodes[number as usize];
    let after = plan.claims.get(&number).and_then(|claims| claims.first());
    let known = after.or(node.shown.as_ref());
    let resource_type = known.map_or(Symbol(u32::MAX), |claim| claim.record.resource_type);
    change_row(kind, resource_type, task, node.shown.as_ref().map(|claim| (node.first, &*claim.record)))
}

/// The beginning of a row of [`EDGE_CHANGES`]: the task. An entry for each change follows.
pub(super) fn edge_changes_row(task: &TaskId) -> Vec<u8> {
    let mut row = Vec::with_capacity(128);
    put_text(&mut row, task.as_str());
    row
}

/// An entry of a row of [`EDGE_CHANGES`]: that a relationship came or went with an owner.
pub(super) fn put_edge_change(row: &mut Vec<u8>, change: &EdgeChange<'_>) {
    row.push(u8::from(change.came));
    put_text(row, change.source);
    put_number(row, change.kind.0.into());
    put_text(row, change.target);
    put_number(row, change.scope.into());
}

/// Everything that a plan touches, so that its rows are written and empty nodes let go.
pub(super) fn touched(plan: &Plan) -> BTreeSet<u32> {
    let ends = plan.edge_changes.iter().flat_map(|(_, source, edge)| [*source, edge.target]);
    plan.claims.keys().copied().chain(ends).collect()
}

/// Writes a plan to the file in one transaction. When this returns, it survives a crash.
pub(super) fn write(
    file: &Database,
    graph: &Graph,
    strings: &Strings,
    written: &mut Written,
    plan: &Plan,
    at: Timestamp,
    task: &TaskId,
) -> Result<()> {
    let write = || -> Result<(), redb::Error> {
        let writing = file.begin_write()?;
        write_strings(&writing, strings, written.strings)?;
        {
            let mut table = writing.open_table(SCOPES)?;
            for (number, entry) in (0..).zip(&graph.scopes) {
                let completed = plan.completed.contains(&number).then(|| entry.completed.map_or(at, |last| last.max(at)));
                if completed.is_some() || number as usize >= written.scopes {
                    let completed = completed.or(entry.completed).map(Timestamp::as_micros);
                    table.insert(number, (entry.scope.to_string().as_str(), completed))?;
                }
            }
        }
        if plan.changes_graph() {
            write_graph(&writing, graph, &written.nodes, plan, at, task)?;
        }
        writing.commit()?;
        Ok(())
    };
    write().map_err(failed("store a reconcile"))?;
    written.strings = strings.len();
    written.scopes = graph.scopes.len();
    written.nodes.extend(touched(plan));
    Ok(())
}

/// Writes the texts that are not in the file yet, where it holds `written`.
pub(super) fn write_strings(writing: &redb::WriteTransaction, strings: &Strings, written: usize) -> Result<(), redb::Error> {
    if strings.len() > written {
        let mut table = writing.open_table(STRINGS)?;
        for number in written..strings.len() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            table.insert(number, strings.text(Symbol(number)))?;
        }
    }
    Ok(())
}

fn write_graph(
    writing: &redb::WriteTransaction,
    graph: &Graph,
    written: &RoaringBitmap,
    plan: &Plan,
    at: Timestamp,
    task: &TaskId,
) -> Result<(), redb::Error> {
    let mut nodes = writing.open_table(NODES)?;
    for number in touched(plan) {
        let row = match plan.claims.get(&number) {
            Some(claims) => node_row(graph.id(number), plan.first(graph, number, at), claims),
            None if written.contains(number) => continue,
            None => {
                let node = &graph.nodes[number as usize];
                node_row(&node.id, node.first, &graph.claims(number))
            }
        };
        nodes.insert(number, row.as_slice())?;
    }
    let mut edges = writing.open_table(EDGES)?;
    for (source, after) in &plan.edges {
        if after.is_empty() {
            edges.remove(source)?;
        } else {
            edges.insert(source, edges_row(after).as_slice())?;
        }
    }
    let mut changed: Vec<_> = plan.changes.iter().map(|(number, kind)| (graph.id(*number), *number, *kind)).collect();
    changed.sort_unstable_by_key(|(id, ..)| *id);
    let mut changes = writing.open_table(CHANGES)?;
    let mut versions = writing.open_table(VERSIONS)?;
    for (id, number, kind) in changed {
        let row = planned_change_row(graph, plan, number, kind, task);
        changes.insert((at.as_micros(), id.as_str()), row.as_slice())?;
        versions.insert((id.as_str(), at.as_micros()), ())?;
    }
    if !plan.edge_changes.is_empty() {
        let mut row = edge_changes_row(task);
        for (came, source, edge) in &plan.edge_changes {
            let (source, target) = (graph.id(*source).as_str(), graph.id(edge.target).as_str());
            put_edge_change(&mut row, &EdgeChange { came: *came, source, kind: edge.kind, target, scope: edge.scope });
        }
        writing.open_table(EDGE_CHANGES)?.insert(at.as_micros(), row.as_slice())?;
    }
    if !plan.changes.is_empty() || !plan.edge_changes.is_empty() {
        writing.open_table(FACTS)?.insert(LATEST, at.as_micros())?;
    }
    Ok(())
}

/// Brings memory to what the file now says; gives the nodes that are no more.
pub(super) fn apply(graph: &mut Graph, plan: Plan, at: Timestamp) -> RoaringBitmap {
    let touched = touched(&plan);
    let firsts: Vec<_> = plan.claims.keys().map(|number| plan.first(graph, *number, at)).collect();
    for (source, edges) in plan.edges {
        graph.set_out(source, edges);
    }
    graph.settle_edges();
    for ((number, claims), first) in plan.claims.into_iter().zip(firsts) {
        graph.set_claims(number, claims, first);
    }
    graph.settle_order();
    for scope in plan.completed {
        let completed = &mut graph.scopes[scope as usize].completed;
        *completed = Some(completed.map_or(at, |last| last.max(at)));
    }
    graph.release(touched)
}
