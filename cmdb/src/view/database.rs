//! Databases.

use super::facts::Facts;
use crate::error::{Error, Result};
use crate::model::{Resource, ResourceType};

/// A database server, or a cluster of them; a cluster has no instance class.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DatabaseInstance<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// Engine, for instance `postgres`.
    pub engine: Option<&'a str>,
    /// Version that runs.
    pub engine_version: Option<&'a str>,
    /// Host name that clients connect to.
    pub endpoint: Option<&'a str>,
    /// Port that clients connect to.
    pub port: Option<u16>,
    /// Whether a standby waits in another zone.
    pub multi_az: Option<bool>,
    /// Whether its storage is encrypted at rest.
    pub encrypted: Option<bool>,
    /// The provider's name for this size of server, for instance `db.t3.medium`.
    pub instance_class: Option<&'a str>,
    /// Allocated storage in GiB.
    pub storage_gb: Option<u64>,
    /// Days that automatic backups are kept; 0 where there are none.
    pub backup_retention_days: Option<u32>,
}

impl<'a> TryFrom<&'a Resource> for DatabaseInstance<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let native_types = ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster"];
        let facts = Facts::of(resource, "DatabaseInstance", &ResourceType::DATABASE, &native_types)?;
        Ok(Self {
            resource,
            engine: facts.text("engine"),
            engine_version: facts.text("engine_version"),
            endpoint: facts.text("endpoint"),
            port: facts.number("port"),
            multi_az: facts.flag("multi_az"),
            encrypted: facts.flag("encrypted"),
            instance_class: facts.text("instance_class"),
            storage_gb: facts.number("storage_gb"),
            backup_retention_days: facts.number("backup_retention_days"),
        })
    }
}
