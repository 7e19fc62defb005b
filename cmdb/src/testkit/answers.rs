//! All that a store answers, as one value that can be compared.

use futures_util::StreamExt;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::fixtures::{cursor, first, ok};
use crate::error::Result;
use crate::model::{AsOf, ChangeFilter, Direction, Filter, ImpactRequest, ResourceId, Traversal};
use crate::store::{ExportRecord, GraphStore};

/// What every read says at one moment: the whole list, counts and, for each of `ids`, known or not, all that can be asked
/// about it. A refusal is its code.
pub async fn answers(store: &dyn GraphStore, ids: &[ResourceId], as_of: AsOf) -> Value {
    let mut about = Map::new();
    for id in ids {
        let found = ok(store.get(id, as_of).await);
        let name = found.as_ref().and_then(|resource| resource.name.clone()).unwrap_or_else(|| "no such name".into());
        about.insert(
            id.to_string(),
            json!({
                "get": found,
                "resolve id": answer(store.resolve(id.as_str(), as_of).await),
                "resolve name": answer(store.resolve(&name, as_of).await),
                "relationships": answer(store.relationships(id, Direction::Both, &[], as_of).await),
                "subgraph": answer(store.subgraph(id, &Traversal::default(), as_of).await),
                "small subgraph": answer(store.subgraph(id, &Traversal { max_nodes: 3, ..Traversal::default() }, as_of).await),
                "impact": answer(store.impact(id, &ImpactRequest::default(), as_of).await),
                "small impact": answer(store.impact(id, &ImpactRequest { depth: 2, max_nodes: 2 }, as_of).await),
            }),
        );
    }
    json!({
        "list": ok(store.list(&Filter::default(), &first(1000), as_of).await),
        "statistics": ok(store.statistics(as_of).await),
        "about": about,
    })
}

/// [`answers`] for the present, and all that is known of the past.
pub async fn everything(store: &dyn GraphStore, ids: &[ResourceId]) -> Value {
    let mut versions = Map::new();
    for id in ids {
        versions.insert(id.to_string(), answer(store.history(id, &first(1000)).await));
    }
    let mut changes = Vec::new();
    let mut page = first(1000);
    loop {
        let part = ok(store.changes(&ChangeFilter::default(), &page).await);
        changes.extend(part.changes);
        match part.next_cursor {
            Some(next) => page = cursor(1000, next),
            None => break,
        }
    }
    json!({
        "present": answers(store, ids, None).await,
        "versions": versions,
        "changes": changes,
        "scopes": sorted(ok(store.scopes().await)),
        "export": sorted(exported(store).await),
    })
}

/// Every record of an export, but for the time at which it was taken.
pub(super) async fn exported(store: &dyn GraphStore) -> Vec<ExportRecord> {
    let records: Vec<Result<ExportRecord>> = store.export().collect().await;
    let mut records: Vec<ExportRecord> = records.into_iter().map(ok).collect();
    if let Some(ExportRecord::Header { exported_at, .. }) = records.first_mut() {
        *exported_at = crate::Timestamp::MIN;
    }
    records
}

/// Takes every `last_discovered` out of an answer: reads of the past leave it out.
pub(super) fn undated(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            members.remove("last_discovered");
            members.values_mut().for_each(|member| *member = undated(member.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = undated(item.take())),
        _ => {}
    }
    value
}

fn answer<T: Serialize>(result: Result<T>) -> Value {
    match result {
        Ok(value) => json!(value),
        Err(error) => json!(error.code()),
    }
}

/// Records whose order among themselves says nothing, in the order of their text.
fn sorted<T: Serialize>(records: Vec<T>) -> Vec<Value> {
    let mut values: Vec<Value> = records.into_iter().map(|record| json!(record)).collect();
    values.sort_by_cached_key(Value::to_string);
    values
}
