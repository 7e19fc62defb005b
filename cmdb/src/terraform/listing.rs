//! What a state tells, as resources and relationships.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::home::Home;
use super::kind::{self, Block, Kind, Tie};
use super::security_group::Rules;
use super::state::{Instance, State};
use super::surroundings::Surroundings;
use crate::aws_status::aws_status;
use crate::model::{Provider, Relationship, RelationshipKind, Resource, ResourceId};

/// Everything that one state tells, each resource and relationship once.
#[derive(Default)]
pub(super) struct Listing {
    pub resources: BTreeMap<ResourceId, Resource>,
    pub relationships: BTreeSet<Relationship>,
    /// Rules by the security group that they belong to, wherever in the state they stand.
    pub rules: BTreeMap<ResourceId, Rules>,
}

impl Listing {
    pub(super) fn of(state: &State) -> Self {
        let surroundings = Surroundings::of(state);
        let mut listing = Self::default();
        for instance in &state.instances {
            if let Some(kind) = kind::kind(&instance.terraform_type) {
                let Some(id) = kind.id_of(&instance.attributes()) else {
                    tracing::warn!(
                        address = instance.address,
                        "an instance in a Terraform state has no usable id and is skipped"
                    );
                    continue;
                };
                listing.add(instance, kind, &surroundings.block(instance, id));
            } else if let Some(link) = kind::link(&instance.terraform_type) {
                let block = surroundings.block(instance, "");
                listing.tie(link.ties, &block);
                if let Some(more) = link.more {
                    more(&block, &mut listing);
                }
            }
        }
        listing.settle_rules();
        listing
    }

    /// Adds a relationship.
    pub(super) fn relate(&mut self, source: &str, kind: RelationshipKind, target: &str) {
        self.relationships.insert(Relationship::new(ResourceId::new(source), kind, ResourceId::new(target)));
    }

    fn add(&mut self, instance: &Instance, kind: &'static Kind, block: &Block<'_>) {
        let surroundings = block.surroundings;
        let home = surroundings.home(instance);
        let mut resource = describe(kind, block, &home);
        resource.availability_zone = surroundings.zone(kind, block);
        if let Some(vpc) = surroundings.vpc(kind, block) {
            self.relate(block.id, RelationshipKind::BELONGS_TO_VPC, &vpc);
            resource.metadata.insert("vpc_id".to_owned(), vpc.into());
        }
        self.tie(kind.ties, block);
        if let Some(more) = kind.more {
            more(&mut resource, block, self);
        }
        match self.resources.entry(resource.id.clone()) {
            Entry::Vacant(entry) => drop(entry.insert(resource)),
            Entry::Occupied(entry) => complete(entry.into_mut(), resource),
        }
    }

    fn tie(&mut self, ties: &[Tie], block: &Block<'_>) {
        for tie in ties {
            let targets = block.ids(tie.target);
            for source in block.ids(tie.source) {
                for target in &targets {
                    self.relate(&source, tie.kind.clone(), target);
                }
            }
        }
    }

    /// Gives every group its rules, and every rule that names a group its relationship.
    fn settle_rules(&mut self) {
        for (group, rules) in std::mem::take(&mut self.rules) {
            for peer in rules.ingress.peers() {
                self.relate(group.as_str(), RelationshipKind::ALLOWS_TRAFFIC_FROM, peer);
            }
            for peer in rules.egress.peers() {
                self.relate(group.as_str(), RelationshipKind::ALLOWS_TRAFFIC_TO, peer);
            }
            if let Some(resource) = self.resources.get_mut(&group) {
                resource.metadata.insert("ingress_rules".to_owned(), rules.ingress.into_value());
                resource.metadata.insert("egress_rules".to_owned(), rules.egress.into_value());
            }
        }
    }
}

/// A resource with all that the tables say.
fn describe(kind: &Kind, block: &Block<'_>, home: &Home<'_>) -> Resource {
    let attributes = &block.attributes;
    let mut resource =
        Resource::new(block.id, Provider::AWS, kind.resource_type.clone(), kind.native_type, home.account(), home.region());
    let tags = ["tags_all", "tags"].into_iter().filter_map(|name| attributes.map(name)).find(|tags| !tags.is_empty());
    for (key, tag) in tags.into_iter().flatten() {
        if let Value::String(tag) = tag {
            resource.tags.insert(key.clone(), tag.clone());
        }
    }
    let tagged = resource.tags.get("Name").filter(|name| !name.is_empty()).map(String::as_str);
    resource.name = tagged.or_else(|| attributes.text(kind.name?)).map(str::to_owned);
    if let Some(state) = kind.status.and_then(|path| attributes.text(path)) {
        resource.status = aws_status(Some(state));
        resource.metadata.insert("state".to_owned(), state.into());
    }
    for (name, shape, path) in kind.facts {
        if !resource.metadata.contains_key(*name)
            && let Some(fact) = attributes.fact(path, *shape)
        {
            resource.metadata.insert((*name).to_owned(), fact);
        }
    }
    let arn = match kind.arn {
        "" => Some(block.id.to_owned()),
        part => attributes.text("arn").map(str::to_owned).or_else(|| home.ec2_arn(part, block.id)),
    };
    if let Some(arn) = arn {
        resource.metadata.insert("arn".to_owned(), arn.into());
    }
    resource
}

/// Completes what one instance told of a resource by what a second one tells.
fn complete(resource: &mut Resource, other: Resource) {
    resource.name = resource.name.take().or(other.name);
    resource.status = resource.status.take().or(other.status);
    resource.availability_zone = resource.availability_zone.take().or(other.availability_zone);
    for (key, tag) in other.tags {
        resource.tags.entry(key).or_insert(tag);
    }
    for (name, fact) in other.metadata {
        resource.metadata.entry(name).or_insert(fact);
    }
}
