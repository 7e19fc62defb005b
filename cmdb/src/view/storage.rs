//! Volumes and their snapshots.

use super::facts::Facts;
use crate::error::{Error, Result};
use crate::model::{Resource, ResourceType};

/// A block storage volume.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StorageVolume<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// The provider's name for this sort of volume, for instance `gp3`.
    pub volume_type: Option<&'a str>,
    /// Size in GiB.
    pub size_gb: Option<u64>,
    /// Whether it is encrypted at rest.
    pub encrypted: Option<bool>,
    /// Operations a second that it is provisioned for.
    pub iops: Option<u32>,
    /// Throughput that it is provisioned for, in MiB a second.
    pub throughput: Option<u32>,
}

impl<'a> TryFrom<&'a Resource> for StorageVolume<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let facts = Facts::of(resource, "StorageVolume", &ResourceType::STORAGE, &["AWS::EC2::Volume"])?;
        Ok(Self {
            resource,
            volume_type: facts.text("volume_type"),
            size_gb: facts.number("size_gb"),
            encrypted: facts.flag("encrypted"),
            iops: facts.number("iops"),
            throughput: facts.number("throughput"),
        })
    }
}

/// A snapshot of a volume. Not to be confused with [`store::Snapshot`](crate::store::Snapshot), what a discovery found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Snapshot<'a> {
    /// What this is a view of.
    pub resource: &'a Resource,
    /// The volume that it was taken from.
    pub volume_id: Option<&'a str>,
    /// Size of that volume in GiB.
    pub size_gb: Option<u64>,
    /// Whether it is encrypted at rest.
    pub encrypted: Option<bool>,
}

impl<'a> TryFrom<&'a Resource> for Snapshot<'a> {
    type Error = Error;

    fn try_from(resource: &'a Resource) -> Result<Self> {
        let facts = Facts::of(resource, "Snapshot", &ResourceType::STORAGE, &["AWS::EC2::Snapshot"])?;
        Ok(Self {
            resource,
            volume_id: facts.text("volume_id"),
            size_gb: facts.number("size_gb"),
            encrypted: facts.flag("encrypted"),
        })
    }
}
