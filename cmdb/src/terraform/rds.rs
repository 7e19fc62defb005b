//! Databases.

use super::attributes::Shape::{Flag, Number, Text};
use super::kind::{Block, End, Kind, Tie};
use super::listing::Listing;
use crate::model::{RelationshipKind, Resource, ResourceType};

const SUBNET_GROUP: End = End::Arn { path: "db_subnet_group_name", arn: "subgrp:" };
const CLUSTER: End = End::Arn { path: "cluster_identifier", arn: "cluster:" };

const MEMBER_OF_SUBNET_GROUP: Tie = Tie { source: End::Own, kind: RelationshipKind::MEMBER_OF, target: SUBNET_GROUP };

const DATABASE: Kind =
    Kind { resource_type: &ResourceType::DATABASE, id: &["arn"], prefix: "arn:", zone: &["availability_zone"], ..Kind::BASE };

pub(super) const KINDS: &[Kind] = &[
    Kind {
        terraform: &["aws_db_instance"],
        native_type: "AWS::RDS::DBInstance",
        name: Some("identifier"),
        status: Some("status"),
        vpc: &[SUBNET_GROUP, End::At("vpc_security_group_ids")],
        facts: &[
            ("engine", Text, "engine"),
            ("engine_version", Text, "engine_version_actual"),
            ("engine_version", Text, "engine_version"),
            ("endpoint", Text, "address"),
            ("port", Number, "port"),
            ("multi_az", Flag, "multi_az"),
            ("encrypted", Flag, "storage_encrypted"),
            ("instance_class", Text, "instance_class"),
            ("storage_gb", Number, "allocated_storage"),
            ("storage_type", Text, "storage_type"),
            ("backup_retention_days", Number, "backup_retention_period"),
            ("publicly_accessible", Flag, "publicly_accessible"),
            ("deletion_protection", Flag, "deletion_protection"),
        ],
        ties: &[
            MEMBER_OF_SUBNET_GROUP,
            Tie::to(RelationshipKind::PROTECTED_BY, "vpc_security_group_ids"),
            Tie::to(RelationshipKind::ENCRYPTED_WITH, "kms_key_id"),
            Tie {
                source: End::Own,
                kind: RelationshipKind::REPLICA_OF,
                target: End::Arn { path: "replicate_source_db", arn: "db:" },
            },
        ],
        ..DATABASE
    },
    Kind {
        terraform: &["aws_rds_cluster"],
        native_type: "AWS::RDS::DBCluster",
        name: Some("cluster_identifier"),
        zone: &[],
        facts: &[
            ("engine", Text, "engine"),
            ("engine_version", Text, "engine_version_actual"),
            ("engine_version", Text, "engine_version"),
            ("engine_mode", Text, "engine_mode"),
            ("endpoint", Text, "endpoint"),
            ("reader_endpoint", Text, "reader_endpoint"),
            ("port", Number, "port"),
            ("encrypted", Flag, "storage_encrypted"),
            ("backup_retention_days", Number, "backup_retention_period"),
            ("deletion_protection", Flag, "deletion_protection"),
        ],
        ties: &[
            MEMBER_OF_SUBNET_GROUP,
            Tie::to(RelationshipKind::PROTECTED_BY, "vpc_security_group_ids"),
            Tie::to(RelationshipKind::ENCRYPTED_WITH, "kms_key_id"),
        ],
        ..DATABASE
    },
    Kind {
        terraform: &["aws_rds_cluster_instance"],
        native_type: "AWS::RDS::DBInstance",
        name: Some("identifier"),
        vpc: &[SUBNET_GROUP],
        facts: &[
            ("engine", Text, "engine"),
            ("engine_version", Text, "engine_version_actual"),
            ("engine_version", Text, "engine_version"),
            ("endpoint", Text, "endpoint"),
            ("port", Number, "port"),
            ("encrypted", Flag, "storage_encrypted"),
            ("instance_class", Text, "instance_class"),
            ("publicly_accessible", Flag, "publicly_accessible"),
        ],
        ties: &[
            MEMBER_OF_SUBNET_GROUP,
            Tie { source: End::Own, kind: RelationshipKind::MEMBER_OF, target: CLUSTER },
            Tie::to(RelationshipKind::ENCRYPTED_WITH, "kms_key_id"),
        ],
        more: Some(protect_as_the_cluster),
        ..DATABASE
    },
    Kind {
        terraform: &["aws_db_subnet_group"],
        native_type: "AWS::RDS::DBSubnetGroup",
        resource_type: &ResourceType::NETWORK,
        name: Some("name"),
        zone: &[],
        vpc: &[End::At("vpc_id"), End::At("subnet_ids")],
        facts: &[("description", Text, "description")],
        ties: &[Tie::to(RelationshipKind::BELONGS_TO_SUBNET, "subnet_ids")],
        ..DATABASE
    },
];

/// An instance in a cluster has the cluster's security groups, which Terraform keeps with the cluster alone.
fn protect_as_the_cluster(_: &mut Resource, block: &Block<'_>, listing: &mut Listing) {
    for cluster in block.ids(CLUSTER) {
        for group in block.surroundings.security_groups(&cluster) {
            listing.relate(block.id, RelationshipKind::PROTECTED_BY, group);
        }
    }
}
