//! The account's own snapshots.

use aws_sdk_ec2::types::Snapshot;

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
    let pages = region.clients.ec2.describe_snapshots().owner_ids("self").into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for snapshot in given(SERVICE, "snapshots", answer.snapshots)? {
            describe(region, &snapshot, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, snapshot: &Snapshot, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a snapshot", snapshot.snapshot_id())?;
    let state = snapshot.state().map(|state| state.as_str());
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.snapshot_arn(id)))
        .text("state", state)
        .text("state_message", snapshot.state_message())
        .number("size_gb", snapshot.volume_size())
        .text("volume_id", snapshot.volume_id())
        .flag("encrypted", snapshot.encrypted())
        .text("kms_key_id", snapshot.kms_key_id())
        .text("description", snapshot.description())
        .text("storage_tier", snapshot.storage_tier().map(|tier| tier.as_str()))
        .text("owner_id", snapshot.owner_id())
        .text("outpost_arn", snapshot.outpost_arn())
        .time("start_time", snapshot.start_time());
    let mut resource = region.resource(Kind::Snapshot, id);
    resource.tags = tags_of(snapshot.tags());
    resource.name = name(&resource.tags, None);
    resource.status = aws_status(state);
    resource.metadata = facts.into_map();
    page.relate(&resource.id, RelationshipKind::SNAPSHOT_OF, snapshot.volume_id());
    page.add(resource);
    Ok(())
}
