//! Taking discovery requests.

use std::io::Read;

use async_trait::async_trait;

use super::{TerraformDiscoverer, TerraformSettings, allowed};
use crate::discover::{Connector, Discoverer};
use crate::error::{Error, Result};
use crate::model::Provider;
use crate::sync::DiscoveryRequest;

/// Larger files are refused: a state of 10,000 resources has about 30 MB.
const LONGEST_FILE: u64 = 512 << 20;

/// Takes discovery requests for Terraform state.
///
/// A request names a `path`, absolute or relative to one of the allow-listed folders, or brings the file as `document`;
/// never both. It has no credentials and no regions. It has no `resource_types` either: a state is one scope, and a scope
/// that is listed in part cannot tell what is gone.
#[derive(Debug)]
pub struct TerraformConnector {
    settings: TerraformSettings,
}

impl TerraformConnector {
    /// A connector with these settings.
    #[must_use]
    pub const fn new(settings: TerraformSettings) -> Self {
        Self { settings }
    }
}

#[async_trait]
impl Connector for TerraformConnector {
    fn provider(&self) -> Provider {
        Provider::TERRAFORM
    }

    fn validate(&self, request: &DiscoveryRequest) -> Result<()> {
        for (field, came) in [
            ("credentials", request.credentials.is_some()),
            ("regions", !request.regions.is_empty()),
            ("resource_types", !request.resource_types.is_empty()),
        ] {
            if came {
                return Err(Error::invalid(field, "none, since a state file is read whole and by itself", "some"));
            }
        }
        match (&request.path, &request.document) {
            (Some(path), None) => allowed::resolve(path, &self.settings.folders).map(drop),
            (None, Some(_)) => Ok(()),
            (Some(_), Some(_)) => Err(Error::invalid("path", "a path or a document", "both")),
            (None, None) => Err(Error::invalid("path", "the path of a state file below a listed folder", "none")),
        }
    }

    async fn connect(&self, request: &DiscoveryRequest) -> Result<Box<dyn Discoverer>> {
        self.validate(request)?;
        let (path, document, folders) = (request.path.clone(), request.document.clone(), self.settings.folders.clone());
        let read = move || match (path, document) {
            (Some(path), _) => TerraformDiscoverer::from_bytes(&read_file(&path, &folders)?),
            (None, document) => TerraformDiscoverer::from_bytes(document.as_deref().unwrap_or_default()),
        };
        let discoverer = tokio::task::spawn_blocking(read)
            .await
            .map_err(|error| Error::backend("terraform", "read the state file", error))??;
        Ok(Box::new(discoverer))
    }
}

fn read_file(path: &str, folders: &[std::path::PathBuf]) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| Error::backend("terraform", "read the state file", error);
    let file = std::fs::File::open(allowed::resolve(path, folders)?).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(LONGEST_FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
    match bytes.len() as u64 > LONGEST_FILE {
        true => Err(Error::LimitExceeded { what: "the length of the state file in bytes".to_owned(), limit: LONGEST_FILE }),
        false => Ok(bytes),
    }
}
