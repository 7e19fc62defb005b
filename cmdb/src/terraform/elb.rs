//! Load balancers.

use std::net::IpAddr;

use serde_json::Value;

use super::attributes::Shape::{Flag, Number, Text, Texts};
use super::kind::{Block, End, Kind, Link, Tie};
use super::listing::Listing;
use crate::model::{RelationshipKind, Resource, ResourceType};

const LOAD_BALANCER: Kind =
    Kind { resource_type: &ResourceType::LOAD_BALANCER, id: &["arn", "id"], prefix: "arn:", ..Kind::BASE };

/// Target groups that an action forwards to, written short or as a block.
const FORWARDS: [&str; 2] = ["target_group_arn", "forward.target_group.arn"];

pub(super) const KINDS: &[Kind] = &[
    Kind {
        terraform: &["aws_lb", "aws_alb"],
        native_type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
        name: Some("name"),
        vpc: &[End::At("vpc_id"), End::At("subnets")],
        facts: &[
            ("kind", Text, "load_balancer_type"),
            ("dns_name", Text, "dns_name"),
            ("hosted_zone_id", Text, "zone_id"),
            ("ip_address_type", Text, "ip_address_type"),
            ("subnets", Texts, "subnets"),
            ("security_groups", Texts, "security_groups"),
        ],
        ties: &[
            Tie::to(RelationshipKind::BELONGS_TO_SUBNET, "subnets"),
            Tie::to(RelationshipKind::BELONGS_TO_SUBNET, "subnet_mapping.subnet_id"),
            Tie::to(RelationshipKind::PROTECTED_BY, "security_groups"),
        ],
        more: Some(name_scheme),
        ..LOAD_BALANCER
    },
    Kind {
        terraform: &["aws_lb_listener", "aws_alb_listener"],
        native_type: "AWS::ElasticLoadBalancingV2::Listener",
        facts: &[
            ("load_balancer_arn", Text, "load_balancer_arn"),
            ("port", Number, "port"),
            ("protocol", Text, "protocol"),
            ("ssl_policy", Text, "ssl_policy"),
        ],
        ties: &[
            Tie::to(RelationshipKind::MEMBER_OF, "load_balancer_arn"),
            Tie::between("load_balancer_arn", RelationshipKind::ROUTES_TO, "default_action.target_group_arn"),
            Tie::between("load_balancer_arn", RelationshipKind::ROUTES_TO, "default_action.forward.target_group.arn"),
        ],
        ..LOAD_BALANCER
    },
    Kind {
        terraform: &["aws_lb_target_group", "aws_alb_target_group"],
        native_type: "AWS::ElasticLoadBalancingV2::TargetGroup",
        name: Some("name"),
        vpc: &[End::At("vpc_id")],
        facts: &[
            ("port", Number, "port"),
            ("protocol", Text, "protocol"),
            ("target_type", Text, "target_type"),
            ("protocol_version", Text, "protocol_version"),
            ("ip_address_type", Text, "ip_address_type"),
            ("health_check_enabled", Flag, "health_check.enabled"),
            ("health_check_protocol", Text, "health_check.protocol"),
            ("health_check_port", Text, "health_check.port"),
            ("health_check_path", Text, "health_check.path"),
            ("health_check_interval_seconds", Number, "health_check.interval"),
            ("health_check_timeout_seconds", Number, "health_check.timeout"),
            ("healthy_threshold", Number, "health_check.healthy_threshold"),
            ("unhealthy_threshold", Number, "health_check.unhealthy_threshold"),
            ("health_check_codes", Text, "health_check.matcher"),
        ],
        ..LOAD_BALANCER
    },
];

pub(super) const LINKS: &[Link] = &[
    Link { terraform: &["aws_lb_listener_rule", "aws_alb_listener_rule"], ties: &[], more: Some(follow_rule) },
    Link {
        terraform: &["aws_lb_target_group_attachment", "aws_alb_target_group_attachment"],
        ties: &[],
        more: Some(attach_target),
    },
];

fn name_scheme(resource: &mut Resource, block: &Block<'_>, _: &mut Listing) {
    if let Some(internal) = block.attributes.flag("internal") {
        let scheme = if internal { "internal" } else { "internet-facing" };
        resource.metadata.insert("scheme".to_owned(), Value::from(scheme));
    }
}

fn follow_rule(rule: &Block<'_>, listing: &mut Listing) {
    let Some(balancer) = rule.attributes.text("listener_arn").and_then(balancer_of) else { return };
    for action in rule.attributes.blocks("action") {
        for group in FORWARDS.iter().flat_map(|path| action.texts(path)) {
            listing.relate(&balancer, RelationshipKind::ROUTES_TO, group);
        }
    }
}

/// A listener's ARN is that of its load balancer, with another word for the type and its own id at the end.
fn balancer_of(listener: &str) -> Option<String> {
    let (balancer, _) = listener.rsplit_once('/')?;
    let (service, path) = balancer.split_once(":listener/")?;
    Some(format!("{service}:loadbalancer/{path}"))
}

/// Targets that are addresses are no resources.
fn attach_target(attachment: &Block<'_>, listing: &mut Listing) {
    let attributes = &attachment.attributes;
    if let (Some(group), Some(target)) = (attributes.text("target_group_arn"), attributes.text("target_id"))
        && target.parse::<IpAddr>().is_err()
    {
        listing.relate(group, RelationshipKind::ROUTES_TO, target);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_names_its_load_balancer() {
        assert_eq!(
            balancer_of("arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2").as_deref(),
            Some("arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/50dc6c495c0c9188")
        );
        assert_eq!(balancer_of("listener"), None);
    }
}
