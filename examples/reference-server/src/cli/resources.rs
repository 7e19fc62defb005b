//! `resources`: a list.

use std::io;

use dharmagraph_cmdb::Resource;

use super::arguments::ResourcesQuery;
use super::failure::{Exit, Failure};
use super::inventory::{Inventory, Pages};
use super::output::{Output, Rows, counted, status, text};

/// Writes the resources that fit, page by page; a table when all are there.
pub(crate) async fn run(inventory: &dyn Inventory, query: &ResourcesQuery, output: &mut Output<'_>) -> Result<Exit, Failure> {
    let filter = query.filter.filter();
    let mut pages = Pages::of(query.paging.wanted());
    let mut list = List::default();
    while let Some(page) = pages.next() {
        let page = inventory.resources(&filter, &page, query.as_of).await?;
        list.total = page.total;
        pages.came(page.resources.len(), page.next_cursor.clone());
        list.add(page.resources, output)?;
        list.next_cursor = page.next_cursor;
    }
    list.end(output)?;
    Ok(Exit::Done)
}

/// What was read so far.
#[derive(Debug, Default)]
struct List {
    table: Option<Rows>,
    shown: u64,
    total: u64,
    next_cursor: Option<String>,
}

impl List {
    /// Takes a page; in JSON each resource is a line of the one document and is written at once.
    fn add(&mut self, resources: Vec<Resource>, output: &mut Output<'_>) -> io::Result<()> {
        for resource in resources {
            if output.is_json() {
                output.bytes(if self.shown == 0 { b"{\"resources\": [\n" } else { b",\n" })?;
                output.compact_json(&resource)?;
            } else {
                self.table.get_or_insert_with(|| Rows::under(&["ID", "NAME", "TYPE", "STATUS", "REGION"])).push(vec![
                    text(resource.id.as_str()),
                    text(resource.name.as_deref().unwrap_or("-")),
                    text(resource.resource_type.as_str()),
                    status(resource.status.as_ref()),
                    text(&resource.region),
                ]);
            }
            self.shown += 1;
        }
        Ok(())
    }

    fn end(self, output: &mut Output<'_>) -> io::Result<()> {
        if output.is_json() {
            output.bytes(if self.shown == 0 { b"{\"resources\": [" } else { b"\n" })?;
            output.bytes(format!("], \"total\": {}, \"next_cursor\": ", self.total).as_bytes())?;
            output.compact_json(&self.next_cursor)?;
            return output.line("}");
        }
        if let Some(table) = self.table {
            output.rows(table)?;
        }
        let total = counted(self.total, "resource", "resources");
        match self.shown < self.total {
            true => output.line(&format!("{} of {total}; --all shows the rest", self.shown)),
            false => output.line(&total),
        }
    }
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::{Provider, ResourcePage, ResourceType, Status};

    use super::*;
    use crate::cli::output::tests::written;

    fn machine(id: &str, name: Option<&str>) -> Resource {
        let mut machine = Resource::new(id, Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "us-east-1");
        machine.name = name.map(str::to_owned);
        machine.status = Some(Status::RUNNING);
        machine
    }

    fn shown(json: bool, total: u64, resources: Vec<Resource>) -> String {
        written(json, |output| {
            let mut list = List { total, ..List::default() };
            list.add(resources, output)?;
            list.end(output)
        })
    }

    #[test]
    fn a_list_is_a_table_with_its_total() {
        let table = shown(false, 3, vec![machine("i-1", Some("web \u{1b}[2J")), machine("i-2", None)]);
        assert_eq!(
            table,
            "ID   NAME            TYPE     STATUS   REGION\n\
             i-1  web \\u{1b}[2J  COMPUTE  RUNNING  us-east-1\n\
             i-2  -               COMPUTE  RUNNING  us-east-1\n\
             2 of 3 resources; --all shows the rest\n"
        );
    }

    #[test]
    fn an_empty_list_says_so() {
        assert_eq!(shown(false, 0, Vec::new()), "0 resources\n");
        let page: ResourcePage = serde_json::from_str(&shown(true, 0, Vec::new())).unwrap();
        assert_eq!(page, ResourcePage::default());
    }

    #[test]
    fn json_is_one_page_whatever_the_names_hold() {
        let resources = vec![machine("i-1", Some("\u{9b}31m\"\n")), machine("i-2", None)];
        let json = shown(true, 2, resources.clone());
        assert!(!json.contains('\u{9b}'));
        assert_eq!(serde_json::from_str::<ResourcePage>(&json).unwrap(), ResourcePage { resources, total: 2, next_cursor: None });
    }
}
