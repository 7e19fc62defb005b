//! Firewall rules.

use super::facts::Facts;
use crate::error::{Error, Result};
use crate::model::{Resource, ResourceType};

/// A set of firewall rules.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SecurityGroup<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// Network that it is in.
    pub vpc_id: Option<&'a str>,
    /// Traffic that it lets in.
    pub ingress_rules: Vec<Rule<'a>>,
    /// Traffic that it lets out.
    pub egress_rules: Vec<Rule<'a>>,
}

/// Traffic of one protocol and one range of ports that a security group lets through, from or to any of its peers.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule<'a> {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a protocol's number, or `-1` for all.
    pub protocol: &'a str,
    /// First port, or ICMP type; nothing where the protocol has neither.
    pub from_port: Option<i32>,
    /// Last port, or ICMP code; nothing where the protocol has neither.
    pub to_port: Option<i32>,
    /// IPv4 peers in CIDR notation.
    pub cidrs: Vec<&'a str>,
    /// IPv6 peers in CIDR notation.
    pub ipv6_cidrs: Vec<&'a str>,
    /// Peers by their security groups.
    pub security_groups: Vec<&'a str>,
    /// Peers by lists of prefixes.
    pub prefix_lists: Vec<&'a str>,
}

impl<'a> TryFrom<&'a Resource> for SecurityGroup<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let facts = Facts::of(resource, "SecurityGroup", &ResourceType::SECURITY_GROUP, &[])?;
        let rules = |name| facts.blocks(name).filter_map(Rule::read).collect();
        Ok(Self {
            resource,
            vpc_id: facts.text("vpc_id"),
            ingress_rules: rules("ingress_rules"),
            egress_rules: rules("egress_rules"),
        })
    }
}

impl<'a> Rule<'a> {
    fn read(facts: Facts<'a>) -> Option<Self> {
        Some(Self {
            protocol: facts.text("protocol")?,
            from_port: facts.number("from_port"),
            to_port: facts.number("to_port"),
            cidrs: facts.texts("cidrs"),
            ipv6_cidrs: facts.texts("ipv6_cidrs"),
            security_groups: facts.texts("security_groups"),
            prefix_lists: facts.texts("prefix_lists"),
        })
    }
}
