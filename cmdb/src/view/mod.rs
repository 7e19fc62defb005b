//! Typed views of resources.
//!
//! A [`Resource`](crate::Resource) keeps its provider's facts under stable names in one map. A view gives them types. It
//! borrows: making one copies nothing and reads only the map.
//!
//! ```
//! use dharmagraph_cmdb::view::ComputeInstance;
//! use dharmagraph_cmdb::{Provider, Resource, ResourceType};
//!
//! let mut resource =
//!     Resource::new("i-1", Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "123456789012", "eu-west-1");
//! resource.metadata.insert("cpu_cores".into(), 2.into());
//! let machine = ComputeInstance::try_from(&resource)?;
//! assert_eq!(machine.cpu_cores, Some(2));
//! # Ok::<(), dharmagraph_cmdb::Error>(())
//! ```
//!
//! Every field but lists is an `Option`: sources differ in what they tell. `TryFrom` fails with
//! [`Error::Invalid`](crate::Error::Invalid) for a resource of another type.

mod compute;
mod container;
mod database;
mod facts;
mod load_balancer;
mod network;
mod security_group;
mod storage;

pub use compute::{ComputeInstance, OnPremiseServer};
pub use container::{ContainerCluster, ContainerWorkload};
pub use database::DatabaseInstance;
pub use load_balancer::{LoadBalancer, TargetGroup, TargetHealth};
pub use network::{Network, NetworkInterface};
pub use security_group::{Rule, SecurityGroup};
pub use storage::{Snapshot, StorageVolume};
