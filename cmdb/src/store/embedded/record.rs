//! A resource as one scope reports it, packed.

use super::bytes::{Reader, put_number, put_text};
use super::facts;
use super::strings::{Interner, Strings, Symbol};
use crate::model::{ContentHash, Provider, Resource, ResourceId, ResourceType, Status};

/// A resource without its id, in about a tenth of the memory of a [`Resource`].
#[derive(Debug)]
pub(super) struct Record {
    pub(super) hash: ContentHash,
    pub(super) name: Option<Box<str>>,
    pub(super) provider: Symbol,
    pub(super) resource_type: Symbol,
    pub(super) native_type: Symbol,
    pub(super) status: Option<Symbol>,
    pub(super) account: Symbol,
    pub(super) region: Symbol,
    pub(super) zone: Option<Symbol>,
    pub(super) facts: Box<[u8]>,
}

impl Record {
    pub(super) fn pack(resource: &Resource, hash: ContentHash, interner: &mut Interner<'_>) -> Self {
        Self {
            hash,
            name: resource.name.as_deref().map(Into::into),
            provider: interner.intern(resource.provider.as_str()),
            resource_type: interner.intern(resource.resource_type.as_str()),
            native_type: interner.intern(&resource.native_type),
            status: resource.status.as_ref().map(|status| interner.intern(status.as_str())),
            account: interner.intern(&resource.account),
            region: interner.intern(&resource.region),
            zone: resource.availability_zone.as_deref().map(|zone| interner.intern(zone)),
            facts: facts::pack(&resource.tags, &resource.metadata, interner),
        }
    }

    /// The resource, without its times; `None` where the stored bytes are damaged.
    pub(super) fn unpack(&self, id: ResourceId, strings: &Strings) -> Option<Resource> {
        let (tags, metadata) = facts::unpack(&self.facts, strings)?;
        let text = |symbol: Symbol| strings.text(symbol).to_owned();
        Some(Resource {
            id,
            name: self.name.as_deref().map(Into::into),
            provider: Provider::known_or_new(strings.text(self.provider)),
            resource_type: ResourceType::known_or_new(strings.text(self.resource_type)),
            native_type: text(self.native_type),
            status: self.status.map(|status| Status::known_or_new(strings.text(status))),
            account: text(self.account),
            region: text(self.region),
            availability_zone: self.zone.map(text),
            tags,
            metadata,
            first_discovered: None,
            last_discovered: None,
            content_hash: Some(self.hash),
        })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.hash.as_bytes());
        // Optional texts and symbols are stored one up, so that 0 says "none".
        match &self.name {
            None => out.push(0),
            Some(name) => {
                out.push(1);
                put_text(out, name);
            }
        }
        for symbol in [self.provider, self.resource_type, self.native_type, self.account, self.region] {
            put_number(out, symbol.0.into());
        }
        for symbol in [self.status, self.zone] {
            put_number(out, symbol.map_or(0, |symbol| u64::from(symbol.0) + 1));
        }
        put_number(out, self.facts.len() as u64);
        out.extend_from_slice(&self.facts);
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let hash = ContentHash::from_bytes(reader.take(16)?.try_into().ok()?);
        let name = if reader.byte()? == 0 { None } else { Some(reader.text()?.into()) };
        let mut symbol = || reader.small().map(Symbol);
        let (provider, resource_type, native_type) = (symbol()?, symbol()?, symbol()?);
        let (account, region) = (symbol()?, symbol()?);
        let mut optional = || reader.small().map(|number| number.checked_sub(1).map(Symbol));
        let (status, zone) = (optional()?, optional()?);
        let length = reader.number()?.try_into().ok()?;
        let facts = reader.take(length)?.into();
        Some(Self { hash, name, provider, resource_type, native_type, status, account, region, zone, facts })
    }
}
