//! Databases.

use super::attributes::Shape::{Flag, Number, Positive, Text, Texts};
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
            ("max_storage_gb", Positive, "max_allocated_storage"),
            ("storage_type", Text, "storage_type"),
            ("iops", Positive, "iops"),
            ("throughput", Positive, "storage_throughput"),
            ("identifier", Text, "identifier"),
            ("resource_id", Text, "resource_id"),
            ("database_name", Text, "db_name"),
            ("license_model", Text, "license_model"),
            ("subnet_group", Text, "db_subnet_group_name"),
            ("security_groups", Texts, "vpc_security_group_ids"),
            ("replica_source", Text, "replicate_source_db"),
            ("kms_key_id", Text, "kms_key_id"),
            ("ca_certificate", Text, "ca_cert_identifier"),
            ("backup_window", Text, "backup_window"),
            ("maintenance_window", Text, "maintenance_window"),
            ("backup_retention_days", Number, "backup_retention_period"),
            ("auto_minor_version_upgrade", Flag, "auto_minor_version_upgrade"),
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
            ("identifier", Text, "cluster_identifier"),
            ("resource_id", Text, "cluster_resource_id"),
            ("database_name", Text, "database_name"),
            ("availability_zones", Texts, "availability_zones"),
            ("subnet_group", Text, "db_subnet_group_name"),
            ("security_groups", Texts, "vpc_security_group_ids"),
            ("replica_source", Text, "replication_source_identifier"),
            ("kms_key_id", Text, "kms_key_id"),
            ("backup_window", Text, "preferred_backup_window"),
            ("maintenance_window", Text, "preferred_maintenance_window"),
            ("backup_retention_days", Number, "backup_retention_period"),
            ("deletion_protection", Flag, "deletion_protection"),
        ],
        ties: &[
            MEMBER_OF_SUBNET_GROUP,
            Tie::to(RelationshipKind::PROTECTED_BY, "vpc_security_group_ids"),
            Tie::to(RelationshipKind::ENCRYPTED_WITH, "kms_key_id"),
            Tie::to(RelationshipKind::REPLICA_OF, "replication_source_identifier"),
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
            ("identifier", Text, "identifier"),
            ("resource_id", Text, "dbi_resource_id"),
            ("cluster", Text, "cluster_identifier"),
            ("subnet_group", Text, "db_subnet_group_name"),
            ("kms_key_id", Text, "kms_key_id"),
            ("ca_certificate", Text, "ca_cert_identifier"),
            ("publicly_accessible", Flag, "publicly_accessible"),
            ("auto_minor_version_upgrade", Flag, "auto_minor_version_upgrade"),
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
        facts: &[
            ("description", Text, "description"),
            ("subnets", Texts, "subnet_ids"),
            ("network_types", Texts, "supported_network_types"),
        ],
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
