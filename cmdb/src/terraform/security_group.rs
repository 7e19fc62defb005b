//! Security groups and their rules, which a state may hold inside the group, beside it, or both.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::attributes::Attributes;
use super::attributes::Shape::Text;
use super::kind::{Block, End, Kind, Link};
use super::listing::Listing;
use crate::model::{ResourceId, ResourceType};

pub(super) const KINDS: &[Kind] = &[Kind {
    terraform: &["aws_security_group", "aws_default_security_group"],
    native_type: "AWS::EC2::SecurityGroup",
    resource_type: &ResourceType::SECURITY_GROUP,
    prefix: "sg-",
    arn: "security-group",
    name: Some("name"),
    vpc: &[End::At("vpc_id")],
    facts: &[("group_name", Text, "name"), ("description", Text, "description"), ("owner_id", Text, "owner_id")],
    more: Some(|resource, block, listing| {
        let rules = listing.rules.entry(resource.id.clone()).or_default();
        for (name, permissions) in [("ingress", &mut rules.ingress), ("egress", &mut rules.egress)] {
            for rule in block.attributes.blocks(name) {
                permissions.allow(block.id, &rule, "protocol", &WITH_LISTS);
            }
        }
    }),
    ..Kind::BASE
}];

pub(super) const LINKS: &[Link] = &[
    Link { terraform: &["aws_security_group_rule"], ties: &[], more: Some(add_rule) },
    Link {
        terraform: &["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"],
        ties: &[],
        more: Some(add_rule),
    },
];

/// Where a rule names whom it lets through.
struct PeerPaths {
    cidrs: &'static str,
    ipv6_cidrs: &'static str,
    security_groups: &'static [&'static str],
    prefix_lists: &'static str,
}

const WITH_LISTS: PeerPaths = PeerPaths {
    cidrs: "cidr_blocks",
    ipv6_cidrs: "ipv6_cidr_blocks",
    security_groups: &["security_groups", "source_security_group_id"],
    prefix_lists: "prefix_list_ids",
};

const WITH_ONE: PeerPaths = PeerPaths {
    cidrs: "cidr_ipv4",
    ipv6_cidrs: "cidr_ipv6",
    security_groups: &["referenced_security_group_id"],
    prefix_lists: "prefix_list_id",
};

fn add_rule(rule: &Block<'_>, listing: &mut Listing) {
    let attributes = &rule.attributes;
    let Some(group) = attributes.text("security_group_id") else { return };
    let rules = listing.rules.entry(ResourceId::new(group)).or_default();
    match (rule.terraform_type, attributes.text("type")) {
        ("aws_vpc_security_group_ingress_rule", _) => rules.ingress.allow(group, attributes, "ip_protocol", &WITH_ONE),
        ("aws_vpc_security_group_egress_rule", _) => rules.egress.allow(group, attributes, "ip_protocol", &WITH_ONE),
        (_, Some("ingress")) => rules.ingress.allow(group, attributes, "protocol", &WITH_LISTS),
        (_, Some("egress")) => rules.egress.allow(group, attributes, "protocol", &WITH_LISTS),
        _ => {}
    }
}

/// The rules of one group.
#[derive(Default)]
pub(super) struct Rules {
    pub ingress: Permissions,
    pub egress: Permissions,
}

/// Whom a group lets through in one direction, by traffic, as AWS keeps it.
#[derive(Default)]
pub(super) struct Permissions(BTreeMap<Traffic, Peers>);

/// Protocol, first and last port.
type Traffic = (String, Option<i64>, Option<i64>);

#[derive(Default)]
struct Peers {
    cidrs: BTreeSet<String>,
    ipv6_cidrs: BTreeSet<String>,
    security_groups: BTreeSet<String>,
    prefix_lists: BTreeSet<String>,
}

impl Permissions {
    fn allow(&mut self, own_group: &str, rule: &Attributes<'_>, protocol: &str, paths: &PeerPaths) {
        let protocol = match rule.text(protocol).map(str::to_ascii_lowercase) {
            Some(protocol) if protocol != "all" => protocol,
            _ => "-1".to_owned(),
        };
        // Ports mean nothing where every protocol is let through; AWS then gives none, Terraform zeros.
        let port = |name| rule.number(name).filter(|_| protocol != "-1");
        let ports = (port("from_port"), port("to_port"));
        let peers = self.0.entry((protocol, ports.0, ports.1)).or_default();
        let texts = |path| rule.texts(path).into_iter().map(str::to_owned);
        peers.cidrs.extend(texts(paths.cidrs));
        peers.ipv6_cidrs.extend(texts(paths.ipv6_cidrs));
        peers.prefix_lists.extend(texts(paths.prefix_lists));
        for path in paths.security_groups {
            // A group of another account is written `ACCOUNT/GROUP`.
            let groups = rule.texts(path).into_iter().filter_map(|group| group.rsplit('/').next());
            peers.security_groups.extend(groups.map(str::to_owned));
        }
        if rule.flag("self") == Some(true) {
            peers.security_groups.insert(own_group.to_owned());
        }
    }

    /// Every group that a rule names.
    pub(super) fn peers(&self) -> impl Iterator<Item = &str> {
        self.0.values().flat_map(|peers| &peers.security_groups).map(String::as_str)
    }

    /// The rules as metadata, in the order of their text. What a rule does not say is left out of it.
    pub(super) fn into_value(self) -> Value {
        let mut rules: Vec<Value> = self.0.into_iter().map(|(traffic, peers)| rule(traffic, peers)).collect();
        rules.sort_by_cached_key(Value::to_string);
        rules.into()
    }
}

fn rule((protocol, from_port, to_port): Traffic, peers: Peers) -> Value {
    let mut rule = Map::from_iter([("protocol".to_owned(), Value::from(protocol))]);
    for (name, port) in [("from_port", from_port), ("to_port", to_port)] {
        rule.extend(port.map(|port| (name.to_owned(), Value::from(port))));
    }
    for (name, peers) in [
        ("cidrs", peers.cidrs),
        ("ipv6_cidrs", peers.ipv6_cidrs),
        ("security_groups", peers.security_groups),
        ("prefix_lists", peers.prefix_lists),
    ] {
        if !peers.is_empty() {
            rule.insert(name.to_owned(), peers.into_iter().collect());
        }
    }
    rule.into()
}
