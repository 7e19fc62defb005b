//! ECS: clusters and what runs in them.

use std::collections::BTreeMap;

use aws_sdk_ecs::types::{Failure, Tag};

use super::fault::Fault;
use super::pages::{Pages, given};
use super::region::Region;
use super::tags::tags;

pub(super) mod clusters;
pub(super) mod container_instances;
pub(super) mod services;
pub(super) mod task_definitions;
pub(super) mod tasks;

const SERVICE: &str = "ecs";

/// The most ARNs in a page, and the most things that one call describes but for services.
const PAGE: i32 = 100;
const BATCH: usize = 100;

fn tags_of(list: &[Tag]) -> BTreeMap<String, String> {
    tags(list.iter().map(|tag| (tag.key(), tag.value())))
}

/// The ARNs of the region's clusters: asked for once, for the four listings that need them.
async fn clusters_of(region: &Region) -> Result<&[String], Fault> {
    let clusters = region.clusters.get_or_init(|| ask_clusters(region)).await;
    clusters.as_deref().map_err(Clone::clone)
}

async fn ask_clusters(region: &Region) -> Result<Vec<String>, Fault> {
    let pages = region.clients.ecs.list_clusters().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    let mut arns = Vec::new();
    while let Some(answer) = pages.next().await? {
        arns.extend(given(SERVICE, "clusters", answer.cluster_arns)?);
    }
    Ok(arns)
}

/// Whether the service says that a cluster is gone: it was deleted since it was listed.
fn is_gone(fault: &Fault) -> bool {
    fault.is("ClusterNotFound")
}

/// Checks that a batch answer tells of all that it was asked about: what is missing was deleted since it was listed, and
/// anything else is a failure.
fn check_batch(asked: usize, found: usize, failures: &[Failure]) -> Result<(), Fault> {
    if let Some(failure) = failures.iter().find(|failure| failure.reason() != Some("MISSING")) {
        let reason = failure.reason().unwrap_or("Failure");
        let message = format!("{}: {}", failure.arn().unwrap_or("?"), failure.detail().unwrap_or("no detail given"));
        return Err(Fault::refused(SERVICE, reason, message));
    }
    if found + failures.len() < asked {
        return Err(Fault::bad_response(
            SERVICE,
            format!("an answer that tells of {found} things where {asked} were asked about"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(reason: &str) -> Failure {
        Failure::builder().arn("arn").reason(reason).build()
    }

    #[test]
    fn a_batch_tells_of_everything_or_fails() {
        check_batch(2, 2, &[]).unwrap();
        check_batch(2, 1, &[failure("MISSING")]).unwrap();
        assert!(check_batch(2, 1, &[]).unwrap_err().is("BadResponse"));
        assert!(check_batch(2, 1, &[failure("ACCESS_DENIED")]).unwrap_err().is("ACCESS_DENIED"));
    }
}
