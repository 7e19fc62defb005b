//! The promises of every discoverer.

use dharmagraph_cmdb::terraform::TerraformDiscoverer;
use dharmagraph_cmdb::testkit::check_discovery;

use crate::{MODULES, NETWORK, SERVICES};

#[tokio::test]
async fn state_files_are_discovered_as_promised() {
    for state in [NETWORK, MODULES, SERVICES] {
        let discoverer = TerraformDiscoverer::from_bytes(state.as_bytes()).unwrap();
        let ended = check_discovery(&discoverer).await;
        assert!(ended[discoverer.scope()].as_ref().is_ok_and(|listing| listing.complete && !listing.resources.is_empty()));
    }
}
