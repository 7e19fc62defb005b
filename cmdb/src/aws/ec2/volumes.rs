//! Volumes, and which instances they are attached to.

use aws_sdk_ec2::types::Volume;

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
    let pages = region.clients.ec2.describe_volumes().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for volume in given(SERVICE, "volumes", answer.volumes)? {
            describe(region, &volume, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, volume: &Volume, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a volume", volume.volume_id())?;
    let state = volume.state().map(|state| state.as_str());
    let attachments = volume.attachments().iter().map(|attachment| {
        Facts::record(|facts| {
            facts
                .text("instance_id", attachment.instance_id())
                .text("device", attachment.device())
                .text("state", attachment.state().map(|state| state.as_str()))
                .flag("delete_on_termination", attachment.delete_on_termination())
        })
    });
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn("ec2", &format!("volume/{id}"))))
        .text("state", state)
        .number("size_gb", volume.size())
        .text("volume_type", volume.volume_type().map(|kind| kind.as_str()))
        .flag("encrypted", volume.encrypted())
        .text("kms_key_id", volume.kms_key_id())
        .number("iops", volume.iops())
        .number("throughput", volume.throughput())
        .flag("multi_attach_enabled", volume.multi_attach_enabled())
        .text("snapshot_id", volume.snapshot_id())
        .text("outpost_arn", volume.outpost_arn())
        .time("create_time", volume.create_time())
        .records("attachments", attachments);
    let mut resource = region.resource(Kind::Volume, id);
    resource.tags = tags_of(volume.tags());
    resource.name = name(&resource.tags, None);
    resource.status = aws_status(state);
    resource.availability_zone = volume.availability_zone().map(str::to_owned);
    resource.metadata = facts.into_map();

    let id = &resource.id;
    for attachment in volume.attachments() {
        page.relate_from(attachment.instance_id(), RelationshipKind::ATTACHED_TO, id);
    }
    page.relate(id, RelationshipKind::CREATED_FROM, volume.snapshot_id());
    page.relate(id, RelationshipKind::ENCRYPTED_WITH, volume.kms_key_id());
    page.add(resource);
    Ok(())
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::VolumeAttachment;

    use super::*;
    use crate::aws::region::tests::region;
    use crate::model::{Relationship, ResourceId};

    #[test]
    fn the_attachment_leads_from_the_instance_to_the_volume() {
        let attachment = VolumeAttachment::builder().instance_id("i-1").build();
        let volume = Volume::builder().volume_id("vol-1").snapshot_id("").attachments(attachment).build();
        let mut page = Page::new();
        describe(&region(), &volume, &mut page).unwrap();
        let attached = Relationship::new(ResourceId::new("i-1"), RelationshipKind::ATTACHED_TO, ResourceId::new("vol-1"));
        assert_eq!(page.into_parts().1, [attached]);
    }
}
