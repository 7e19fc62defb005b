//! The types that are discovered.

use crate::error::{Error, Result};
use crate::model::ResourceType;

/// A type of AWS that is listed on its own: with a region, a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    Instance,
    Volume,
    Snapshot,
    Vpc,
    Subnet,
    SecurityGroup,
    NetworkInterface,
    Address,
    RouteTable,
    InternetGateway,
    NatGateway,
    NetworkAcl,
    PeeringConnection,
    DbInstance,
    DbCluster,
    DbSubnetGroup,
    LoadBalancer,
    Listener,
    TargetGroup,
    EcsCluster,
    EcsService,
    EcsTask,
    EcsTaskDefinition,
    EcsContainerInstance,
}

impl Kind {
    /// Every kind, in the order in which they are begun: neighbours are of different services, so that none of them gets
    /// all calls at once.
    pub(super) const ALL: [Self; 24] = [
        Self::Instance,
        Self::DbInstance,
        Self::Listener,
        Self::EcsTask,
        Self::Volume,
        Self::DbCluster,
        Self::TargetGroup,
        Self::EcsTaskDefinition,
        Self::NetworkInterface,
        Self::DbSubnetGroup,
        Self::LoadBalancer,
        Self::EcsService,
        Self::Snapshot,
        Self::EcsContainerInstance,
        Self::SecurityGroup,
        Self::EcsCluster,
        Self::Subnet,
        Self::Vpc,
        Self::RouteTable,
        Self::Address,
        Self::NetworkAcl,
        Self::InternetGateway,
        Self::NatGateway,
        Self::PeeringConnection,
    ];

    const fn describe(self) -> (&'static str, ResourceType) {
        match self {
            Self::Instance => ("AWS::EC2::Instance", ResourceType::COMPUTE),
            Self::Volume => ("AWS::EC2::Volume", ResourceType::STORAGE),
            Self::Snapshot => ("AWS::EC2::Snapshot", ResourceType::STORAGE),
            Self::Vpc => ("AWS::EC2::VPC", ResourceType::NETWORK),
            Self::Subnet => ("AWS::EC2::Subnet", ResourceType::NETWORK),
            Self::SecurityGroup => ("AWS::EC2::SecurityGroup", ResourceType::SECURITY_GROUP),
            Self::NetworkInterface => ("AWS::EC2::NetworkInterface", ResourceType::NETWORK),
            Self::Address => ("AWS::EC2::EIP", ResourceType::NETWORK),
            Self::RouteTable => ("AWS::EC2::RouteTable", ResourceType::NETWORK),
            Self::InternetGateway => ("AWS::EC2::InternetGateway", ResourceType::NETWORK),
            Self::NatGateway => ("AWS::EC2::NatGateway", ResourceType::NETWORK),
            Self::NetworkAcl => ("AWS::EC2::NetworkAcl", ResourceType::NETWORK),
            Self::PeeringConnection => ("AWS::EC2::VPCPeeringConnection", ResourceType::NETWORK),
            Self::DbInstance => ("AWS::RDS::DBInstance", ResourceType::DATABASE),
            Self::DbCluster => ("AWS::RDS::DBCluster", ResourceType::DATABASE),
            Self::DbSubnetGroup => ("AWS::RDS::DBSubnetGroup", ResourceType::NETWORK),
            Self::LoadBalancer => ("AWS::ElasticLoadBalancingV2::LoadBalancer", ResourceType::LOAD_BALANCER),
            Self::Listener => ("AWS::ElasticLoadBalancingV2::Listener", ResourceType::LOAD_BALANCER),
            Self::TargetGroup => ("AWS::ElasticLoadBalancingV2::TargetGroup", ResourceType::LOAD_BALANCER),
            Self::EcsCluster => ("AWS::ECS::Cluster", ResourceType::CONTAINER_CLUSTER),
            Self::EcsService => ("AWS::ECS::Service", ResourceType::CONTAINER),
            Self::EcsTask => ("AWS::ECS::Task", ResourceType::CONTAINER),
            Self::EcsTaskDefinition => ("AWS::ECS::TaskDefinition", ResourceType::CONTAINER),
            Self::EcsContainerInstance => ("AWS::ECS::ContainerInstance", ResourceType::CONTAINER),
        }
    }

    /// AWS's name, the one of CloudFormation.
    pub(super) fn native_type(self) -> &'static str {
        self.describe().0
    }

    /// Our name.
    pub(super) fn resource_type(self) -> ResourceType {
        self.describe().1
    }

    /// The kind with this name of AWS.
    pub(super) fn of(native_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.native_type() == native_type)
    }

    /// The kinds that the words of a request stand for, our names and AWS's; all where there is no word.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a word that stands for none.
    pub(super) fn selected(words: &[String]) -> Result<Vec<Self>> {
        let stands_for = |word: &str, kind: &Self| {
            kind.native_type().eq_ignore_ascii_case(word) || kind.resource_type().as_str().eq_ignore_ascii_case(word)
        };
        if let Some(unknown) = words.iter().find(|word| !Self::ALL.iter().any(|kind| stands_for(word, kind))) {
            let found: String = unknown.chars().take(80).collect();
            return Err(Error::invalid("resource_types", format!("some of {}", known().join(", ")), format!("`{found}`")));
        }
        Ok(Self::ALL.into_iter().filter(|kind| words.is_empty() || words.iter().any(|word| stands_for(word, kind))).collect())
    }
}

fn known() -> Vec<String> {
    let mut names: Vec<String> = Kind::ALL.iter().map(|kind| kind.resource_type().as_str().to_owned()).collect();
    names.sort();
    names.dedup();
    names.extend(Kind::ALL.iter().map(|kind| kind.native_type().to_owned()));
    names
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_stands_in_the_list_once() {
        assert_eq!(Kind::ALL.into_iter().collect::<BTreeSet<_>>().len(), 24);
        assert!(Kind::ALL.into_iter().all(|kind| Kind::of(kind.native_type()) == Some(kind)));
        assert_eq!(Kind::of("AWS::S3::Bucket"), None);
    }

    #[test]
    fn words_are_our_names_or_those_of_aws() {
        let words = ["STORAGE".to_owned(), "AWS::EC2::Instance".to_owned()];
        assert_eq!(Kind::selected(&words).unwrap(), [Kind::Instance, Kind::Volume, Kind::Snapshot]);
        assert_eq!(Kind::selected(&[]).unwrap(), Kind::ALL);
    }

    #[test]
    fn an_unknown_word_is_refused_with_what_is_known() {
        let error = Kind::selected(&["AWS::S3::Bucket".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("`AWS::S3::Bucket`") && error.contains("COMPUTE") && error.contains("AWS::ECS::Task"), "{error}");
        assert!(Kind::selected(&["QUEUE".to_owned()]).is_err());
    }
}
