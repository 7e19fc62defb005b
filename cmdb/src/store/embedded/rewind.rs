//! The graph as it was.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use redb::{Database, ReadableDatabase};

use super::file::{CHANGES, EDGE_CHANGES, failed};
use super::graph::{Claim, Graph, OutEdge};
use super::history::{ChangeRow, EdgeChanges};
use super::read::damaged;
use crate::error::Result;
use crate::model::{ResourceId, Timestamp};

/// Stands for "whoever it was" where the past does not say which scope's facts were shown.
const SOME_SCOPE: u32 = u32::MAX;

/// Undoes every change after `as_of`, newest first. Undoing twice is undoing once, so a change that is in the file but
/// not yet in `graph` does no harm.
pub(super) fn rewind(mut graph: Graph, file: &Database, as_of: Timestamp) -> Result<Graph> {
    let reading = file.begin_read().map_err(failed("read history"))?;
    let later = as_of.as_micros().saturating_add(1);

    let mut out: HashMap<u32, BTreeSet<OutEdge>> = HashMap::new();
    let changes = reading.open_table(EDGE_CHANGES).map_err(failed("read history"))?;
    for row in changes.range(later..).map_err(failed("read history"))?.rev() {
        let (_, row) = row.map_err(failed("read history"))?;
        let Some(entries) = EdgeChanges::new(row.value()) else { continue };
        let entries: Vec<_> = entries.collect();
        for entry in entries.into_iter().rev() {
            let source = graph.find_or_make(&ResourceId::new(entry.source));
            let target = graph.find_or_make(&ResourceId::new(entry.target));
            let edge = OutEdge { kind: entry.kind, target, scope: entry.scope };
            let edges = out.entry(source).or_insert_with(|| graph.nodes[source as usize].out.iter().copied().collect());
            if entry.came {
                edges.remove(&edge);
            } else {
                edges.insert(edge);
            }
        }
    }
    for (source, edges) in out {
        graph.set_out(source, edges.into_iter().collect());
    }
    graph.settle_edges();

    let changes = reading.open_table(CHANGES).map_err(failed("read history"))?;
    for row in changes.range((later, "")..).map_err(failed("read history"))?.rev() {
        let (key, row) = row.map_err(failed("read history"))?;
        let id = ResourceId::new(key.value().1);
        let row = ChangeRow::read(row.value()).ok_or_else(|| damaged(&id))?;
        let number = graph.find_or_make(&id);
        match row.before {
            None => graph.show(number, None, Timestamp::default()),
            Some((first, record)) => {
                graph.show(number, Some(Claim { scope: SOME_SCOPE, record: Arc::new(record) }), first);
            }
        }
    }
    graph.settle_order();
    Ok(graph)
}
