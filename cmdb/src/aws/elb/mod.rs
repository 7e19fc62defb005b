//! Elastic Load Balancing: application, network and gateway load balancers.

use std::collections::{BTreeMap, HashMap};

use futures_util::{StreamExt, TryStreamExt};

use super::fault::Fault;
use super::pages::given;
use super::region::{FOLLOW_UPS, Region};
use super::tags::tags;

mod actions;
pub(super) mod listeners;
pub(super) mod load_balancers;
pub(super) mod target_groups;

const SERVICE: &str = "elasticloadbalancing";

/// The most items that the service gives in a page.
const PAGE: i32 = 400;

/// The most resources whose tags one call tells.
const TAG_BATCH: usize = 20;

type Tags = BTreeMap<String, String>;

/// Whether the service says that what it was asked about is gone, which is not a failure: it was deleted since it was
/// listed.
fn is_gone(fault: &Fault) -> bool {
    ["LoadBalancerNotFound", "ListenerNotFound", "TargetGroupNotFound", "RuleNotFound"].iter().any(|code| fault.is(code))
}

/// The tags of each of these resources that is still there.
async fn tags_of(region: &Region, arns: Vec<String>) -> Result<HashMap<String, Tags>, Fault> {
    let batches: Vec<Vec<String>> = arns.chunks(TAG_BATCH).map(<[String]>::to_vec).collect();
    let answers: Vec<Vec<(String, Tags)>> =
        futures_util::stream::iter(batches).map(|batch| tags_of_batch(region, batch)).buffered(FOLLOW_UPS).try_collect().await?;
    Ok(answers.into_iter().flatten().collect())
}

/// One resource that is gone makes the service refuse a whole batch; then each is asked about alone.
async fn tags_of_batch(region: &Region, arns: Vec<String>) -> Result<Vec<(String, Tags)>, Fault> {
    match ask_tags(region, arns.clone()).await {
        Err(fault) if is_gone(&fault) => {}
        answer => return answer,
    }
    let mut found = Vec::new();
    for arn in arns {
        match ask_tags(region, vec![arn]).await {
            Err(fault) if is_gone(&fault) => {}
            answer => found.extend(answer?),
        }
    }
    Ok(found)
}

async fn ask_tags(region: &Region, arns: Vec<String>) -> Result<Vec<(String, Tags)>, Fault> {
    let answer = region.clients.elb.describe_tags().set_resource_arns(Some(arns)).send().await;
    let answer = answer.map_err(|error| Fault::of(SERVICE, &error))?;
    let described = given(SERVICE, "tags", answer.tag_descriptions)?.into_iter();
    Ok(described
        .filter_map(|described| {
            let of = tags(described.tags().iter().map(|tag| (tag.key(), tag.value())));
            Some((described.resource_arn?, of))
        })
        .collect())
}
