//! Containers.

use super::attributes::Shape::{Flag, Number, Text, Texts};
use super::kind::{Block, End, Kind, Tie};
use super::listing::Listing;
use crate::model::{RelationshipKind, Resource, ResourceType};

const CONTAINER: Kind = Kind { resource_type: &ResourceType::CONTAINER, id: &["arn", "id"], prefix: "arn:", ..Kind::BASE };

pub(super) const KINDS: &[Kind] = &[
    Kind {
        terraform: &["aws_ecs_cluster"],
        native_type: "AWS::ECS::Cluster",
        resource_type: &ResourceType::CONTAINER_CLUSTER,
        name: Some("name"),
        ..CONTAINER
    },
    Kind {
        terraform: &["aws_ecs_service"],
        native_type: "AWS::ECS::Service",
        name: Some("name"),
        facts: &[
            ("launch_type", Text, "launch_type"),
            ("scheduling_strategy", Text, "scheduling_strategy"),
            ("desired_count", Number, "desired_count"),
            ("platform_version", Text, "platform_version"),
            ("role_arn", Text, "iam_role"),
            ("subnets", Texts, "network_configuration.subnets"),
            ("security_groups", Texts, "network_configuration.security_groups"),
            ("execute_command_enabled", Flag, "enable_execute_command"),
        ],
        ties: &[
            Tie { source: End::Own, kind: RelationshipKind::MEMBER_OF, target: End::Arn { path: "cluster", arn: "cluster/" } },
            Tie::to(RelationshipKind::BELONGS_TO_SUBNET, "network_configuration.subnets"),
            Tie::to(RelationshipKind::PROTECTED_BY, "network_configuration.security_groups"),
        ],
        more: Some(use_task_definition),
        ..CONTAINER
    },
    Kind {
        terraform: &["aws_ecs_task_definition"],
        native_type: "AWS::ECS::TaskDefinition",
        facts: &[
            ("family", Text, "family"),
            ("revision", Number, "revision"),
            ("network_mode", Text, "network_mode"),
            ("cpu", Text, "cpu"),
            ("memory", Text, "memory"),
            ("requires_compatibilities", Texts, "requires_compatibilities"),
            ("task_role_arn", Text, "task_role_arn"),
            ("execution_role_arn", Text, "execution_role_arn"),
            ("volumes", Texts, "volume.name"),
        ],
        ties: &[Tie::to(RelationshipKind::ASSUMES_ROLE, "task_role_arn")],
        more: Some(name_revision),
        ..CONTAINER
    },
];

/// A service names its task definition by ARN, by family and revision, or by the family whose newest one it follows.
fn use_task_definition(_: &mut Resource, block: &Block<'_>, listing: &mut Listing) {
    const PATH: &str = "task_definition";
    let family_alone = block.attributes.text(PATH).is_some_and(|name| !name.contains(':'));
    let end = match family_alone {
        true => End::Named { path: PATH, terraform: "aws_ecs_task_definition" },
        false => End::Arn { path: PATH, arn: "task-definition/" },
    };
    for definition in block.ids(end) {
        listing.relate(block.id, RelationshipKind::USES_TASK_DEFINITION, &definition);
    }
}

fn name_revision(resource: &mut Resource, block: &Block<'_>, _: &mut Listing) {
    if resource.name.is_none()
        && let (Some(family), Some(revision)) = (block.attributes.text("family"), block.attributes.number("revision"))
    {
        resource.name = Some(format!("{family}:{revision}"));
    }
}
