//! Networks and what connects them.

use serde_json::Value;

use super::attributes::Shape::{Flag, Text, Texts};
use super::kind::{Block, End, Kind, Link, Tie};
use super::listing::Listing;
use crate::model::{RelationshipKind, Resource, ResourceType};

/// The attributes of a route that may name its target.
const ROUTE_TARGETS: [&str; 11] = [
    "nat_gateway_id",
    "vpc_peering_connection_id",
    "network_interface_id",
    "instance_id",
    "gateway_id",
    "vpc_endpoint_id",
    "egress_only_gateway_id",
    "transit_gateway_id",
    "local_gateway_id",
    "carrier_gateway_id",
    "core_network_arn",
];

const NETWORK: Kind = Kind { resource_type: &ResourceType::NETWORK, ..Kind::BASE };

const PEERING: Kind = Kind {
    native_type: "AWS::EC2::VPCPeeringConnection",
    prefix: "pcx-",
    arn: "vpc-peering-connection",
    status: Some("accept_status"),
    ties: &[Tie::to(RelationshipKind::PEERS_WITH, "vpc_id"), Tie::to(RelationshipKind::PEERS_WITH, "peer_vpc_id")],
    ..NETWORK
};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        terraform: &["aws_vpc", "aws_default_vpc"],
        native_type: "AWS::EC2::VPC",
        prefix: "vpc-",
        arn: "vpc",
        facts: &[
            ("cidr", Text, "cidr_block"),
            ("ipv6_cidrs", Texts, "ipv6_cidr_block"),
            ("tenancy", Text, "instance_tenancy"),
            ("dhcp_options_id", Text, "dhcp_options_id"),
            ("owner_id", Text, "owner_id"),
        ],
        more: Some(|resource, block, listing| {
            mark_default(resource, block, listing);
            let main = block.surroundings.main_route_table(block.id).or_else(|| block.attributes.text("main_route_table_id"));
            if let Some(table) = main {
                listing.relate(block.id, RelationshipKind::USES_ROUTE_TABLE, table);
            }
        }),
        ..NETWORK
    },
    Kind {
        terraform: &["aws_subnet", "aws_default_subnet"],
        native_type: "AWS::EC2::Subnet",
        prefix: "subnet-",
        arn: "subnet",
        zone: &["availability_zone"],
        vpc: &[End::At("vpc_id")],
        facts: &[
            ("cidr", Text, "cidr_block"),
            ("ipv6_cidrs", Texts, "ipv6_cidr_block"),
            ("map_public_ip_on_launch", Flag, "map_public_ip_on_launch"),
            ("assign_ipv6_address_on_creation", Flag, "assign_ipv6_address_on_creation"),
            ("availability_zone_id", Text, "availability_zone_id"),
            ("owner_id", Text, "owner_id"),
        ],
        more: Some(mark_default),
        ..NETWORK
    },
    Kind {
        terraform: &["aws_network_interface"],
        native_type: "AWS::EC2::NetworkInterface",
        prefix: "eni-",
        arn: "network-interface",
        zone: &["subnet_id"],
        vpc: &[End::At("subnet_id"), End::At("security_groups")],
        facts: &[
            ("private_ip", Text, "private_ip"),
            ("private_ips", Texts, "private_ips"),
            ("subnet_id", Text, "subnet_id"),
            ("security_groups", Texts, "security_groups"),
            ("instance_id", Text, "attachment.instance"),
            ("private_dns_name", Text, "private_dns_name"),
            ("mac_address", Text, "mac_address"),
            ("interface_type", Text, "interface_type"),
            ("description", Text, "description"),
            ("source_dest_check", Flag, "source_dest_check"),
            ("owner_id", Text, "owner_id"),
        ],
        ties: &[
            Tie::to(RelationshipKind::BELONGS_TO_SUBNET, "subnet_id"),
            Tie::to(RelationshipKind::PROTECTED_BY, "security_groups"),
            Tie::from("attachment.instance", RelationshipKind::ATTACHED_TO),
        ],
        ..NETWORK
    },
    Kind {
        terraform: &["aws_eip"],
        native_type: "AWS::EC2::EIP",
        id: &["allocation_id", "id"],
        prefix: "eipalloc-",
        arn: "elastic-ip",
        facts: &[
            ("public_ip", Text, "public_ip"),
            ("private_ip", Text, "private_ip"),
            ("domain", Text, "domain"),
            ("association_id", Text, "association_id"),
            ("network_interface_id", Text, "network_interface"),
            ("instance_id", Text, "instance"),
        ],
        ties: &[Tie::to(RelationshipKind::ATTACHED_TO, "network_interface"), Tie::to(RelationshipKind::ATTACHED_TO, "instance")],
        ..NETWORK
    },
    Kind {
        terraform: &["aws_route_table", "aws_default_route_table"],
        native_type: "AWS::EC2::RouteTable",
        prefix: "rtb-",
        arn: "route-table",
        vpc: &[End::At("vpc_id")],
        facts: &[("owner_id", Text, "owner_id")],
        more: Some(|_, block, listing| {
            let vpc = block.attributes.text("vpc_id").filter(|_| block.terraform_type == "aws_default_route_table");
            if let Some(vpc) = vpc.filter(|vpc| block.surroundings.main_route_table(vpc).is_none()) {
                listing.relate(vpc, RelationshipKind::USES_ROUTE_TABLE, block.id);
            }
            for route in block.attributes.blocks("route") {
                add_route(block.id, &Block { attributes: route, ..*block }, listing);
            }
        }),
        ..NETWORK
    },
    Kind {
        terraform: &["aws_internet_gateway"],
        native_type: "AWS::EC2::InternetGateway",
        prefix: "igw-",
        arn: "internet-gateway",
        facts: &[("vpc_id", Text, "vpc_id"), ("owner_id", Text, "owner_id")],
        ties: &[Tie::to(RelationshipKind::ATTACHED_TO, "vpc_id")],
        ..NETWORK
    },
    Kind {
        terraform: &["aws_nat_gateway"],
        native_type: "AWS::EC2::NatGateway",
        prefix: "nat-",
        arn: "natgateway",
        vpc: &[End::At("vpc_id"), End::At("subnet_id")],
        facts: &[
            ("public_ip", Text, "public_ip"),
            ("private_ip", Text, "private_ip"),
            ("subnet_id", Text, "subnet_id"),
            ("connectivity_type", Text, "connectivity_type"),
        ],
        ties: &[Tie::to(RelationshipKind::BELONGS_TO_SUBNET, "subnet_id")],
        ..NETWORK
    },
    Kind {
        terraform: &["aws_network_acl", "aws_default_network_acl"],
        native_type: "AWS::EC2::NetworkAcl",
        prefix: "acl-",
        arn: "network-acl",
        vpc: &[End::At("vpc_id")],
        facts: &[("owner_id", Text, "owner_id")],
        ties: &[Tie::from("subnet_ids", RelationshipKind::PROTECTED_BY)],
        more: Some(mark_default),
        ..NETWORK
    },
    Kind {
        terraform: &["aws_vpc_peering_connection"],
        facts: &[
            ("requester_vpc_id", Text, "vpc_id"),
            ("accepter_vpc_id", Text, "peer_vpc_id"),
            ("accepter_account", Text, "peer_owner_id"),
            ("accepter_region", Text, "peer_region"),
        ],
        ..PEERING
    },
    // The accepting side tells of the same connection, with the sides changed about.
    Kind {
        terraform: &["aws_vpc_peering_connection_accepter"],
        facts: &[
            ("requester_vpc_id", Text, "peer_vpc_id"),
            ("accepter_vpc_id", Text, "vpc_id"),
            ("requester_account", Text, "peer_owner_id"),
            ("requester_region", Text, "peer_region"),
        ],
        ..PEERING
    },
];

pub(super) const LINKS: &[Link] = &[
    Link {
        terraform: &["aws_network_interface_attachment"],
        ties: &[Tie::between("instance_id", RelationshipKind::ATTACHED_TO, "network_interface_id")],
        more: None,
    },
    Link {
        terraform: &["aws_eip_association"],
        ties: &[
            Tie::between("allocation_id", RelationshipKind::ATTACHED_TO, "network_interface_id"),
            Tie::between("allocation_id", RelationshipKind::ATTACHED_TO, "instance_id"),
        ],
        more: None,
    },
    Link {
        terraform: &["aws_route"],
        ties: &[],
        more: Some(|block, listing| {
            if let Some(table) = block.attributes.text("route_table_id") {
                add_route(table, block, listing);
            }
        }),
    },
    Link {
        terraform: &["aws_route_table_association"],
        ties: &[Tie::between("subnet_id", RelationshipKind::USES_ROUTE_TABLE, "route_table_id")],
        more: None,
    },
    Link {
        terraform: &["aws_main_route_table_association"],
        ties: &[Tie::between("vpc_id", RelationshipKind::USES_ROUTE_TABLE, "route_table_id")],
        more: None,
    },
    Link {
        terraform: &["aws_internet_gateway_attachment"],
        ties: &[Tie::between("internet_gateway_id", RelationshipKind::ATTACHED_TO, "vpc_id")],
        more: None,
    },
    Link {
        terraform: &["aws_network_acl_association"],
        ties: &[Tie::between("subnet_id", RelationshipKind::PROTECTED_BY, "network_acl_id")],
        more: None,
    },
];

fn mark_default(resource: &mut Resource, block: &Block<'_>, _: &mut Listing) {
    let is_default = block.terraform_type.starts_with("aws_default_");
    resource.metadata.insert("is_default".to_owned(), Value::Bool(is_default));
}

/// A route has one target; where AWS fills in a second name of the same, the first in the order of the API counts.
fn add_route(table: &str, route: &Block<'_>, listing: &mut Listing) {
    let target = ROUTE_TARGETS.iter().find_map(|name| route.attributes.text(name));
    if let Some(target) = target.filter(|target| *target != "local") {
        listing.relate(table, RelationshipKind::ROUTES_TO, target);
    }
}
