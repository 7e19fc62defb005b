//! `tasks`: discoveries, newest first.

use std::io;

use dharmagraph_cmdb::TaskId;
use dharmagraph_cmdb::sync::{Task, TaskPage};

use super::arguments::TasksQuery;
use super::failure::{Exit, Failure};
use super::inventory::{Inventory, Pages};
use super::output::{Output, Rows, counted, number, text, time};
use super::summary;

/// Writes the discoveries, or the one that was named.
pub(crate) async fn run(inventory: &dyn Inventory, query: &TasksQuery, output: &mut Output<'_>) -> Result<Exit, Failure> {
    if let Some(id) = &query.id {
        let task = inventory.task(&TaskId::new(id)).await?;
        summary::write(&task, output)?;
        return Ok(Exit::Done);
    }
    let mut pages = Pages::of(query.paging.wanted());
    let mut all = TaskPage::default();
    while let Some(page) = pages.next() {
        let page = inventory.tasks(&page).await?;
        pages.came(page.tasks.len(), page.next_cursor.clone());
        all.tasks.extend(page.tasks);
        all.next_cursor = page.next_cursor;
    }
    if output.is_json() {
        output.json(&all)?;
    } else {
        write(&all.tasks, pages.has_more(), output)?;
    }
    Ok(Exit::Done)
}

fn write(tasks: &[Task], more: bool, output: &mut Output<'_>) -> io::Result<()> {
    let mut rows = Rows::under(&["TASK", "STATUS", "STARTED", "RESOURCES", "CREATED", "UPDATED", "REMOVED", "ERRORS"]);
    for task in tasks {
        let dry = if task.request.dry_run { " (dry run)" } else { "" };
        rows.push(vec![
            text(task.task_id.as_str()),
            text(&format!("{}{dry}", summary::word(task.status))),
            text(&time(task.started_at)),
            number(task.resources_discovered),
            number(task.created),
            number(task.updated),
            number(task.removed),
            number(task.errors.len() as u64),
        ]);
    }
    output.rows(rows)?;
    let shown = counted(tasks.len() as u64, "discovery", "discoveries");
    output.line(&if more { format!("{shown}; there are more, --all shows them") } else { shown })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::fake_server::task;
    use crate::cli::output::tests::written;

    #[test]
    fn discoveries_are_listed_with_how_they_ended() {
        let mut dry = task("completed");
        dry.request.dry_run = true;
        dry.resources_discovered = 7;
        assert_eq!(
            written(false, |output| write(&[task("failed"), dry], true, output)),
            "TASK                           STATUS               STARTED               RESOURCES  CREATED  UPDATED  REMOVED  ERRORS\n\
             aws-discovery-20250118-123045  failed               2025-01-18T12:30:45Z          0        0        0        0       0\n\
             aws-discovery-20250118-123045  completed (dry run)  2025-01-18T12:30:45Z          7        0        0        0       0\n\
             2 discoveries; there are more, --all shows them\n"
        );
    }
}
