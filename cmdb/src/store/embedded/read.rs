//! Answers about single resources, lists and counts.

use super::facts;
use super::graph::Graph;
use super::record::Record;
use super::strings::{Strings, Symbol};
use crate::error::{Error, Result};
use crate::model::{Filter, PageRequest, Resource, ResourceId, ResourcePage, ResourceSummary, ResourceType, Statistics};
use crate::store::cursor::{Start, page_start, write_cursor};

/// A graph that can be read: the present one, or one as it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) graph: &'a Graph,
    pub(super) strings: &'a Strings,
    /// Whether this is the present; the past has no `last_discovered`.
    pub(super) present: bool,
}

pub(super) fn damaged(id: &ResourceId) -> Error {
    Error::backend("embedded", "read a resource", format!("the stored bytes of `{id}` are damaged"))
}

impl<'a> Reading<'a> {
    pub(super) fn get(&self, id: &ResourceId) -> Result<Option<Resource>> {
        match self.graph.find(id.as_str()) {
            Some(number) if self.graph.is_present(number) => self.resource(number).map(Some),
            _ => Ok(None),
        }
    }

    /// The number of a resource that must be there.
    pub(super) fn require(&self, id: &ResourceId) -> Result<u32> {
        let found = self.graph.find(id.as_str()).filter(|number| self.graph.is_present(*number));
        found.ok_or_else(|| Error::NotFound { what: "resource", id: id.to_string() })
    }

    pub(super) fn resource(&self, number: u32) -> Result<Resource> {
        let node = &self.graph.nodes[number as usize];
        let claim = node.shown.as_ref().ok_or_else(|| damaged(&node.id))?;
        let mut resource = claim.record.unpack(node.id.clone(), self.strings).ok_or_else(|| damaged(&node.id))?;
        resource.first_discovered = Some(node.first);
        if self.present {
            resource.last_discovered = self.graph.last_completed(number, claim);
        }
        Ok(resource)
    }

    pub(super) fn summary(&self, number: u32) -> Option<ResourceSummary> {
        let node = self.graph.node(number)?;
        let record = &node.shown.as_ref()?.record;
        Some(ResourceSummary {
            id: node.id.clone(),
            resource_type: ResourceType::known_or_new(self.strings.text(record.resource_type)),
            name: record.name.as_deref().map(Into::into),
        })
    }

    pub(super) fn resolve(&self, reference: &str) -> Result<ResourceId> {
        if let Some(number) = self.graph.find(reference).filter(|number| self.graph.is_present(*number)) {
            return Ok(self.graph.id(number).clone());
        }
        match self.graph.named(reference).as_slice() {
            [] => Err(Error::NotFound { what: "resource", id: reference.to_owned() }),
            [only] => Ok(self.graph.id(*only).clone()),
            many => {
                let candidates = many.iter().take(20).map(|number| self.graph.id(*number).to_string()).collect();
                Err(Error::Conflict { reference: reference.to_owned(), candidates })
            }
        }
    }

    pub(super) fn list(&self, filter: &Filter, page: &PageRequest) -> Result<ResourcePage> {
        let start = page_start::<ResourceId>(page)?;
        let order = &self.graph.order;
        let id = |number: u32| self.graph.id(number);
        let (total, numbers) = match self.matching(filter) {
            None => {
                let sorted = order.sorted();
                let from = match &start {
                    Start::Offset(items) => usize::try_from(*items).unwrap_or(usize::MAX).min(sorted.len()),
                    Start::After(last) => order.position_after(last.as_str(), id),
                };
                (sorted.len(), sorted[from..].iter().take(page.limit + 1).copied().collect())
            }
            Some(mut ranks) => {
                let total = ranks.len();
                let skip = match &start {
                    Start::Offset(items) => usize::try_from(*items).unwrap_or(usize::MAX).min(total),
                    Start::After(last) => {
                        let from = u32::try_from(order.position_after(last.as_str(), id)).unwrap_or(u32::MAX);
                        ranks.retain(|rank| *rank >= from);
                        0
                    }
                };
                let wanted = skip.saturating_add(page.limit + 1).min(ranks.len());
                if wanted < ranks.len() {
                    ranks.select_nth_unstable(wanted);
                    ranks.truncate(wanted);
                }
                ranks.sort_unstable();
                (total, ranks[skip..].iter().map(|rank| order.sorted()[*rank as usize]).collect::<Vec<_>>())
            }
        };
        let more = numbers.len() > page.limit;
        let resources: Vec<_> =
            numbers.into_iter().take(page.limit).map(|number| self.resource(number)).collect::<Result<_>>()?;
        let next_cursor = resources.last().filter(|_| more).map(|last| write_cursor(&last.id));
        Ok(ResourcePage { resources, total: total as u64, next_cursor })
    }

    /// The ranks of the nodes that fit, in no order; `None` where every node does.
    fn matching(&self, filter: &Filter) -> Option<Vec<u32>> {
        let selected = self.graph.postings.select(filter, self.strings);
        let ranks = self.graph.order.ranks(self.graph.nodes.len());
        let rank = |number: u32| ranks.get(number as usize).copied().filter(|rank| *rank != u32::MAX);
        let rest = Rest::new(filter, self.strings);
        match (selected, rest) {
            (None, None) => None,
            (Some(selected), None) => Some(selected.iter().filter_map(rank).collect()),
            (Some(selected), Some(rest)) => {
                Some(selected.iter().filter(|number| rest.fits(self.graph, *number)).filter_map(rank).collect())
            }
            (None, Some(rest)) => {
                let sorted = self.graph.order.sorted().iter();
                Some(sorted.copied().filter(|number| rest.fits(self.graph, *number)).filter_map(rank).collect())
            }
        }
    }

    pub(super) fn statistics(&self) -> Statistics {
        let (postings, strings) = (&self.graph.postings, self.strings);
        Statistics {
            total_resources: self.graph.order.sorted().len() as u64,
            by_provider: postings.by_provider(strings).collect(),
            by_type: postings.by_type(strings).collect(),
            by_status: postings.by_status(strings).collect(),
            by_region: postings.by_region(strings).collect(),
            total_relationships: self.graph.edge_counts.values().sum(),
            by_relationship: {
                let counts = self.graph.edge_counts.iter();
                counts.map(|(kind, count)| (strings.text(*kind).to_owned(), *count)).collect()
            },
        }
    }
}

/// The conditions of a filter that no bitmap answers.
struct Rest<'a> {
    name: Option<&'a str>,
    /// Each asked key's symbol; `None` where no resource has such a key.
    tags: Vec<(Option<Symbol>, &'a str)>,
    text: Option<String>,
    arn: Option<Symbol>,
}

impl<'a> Rest<'a> {
    fn new(filter: &'a Filter, strings: &Strings) -> Option<Self> {
        let tags: Vec<_> = filter.tags.iter().map(|(key, tag)| (strings.symbol(key), tag.as_str())).collect();
        let text = filter.text.as_deref().map(str::to_lowercase);
        let asked = filter.name.is_some() || !tags.is_empty() || text.is_some();
        asked.then(|| Self { name: filter.name.as_deref(), tags, text, arn: strings.symbol("arn") })
    }

    fn fits(&self, graph: &Graph, number: u32) -> bool {
        let Some(node) = graph.node(number) else { return false };
        let Some(claim) = &node.shown else { return false };
        let record = &claim.record;
        self.name.is_none_or(|name| record.name.as_deref() == Some(name))
            && self.tags.iter().all(|(key, tag)| facts::tags(&record.facts).any(|(k, t)| Some(k) == *key && t == *tag))
            && self.text.as_deref().is_none_or(|text| self.holds(&node.id, record, text))
    }

    fn holds(&self, id: &ResourceId, record: &Record, text: &str) -> bool {
        let arn = self.arn.and_then(|arn| facts::metadata_text(&record.facts, arn));
        let words = [Some(id.as_str()), record.name.as_deref(), arn];
        let mut words = words.into_iter().flatten().chain(facts::tags(&record.facts).map(|(_, tag)| tag));
        words.any(|word| word.to_lowercase().contains(text))
    }
}
