//! A server over a small estate, and what it answers.

use std::sync::Arc;

use async_trait::async_trait;
use dharmagraph_auth::service::{AuthService, AuthSettings};
use dharmagraph_auth::{MasterKey, Store};
use dharmagraph_cmdb::store::MemoryStore;
use dharmagraph_cmdb::sync::{Credentials, DiscoveryRequest, EngineSettings, TaskStore};
use dharmagraph_cmdb::{
    Connector, Discoverer, DiscoveryEvent, Error, GraphStore, Provider, ReconcileOptions, Relationship, RelationshipKind,
    Resource, ResourceId, ResourceType, Result, Scope, ScopeSnapshot, Snapshot, Status, TaskId, Timestamp,
};
use dharmagraph_reference_server::config::Profile;
use dharmagraph_reference_server::models::Models;
use dharmagraph_reference_server::{Admission, AppState, Inventory, router};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use tokio::net::TcpListener;

/// An id with everything that a path cannot hold as it is.
pub(crate) const AWKWARD: &str = "arn:aws:x:us-east-1:1:app/$web 100%/a?b#c";

pub(crate) struct TestServer {
    pub(crate) state: AppState,
    base: String,
    client: Client,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts that this is a problem of this status and code, and gives its detail.
    pub(crate) fn problem(&self, status: u16, code: &str) -> String {
        let problem = self.json();
        assert_eq!((self.status, problem["code"].as_str()), (status, Some(code)), "{}", self.text);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        let page = format!("{}/blob/main/docs/errors.md#{}", env!("CARGO_PKG_REPOSITORY"), code.to_lowercase());
        assert_eq!(problem["type"], page);
        problem["detail"].as_str().unwrap().to_owned()
    }
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        let store = Arc::new(MemoryStore::default());
        store.reconcile(estate(), &ReconcileOptions::default()).await.unwrap();
        let inventory = Inventory::new(
            Arc::clone(&store) as Arc<dyn GraphStore>,
            store as Arc<dyn TaskStore>,
            vec![Arc::new(FakeConnector(Provider::AWS)), Arc::new(FakeConnector(Provider::TERRAFORM))],
            EngineSettings::default(),
        );
        let accounts: Arc<dyn Store> = Arc::new(dharmagraph_auth::store::MemoryStore::new());
        let settings = AuthSettings::new("dharmagraph", "dharmagraph");
        let service = AuthService::builder(accounts, settings, MasterKey::generate().unwrap()).open().await.unwrap();
        let admission = Admission { service, profile: Profile::Development, trusted_proxies: Vec::new() };
        let state = AppState::new(inventory, admission, Models::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, router(state.clone())).into_future());
        Self { state, base, client: Client::new() }
    }

    /// A request for a path below the API's prefix, or for a whole one.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let prefix = if is_whole(path) { "" } else { "/api/v3/cmdb" };
        self.client.request(method, format!("{}{prefix}{path}", self.base))
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        send(self.request(Method::POST, path).json(body)).await
    }
}

fn is_whole(path: &str) -> bool {
    path == "/" || ["/?", "/api/", "/docs", "/metrics", "/nothing"].iter().any(|start| path.starts_with(start))
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    assert!(headers.contains_key("x-request-id"), "{status}");
    Answer { status: status.as_u16(), headers, text: response.text().await.unwrap() }
}

/// Percent-encodes everything but letters and digits.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// Two machines of one name in a network, a volume on the first, and a thing with an awkward id.
fn estate() -> Snapshot {
    let thing = |id: &str, resource_type, native_type: &str| {
        Resource::new(id, Provider::AWS, resource_type, native_type, "123456789012", "us-east-1")
    };
    let machine = |id: &str, status| {
        let mut machine = thing(id, ResourceType::COMPUTE, "AWS::EC2::Instance");
        machine.name = Some("web".to_owned());
        machine.status = Some(status);
        machine.tags.insert("aws:cost/team".into(), "a b".into());
        machine
    };
    let mut volume = thing("vol-1", ResourceType::STORAGE, "AWS::EC2::Volume");
    volume.name = Some("root disk".to_owned());
    let resources = vec![
        machine("i-1", Status::RUNNING),
        machine("i-2", Status::STOPPED),
        volume,
        thing("vpc-1", ResourceType::NETWORK, "AWS::EC2::VPC"),
        thing(AWKWARD, ResourceType::LOAD_BALANCER, "AWS::ElasticLoadBalancingV2::LoadBalancer"),
    ];
    let tie = |source: &str, kind, target: &str| Relationship::new(ResourceId::new(source), kind, ResourceId::new(target));
    let relationships = vec![
        tie("i-1", RelationshipKind::ATTACHED_TO, "vol-1"),
        tie("i-1", RelationshipKind::BELONGS_TO_VPC, "vpc-1"),
        tie("i-2", RelationshipKind::BELONGS_TO_VPC, "vpc-1"),
    ];
    let scope = Scope::new(Provider::AWS, "123456789012", "us-east-1", "AWS::EC2::Instance");
    Snapshot {
        task_id: TaskId::new("aws-discovery-20250118-123045"),
        at: "2025-01-18T12:30:45Z".parse::<Timestamp>().unwrap(),
        scopes: vec![ScopeSnapshot { scope, resources, relationships, complete: true }],
    }
}

/// Takes every request but those for the region `nowhere`; finds nothing.
#[derive(Debug)]
struct FakeConnector(Provider);

#[async_trait]
impl Connector for FakeConnector {
    fn provider(&self) -> Provider {
        self.0.clone()
    }

    fn validate(&self, request: &DiscoveryRequest) -> Result<()> {
        if request.regions.iter().any(|region| region == "nowhere") {
            return Err(Error::invalid("region", "a region such as us-east-1", "`nowhere`"));
        }
        if matches!(request.credentials, Some(Credentials::Profile { .. })) {
            return Err(Error::Forbidden { what: "a profile".into(), reason: "none is configured".into() });
        }
        Ok(())
    }

    async fn connect(&self, _request: &DiscoveryRequest) -> Result<Box<dyn Discoverer>> {
        Ok(Box::new(FakeDiscoverer(self.0.clone())))
    }
}

/// Has one scope, which never ends: the discovery runs until it is stopped.
#[derive(Debug)]
struct FakeDiscoverer(Provider);

#[async_trait]
impl Discoverer for FakeDiscoverer {
    fn provider(&self) -> Provider {
        self.0.clone()
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        Ok(vec![Scope::new(self.0.clone(), "1", "us-east-1", "AWS::EC2::Snapshot")])
    }

    fn discover(&self, _scopes: Vec<Scope>) -> BoxStream<'static, DiscoveryEvent> {
        stream::pending().boxed()
    }
}
