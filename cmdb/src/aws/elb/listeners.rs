//! Listeners with their rules, and the target groups that they forward to.

use aws_sdk_elasticloadbalancingv2::types::{Listener, ProtocolEnum, Rule};
use futures_util::{StreamExt, TryStreamExt};

use super::actions::{action, rule, target_groups};
use super::{PAGE, SERVICE, Tags, is_gone, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{Pages, given, identity};
use crate::aws::region::{FOLLOW_UPS, Region};
use crate::aws::tags::name;
use crate::model::{RelationshipKind, ResourceId};

/// Load balancers whose listeners make one page of ours.
const BALANCERS: usize = 50;

pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    let pages = region.clients.elb.describe_load_balancers().page_size(PAGE).into_paginator().send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_marker());
    while let Some(answer) = pages.next().await? {
        let balancers = given(SERVICE, "load balancers", answer.load_balancers)?;
        let arns: Vec<String> = balancers.into_iter().filter_map(|balancer| balancer.load_balancer_arn).collect();
        for arns in arns.chunks(BALANCERS) {
            list_of(region, arns.to_vec(), report).await?;
        }
    }
    Ok(())
}

/// A listener and what was asked about it.
struct Known {
    listener: Listener,
    rules: Vec<Rule>,
}

async fn list_of(region: &Region, balancers: Vec<String>, report: &Report) -> Result<(), Fault> {
    let listeners: Vec<Vec<Listener>> = futures_util::stream::iter(balancers)
        .map(|balancer| listeners_of(region, balancer))
        .buffered(FOLLOW_UPS)
        .try_collect()
        .await?;
    let known: Vec<Known> = futures_util::stream::iter(listeners.into_iter().flatten())
        .map(|listener| with_rules(region, listener))
        .buffered(FOLLOW_UPS)
        .try_collect()
        .await?;
    let arns = known.iter().filter_map(|known| known.listener.listener_arn().map(str::to_owned)).collect();
    let mut tags = tags_of(region, arns).await?;
    let mut page = Page::new();
    for known in &known {
        let id = identity(SERVICE, "a listener", known.listener.listener_arn())?;
        if let Some(tags) = tags.remove(id) {
            describe(region, known, id, tags, &mut page);
        }
    }
    report.page(page).await;
    Ok(())
}

async fn listeners_of(region: &Region, balancer: String) -> Result<Vec<Listener>, Fault> {
    let call = region.clients.elb.describe_listeners().load_balancer_arn(balancer);
    let mut pages = Pages::new(SERVICE, call.page_size(PAGE).into_paginator().send(), |page| page.next_marker());
    let mut listeners = Vec::new();
    loop {
        match pages.next().await {
            Ok(Some(answer)) => listeners.extend(given(SERVICE, "listeners", answer.listeners)?),
            Ok(None) => return Ok(listeners),
            Err(fault) if is_gone(&fault) => return Ok(Vec::new()),
            Err(fault) => return Err(fault),
        }
    }
}

/// Only listeners of application load balancers have rules beside their default actions.
async fn with_rules(region: &Region, listener: Listener) -> Result<Known, Fault> {
    let ruled = matches!(listener.protocol(), Some(ProtocolEnum::Http | ProtocolEnum::Https));
    let Some(arn) = listener.listener_arn().filter(|_| ruled) else { return Ok(Known { listener, rules: Vec::new() }) };
    let call = region.clients.elb.describe_rules().listener_arn(arn);
    let mut pages = Pages::new(SERVICE, call.page_size(PAGE).into_paginator().send(), |page| page.next_marker());
    let mut rules = Vec::new();
    loop {
        match pages.next().await {
            Ok(Some(answer)) => rules.extend(given(SERVICE, "rules", answer.rules)?),
            Ok(None) => break,
            Err(fault) if is_gone(&fault) => break,
            Err(fault) => return Err(fault),
        }
    }
    Ok(Known { listener, rules })
}

fn describe(region: &Region, Known { listener, rules }: &Known, id: &str, tags: Tags, page: &mut Page) {
    let actions = || listener.default_actions().iter().chain(rules.iter().flat_map(|rule| rule.actions()));
    let certificates = listener.certificates().iter().filter_map(|certificate| certificate.certificate_arn());
    let mut facts = Facts::new();
    facts
        .text("arn", Some(id))
        .text("load_balancer_arn", listener.load_balancer_arn())
        .number("port", listener.port())
        .text("protocol", listener.protocol().map(|protocol| protocol.as_str()))
        .list("certificates", certificates)
        .text("ssl_policy", listener.ssl_policy())
        .list("alpn_policies", listener.alpn_policy().iter().map(String::as_str))
        .records("default_actions", listener.default_actions().iter().map(action))
        .records("rules", rules.iter().map(rule))
        .list("target_groups", actions().flat_map(target_groups));
    let mut resource = region.resource(Kind::Listener, id);
    resource.name = name(&tags, None);
    resource.tags = tags;
    resource.metadata = facts.into_map();

    page.relate(&resource.id, RelationshipKind::MEMBER_OF, listener.load_balancer_arn());
    if let Some(balancer) = listener.load_balancer_arn().map(ResourceId::new) {
        for group in actions().flat_map(target_groups) {
            page.relate(&balancer, RelationshipKind::ROUTES_TO, Some(group));
        }
    }
    page.add(resource);
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::Action;

    use super::*;
    use crate::aws::region::tests::region;

    #[test]
    fn a_load_balancer_routes_to_the_groups_of_default_actions_and_rules() {
        let to = |arn: &str| Action::builder().target_group_arn(arn).build();
        let listener = Listener::builder().listener_arn("l").load_balancer_arn("lb").port(443).default_actions(to("one"));
        let known = Known { listener: listener.build(), rules: vec![Rule::builder().actions(to("two")).build()] };
        let mut page = Page::new();
        describe(&region(), &known, "l", Tags::new(), &mut page);
        let ties: Vec<String> =
            page.into_parts().1.iter().map(|tie| format!("{} {} {}", tie.source, tie.kind, tie.target)).collect();
        assert_eq!(ties, ["l MEMBER_OF lb", "lb ROUTES_TO one", "lb ROUTES_TO two"]);
    }
}
