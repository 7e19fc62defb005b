//! Who answers.

use async_trait::async_trait;
use dharmagraph_cmdb::sync::{DiscoveryRequest, Task, TaskPage};
use dharmagraph_cmdb::{
    AsOf, ChangeFilter, ChangePage, ExportRecord, Filter, Impact, ImpactRequest, Neighbor, PageRequest, PageStart, Resource,
    ResourcePage, Statistics, Subgraph, Table, TaskId, Traversal,
};
use futures_util::stream::BoxStream;
use serde_json::{Map, Value};

use super::failure::Failure;

/// The most that one page may hold.
const LARGEST_PAGE: u64 = 1000;

/// Resources, relationships, changes and discoveries, wherever they are kept.
///
/// A reference is what a person calls a resource: an id, an ARN or a name that only one has.
#[async_trait]
pub(crate) trait Inventory: Send + Sync {
    /// Begins a discovery.
    async fn discover(&self, request: DiscoveryRequest) -> Result<Task, Failure>;

    /// Takes up the discoveries that an earlier process left unfinished here; gives them. A server does that by itself.
    async fn resume(&self) -> Result<Vec<Task>, Failure> {
        Ok(Vec::new())
    }

    /// A discovery now and after each step. The stream may end before the discovery does; [`Inventory::task`] tells.
    async fn watch(&self, id: &TaskId) -> Result<BoxStream<'static, Result<Task, Failure>>, Failure>;

    /// Asks a discovery to stop.
    async fn cancel(&self, id: &TaskId) -> Result<Task, Failure>;

    /// One discovery.
    async fn task(&self, id: &TaskId) -> Result<Task, Failure>;

    /// Discoveries, newest first.
    async fn tasks(&self, page: &PageRequest) -> Result<TaskPage, Failure>;

    /// Resources that fit a filter, ordered by id.
    async fn resources(&self, filter: &Filter, page: &PageRequest, as_of: AsOf) -> Result<ResourcePage, Failure>;

    /// One resource.
    async fn resource(&self, reference: &str, as_of: AsOf) -> Result<Resource, Failure>;

    /// What a resource is tied to.
    async fn relationships(&self, reference: &str, as_of: AsOf) -> Result<Vec<Neighbor>, Failure>;

    /// The graph around a resource.
    async fn graph(&self, reference: &str, walk: &Traversal, as_of: AsOf) -> Result<Subgraph, Failure>;

    /// Who would feel it if a resource failed.
    async fn impact(&self, reference: &str, request: &ImpactRequest, as_of: AsOf) -> Result<Impact, Failure>;

    /// Changes, oldest first.
    async fn changes(&self, filter: &ChangeFilter, page: &PageRequest) -> Result<ChangePage, Failure>;

    /// Counts.
    async fn statistics(&self, as_of: AsOf) -> Result<Statistics, Failure>;

    /// The answer to a Cypher query.
    async fn query(&self, cypher: &str, parameters: Map<String, Value>) -> Result<Table, Failure>;

    /// Everything, history included.
    fn export(&self) -> Result<BoxStream<'static, Result<ExportRecord, Failure>>, Failure>;

    /// Lets go of what this process holds. Discoveries that still run in this process stop and can be resumed.
    async fn close(&self) {}
}

/// The pages through which a list of `wanted` items is read.
#[derive(Debug)]
pub(crate) struct Pages {
    missing: u64,
    start: PageStart,
    ended: bool,
}

impl Pages {
    /// From the first item on.
    pub(crate) const fn of(wanted: u64) -> Self {
        Self { missing: wanted, start: PageStart::First, ended: false }
    }

    /// The next page to ask for; nothing where the list or the wish is at its end.
    pub(crate) fn next(&self) -> Option<PageRequest> {
        if self.ended || self.missing == 0 {
            return None;
        }
        let limit = usize::try_from(self.missing.min(LARGEST_PAGE)).unwrap_or(1);
        Some(PageRequest { limit, start: self.start.clone() })
    }

    /// Takes note of the page that came.
    pub(crate) fn came(&mut self, items: usize, next_cursor: Option<String>) {
        self.missing = self.missing.saturating_sub(items as u64);
        match next_cursor {
            Some(cursor) => self.start = PageStart::Cursor(cursor),
            None => self.ended = true,
        }
    }

    /// Whether the list has more than was read.
    pub(crate) const fn has_more(&self) -> bool {
        !self.ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_read_in_the_largest_pages_and_to_the_wish_exactly() {
        let mut pages = Pages::of(1500);
        assert_eq!(pages.next().unwrap(), PageRequest { limit: 1000, start: PageStart::First });
        pages.came(1000, Some("c".into()));
        assert_eq!(pages.next().unwrap(), PageRequest { limit: 500, start: PageStart::Cursor("c".into()) });
        pages.came(500, Some("d".into()));
        assert_eq!(pages.next(), None);
        assert!(pages.has_more());
    }

    #[test]
    fn the_list_ends_where_no_cursor_comes() {
        let mut pages = Pages::of(u64::MAX);
        pages.came(7, None);
        assert_eq!(pages.next(), None);
        assert!(!pages.has_more());
    }
}
