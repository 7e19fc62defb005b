//! Networks, machines and volumes.

use dharmagraph_cmdb::{Provider, ResourceType, Status};
use serde_json::{Value, json};

use crate::{Found, MODULES, NETWORK};

const VPC: &str = "vpc-0a1b2c3d4e5f60718";

#[tokio::test]
async fn a_state_is_one_scope_that_completes_after_everything_in_it() {
    let found = Found::of(NETWORK).await;
    let scopes: Vec<_> = found.completed.iter().map(ToString::to_string).collect();
    assert_eq!(scopes, ["terraform/5f0c6b1e-3f7a-4c0b-9b1d-7d5b7f9a1c22/global/terraform::State"]);
    assert!(found.debug.trim_end().ends_with("\"terraform::State\" })"), "the end comes last");
    assert!(found.resources.values().all(|resource| resource.provider == Provider::AWS));
    assert_eq!(
        found.resources.keys().collect::<Vec<_>>(),
        [
            "acl-0123456789abcdef0",
            "eipalloc-0123456789abcdef0",
            "igw-0123456789abcdef0",
            "nat-0123456789abcdef0",
            "pcx-0123456789abcdef0",
            "rtb-0aaaaaaaaaaaaaaaa",
            "rtb-0bbbbbbbbbbbbbbbb",
            "sg-0db00000000000000",
            "sg-0eb00000000000000",
            "subnet-00000000000000001",
            "subnet-00000000000000002",
            VPC,
        ]
    );
}

#[tokio::test]
async fn a_network_has_the_facts_that_the_api_gives() {
    let found = Found::of(NETWORK).await;
    let vpc = found.resource(VPC);
    assert_eq!((vpc.native_type.as_str(), &vpc.resource_type), ("AWS::EC2::VPC", &ResourceType::NETWORK));
    assert_eq!((vpc.account.as_str(), vpc.region.as_str()), ("210987654321", "eu-west-1"));
    assert_eq!((vpc.name.as_deref(), &vpc.status), (Some("main"), &None));
    assert_eq!(vpc.tags, [("Name".into(), "main".into()), ("Team".into(), "platform".into())].into());
    assert_eq!(
        Value::Object(vpc.metadata.clone()),
        json!({"arn": format!("arn:aws:ec2:eu-west-1:210987654321:vpc/{VPC}"), "cidr": "10.20.0.0/16",
            "tenancy": "default", "is_default": false, "owner_id": "210987654321"})
    );
    let subnet = found.resource("subnet-00000000000000002");
    assert_eq!((subnet.name.as_deref(), subnet.availability_zone.as_deref()), (None, Some("eu-west-1b")));
    assert_eq!(subnet.metadata["vpc_id"], VPC);
    // This gateway's attributes hold neither ARN nor account nor region.
    let gateway = found.resource("nat-0123456789abcdef0");
    assert_eq!((gateway.account.as_str(), gateway.region.as_str()), ("210987654321", "eu-west-1"));
    assert_eq!(gateway.metadata["arn"], "arn:aws:ec2:eu-west-1:210987654321:natgateway/nat-0123456789abcdef0");
}

#[tokio::test]
async fn networks_are_tied_together_as_the_api_ties_them() {
    let found = Found::of(NETWORK).await;
    for (id, expected) in [
        // The association makes another table the main one than the VPC was made with.
        (VPC, vec!["USES_ROUTE_TABLE rtb-0bbbbbbbbbbbbbbbb"]),
        (
            "subnet-00000000000000001",
            vec![
                "BELONGS_TO_VPC vpc-0a1b2c3d4e5f60718",
                "PROTECTED_BY acl-0123456789abcdef0",
                "USES_ROUTE_TABLE rtb-0bbbbbbbbbbbbbbbb",
            ],
        ),
        ("subnet-00000000000000002", vec!["BELONGS_TO_VPC vpc-0a1b2c3d4e5f60718", "PROTECTED_BY acl-0123456789abcdef0"]),
        ("igw-0123456789abcdef0", vec!["ATTACHED_TO vpc-0a1b2c3d4e5f60718"]),
        ("eipalloc-0123456789abcdef0", vec!["ATTACHED_TO eni-0aaaaaaaaaaaaaaa1"]),
        ("nat-0123456789abcdef0", vec!["BELONGS_TO_SUBNET subnet-00000000000000001", "BELONGS_TO_VPC vpc-0a1b2c3d4e5f60718"]),
        ("rtb-0aaaaaaaaaaaaaaaa", vec!["BELONGS_TO_VPC vpc-0a1b2c3d4e5f60718", "ROUTES_TO nat-0123456789abcdef0"]),
        ("rtb-0bbbbbbbbbbbbbbbb", vec!["BELONGS_TO_VPC vpc-0a1b2c3d4e5f60718", "ROUTES_TO igw-0123456789abcdef0"]),
        ("acl-0123456789abcdef0", vec!["BELONGS_TO_VPC vpc-0a1b2c3d4e5f60718"]),
        ("pcx-0123456789abcdef0", vec!["PEERS_WITH vpc-0a1b2c3d4e5f60718", "PEERS_WITH vpc-0fedcba9876543210"]),
    ] {
        assert_eq!(found.from(id), expected, "{id}");
    }
}

#[tokio::test]
async fn both_sides_of_a_peering_are_one_resource() {
    let found = Found::of(NETWORK).await;
    let peering = found.resource("pcx-0123456789abcdef0");
    assert_eq!(peering.status, Some(Status::PENDING));
    assert_eq!(peering.region, "eu-west-1");
    assert_eq!(peering.metadata["requester_vpc_id"], VPC);
    assert_eq!(peering.metadata["accepter_vpc_id"], "vpc-0fedcba9876543210");
    assert_eq!(peering.tags.get("Side").map(String::as_str), Some("accepter"));
}

#[tokio::test]
async fn rules_are_merged_into_their_group_wherever_they_stand() {
    let found = Found::of(NETWORK).await;
    let group = found.resource("sg-0eb00000000000000");
    assert_eq!(group.name.as_deref(), Some("web"));
    assert_eq!(
        group.metadata["ingress_rules"],
        json!([{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidrs": ["0.0.0.0/0", "10.0.0.0/8"], "ipv6_cidrs": ["::/0"],
            "security_groups": ["sg-0eb00000000000000"]}])
    );
    assert_eq!(group.metadata["egress_rules"], json!([{"protocol": "-1", "cidrs": ["0.0.0.0/0"]}]));
    assert_eq!(
        found.fact("sg-0db00000000000000", "ingress_rules"),
        json!([{"protocol": "tcp", "from_port": 5432, "to_port": 5432,
            "security_groups": ["sg-0eb00000000000000"]}])
    );
    assert_eq!(
        found.from("sg-0db00000000000000"),
        [
            "ALLOWS_TRAFFIC_FROM sg-0eb00000000000000",
            "ALLOWS_TRAFFIC_TO sg-0bac0000000000000",
            "BELONGS_TO_VPC vpc-0a1b2c3d4e5f60718"
        ]
    );
    // A rule of a group that another state keeps is still a relationship.
    assert_eq!(found.from("sg-0e15e0000000000000"), ["ALLOWS_TRAFFIC_FROM sg-0eb00000000000000"]);
    assert_eq!(found.from("sg-0eb00000000000000")[0], "ALLOWS_TRAFFIC_FROM sg-0eb00000000000000");
}

#[tokio::test]
async fn machines_in_modules_are_found_with_all_that_is_attached() {
    let found = Found::of(MODULES).await;
    let machine = found.resource("i-0b100000000000001");
    assert_eq!(machine.name.as_deref(), Some("web-0"));
    assert_eq!(machine.status, Some(Status::RUNNING));
    assert_eq!(machine.tags.get("Environment").map(String::as_str), Some("production"));
    assert_eq!(
        Value::Object(machine.metadata.clone()),
        json!({"arn": "arn:aws:ec2:us-west-2:210987654321:instance/i-0b100000000000001", "state": "running",
            "security_groups": ["sg-0b100000000000000"], "instance_type": "t3.medium",
            "cpu_cores": 2, "private_ip": "10.30.0.11", "vpc_id": "vpc-0b100000000000000",
            "subnet_id": "subnet-0b100000000000000", "image_id": "ami-0123456789abcdef0", "key_name": "ops"})
    );
    assert_eq!(
        found.from("i-0b100000000000001"),
        [
            "ATTACHED_TO eni-0b100000000000001",
            "ATTACHED_TO eni-0b100000000000002",
            "ATTACHED_TO vol-0b100000000000001",
            "ATTACHED_TO vol-0b100000000000002",
            "ATTACHED_TO vol-0da00000000000001",
            "BELONGS_TO_SUBNET subnet-0b100000000000000",
            "BELONGS_TO_VPC vpc-0b100000000000000",
            "HAS_PROFILE arn:aws:iam::210987654321:instance-profile/apps/web",
            "PROTECTED_BY sg-0b100000000000000",
        ]
    );
    assert!(!found.resources.contains_key("vol-0b100000000000001"), "a root volume of its own stands nowhere");
    assert_eq!(found.from("eipalloc-0b100000000000000").len(), 2);
}

#[tokio::test]
async fn tainted_instances_exist_and_deposed_ones_do_not() {
    let found = Found::of(MODULES).await;
    let tainted = found.resource("i-0b100000000000002");
    assert_eq!((tainted.name.as_deref(), &tainted.status), (Some("web-1"), &Some(Status::STOPPED)));
    assert!(found.from("i-0b100000000000002").contains(&"ATTACHED_TO eni-0b100000000000003"));
    assert!(!found.resources.contains_key("i-0dead000000000000"));
}

#[tokio::test]
async fn volumes_and_snapshots_have_their_facts() {
    let found = Found::of(MODULES).await;
    let volume = found.resource("vol-0da00000000000001");
    assert_eq!((volume.account.as_str(), volume.region.as_str()), ("345678901234", "eu-west-1"));
    assert_eq!(volume.status, None);
    assert_eq!(
        Value::Object(volume.metadata.clone()),
        json!({"arn": "arn:aws:ec2:eu-west-1:345678901234:volume/vol-0da00000000000001", "volume_type": "gp3", "size_gb": 500,
            "iops": 3000, "throughput": 125, "encrypted": true, "snapshot_id": "snap-0da00000000000001",
            "kms_key_id": "arn:aws:kms:eu-west-1:345678901234:key/11111111-2222-3333-4444-555555555555"})
    );
    assert_eq!(
        found.from("vol-0da00000000000001"),
        [
            "CREATED_FROM snap-0da00000000000001",
            "ENCRYPTED_WITH arn:aws:kms:eu-west-1:345678901234:key/11111111-2222-3333-4444-555555555555"
        ]
    );
    // No ARN: the zone tells the region, things of the same provider configuration the account.
    let scratch = found.resource("vol-0da00000000000002");
    assert_eq!((scratch.account.as_str(), scratch.region.as_str()), ("345678901234", "eu-west-1"));
    assert_eq!(found.from("vol-0da00000000000002"), [""; 0]);
    assert_eq!(found.from("snap-0da00000000000002"), ["SNAPSHOT_OF vol-0da00000000000001"]);
    assert_eq!(found.fact("snap-0da00000000000002", "arn"), "arn:aws:ec2:eu-west-1::snapshot/snap-0da00000000000002");
}

#[tokio::test]
async fn odd_instances_and_attributes_are_left_out_one_by_one() {
    let found = Found::of(MODULES).await;
    let odd = found.resource("i-0dd00000000000000");
    assert_eq!(odd.metadata.get("instance_type"), None);
    assert_eq!(odd.metadata["private_ip"], "10.40.0.1");
    assert!(odd.tags.is_empty());
    assert_eq!(found.resources.keys().filter(|id| id.starts_with("i-")).count(), 3);
    assert_eq!(found.completed.len(), 1);
}
