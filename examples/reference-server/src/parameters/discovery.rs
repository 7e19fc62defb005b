//! The body of a request for a discovery.

use axum::http::HeaderValue;
use dharmagraph_cmdb::Provider;
use dharmagraph_cmdb::sync::{Credentials, DiscoveryRequest};
use serde_json::Value;

use super::credentials::{SOURCES, credentials_of};
use super::object::{Object, kind_of};
use super::quoted;
use crate::problem::Problem;

/// A request for a discovery, as it came.
#[derive(Debug)]
pub(crate) struct RequestedDiscovery {
    /// What the engine is asked.
    pub(crate) request: DiscoveryRequest,
    /// Whether keys came in the body, the way that is kept for compatibility.
    pub(crate) is_deprecated: bool,
}

const OPTIONS: [&str; 8] =
    ["credentials", "regions", "resource_types", "dry_run", "accept_removals", "idempotency_key", "store_in_graph", "path"];
const STATE: &str = "state";
const LONGEST_KEY: usize = 255;

/// Reads the body of `POST /discover/{provider}`. No error quotes a value out of `credentials`.
///
/// # Errors
/// 400 `INVALID` that names the key, what was expected and what came.
pub(crate) fn discovery_request(
    provider: Provider,
    body: Value,
    key_header: Option<&HeaderValue>,
) -> Result<RequestedDiscovery, Problem> {
    let mut body = Object::new("", body)?;
    let is_terraform = provider == Provider::TERRAFORM;
    let mut accepted = OPTIONS.to_vec();
    if is_terraform {
        accepted.retain(|key| *key != "credentials");
        accepted.push(STATE);
    } else {
        accepted.retain(|key| *key != "path");
    }

    let mut request = DiscoveryRequest::new(provider);
    let mut is_deprecated = false;
    let mut regions = body.texts("regions")?;
    if is_terraform {
        state_file(&mut body, &mut request)?;
    } else {
        let Some(credentials) = body.take("credentials") else {
            return Err(body.invalid("credentials", format!("an object with `source`: {SOURCES}"), "nothing"));
        };
        let mut credentials = Object::new("credentials", credentials)?;
        let inner = credentials.texts("regions")?;
        if regions.is_some() && inner.is_some() {
            return Err(body.invalid("regions", "regions beside credentials or inside them", "both"));
        }
        regions = regions.or(inner);
        let credentials = credentials_of(credentials)?;
        is_deprecated = matches!(credentials, Credentials::Inline { .. });
        request.credentials = Some(credentials);
    }
    request.regions = regions.unwrap_or_default();
    request.resource_types = body.texts("resource_types")?.unwrap_or_default();
    request.dry_run = dry_run(&mut body)?;
    request.accept_removals = body.flag("accept_removals")?.unwrap_or(false);
    request.idempotency_key = idempotency_key(&mut body, key_header)?;
    body.finish(&accepted)?;
    Ok(RequestedDiscovery { request, is_deprecated })
}

fn state_file(body: &mut Object, request: &mut DiscoveryRequest) -> Result<(), Problem> {
    request.path = body.text("path")?;
    let state = match body.take(STATE) {
        None => None,
        Some(state @ Value::Object(_)) => Some(state),
        Some(other) => return Err(body.invalid(STATE, "a Terraform state, which is an object", kind_of(&other))),
    };
    match (&request.path, state) {
        (Some(_), None) => {}
        (None, Some(state)) => {
            let bytes = serde_json::to_vec(&state).map_err(|error| Problem::internal(error.to_string()))?;
            request.document = Some(bytes.into());
            request.inline_document = true;
        }
        (Some(_), Some(_)) => return Err(Problem::invalid("body", "path or state", "both")),
        (None, None) => return Err(Problem::invalid("body", "path or state", "neither")),
    }
    Ok(())
}

fn dry_run(body: &mut Object) -> Result<bool, Problem> {
    match (body.flag("dry_run")?, body.flag("store_in_graph")?) {
        (Some(dry_run), Some(store)) if dry_run == store => {
            Err(body.invalid("store_in_graph", "the opposite of dry_run, or one of the two", "the same"))
        }
        (Some(dry_run), _) => Ok(dry_run),
        (None, store) => Ok(store == Some(false)),
    }
}

fn idempotency_key(body: &mut Object, header: Option<&HeaderValue>) -> Result<Option<String>, Problem> {
    let expected = "1 to 255 visible ASCII characters";
    let in_body = body.text("idempotency_key")?;
    let in_header = match header.map(|header| header.to_str()) {
        None => None,
        Some(Ok(text)) => Some(text.to_owned()),
        Some(Err(_)) => return Err(Problem::invalid("Idempotency-Key", expected, "other characters")),
    };
    if let (Some(body), Some(header)) = (&in_body, &in_header)
        && body != header
    {
        return Err(Problem::invalid("idempotency_key", "the same as in the Idempotency-Key header", "another"));
    }
    let key = in_body.or(in_header);
    match &key {
        Some(text) if text.is_empty() || text.len() > LONGEST_KEY || !text.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Err(Problem::invalid("idempotency_key", expected, quoted(text)))
        }
        _ => Ok(key),
    }
}

#[cfg(test)]
mod tests {
    use dharmagraph_cmdb::Secret;
    use serde_json::json;

    use super::*;

    fn aws(body: Value) -> Result<RequestedDiscovery, Problem> {
        discovery_request(Provider::AWS, body, None)
    }

    fn terraform(body: Value) -> Result<RequestedDiscovery, Problem> {
        discovery_request(Provider::TERRAFORM, body, None)
    }

    #[test]
    fn the_plain_body_is_taken_and_marked_deprecated() {
        let keys = json!({"access_key": "AKIA1", "secret_key": "hunter2", "regions": ["us-east-1", "us-west-2"]});
        let read = aws(json!({"credentials": keys, "store_in_graph": true})).unwrap();
        assert!(read.is_deprecated && !read.request.dry_run);
        assert_eq!(read.request.regions, ["us-east-1", "us-west-2"]);
        let expected =
            Credentials::Inline { access_key: Secret::new("AKIA1"), secret_key: Secret::new("hunter2"), session_token: None };
        assert_eq!(read.request.credentials, Some(expected));
        assert!(!format!("{read:?}").contains("hunter2"));
        assert!(aws(json!({"credentials": keys, "store_in_graph": false})).unwrap().request.dry_run);
    }

    #[test]
    fn every_safe_source_is_taken() {
        let sources = [
            json!({"source": "default_chain"}),
            json!({"source": "profile", "profile": "audit"}),
            json!({"source": "assume_role", "role_arn": "arn:aws:iam::1:role/x"}),
            json!({"source": "web_identity"}),
            json!({"source": "ref", "access_key": "env://KEY", "secret_key": "file:///run/secret"}),
        ];
        for source in sources {
            let options = json!({"credentials": source, "regions": ["us-east-1"], "resource_types": ["COMPUTE"],
                "dry_run": true, "accept_removals": true, "idempotency_key": "k-1"});
            let read = aws(options).unwrap();
            assert!(!read.is_deprecated);
            let request = read.request;
            assert_eq!(serde_json::to_value(&request.credentials).unwrap(), source);
            assert_eq!((request.regions, request.resource_types), (vec!["us-east-1".into()], vec!["COMPUTE".into()]));
            assert!(request.dry_run && request.accept_removals);
            assert_eq!(request.idempotency_key.as_deref(), Some("k-1"));
        }
    }

    #[test]
    fn unknown_keys_are_named() {
        let body = json!({"credentials": {"source": "default_chain"}, "region": "us-east-1"});
        assert!(aws(body).unwrap_err().detail().contains("found `region`"));
        let body = json!({"credentials": {"source": "default_chain", "endpoint_url": "http://elsewhere"}});
        assert!(aws(body).unwrap_err().detail().contains("found `endpoint_url`"));
        assert!(terraform(json!({"path": "a", "credentials": {}})).unwrap_err().detail().contains("found `credentials`"));
        assert!(aws(json!({"credentials": {"source": "default_chain"}, "path": "a"})).is_err());
    }

    #[test]
    fn what_stands_among_the_credentials_is_refused_unseen() {
        let keys = json!({"access_key": "AKIA1", "secret_key": "hunter2", "regions": "hunter2"});
        let problem = aws(json!({"credentials": keys})).unwrap_err();
        assert_eq!(problem.detail(), "invalid credentials.regions: expected a list of texts, found text");
    }

    #[test]
    fn contradictions_are_refused() {
        let source = json!({"source": "default_chain", "regions": ["us-east-1"]});
        assert!(aws(json!({"credentials": source, "regions": ["us-east-1"]})).is_err());
        assert!(aws(json!({"credentials": source, "dry_run": true, "store_in_graph": true})).is_err());
        assert!(aws(json!({"credentials": source, "dry_run": true, "store_in_graph": false})).unwrap().request.dry_run);
        assert!(aws(json!({"regions": ["us-east-1"]})).unwrap_err().detail().contains("default_chain"));
        assert!(terraform(json!({"path": "a", "state": {}})).is_err());
        assert!(terraform(json!({})).is_err());
        assert!(terraform(json!({"state": "{}"})).is_err());
    }

    #[test]
    fn a_state_comes_by_path_or_in_the_body() {
        let read = terraform(json!({"path": "/states/a.tfstate", "dry_run": true})).unwrap();
        assert_eq!((read.request.path.as_deref(), read.request.inline_document), (Some("/states/a.tfstate"), false));
        let read = terraform(json!({"state": {"version": 4}})).unwrap();
        assert_eq!(read.request.document.as_deref(), Some(&br#"{"version":4}"#[..]));
        assert!(read.request.inline_document);
    }

    #[test]
    fn the_idempotency_key_comes_in_the_body_or_the_header() {
        let with = |body_key: Option<&str>, header: Option<&str>| {
            let header = header.map(|text| HeaderValue::from_bytes(text.as_bytes()).unwrap());
            let body = json!({"credentials": {"source": "default_chain"}, "idempotency_key": body_key});
            discovery_request(Provider::AWS, body, header.as_ref()).map(|read| read.request.idempotency_key)
        };
        assert_eq!(with(None, None).unwrap(), None);
        assert_eq!(with(None, Some("k")).unwrap().as_deref(), Some("k"));
        assert_eq!(with(Some("k"), Some("k")).unwrap().as_deref(), Some("k"));
        assert!(with(Some("k"), Some("l")).is_err());
        assert!(with(None, Some("")).is_err());
        assert!(with(Some("two words"), None).is_err());
        assert!(with(Some(&"k".repeat(256)), None).is_err());
    }
}
