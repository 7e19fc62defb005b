//! `changes`: what was created, changed and removed.

use std::io;

use dharmagraph_cmdb::{Change, ChangeKind, ChangePage};
use serde_json::Value;

use super::arguments::ChangesQuery;
use super::failure::{Exit, Failure};
use super::inventory::{Inventory, Pages};
use super::output::{Output, Rows, counted, text, time};

/// The longest value that is shown whole.
const LONGEST_VALUE: usize = 60;

/// Writes the changes that fit, oldest first.
pub(crate) async fn run(inventory: &dyn Inventory, query: &ChangesQuery, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let filter = query.filter();
    let mut pages = Pages::of(query.paging.wanted());
    let mut all = ChangePage::default();
    while let Some(page) = pages.next() {
        let page = inventory.changes(&filter, &page).await?;
        pages.came(page.changes.len(), page.next_cursor.clone());
        all.changes.extend(page.changes);
        all.next_cursor = page.next_cursor;
    }
    if output.is_json() {
        output.json(&all)?;
    } else {
        write(&all.changes, pages.has_more(), output)?;
    }
    Ok(Exit::Done)
}

fn write(changes: &[Change], more: bool, output: &mut Output<'_>) -> io::Result<()> {
    let mut rows = Rows::under(&["AT", "KIND", "ID", "TYPE", "FIELDS"]);
    for change in changes {
        let kind = match change.kind {
            ChangeKind::Created => "created",
            ChangeKind::Updated => "updated",
            ChangeKind::Removed => "removed",
        };
        let fields: Vec<String> = change
            .fields
            .iter()
            .map(|(field, [before, after])| format!("{field}: {} -> {}", short(before), short(after)))
            .collect();
        rows.push(vec![
            text(&time(change.at)),
            text(kind),
            text(change.id.as_str()),
            text(change.resource_type.as_str()),
            text(&fields.join("; ")),
        ]);
    }
    output.rows(rows)?;
    let shown = counted(changes.len() as u64, "change", "changes");
    output.line(&if more { format!("{shown}; there are more, --all shows them") } else { shown })
}

/// A value in so many characters: words without quotes, nothing as `-`, everything else as JSON.
fn short(value: &Value) -> String {
    let whole = match value {
        Value::Null => return "-".to_owned(),
        Value::String(words) => words.clone(),
        other => other.to_string(),
    };
    match whole.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}...", &whole[..end]),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::{ResourceId, ResourceType, TaskId};
    use serde_json::json;

    use super::*;
    use crate::cli::output::tests::written;

    fn change(kind: ChangeKind, fields: &[(&str, [Value; 2])]) -> Change {
        Change {
            at: "2025-01-18T12:30:45.123Z".parse().unwrap(),
            task_id: TaskId::new("t"),
            kind,
            id: ResourceId::new("i-1"),
            resource_type: ResourceType::COMPUTE,
            fields: fields.iter().map(|(name, values)| ((*name).to_owned(), values.clone())).collect(),
        }
    }

    #[test]
    fn an_update_names_each_field_before_and_after() {
        let fields = [("status", [json!("RUNNING"), json!("STOPPED")]), ("tags.Owner", [json!(null), json!("a\u{1b}b")])];
        let changes = [change(ChangeKind::Updated, &fields), change(ChangeKind::Removed, &[])];
        assert_eq!(
            written(false, |output| write(&changes, false, output)),
            "AT                    KIND     ID   TYPE     FIELDS\n\
             2025-01-18T12:30:45Z  updated  i-1  COMPUTE  status: RUNNING -> STOPPED; tags.Owner: - -> a\\u{1b}b\n\
             2025-01-18T12:30:45Z  removed  i-1  COMPUTE\n\
             2 changes\n"
        );
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        assert_eq!(short(&json!("ü".repeat(100))), format!("{}...", "ü".repeat(60)));
        assert_eq!(short(&json!([1, 2])), "[1,2]");
    }

    #[test]
    fn the_end_of_the_list_says_whether_there_is_more() {
        assert_eq!(written(false, |output| write(&[], false, output)), "0 changes\n");
        assert!(written(false, |output| write(&[], true, output)).contains("--all"));
    }
}
