//! Clusters.

use aws_sdk_ecs::types::{Cluster, ClusterField};

use super::{BATCH, SERVICE, check_batch, clusters_of, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{given, identity};
use crate::aws::region::Region;
use crate::aws::tags::name;
use crate::aws_status::aws_status;

pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    for arns in clusters_of(region).await?.chunks(BATCH) {
        let call = region.clients.ecs.describe_clusters().set_clusters(Some(arns.to_vec()));
        let call = call.include(ClusterField::Tags).include(ClusterField::Settings);
        let answer = call.send().await.map_err(|error| Fault::of(SERVICE, &error))?;
        let clusters = given(SERVICE, "clusters", answer.clusters)?;
        check_batch(arns.len(), clusters.len(), answer.failures.as_deref().unwrap_or_default())?;
        let mut page = Page::new();
        for cluster in &clusters {
            describe(region, cluster, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

/// The counts of tasks, services and instances are left out: they change by themselves, and the graph tells them.
fn describe(region: &Region, cluster: &Cluster, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a cluster", cluster.cluster_arn())?;
    let settings = cluster.settings().iter().map(|setting| {
        Facts::record(|facts| facts.text("name", setting.name().map(|name| name.as_str())).text("value", setting.value()))
    });
    let strategy = cluster.default_capacity_provider_strategy().iter().map(|item| {
        Facts::record(|facts| {
            facts
                .text("capacity_provider", Some(item.capacity_provider()))
                .number("weight", Some(item.weight()))
                .number("base", Some(item.base()))
        })
    });
    let mut facts = Facts::new();
    facts
        .text("arn", Some(id))
        .text("state", cluster.status())
        .list("capacity_providers", cluster.capacity_providers().iter().map(String::as_str))
        .records("default_capacity_provider_strategy", strategy)
        .records("settings", settings);
    let mut resource = region.resource(Kind::EcsCluster, id);
    resource.tags = tags_of(cluster.tags());
    resource.name = name(&resource.tags, cluster.cluster_name());
    resource.status = aws_status(cluster.status());
    resource.metadata = facts.into_map();
    page.add(resource);
    Ok(())
}
