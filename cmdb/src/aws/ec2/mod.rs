//! EC2: machines, their disks and networks.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::Tag;

use super::tags::tags;

pub(super) mod addresses;
pub(super) mod instances;
pub(super) mod internet_gateways;
pub(super) mod nat_gateways;
pub(super) mod network_acls;
pub(super) mod network_interfaces;
pub(super) mod peering_connections;
pub(super) mod route_tables;
pub(super) mod security_groups;
mod sizes;
pub(super) mod snapshots;
pub(super) mod subnets;
pub(super) mod volumes;
pub(super) mod vpcs;

const SERVICE: &str = "ec2";

/// Items in a page of most lists: EC2 takes up to 1000, but pages under way are what a discovery's memory is made of.
const PAGE: i32 = 500;

fn tags_of(list: &[Tag]) -> BTreeMap<String, String> {
    tags(list.iter().map(|tag| (tag.key(), tag.value())))
}
