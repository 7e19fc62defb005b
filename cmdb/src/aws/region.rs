//! One account in one region.

use tokio::sync::OnceCell;

use super::arn::arn;
use super::clients::Clients;
use super::fault::Fault;
use super::kind::Kind;
use crate::model::{Provider, Resource};

/// Calls that one listing makes at once, where it asks about each of many things.
pub(super) const FOLLOW_UPS: usize = 8;

/// Whose keys these are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller {
    pub(super) account: String,
    /// `aws`, `aws-cn`, ..
    pub(super) partition: String,
}

/// One account in one region: where its listings ask, and what they share.
#[derive(Debug)]
pub(super) struct Region {
    caller: Caller,
    name: String,
    pub(super) clients: Clients,
    pub(super) clusters: OnceCell<Result<Vec<String>, Fault>>,
}

impl Region {
    pub(super) fn new(caller: Caller, name: String, clients: Clients) -> Self {
        Self { caller, name, clients, clusters: OnceCell::new() }
    }

    /// A resource of this account and region.
    pub(super) fn resource(&self, kind: Kind, id: &str) -> Resource {
        Resource::new(id, Provider::AWS, kind.resource_type(), kind.native_type(), &*self.caller.account, &*self.name)
    }

    /// The ARN of something in this account and region.
    pub(super) fn arn(&self, service: &str, resource: &str) -> String {
        arn(&self.caller.partition, service, &self.name, &self.caller.account, resource)
    }

    /// The ARN of something in this region that may be another account's.
    pub(super) fn arn_of(&self, service: &str, owner: Option<&str>, resource: &str) -> String {
        let owner = owner.filter(|owner| !owner.is_empty()).unwrap_or(&self.caller.account);
        arn(&self.caller.partition, service, &self.name, owner, resource)
    }

    /// The ARN of a snapshot, which names no account.
    pub(super) fn snapshot_arn(&self, id: &str) -> String {
        arn(&self.caller.partition, "ec2", &self.name, "", &format!("snapshot/{id}"))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use aws_config::{BehaviorVersion, SdkConfig};

    use super::*;
    use crate::aws::calls::CallCounter;
    use crate::aws::clients::{Partitions, through};
    use crate::aws::gate::Gate;

    /// A region whose clients reach nobody.
    pub(in crate::aws) fn region() -> Region {
        let caller = Caller { account: "123456789012".into(), partition: "aws".into() };
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12()).build();
        let config = through(&Gate::new(1), config);
        let clients = Clients::new(&config, &caller, "us-east-1", &Partitions::default(), &CallCounter::default());
        Region::new(caller, "us-east-1".into(), clients)
    }

    #[test]
    fn a_shared_resource_has_its_owner_in_its_arn() {
        let region = region();
        assert_eq!(region.arn_of("ec2", None, "subnet/s"), "arn:aws:ec2:us-east-1:123456789012:subnet/s");
        assert_eq!(region.arn_of("ec2", Some("210987654321"), "subnet/s"), "arn:aws:ec2:us-east-1:210987654321:subnet/s");
        assert_eq!(region.arn("rds", "db:x"), "arn:aws:rds:us-east-1:123456789012:db:x");
        assert_eq!(region.snapshot_arn("snap-1"), "arn:aws:ec2:us-east-1::snapshot/snap-1");
    }
}
