//! Discovery from Terraform state files (format version 4).

use std::path::PathBuf;

/// Which state files a request may name. From the operator's configuration, never from a request.
#[derive(Debug, Clone, Default)]
pub struct TerraformSettings {
    /// Only files below these folders.
    pub folders: Vec<PathBuf>,
}

/// Takes discovery requests for Terraform state.
#[derive(Debug)]
pub struct TerraformConnector {}

#[expect(unused_variables, clippy::todo, reason = "bodies follow")]
impl TerraformConnector {
    /// A connector with these settings.
    #[must_use]
    pub fn new(settings: TerraformSettings) -> Self {
        todo!()
    }
}
