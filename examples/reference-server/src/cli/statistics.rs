//! `stats`: counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;

use dharmagraph_cmdb::{AsOf, Statistics};

use super::failure::{Exit, Failure};
use super::inventory::Inventory;
use super::output::{Output, Rows, counted, number, text};

/// Writes the counts, largest first.
pub(crate) async fn run(inventory: &dyn Inventory, as_of: AsOf, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let statistics = inventory.statistics(as_of).await?;
    if output.is_json() {
        output.json(&statistics)?;
    } else {
        write(&statistics, output)?;
    }
    Ok(Exit::Done)
}

fn write(statistics: &Statistics, output: &mut Output<'_>) -> io::Result<()> {
    let resources = counted(statistics.total_resources, "resource", "resources");
    let relationships = counted(statistics.total_relationships, "relationship", "relationships");
    output.line(&format!("{resources}, {relationships}"))?;
    section("PROVIDER", &statistics.by_provider, output)?;
    section("TYPE", &statistics.by_type, output)?;
    section("STATUS", &statistics.by_status, output)?;
    section("REGION", &statistics.by_region, output)?;
    section("RELATIONSHIP", &statistics.by_relationship, output)
}

fn section(title: &str, counts: &BTreeMap<String, u64>, output: &mut Output<'_>) -> io::Result<()> {
    if counts.is_empty() {
        return Ok(());
    }
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(**count));
    let mut rows = Rows::under(&[title, "COUNT"]);
    for (name, count) in counts {
        rows.push(vec![text(name), number(*count)]);
    }
    output.line("")?;
    output.rows(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::output::tests::written;

    #[test]
    fn counts_stand_largest_first_and_empty_ones_are_left_out() {
        let by_type = [("COMPUTE", 2), ("NETWORK", 40), ("STORAGE", 2)].map(|(name, count)| (name.to_owned(), count));
        let statistics = Statistics { total_resources: 44, by_type: by_type.into(), ..Statistics::default() };
        assert_eq!(
            written(false, |output| write(&statistics, output)),
            "44 resources, 0 relationships\n\nTYPE     COUNT\nNETWORK     40\nCOMPUTE      2\nSTORAGE      2\n"
        );
    }
}
