//! A made-up inventory: networks with exactly a thousand members and three thousand relationships each.

use dharmagraph_cmdb::{
    Provider, Relationship, RelationshipKind, Resource, ResourceId, ResourceType, Scope, ScopeSnapshot, Snapshot, Status, TaskId,
    Timestamp,
};
use serde_json::json;

/// Members of a network: subnets, security groups, machines, their interfaces and volumes.
const SUBNETS: usize = 30;
const GROUPS: usize = 20;
pub(crate) const MACHINES: usize = 450;
const INTERFACES: usize = 400;
/// Each is one machine's: a hundred networks have ten thousand such pairs.
pub(crate) const VOLUMES: usize = 100;
/// Interfaces with a security group of their own: as many as make three relationships for each member.
const GUARDED_INTERFACES: usize = 200;
const BLOCKS_PER_ACCOUNT: usize = 2;

const REGIONS: [&str; 5] = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"];
const TYPES: [&str; 4] = ["t3.micro", "t3.medium", "m5.large", "c5.xlarge"];
const ENVIRONMENTS: [&str; 3] = ["production", "staging", "dev"];
const TEAMS: [&str; 5] = ["backend", "data", "payments", "search", "platform"];

/// Some networks of one account and region: what one discovery lists.
#[derive(Debug)]
pub(crate) struct Account {
    account: String,
    region: &'static str,
    blocks: std::ops::Range<usize>,
}

/// The accounts that hold this many networks together.
pub(crate) fn accounts(blocks: usize) -> impl Iterator<Item = Account> {
    (0..blocks).step_by(BLOCKS_PER_ACCOUNT).enumerate().map(move |(index, first)| Account {
        account: format!("{:012}", 100_000_000_000_usize + index / REGIONS.len()),
        region: REGIONS[index % REGIONS.len()],
        blocks: first..(first + BLOCKS_PER_ACCOUNT).min(blocks),
    })
}

/// A resource's id: the kind's prefix, the network's number and its own.
pub(crate) fn id(prefix: &str, block: usize, item: usize) -> ResourceId {
    ResourceId::new(format!("{prefix}-{:017x}", ((block + 1) << 24) | item))
}

impl Account {
    /// Everything that lists it.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let mut scopes = vec![
            self.scope("AWS::EC2::VPC"),
            self.scope("AWS::EC2::Subnet"),
            self.scope("AWS::EC2::SecurityGroup"),
            self.scope("AWS::EC2::Instance"),
            self.scope("AWS::EC2::NetworkInterface"),
            self.scope("AWS::EC2::Volume"),
        ];
        for block in self.blocks.clone() {
            self.fill(&mut scopes, block);
        }
        Snapshot {
            task_id: TaskId::new("aws-discovery-20250118-123045"),
            at: Timestamp::from_micros(1_737_203_445_000_000),
            scopes,
        }
    }

    fn scope(&self, native_type: &str) -> ScopeSnapshot {
        let scope = Scope::new(Provider::AWS, self.account.clone(), self.region, native_type);
        ScopeSnapshot { scope, resources: Vec::new(), relationships: Vec::new(), complete: true }
    }

    fn fill(&self, scopes: &mut [ScopeSnapshot], block: usize) {
        let vpc = id("vpc", block, 0);
        let relate = |scope: &mut ScopeSnapshot, source: &ResourceId, kind: RelationshipKind, target: ResourceId| {
            scope.relationships.push(Relationship::new(source.clone(), kind, target));
        };
        scopes[0].resources.push(self.resource(&vpc, ResourceType::NETWORK, "AWS::EC2::VPC", block));
        for (at, (prefix, count, resource_type)) in [
            ("subnet", SUBNETS, ResourceType::NETWORK),
            ("sg", GROUPS, ResourceType::SECURITY_GROUP),
            ("i", MACHINES, ResourceType::COMPUTE),
            ("eni", INTERFACES, ResourceType::NETWORK),
            ("vol", VOLUMES, ResourceType::STORAGE),
        ]
        .into_iter()
        .enumerate()
        {
            let scope = &mut scopes[at + 1];
            let native_type = scope.scope.native_type.clone();
            for item in 0..count {
                let member = id(prefix, block, item);
                scope.resources.push(self.resource(&member, resource_type.clone(), &native_type, block * 7 + item));
                relate(scope, &member, RelationshipKind::BELONGS_TO_VPC, vpc.clone());
                let (subnet, group) = (id("subnet", block, item % SUBNETS), id("sg", block, item % GROUPS));
                match prefix {
                    "i" => {
                        relate(scope, &member, RelationshipKind::BELONGS_TO_SUBNET, subnet);
                        relate(scope, &member, RelationshipKind::PROTECTED_BY, group);
                        if item < INTERFACES {
                            relate(scope, &member, RelationshipKind::ATTACHED_TO, id("eni", block, item));
                        }
                        if item < VOLUMES {
                            relate(scope, &member, RelationshipKind::ATTACHED_TO, id("vol", block, item));
                        }
                    }
                    "eni" => {
                        relate(scope, &member, RelationshipKind::BELONGS_TO_SUBNET, subnet);
                        if item < GUARDED_INTERFACES {
                            relate(scope, &member, RelationshipKind::PROTECTED_BY, group);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn resource(&self, id: &ResourceId, resource_type: ResourceType, native_type: &str, seed: usize) -> Resource {
        let mut resource =
            Resource::new(id.as_str(), Provider::AWS, resource_type, native_type, self.account.clone(), self.region);
        let name = format!("{}-{seed:06}", TEAMS[seed % 5]);
        resource.name = Some(name.clone());
        resource.status = Some(if seed.is_multiple_of(4) { Status::STOPPED } else { Status::RUNNING });
        resource.availability_zone = Some(format!("{}{}", self.region, ["a", "b", "c"][seed % 3]));
        for (key, value) in
            [("Name", name.as_str()), ("Environment", ENVIRONMENTS[seed % 3]), ("Team", TEAMS[seed % 5]), ("cost:center", "42.7")]
        {
            resource.tags.insert(key.to_owned(), value.to_owned());
        }
        let facts = [
            ("arn", json!(format!("arn:aws:ec2:{}:{}:resource/{id}", self.region, self.account))),
            ("state", json!(if seed.is_multiple_of(4) { "stopped" } else { "running" })),
            ("instance_type", json!(TYPES[seed % 4])),
            ("cpu_cores", json!(2 << (seed % 4))),
            ("memory_gb", json!(4 << (seed % 4))),
            ("private_ip", json!(format!("10.{}.{}.{}", seed / 65_536 % 256, seed / 256 % 256, seed % 256))),
            ("vpc_id", json!(format!("vpc-{:017x}", seed))),
            ("launched_at", json!("2025-01-18T12:30:45Z")),
            ("image_id", json!("ami-0123456789abcdef0")),
            ("architecture", json!("x86_64")),
            ("platform", json!("Linux/UNIX")),
            ("monitoring", json!(seed.is_multiple_of(2))),
            ("tenancy", json!("default")),
            ("key_name", json!("operations")),
            ("ebs_optimized", json!(true)),
            ("root_device", json!("/dev/xvda")),
            ("hypervisor", json!("nitro")),
            ("source_dest_check", json!(seed.is_multiple_of(3))),
            ("security_group_count", json!(seed % 5)),
            ("reservation_id", json!(format!("r-{:017x}", seed / 10))),
        ];
        // 13 to 20 facts, as resources of different types have.
        let count = 13 + seed % 8;
        resource.metadata.extend(facts.into_iter().take(count).map(|(key, value)| (key.to_owned(), value)));
        resource
    }
}
