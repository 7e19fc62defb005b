//! Which requests are taken.

use std::sync::Arc;

use dharmagraph_cmdb::sync::{Credentials, DiscoveryRequest};
use dharmagraph_cmdb::terraform::{TerraformConnector, TerraformDiscoverer, TerraformSettings};
use dharmagraph_cmdb::{Connector, Error, Provider, Scope};

use crate::{Found, MODULES, NETWORK};

fn request(change: impl FnOnce(&mut DiscoveryRequest)) -> DiscoveryRequest {
    let mut request = DiscoveryRequest::new(Provider::TERRAFORM);
    change(&mut request);
    request
}

fn document(text: &str) -> DiscoveryRequest {
    request(|request| request.document = Some(Arc::from(text.as_bytes())))
}

#[tokio::test]
async fn a_file_below_a_listed_folder_is_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("prod.tfstate"), MODULES).unwrap();
    let connector = TerraformConnector::new(TerraformSettings { folders: vec![folder.path().to_path_buf()] });
    assert_eq!(connector.provider(), Provider::TERRAFORM);
    let request = request(|request| request.path = Some("prod.tfstate".into()));
    connector.validate(&request).unwrap();
    let discoverer = connector.connect(&request).await.unwrap();
    assert_eq!(discoverer.scopes().await.unwrap()[0].account, "b7d9c0de-0001-4a4a-8a8a-000000000001");
    assert!(Found::listed(&*discoverer, discoverer.scopes().await.unwrap()).await.resources.len() > 5);
}

#[tokio::test]
async fn a_document_is_read_without_any_listed_folder() {
    let connector = TerraformConnector::new(TerraformSettings::default());
    let discoverer = connector.connect(&document(NETWORK)).await.unwrap();
    assert_eq!(discoverer.provider(), Provider::TERRAFORM);
    let error = connector.connect(&document("{\"version\": 4,")).await.unwrap_err();
    assert!(matches!(error, Error::Invalid { .. }), "{error}");
}

#[tokio::test]
async fn a_path_outside_is_refused_at_once_and_again_when_it_is_read() {
    let connector = TerraformConnector::new(TerraformSettings::default());
    let request = request(|request| request.path = Some("/etc/hostname".into()));
    for error in [connector.validate(&request).unwrap_err(), connector.connect(&request).await.unwrap_err()] {
        assert_eq!(error.code(), "FORBIDDEN");
        assert!(error.to_string().contains("terraform.folders"), "{error}");
    }
}

#[test]
fn a_request_has_a_path_or_a_document_and_nothing_else() {
    let connector = TerraformConnector::new(TerraformSettings::default());
    for (field, request) in [
        ("path", request(|_| ())),
        ("path", request(|request| (request.path, request.document) = (Some("a".into()), Some(Arc::from([]))))),
        ("path", request(|request| request.path = Some(String::new()))),
        ("credentials", request(|request| request.credentials = Some(Credentials::DefaultChain {}))),
        ("regions", request(|request| request.regions = vec!["eu-west-1".into()])),
        ("resource_types", request(|request| request.resource_types = vec!["COMPUTE".into()])),
    ] {
        match connector.validate(&request) {
            Err(Error::Invalid { what, .. }) => assert_eq!(what, field),
            other => panic!("{field}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_scope_of_another_state_fails_and_does_not_stop_the_own_one() {
    let discoverer = TerraformDiscoverer::from_bytes(MODULES.as_bytes()).unwrap();
    let other = Scope::new(Provider::TERRAFORM, "another", "global", "terraform::State");
    let own = discoverer.scope().clone();
    let found = Found::listed(&discoverer, vec![own.clone(), other.clone(), own.clone()]).await;
    assert_eq!((found.completed, found.failed), (vec![own], vec![other]));
    assert_eq!(discoverer.serial(), 7);
}
