//! A resource's properties as Cypher sees them.

use std::collections::BTreeMap;
use std::sync::Arc;

use dharmagraph_cypher::{Symbol, Value};

use super::super::facts::{self, Fact};
use super::super::graph::Node;
use super::super::postings::Field;
use super::super::record::Record;
use super::super::strings::{self, Strings};

/// A property that every resource has, or may have, whatever its provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fixed {
    Id,
    Name,
    NativeType,
    Provider,
    ResourceType,
    Status,
    Account,
    Region,
    AvailabilityZone,
    Tags,
    Metadata,
    FirstDiscovered,
    ContentHash,
}

const FIXED: [(Fixed, &str); 13] = [
    (Fixed::Id, "id"),
    (Fixed::Name, "name"),
    (Fixed::NativeType, "native_type"),
    (Fixed::Provider, "provider"),
    (Fixed::ResourceType, "resource_type"),
    (Fixed::Status, "status"),
    (Fixed::Account, "account"),
    (Fixed::Region, "region"),
    (Fixed::AvailabilityZone, "availability_zone"),
    (Fixed::Tags, "tags"),
    (Fixed::Metadata, "metadata"),
    (Fixed::FirstDiscovered, "first_discovered"),
    (Fixed::ContentHash, "content_hash"),
];

/// What a tag's property begins with; the tag's key follows as it is.
const TAG: &str = "tag_";
/// Symbols from here on stand for tags: this, and the symbol of the tag's key.
const FIRST_TAG: u32 = 1 << 31;
/// Symbols from here to [`FIRST_TAG`] stand for the fixed properties, and then for the label that all resources have.
const FIRST_FIXED: u32 = FIRST_TAG - 64;

/// The label that every resource has.
pub(super) const RESOURCE: Symbol = Symbol(FIRST_TAG - 1);
/// Its text.
const RESOURCE_LABEL: &str = "Resource";

/// A key that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Fixed(Fixed),
    Tag(strings::Symbol),
    Metadata(strings::Symbol),
}

impl Key {
    pub(super) fn of(symbol: Symbol) -> Self {
        if let Some(tag) = symbol.0.checked_sub(FIRST_TAG) {
            return Self::Tag(strings::Symbol(tag));
        }
        let fixed = symbol.0.checked_sub(FIRST_FIXED).and_then(|place| FIXED.get(place as usize));
        fixed.map_or(Self::Metadata(strings::Symbol(symbol.0)), |(fixed, _)| Self::Fixed(*fixed))
    }

    /// The field whose postings find resources by this key.
    pub(super) const fn field(self) -> Option<Field> {
        match self {
            Self::Fixed(Fixed::Provider) => Some(Field::Provider),
            Self::Fixed(Fixed::ResourceType) => Some(Field::ResourceType),
            Self::Fixed(Fixed::NativeType) => Some(Field::NativeType),
            Self::Fixed(Fixed::Status) => Some(Field::Status),
            Self::Fixed(Fixed::Region) => Some(Field::Region),
            Self::Fixed(Fixed::Account) => Some(Field::Account),
            _ => None,
        }
    }
}

/// The symbol of a label, type or key. Fixed keys are lower case, labels and types upper case: they never meet.
pub(super) fn symbol(text: &str, strings: &Strings) -> Option<Symbol> {
    if text == RESOURCE_LABEL {
        return Some(RESOURCE);
    }
    if let Some(place) = FIXED.iter().position(|(_, name)| *name == text) {
        return u32::try_from(place).ok().map(|place| Symbol(FIRST_FIXED + place));
    }
    if let Some(tag) = text.strip_prefix(TAG).and_then(|tag| strings.symbol(tag)) {
        return Some(Symbol(FIRST_TAG | tag.0));
    }
    is_fact(text).then(|| strings.symbol(text)).flatten().map(|symbol| Symbol(symbol.0))
}

/// Whether the metadata may have a property of this name: what a store fills in or a tag says is not feigned by a fact.
fn is_fact(key: &str) -> bool {
    !key.is_empty() && !key.starts_with(TAG) && key != "last_discovered"
}

/// The text of a symbol.
pub(super) fn text(symbol: Symbol, strings: &Strings) -> Arc<str> {
    if symbol == RESOURCE {
        return RESOURCE_LABEL.into();
    }
    match Key::of(symbol) {
        Key::Tag(tag) => format!("{TAG}{}", strings.text(tag)).into(),
        Key::Metadata(key) => strings.shared(key),
        Key::Fixed(fixed) => FIXED.iter().find(|(other, _)| *other == fixed).map_or("", |(_, name)| name).into(),
    }
}

/// One property of a resource.
pub(super) fn property(node: &Node, record: &Record, key: Key, strings: &Strings) -> Value {
    let shared = |symbol| Value::String(strings.shared(symbol));
    let found = match key {
        Key::Fixed(Fixed::Id) => Some(Value::String(node.id.shared())),
        Key::Fixed(Fixed::Name) => record.name.as_deref().map(|name| Value::String(name.into())),
        Key::Fixed(Fixed::NativeType) => Some(shared(record.native_type)),
        Key::Fixed(Fixed::Provider) => Some(shared(record.provider)),
        Key::Fixed(Fixed::ResourceType) => Some(shared(record.resource_type)),
        Key::Fixed(Fixed::Status) => record.status.map(shared),
        Key::Fixed(Fixed::Account) => Some(shared(record.account)),
        Key::Fixed(Fixed::Region) => Some(shared(record.region)),
        Key::Fixed(Fixed::AvailabilityZone) => record.zone.map(shared),
        Key::Fixed(Fixed::Tags) => facts::unpack(&record.facts, strings).map(|(tags, _)| json_text(&tags)),
        Key::Fixed(Fixed::Metadata) => facts::unpack(&record.facts, strings).map(|(_, metadata)| json_text(&metadata)),
        Key::Fixed(Fixed::FirstDiscovered) => Some(Value::String(node.first.to_string().into())),
        Key::Fixed(Fixed::ContentHash) => Some(Value::String(record.hash.to_string().into())),
        Key::Tag(tag) => facts::tags(&record.facts).find(|(key, _)| *key == tag).map(|(_, text)| Value::String(text.into())),
        Key::Metadata(key) => facts::metadata(&record.facts).find(|(found, _)| *found == key).and_then(|(_, fact)| value(fact?)),
    };
    found.unwrap_or_default()
}

/// All properties of a resource; those that are null are left out.
pub(super) fn properties(node: &Node, record: &Record, strings: &Strings) -> BTreeMap<Arc<str>, Value> {
    let mut properties = BTreeMap::new();
    for (key, fact) in facts::metadata(&record.facts) {
        if let Some(value) = fact.and_then(value)
            && is_fact(strings.text(key))
        {
            properties.insert(strings.shared(key), value);
        }
    }
    for (key, text) in facts::tags(&record.facts) {
        properties.insert(format!("{TAG}{}", strings.text(key)).into(), Value::String(text.into()));
    }
    for (fixed, name) in FIXED {
        match property(node, record, Key::Fixed(fixed), strings) {
            Value::Null => drop(properties.remove(name)),
            value => drop(properties.insert(name.into(), value)),
        }
    }
    properties
}

fn json_text(value: &impl serde::Serialize) -> Value {
    serde_json::to_string(value).map_or(Value::Null, |text| Value::String(text.into()))
}

/// A fact as a property: a boolean, number or text, or a list of one kind of these. Neo4j can keep no other; the others are
/// found in the JSON text `metadata`, on both stores alike.
fn value(fact: Fact<'_>) -> Option<Value> {
    match fact {
        Fact::List(count, reader) => {
            let items: Vec<_> = Fact::items(count, reader).map_while(single).collect();
            let whole = items.len() as u64 == count;
            let alike = items.windows(2).all(|pair| std::mem::discriminant(&pair[0]) == std::mem::discriminant(&pair[1]));
            (whole && alike).then(|| Value::List(Arc::new(items)))
        }
        fact => single(fact),
    }
}

fn single(fact: Fact<'_>) -> Option<Value> {
    match fact {
        Fact::Boolean(boolean) => Some(Value::Boolean(boolean)),
        Fact::Signed(number) => Some(Value::Integer(number)),
        Fact::Float(number) => Some(Value::Float(number)),
        Fact::Text(text) => Some(Value::String(text.into())),
        Fact::Null | Fact::Unsigned | Fact::List(..) | Fact::Map => None,
    }
}
