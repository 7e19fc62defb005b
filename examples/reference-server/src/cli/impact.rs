//! `impact`: who would feel it if a resource failed.

use std::io;

use dharmagraph_cmdb::Impact;

use super::arguments::ImpactQuery;
use super::failure::{Exit, Failure};
use super::inventory::Inventory;
use super::output::{Output, Rows, counted, number, text};
use super::screen::printable;

/// Writes who would feel it, nearest first.
pub(crate) async fn run(inventory: &dyn Inventory, query: &ImpactQuery, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let impact = inventory.impact(&query.id, &query.request(), query.as_of).await?;
    if output.is_json() {
        output.json(&impact)?;
    } else {
        write(&impact, output)?;
    }
    Ok(Exit::Done)
}

fn write(impact: &Impact, output: &mut Output<'_>) -> io::Result<()> {
    let mut rows = Rows::under(&["DISTANCE", "ID", "NAME", "TYPE", "VIA"]);
    for impacted in &impact.impacted {
        let via: Vec<&str> = impacted.via.iter().map(|kind| kind.as_str()).collect();
        rows.push(vec![
            number(u64::from(impacted.distance)),
            text(impacted.resource.id.as_str()),
            text(impacted.resource.name.as_deref().unwrap_or("-")),
            text(impacted.resource.resource_type.as_str()),
            text(&via.join(" > ")),
        ]);
    }
    output.rows(rows)?;
    let who = counted(impact.impacted.len() as u64, "resource", "resources");
    let more = if impact.truncated { ", and more; --max-nodes lets the list grow" } else { "" };
    output.line(&format!("{who} would feel a failure of {}{more}", printable(impact.resource_id.as_str())))
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::{Impacted, RelationshipKind, ResourceId, ResourceSummary, ResourceType};

    use super::*;
    use crate::cli::output::tests::written;

    #[test]
    fn the_impacted_are_listed_with_the_way_it_reaches_them() {
        let id = ResourceId::new("i-1");
        let resource = ResourceSummary { id, resource_type: ResourceType::COMPUTE, name: Some("web".into()) };
        let via = vec![RelationshipKind::BELONGS_TO_SUBNET, RelationshipKind::BELONGS_TO_VPC];
        let impacted = vec![Impacted { resource, distance: 2, via }];
        let impact = Impact { resource_id: ResourceId::new("vpc-1"), impacted, truncated: true };
        assert_eq!(
            written(false, |output| write(&impact, output)),
            "DISTANCE  ID   NAME  TYPE     VIA\n\
             \x20      2  i-1  web   COMPUTE  BELONGS_TO_SUBNET > BELONGS_TO_VPC\n\
             1 resource would feel a failure of vpc-1, and more; --max-nodes lets the list grow\n"
        );
    }
}
