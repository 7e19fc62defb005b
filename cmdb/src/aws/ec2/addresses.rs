//! Elastic IP addresses.

use aws_sdk_ec2::types::Address;

use super::{SERVICE, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{given, identity};
use crate::aws::region::Region;
use crate::aws::tags::name;
use crate::model::RelationshipKind;

/// EC2 answers with all addresses at once; it has no pages of them.
pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    let answer = region.clients.ec2.describe_addresses().send().await.map_err(|error| Fault::of(SERVICE, &error))?;
    let mut page = Page::new();
    for address in given(SERVICE, "addresses", answer.addresses)? {
        describe(region, &address, &mut page)?;
    }
    report.page(page).await;
    Ok(())
}

fn describe(region: &Region, address: &Address, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "an address", address.allocation_id())?;
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn("ec2", &format!("elastic-ip/{id}"))))
        .text("public_ip", address.public_ip())
        .text("private_ip", address.private_ip_address())
        .text("domain", address.domain().map(|domain| domain.as_str()))
        .text("association_id", address.association_id())
        .text("network_interface_id", address.network_interface_id())
        .text("instance_id", address.instance_id())
        .text("public_ipv4_pool", address.public_ipv4_pool())
        .text("network_border_group", address.network_border_group());
    let mut resource = region.resource(Kind::Address, id);
    resource.tags = tags_of(address.tags());
    resource.name = name(&resource.tags, None);
    resource.metadata = facts.into_map();

    let id = &resource.id;
    page.relate(id, RelationshipKind::ATTACHED_TO, address.network_interface_id());
    page.relate(id, RelationshipKind::ATTACHED_TO, address.instance_id());
    page.add(resource);
    Ok(())
}
