//! Which nodes have which value: one bitmap for each value of a field.

use hashbrown::HashMap;
use roaring::RoaringBitmap;

use super::record::Record;
use super::strings::{Strings, Symbol};
use crate::model::Filter;

const PROVIDER: usize = 0;
const RESOURCE_TYPE: usize = 1;
const NATIVE_TYPE: usize = 2;
const STATUS: usize = 3;
const REGION: usize = 4;
const ACCOUNT: usize = 5;

/// Bitmaps over the fields that a [`Filter`] asks for most.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings {
    fields: [HashMap<Symbol, RoaringBitmap>; 6],
}

impl Postings {
    fn values(record: &Record) -> impl Iterator<Item = (usize, Symbol)> {
        let always = [
            (PROVIDER, record.provider),
            (RESOURCE_TYPE, record.resource_type),
            (NATIVE_TYPE, record.native_type),
            (REGION, record.region),
            (ACCOUNT, record.account),
        ];
        always.into_iter().chain(record.status.map(|status| (STATUS, status)))
    }

    pub(super) fn add(&mut self, node: u32, record: &Record) {
        for (field, value) in Self::values(record) {
            self.fields[field].entry(value).or_default().insert(node);
        }
    }

    pub(super) fn remove(&mut self, node: u32, record: &Record) {
        for (field, value) in Self::values(record) {
            if let Some(nodes) = self.fields[field].get_mut(&value) {
                nodes.remove(node);
                if nodes.is_empty() {
                    self.fields[field].remove(&value);
                }
            }
        }
    }

    /// The nodes that fit the filter's fields; `None` where it asks for none of them.
    pub(super) fn select(&self, filter: &Filter, strings: &Strings) -> Option<RoaringBitmap> {
        let asked = [
            (PROVIDER, filter.provider.as_ref().map(crate::model::Provider::as_str)),
            (RESOURCE_TYPE, filter.resource_type.as_ref().map(crate::model::ResourceType::as_str)),
            (NATIVE_TYPE, filter.native_type.as_deref()),
            (STATUS, filter.status.as_ref().map(crate::model::Status::as_str)),
            (REGION, filter.region.as_deref()),
            (ACCOUNT, filter.account.as_deref()),
        ];
        let mut bitmaps = Vec::new();
        for (field, text) in asked {
            let Some(text) = text else { continue };
            match strings.symbol(text).and_then(|value| self.fields[field].get(&value)) {
                Some(nodes) => bitmaps.push(nodes),
                None => return Some(RoaringBitmap::new()),
            }
        }
        bitmaps.sort_unstable_by_key(|nodes| nodes.len());
        let mut bitmaps = bitmaps.into_iter();
        let mut selected = bitmaps.next()?.clone();
        bitmaps.for_each(|nodes| selected &= nodes);
        Some(selected)
    }

    fn counts<'a>(&'a self, field: usize, strings: &'a Strings) -> impl Iterator<Item = (String, u64)> + 'a {
        self.fields[field].iter().map(|(value, nodes)| (strings.text(*value).to_owned(), nodes.len()))
    }

    pub(super) fn by_provider<'a>(&'a self, strings: &'a Strings) -> impl Iterator<Item = (String, u64)> + 'a {
        self.counts(PROVIDER, strings)
    }

    pub(super) fn by_type<'a>(&'a self, strings: &'a Strings) -> impl Iterator<Item = (String, u64)> + 'a {
        self.counts(RESOURCE_TYPE, strings)
    }

    pub(super) fn by_status<'a>(&'a self, strings: &'a Strings) -> impl Iterator<Item = (String, u64)> + 'a {
        self.counts(STATUS, strings)
    }

    pub(super) fn by_region<'a>(&'a self, strings: &'a Strings) -> impl Iterator<Item = (String, u64)> + 'a {
        self.counts(REGION, strings)
    }
}
