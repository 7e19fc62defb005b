//! Network interfaces, and which instances they are attached to.

use aws_sdk_ec2::types::NetworkInterface;

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
    let pages = region.clients.ec2.describe_network_interfaces().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for interface in given(SERVICE, "network interfaces", answer.network_interfaces)? {
            describe(region, &interface, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, interface: &NetworkInterface, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a network interface", interface.network_interface_id())?;
    let state = interface.status().map(|state| state.as_str());
    let attachment = interface.attachment();
    let mut resource = region.resource(Kind::NetworkInterface, id);
    resource.tags = tags_of(interface.tag_set());
    resource.name = name(&resource.tags, None);
    resource.status = aws_status(state);
    resource.availability_zone = interface.availability_zone().map(str::to_owned);
    resource.metadata = facts(region, interface, id, state).into_map();

    let id = &resource.id;
    page.relate(id, RelationshipKind::BELONGS_TO_VPC, interface.vpc_id());
    page.relate(id, RelationshipKind::BELONGS_TO_SUBNET, interface.subnet_id());
    for group in interface.groups() {
        page.relate(id, RelationshipKind::PROTECTED_BY, group.group_id());
    }
    page.relate_from(attachment.and_then(|attachment| attachment.instance_id()), RelationshipKind::ATTACHED_TO, id);
    page.add(resource);
    Ok(())
}

fn facts(region: &Region, interface: &NetworkInterface, id: &str, state: Option<&str>) -> Facts {
    let (attachment, association) = (interface.attachment(), interface.association());
    let addresses = interface.private_ip_addresses().iter().filter_map(|address| address.private_ip_address());
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn_of("ec2", interface.owner_id(), &format!("network-interface/{id}"))))
        .text("state", state)
        .text("description", interface.description())
        .text("interface_type", interface.interface_type().map(|kind| kind.as_str()))
        .text("private_ip", interface.private_ip_address())
        .list("private_ips", addresses)
        .list("ipv6_addresses", interface.ipv6_addresses().iter().filter_map(|address| address.ipv6_address()))
        .text("public_ip", association.and_then(|association| association.public_ip()))
        .text("allocation_id", association.and_then(|association| association.allocation_id()))
        .text("private_dns_name", interface.private_dns_name())
        .text("mac_address", interface.mac_address())
        .text("vpc_id", interface.vpc_id())
        .text("subnet_id", interface.subnet_id())
        .list("security_groups", interface.groups().iter().filter_map(|group| group.group_id()))
        .text("instance_id", attachment.and_then(|attachment| attachment.instance_id()))
        .text("attachment_id", attachment.and_then(|attachment| attachment.attachment_id()))
        .number("device_index", attachment.and_then(|attachment| attachment.device_index()))
        .flag("delete_on_termination", attachment.and_then(|attachment| attachment.delete_on_termination()))
        .flag("source_dest_check", interface.source_dest_check())
        .flag("requester_managed", interface.requester_managed())
        .text("requester_id", interface.requester_id())
        .text("owner_id", interface.owner_id());
    facts
}
