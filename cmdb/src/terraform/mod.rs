//! Discovery from Terraform state files (format version 4).
//!
//! A state file is one scope, `terraform/LINEAGE/global/terraform::State`: it is read whole or not at all. What it tells
//! of AWS resources has the ids, types, names, tags, metadata names and relationships that discovery through the AWS API
//! gives, so that both sources describe one graph. A store keeps what each of them said and shows the API's facts.
//!
//! - Data sources, deposed objects and types that are not in the tables of this module are left out.
//! - State files hold passwords. Only attributes that a table names are read, and none that the state marks sensitive.
//! - An attribute of an unexpected shape is left out, an instance without a usable id is skipped; both are logged by the
//!   instance's address. Only a file that is no state fails.
//! - What a state does not record stays empty: most resources have no status.

mod address;
mod allowed;
mod attributes;
mod connector;
mod discoverer;
mod ec2;
mod ecs;
mod elb;
mod home;
mod kind;
mod listing;
mod network;
mod rds;
mod security_group;
mod sensitive;
mod state;
mod surroundings;

use std::path::PathBuf;

pub use connector::TerraformConnector;
pub use discoverer::TerraformDiscoverer;

/// Which state files a request may name. From the operator's configuration, never from a request.
#[derive(Debug, Clone, Default)]
pub struct TerraformSettings {
    /// Only files below these folders, wherever symbolic links lead; none where empty.
    pub folders: Vec<PathBuf>,
}
