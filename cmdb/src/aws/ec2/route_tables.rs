//! Route tables, the subnets that use them and where they lead.

use aws_sdk_ec2::types::{Route, RouteTable};
use serde_json::Value;

use super::{SERVICE, tags_of};
use crate::aws::facts::Facts;
use crate::aws::fault::Fault;
use crate::aws::kind::Kind;
use crate::aws::page::{Page, Report};
use crate::aws::pages::{Pages, given, identity};
use crate::aws::region::Region;
use crate::aws::tags::name;
use crate::model::{RelationshipKind, ResourceId};

/// EC2 gives route tables in smaller pages than other things.
const PAGE: i32 = 100;

pub(in crate::aws) async fn list(region: &Region, report: &Report) -> Result<(), Fault> {
    let pages = region.clients.ec2.describe_route_tables().into_paginator().page_size(PAGE).send();
    let mut pages = Pages::new(SERVICE, pages, |page| page.next_token());
    while let Some(answer) = pages.next().await? {
        let mut page = Page::new();
        for table in given(SERVICE, "route tables", answer.route_tables)? {
            describe(region, &table, &mut page)?;
        }
        report.page(page).await;
    }
    Ok(())
}

fn describe(region: &Region, table: &RouteTable, page: &mut Page) -> Result<(), Fault> {
    let id = identity(SERVICE, "a route table", table.route_table_id())?;
    let main = table.associations().iter().any(|association| association.main() == Some(true));
    let mut facts = Facts::new();
    facts
        .text("arn", Some(&region.arn_of("ec2", table.owner_id(), &format!("route-table/{id}"))))
        .text("vpc_id", table.vpc_id())
        .flag("is_main", Some(main))
        .list("subnets", table.associations().iter().filter_map(|association| association.subnet_id()))
        .rules("routes", table.routes().iter().map(record))
        .list("propagating_gateways", table.propagating_vgws().iter().filter_map(|gateway| gateway.gateway_id()))
        .text("owner_id", table.owner_id());
    let mut resource = region.resource(Kind::RouteTable, id);
    resource.tags = tags_of(table.tags());
    resource.name = name(&resource.tags, None);
    resource.metadata = facts.into_map();

    let id = &resource.id;
    page.relate(id, RelationshipKind::BELONGS_TO_VPC, table.vpc_id());
    relate_users(table, id, page);
    for route in table.routes() {
        page.relate(id, RelationshipKind::ROUTES_TO, target(route).filter(|target| *target != "local"));
    }
    page.add(resource);
    Ok(())
}

/// A subnet uses the table that it is associated with, a VPC its main one.
fn relate_users(table: &RouteTable, id: &ResourceId, page: &mut Page) {
    for association in table.associations() {
        let subnet = association.subnet_id().filter(|subnet| !subnet.is_empty());
        let user = match association.main() {
            Some(true) => subnet.or(table.vpc_id()),
            _ => subnet,
        };
        page.relate_from(user, RelationshipKind::USES_ROUTE_TABLE, id);
    }
}

fn record(route: &Route) -> Value {
    let destination = [route.destination_cidr_block(), route.destination_ipv6_cidr_block(), route.destination_prefix_list_id()];
    Facts::record(|facts| {
        facts
            .text("destination", first(destination))
            .text("target", target(route))
            .text("state", route.state().map(|state| state.as_str()))
            .text("origin", route.origin().map(|origin| origin.as_str()))
    })
}

fn target(route: &Route) -> Option<&str> {
    first([
        route.nat_gateway_id(),
        route.vpc_peering_connection_id(),
        route.network_interface_id(),
        route.instance_id(),
        route.gateway_id(),
        route.egress_only_internet_gateway_id(),
        route.transit_gateway_id(),
        route.local_gateway_id(),
        route.carrier_gateway_id(),
        route.core_network_arn(),
    ])
}

fn first<const N: usize>(texts: [Option<&str>; N]) -> Option<&str> {
    texts.into_iter().flatten().find(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::RouteTableAssociation;

    use super::*;
    use crate::aws::region::tests::region;

    #[test]
    fn a_table_leads_to_gateways_and_is_used_by_subnets_and_its_vpc() {
        let main = RouteTableAssociation::builder().main(true).build();
        let subnet = RouteTableAssociation::builder().main(false).subnet_id("subnet-1").build();
        let local = Route::builder().destination_cidr_block("10.0.0.0/16").gateway_id("local").build();
        let out = Route::builder().destination_cidr_block("0.0.0.0/0").gateway_id("").nat_gateway_id("nat-1").build();
        let table = RouteTable::builder().route_table_id("rtb-1").vpc_id("vpc-1").associations(main).associations(subnet);
        let mut page = Page::new();
        describe(&region(), &table.routes(local).routes(out).build(), &mut page).unwrap();
        let ties: Vec<String> =
            page.into_parts().1.iter().map(|tie| format!("{} {} {}", tie.source, tie.kind, tie.target)).collect();
        let expected = [
            "rtb-1 BELONGS_TO_VPC vpc-1",
            "vpc-1 USES_ROUTE_TABLE rtb-1",
            "subnet-1 USES_ROUTE_TABLE rtb-1",
            "rtb-1 ROUTES_TO nat-1",
        ];
        assert_eq!(ties, expected);
    }
}
