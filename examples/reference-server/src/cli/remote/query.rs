//! Questions as URL parameters.

use dharmagraph_cmdb::{AsOf, ChangeFilter, Direction, Filter, PageRequest, PageStart, Traversal};
use reqwest::Url;

/// Parameters, in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    fn with(mut self, key: &str, value: Option<impl Into<String>>) -> Self {
        self.0.extend(value.map(|value| (key.to_owned(), value.into())));
        self
    }

    /// A number.
    pub(super) fn number(self, key: &str, number: u64) -> Self {
        self.with(key, Some(number.to_string()))
    }

    /// A time to look at.
    pub(super) fn seen_at(self, as_of: AsOf) -> Self {
        self.with("as_of", as_of.map(|time| time.to_string()))
    }

    /// A part of a list.
    pub(super) fn page(self, page: &PageRequest) -> Self {
        let query = self.number("limit", page.limit as u64);
        match &page.start {
            PageStart::First => query,
            PageStart::Offset(offset) => query.number("offset", *offset),
            PageStart::Cursor(cursor) => query.with("cursor", Some(cursor)),
        }
    }

    /// Which resources.
    pub(super) fn filter(self, filter: &Filter) -> Self {
        let Filter { provider, resource_type, native_type, status, region, account, name, tags, text } = filter;
        let query = self
            .with("provider", provider.as_ref().map(|provider| provider.as_str()))
            .with("resource_type", resource_type.as_ref().map(|resource_type| resource_type.as_str()))
            .with("native_type", native_type.as_deref())
            .with("status", status.as_ref().map(|status| status.as_str()))
            .with("region", region.as_deref())
            .with("account", account.as_deref())
            .with("name", name.as_deref())
            .with("q", text.as_deref());
        tags.iter().fold(query, |query, (key, value)| query.with(&format!("tag.{key}"), Some(value)))
    }

    /// How far to walk.
    pub(super) fn walk(self, walk: &Traversal) -> Self {
        let direction = match walk.direction {
            Direction::Incoming => "incoming",
            Direction::Outgoing => "outgoing",
            Direction::Both => "both",
        };
        let kinds: Vec<&str> = walk.kinds.iter().map(|kind| kind.as_str()).collect();
        self.number("depth", u64::from(walk.depth))
            .with("direction", Some(direction))
            .with("types", (!kinds.is_empty()).then(|| kinds.join(",")))
            .number("max_nodes", walk.max_nodes as u64)
    }

    /// Which changes.
    pub(super) fn changes(self, filter: &ChangeFilter) -> Self {
        self.with("from", filter.from.map(|time| time.to_string()))
            .with("to", filter.to.map(|time| time.to_string()))
            .with("task_id", filter.task_id.as_ref().map(|task| task.as_str()))
            .with("resource_type", filter.resource_type.as_ref().map(|resource_type| resource_type.as_str()))
    }

    /// Puts them into a URL, escaped.
    pub(super) fn add_to(self, url: &mut Url) {
        if !self.0.is_empty() {
            url.query_pairs_mut().extend_pairs(self.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::{RelationshipKind, ResourceType, Status};

    use super::*;

    fn text(query: Query) -> String {
        let mut url = Url::parse("http://a").unwrap();
        query.add_to(&mut url);
        url.query().unwrap_or_default().to_owned()
    }

    #[test]
    fn every_condition_has_its_parameter_and_is_escaped() {
        let filter = Filter {
            resource_type: Some(ResourceType::COMPUTE),
            status: Some(Status::RUNNING),
            tags: [("a b".into(), "c&d".into())].into(),
            text: Some("ü".into()),
            ..Filter::default()
        };
        assert_eq!(text(Query::default().filter(&filter)), "resource_type=COMPUTE&status=RUNNING&q=%C3%BC&tag.a+b=c%26d");
    }

    #[test]
    fn a_walk_names_its_kinds_in_one_list() {
        let kinds = vec![RelationshipKind::ROUTES_TO, RelationshipKind::RUNS_ON];
        let walk = Traversal { kinds, direction: Direction::Incoming, ..Traversal::default() };
        assert_eq!(text(Query::default().walk(&walk)), "depth=3&direction=incoming&types=ROUTES_TO%2CRUNS_ON&max_nodes=5000");
    }

    #[test]
    fn nothing_asked_is_no_query() {
        assert_eq!(text(Query::default().changes(&ChangeFilter::default())), "");
    }
}
