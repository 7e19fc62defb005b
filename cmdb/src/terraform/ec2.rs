//! Machines, volumes and snapshots.

use serde_json::Value;

use super::attributes::Shape::{Flag, Number, Positive, Text, Texts};
use super::kind::{Block, End, Kind, Link, Tie};
use super::listing::Listing;
use crate::model::{RelationshipKind, Resource, ResourceType};

pub(super) const KINDS: &[Kind] = &[
    Kind {
        terraform: &["aws_instance"],
        native_type: "AWS::EC2::Instance",
        resource_type: &ResourceType::COMPUTE,
        prefix: "i-",
        arn: "instance",
        status: Some("instance_state"),
        zone: &["availability_zone", "subnet_id"],
        vpc: &[End::At("subnet_id"), End::At("vpc_security_group_ids")],
        facts: &[
            ("instance_type", Text, "instance_type"),
            ("private_ip", Text, "private_ip"),
            ("public_ip", Text, "public_ip"),
            ("subnet_id", Text, "subnet_id"),
            ("security_groups", Texts, "vpc_security_group_ids"),
            ("image_id", Text, "ami"),
            ("key_name", Text, "key_name"),
            ("tenancy", Text, "tenancy"),
            ("placement_group", Text, "placement_group"),
            ("private_dns_name", Text, "private_dns"),
            ("public_dns_name", Text, "public_dns"),
            ("ipv6_address", Text, "ipv6_addresses"),
            ("metadata_tokens", Text, "metadata_options.http_tokens"),
            ("ebs_optimized", Flag, "ebs_optimized"),
            ("source_dest_check", Flag, "source_dest_check"),
        ],
        ties: &[
            Tie::to(RelationshipKind::BELONGS_TO_SUBNET, "subnet_id"),
            Tie::to(RelationshipKind::PROTECTED_BY, "vpc_security_group_ids"),
            // A root volume that stands nowhere else in a state is told of by its machine alone.
            Tie::to(RelationshipKind::ATTACHED_TO, "root_block_device.volume_id"),
            Tie::to(RelationshipKind::ATTACHED_TO, "ebs_block_device.volume_id"),
            Tie::to(RelationshipKind::ATTACHED_TO, "primary_network_interface_id"),
            Tie::to(RelationshipKind::ATTACHED_TO, "network_interface.network_interface_id"),
            Tie {
                source: End::Own,
                kind: RelationshipKind::HAS_PROFILE,
                target: End::Named { path: "iam_instance_profile", terraform: "aws_iam_instance_profile" },
            },
        ],
        more: Some(count_processors),
        ..Kind::BASE
    },
    Kind {
        terraform: &["aws_ebs_volume"],
        native_type: "AWS::EC2::Volume",
        resource_type: &ResourceType::STORAGE,
        prefix: "vol-",
        arn: "volume",
        zone: &["availability_zone"],
        facts: &[
            ("volume_type", Text, "type"),
            ("size_gb", Number, "size"),
            ("encrypted", Flag, "encrypted"),
            ("iops", Positive, "iops"),
            ("throughput", Positive, "throughput"),
            ("snapshot_id", Text, "snapshot_id"),
            ("kms_key_id", Text, "kms_key_id"),
            ("multi_attach_enabled", Flag, "multi_attach_enabled"),
        ],
        ties: &[Tie::to(RelationshipKind::CREATED_FROM, "snapshot_id"), Tie::to(RelationshipKind::ENCRYPTED_WITH, "kms_key_id")],
        ..Kind::BASE
    },
    Kind {
        terraform: &["aws_ebs_snapshot"],
        native_type: "AWS::EC2::Snapshot",
        resource_type: &ResourceType::STORAGE,
        prefix: "snap-",
        arn: "snapshot",
        facts: &[
            ("size_gb", Number, "volume_size"),
            ("encrypted", Flag, "encrypted"),
            ("volume_id", Text, "volume_id"),
            ("kms_key_id", Text, "kms_key_id"),
            ("description", Text, "description"),
            ("storage_tier", Text, "storage_tier"),
            ("owner_id", Text, "owner_id"),
        ],
        ties: &[Tie::to(RelationshipKind::SNAPSHOT_OF, "volume_id")],
        ..Kind::BASE
    },
];

pub(super) const LINKS: &[Link] = &[Link {
    terraform: &["aws_volume_attachment"],
    ties: &[Tie::between("instance_id", RelationshipKind::ATTACHED_TO, "volume_id")],
    more: None,
}];

/// Virtual processors are cores times threads of each. Older providers give both beside the block, newer ones in it.
fn count_processors(resource: &mut Resource, block: &Block<'_>, _: &mut Listing) {
    let number = |path, older| block.attributes.number(path).or_else(|| block.attributes.number(older));
    let cores = number("cpu_options.core_count", "cpu_core_count").filter(|cores| *cores > 0);
    let threads = number("cpu_options.threads_per_core", "cpu_threads_per_core");
    if let Some(processors) = cores.and_then(|cores| cores.checked_mul(threads.unwrap_or(1))) {
        resource.metadata.insert("cpu_cores".to_owned(), Value::from(processors));
    }
}
