//! Which nodes have which value: one bitmap for each value of a field.

use hashbrown::HashMap;
use roaring::RoaringBitmap;

use super::record::Record;
use super::strings::{Strings, Symbol};
use crate::model::Filter;

/// A field of every record that has postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Provider,
    ResourceType,
    NativeType,
    Status,
    Region,
    Account,
}

/// Bitmaps over the fields that a [`Filter`] asks for most.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings {
    fields: [HashMap<Symbol, RoaringBitmap>; 6],
}

impl Postings {
    fn values(record: &Record) -> impl Iterator<Item = (Field, Symbol)> {
        let always = [
            (Field::Provider, record.provider),
            (Field::ResourceType, record.resource_type),
            (Field::NativeType, record.native_type),
            (Field::Region, record.region),
            (Field::Account, record.account),
        ];
        always.into_iter().chain(record.status.map(|status| (Field::Status, status)))
    }

    pub(super) fn add(&mut self, node: u32, record: &Record) {
        for (field, value) in Self::values(record) {
            self.fields[field as usize].entry(value).or_default().insert(node);
        }
    }

    pub(super) fn remove(&mut self, node: u32, record: &Record) {
        for (field, value) in Self::values(record) {
            if let Some(nodes) = self.fields[field as usize].get_mut(&value) {
                nodes.remove(node);
                if nodes.is_empty() {
                    self.fields[field as usize].remove(&value);
                }
            }
        }
    }

    /// The nodes that fit the filter's fields; `None` where it asks for none of them.
    pub(super) fn select(&self, filter: &Filter, strings: &Strings) -> Option<RoaringBitmap> {
        let asked = [
            (Field::Provider, filter.provider.as_ref().map(crate::model::Provider::as_str)),
            (Field::ResourceType, filter.resource_type.as_ref().map(crate::model::ResourceType::as_str)),
            (Field::NativeType, filter.native_type.as_deref()),
            (Field::Status, filter.status.as_ref().map(crate::model::Status::as_str)),
            (Field::Region, filter.region.as_deref()),
            (Field::Account, filter.account.as_deref()),
        ];
        let mut bitmaps = Vec::new();
        for (field, text) in asked {
            let Some(text) = text else { continue };
            match strings.symbol(text).and_then(|value| self.fields[field as usize].get(&value)) {
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

    /// The nodes with a value of a field.
    pub(super) fn nodes(&self, field: Field, value: Symbol) -> Option<&RoaringBitmap> {
        self.fields[field as usize].get(&value)
    }

    /// Every value of a field with its nodes.
    pub(super) fn values_of(&self, field: Field) -> impl Iterator<Item = (Symbol, &RoaringBitmap)> {
        self.fields[field as usize].iter().map(|(value, nodes)| (*value, nodes))
    }

    fn counts<'a>(&'a self, field: Field, strings: &'a Strings) -> impl Iterator<Item = (String, u64)> + 'a {
        self.fields[field as usize].iter().map(|(value, nodes)| (strings.text(*value).to_owned(), nodes.len()))
    }

    pub(super) fn by_provider<'a>(&'a self, strings: &'a Strings) -> impl Iterator<Item = (String, u64)> + 'a {
        self.counts(Field::Provider, strings)
    }

    pub(super) fn by_type<'a>(&'a self, strings: &'a Strings) -> impl Iterator<Item = (String, u64)> + 'a {
        self.counts(Field::ResourceType, strings)
    }

    pub(super) fn by_status<'a>(&'a self, strings: &'a Strings) -> impl Iterator<Item = (String, u64)> + 'a {
        self.counts(Field::Status, strings)
    }

    pub(super) fn by_region<'a>(&'a self, strings: &'a Strings) -> impl Iterator<Item = (String, u64)> + 'a {
        self.counts(Field::Region, strings)
    }
}
