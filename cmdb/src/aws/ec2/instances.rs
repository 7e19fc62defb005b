//! Instances.

use aws_sdk_ec2::types::Instance;

use super::sizes::{Size, Sizes};
use super::{PAGE, SERVICE, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{Pages, given, identity};
use crate::aws::region::Region;
use crate::aws::tags::name;
use crate::aws_status::aws_status;
use crate::model::RelationshipKind;

pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    let client = &region.clients.ec2;
    let pages = client.describe_instances().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    let mut sizes = Sizes::new(client);
    while let Some(answer) = pages.next().await? {
        let reservations = given(SERVICE, "reservations", answer.reservations)?;
        let instances: Vec<Instance> =
            reservations.into_iter().flat_map(|reservation| reservation.instances.unwrap_or_default()).collect();
        sizes.learn(instances.iter().filter_map(|instance| instance.instance_type())).await?;
        let mut page = Page::new();
        for instance in &instances {
            let size = instance.instance_type().and_then(|kind| sizes.of(kind));
            describe(region, instance, size, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, instance: &Instance, size: Option<Size>, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "an instance", instance.instance_id())?;
    let state = instance.state().and_then(|state| state.name()).map(|name| name.as_str());
    let mut resource = region.resource(Kind::Instance, id);
    resource.tags = tags_of(instance.tags());
    resource.name = name(&resource.tags, None);
    resource.status = aws_status(state);
    resource.availability_zone = instance.placement().and_then(|place| place.availability_zone()).map(str::to_owned);
    resource.metadata = facts(region, instance, id, state, size).into_map();

    let id = &resource.id;
    page.relate(id, RelationshipKind::BELONGS_TO_VPC, instance.vpc_id());
    page.relate(id, RelationshipKind::BELONGS_TO_SUBNET, instance.subnet_id());
    for group in groups(instance) {
        page.relate(id, RelationshipKind::PROTECTED_BY, Some(group));
    }
    let profile = instance.iam_instance_profile().and_then(|profile| profile.arn());
    page.relate(id, RelationshipKind::HAS_PROFILE, profile);
    page.add(resource);
    Ok(())
}

/// The groups of the instance and of its interfaces.
fn groups(instance: &Instance) -> impl Iterator<Item = &str> {
    let interfaces = instance.network_interfaces().iter().flat_map(|interface| interface.groups());
    instance.security_groups().iter().chain(interfaces).filter_map(|group| group.group_id())
}

fn facts(region: &Region, instance: &Instance, id: &str, state: Option<&str>, size: Option<Size>) -> Facts {
    let place = instance.placement();
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn("ec2", &format!("instance/{id}"))))
        .text("state", state)
        .text("state_reason", instance.state_reason().and_then(|reason| reason.code()))
        .text("instance_type", instance.instance_type().map(|kind| kind.as_str()))
        .number("cpu_cores", size.and_then(|size| size.virtual_cpus))
        .gibibytes("memory_gb", size.and_then(|size| size.mebibytes))
        .text("architecture", instance.architecture().map(|architecture| architecture.as_str()))
        .text("platform", instance.platform().map(|platform| platform.as_str()))
        .text("platform_details", instance.platform_details())
        .text("image_id", instance.image_id())
        .text("key_name", instance.key_name())
        .time("launch_time", instance.launch_time())
        .text("lifecycle", instance.instance_lifecycle().map(|lifecycle| lifecycle.as_str()))
        .text("tenancy", place.and_then(|place| place.tenancy()).map(|tenancy| tenancy.as_str()))
        .text("placement_group", place.and_then(|place| place.group_name()))
        .text("host_id", place.and_then(|place| place.host_id()))
        .text("private_ip", instance.private_ip_address())
        .text("public_ip", instance.public_ip_address())
        .text("ipv6_address", instance.ipv6_address())
        .text("private_dns_name", instance.private_dns_name())
        .text("public_dns_name", instance.public_dns_name())
        .text("vpc_id", instance.vpc_id())
        .text("subnet_id", instance.subnet_id())
        .list("security_groups", groups(instance))
        .text("iam_instance_profile", instance.iam_instance_profile().and_then(|profile| profile.arn()))
        .text("root_device_name", instance.root_device_name())
        .text("root_device_type", instance.root_device_type().map(|device| device.as_str()))
        .text("virtualization_type", instance.virtualization_type().map(|kind| kind.as_str()))
        .text("monitoring", instance.monitoring().and_then(|monitoring| monitoring.state()).map(|state| state.as_str()))
        .text(
            "metadata_tokens",
            instance.metadata_options().and_then(|options| options.http_tokens()).map(|tokens| tokens.as_str()),
        )
        .flag("ebs_optimized", instance.ebs_optimized())
        .flag("source_dest_check", instance.source_dest_check());
    facts
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::{GroupIdentifier, InstanceNetworkInterface, InstanceState, InstanceStateName, InstanceType, Tag};
    use serde_json::json;

    use super::*;
    use crate::aws::region::tests::region;
    use crate::model::{Relationship, ResourceId, Status};

    fn group(id: &str) -> GroupIdentifier {
        GroupIdentifier::builder().group_id(id).build()
    }

    #[test]
    fn an_instance_is_told_with_its_size_and_every_group() {
        let instance = Instance::builder()
            .instance_id("i-1")
            .instance_type(InstanceType::T3Medium)
            .state(InstanceState::builder().name(InstanceStateName::ShuttingDown).build())
            .public_ip_address("")
            .vpc_id("vpc-1")
            .security_groups(group("sg-b"))
            .network_interfaces(InstanceNetworkInterface::builder().groups(group("sg-a")).groups(group("sg-b")).build())
            .tags(Tag::builder().key("Name").value("").build())
            .build();
        let mut page = Page::new();
        let size = Size { virtual_cpus: Some(2), mebibytes: Some(4096) };
        describe(&region(), &instance, Some(size), &mut page).unwrap();
        let (resources, relationships) = page.into_parts();
        let [machine] = resources.as_slice() else { panic!("{resources:?}") };
        assert_eq!((machine.name.as_deref(), &machine.status), (None, &Some(Status::STOPPING)));
        let expected = json!({
            "arn": "arn:aws:ec2:us-east-1:123456789012:instance/i-1", "state": "shutting-down", "instance_type": "t3.medium",
            "cpu_cores": 2, "memory_gb": 4, "vpc_id": "vpc-1", "security_groups": ["sg-a", "sg-b"],
        });
        assert_eq!(json!(machine.metadata), expected);
        let to = |kind, target: &str| Relationship::new(ResourceId::new("i-1"), kind, ResourceId::new(target));
        assert!(relationships.contains(&to(RelationshipKind::BELONGS_TO_VPC, "vpc-1")));
        assert!(relationships.contains(&to(RelationshipKind::PROTECTED_BY, "sg-a")));
        assert!(relationships.iter().all(|tie| tie.kind != RelationshipKind::HAS_PROFILE));
    }
}
