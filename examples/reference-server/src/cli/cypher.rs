//! `query`: an answer in Cypher.

use std::io;

use dharmagraph_cmdb::Table;
use serde_json::{Value, json};

use super::arguments::CypherQuery;
use super::failure::{Exit, Failure};
use super::inventory::Inventory;
use super::output::{Output, Rows, counted, note, text};
use super::screen::{printable, printable_document};

/// Writes the rows under their columns; after EXPLAIN or PROFILE the plan too.
pub(crate) async fn run(inventory: &dyn Inventory, query: &CypherQuery, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let cypher = if query.text == "-" { io::read_to_string(io::stdin().lock())? } else { query.text.clone() };
    let table = inventory.query(&cypher, query.parameters()).await?;
    if output.is_json() {
        write_json(table, output)?;
        return Ok(Exit::Done);
    }
    write(&table, output)?;
    output.flush()?;
    if table.plan.is_none() {
        note(&counted(table.rows.len() as u64, "row", "rows"));
    }
    Ok(Exit::Done)
}

fn write(table: &Table, output: &mut Output<'_>) -> io::Result<()> {
    let columns: Vec<_> = table.columns.iter().map(|column| printable(column)).collect();
    let mut rows = Rows::under(&columns.iter().map(AsRef::as_ref).collect::<Vec<_>>());
    for row in &table.rows {
        rows.push(row.iter().map(|value| text(&shown(value))).collect());
    }
    output.rows(rows)?;
    if let Some(plan) = &table.plan {
        if !table.rows.is_empty() {
            output.line("")?;
        }
        output.line(printable_document(&plan.text).trim_end())?;
    }
    Ok(())
}

fn write_json(table: Table, output: &mut Output<'_>) -> io::Result<()> {
    let mut answer = json!({"columns": table.columns});
    if let Some(plan) = &table.plan {
        answer["plan"] = plan.steps.clone();
    }
    answer["results"] = table.into_objects().map(Value::Object).collect();
    output.json(&answer)
}

/// A value in a cell: texts as they are, the rest as JSON.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::QueryPlan;

    use super::*;
    use crate::cli::output::tests::written;

    fn table() -> Table {
        let rows = vec![vec![json!("web"), json!(1)], vec![json!(null), json!([1, "a"])]];
        Table { columns: vec!["c.name".into(), "n".into()], rows, plan: None }
    }

    #[test]
    fn rows_stand_under_the_columns_as_they_were_written() {
        assert_eq!(written(false, |output| write(&table(), output)), "c.name  n\nweb     1\n-       [1,\"a\"]\n");
    }

    #[test]
    fn programs_get_columns_in_order_and_rows_by_name() {
        let text = written(true, |output| write_json(table(), output));
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            answer,
            json!({"columns": ["c.name", "n"], "results": [{"c.name": "web", "n": 1}, {"c.name": null, "n": [1, "a"]}]})
        );
    }

    #[test]
    fn a_plan_is_shown_as_text_and_a_name_in_it_cannot_steer_the_terminal() {
        let plan = Some(QueryPlan { steps: json!({}), text: "Scan \u{1b}[2J\n".into() });
        let explained = Table { plan, ..Table::default() };
        let text = written(false, |output| write(&explained, output));
        assert!(text.starts_with("Scan ") && !text.contains('\u{1b}'), "{text:?}");
    }
}
