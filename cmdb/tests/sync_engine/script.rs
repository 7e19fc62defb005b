//! A provider whose listings a test writes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dharmagraph_cmdb::store::MemoryStore;
use dharmagraph_cmdb::sync::{DiscoveryRequest, EngineSettings, SyncEngine, Task};
use dharmagraph_cmdb::{
    Connector, Discoverer, DiscoveryEvent, Error, Filter, GraphStore, PageRequest, Provider, Relationship, RelationshipKind,
    Resource, ResourceId, ResourceType, Result, Scope, TaskId,
};
use futures_core::stream::BoxStream;
use futures_util::{StreamExt, stream};
use tokio::sync::Semaphore;

/// What a listing waits for.
type Gate = Arc<Semaphore>;

/// What the listing of a scope does.
#[derive(Debug, Clone)]
pub(crate) enum Listing {
    /// Holds these resources, and a relationship from each to `vpc-1`.
    Holds(Vec<Resource>),
    /// Holds a resource, then fails with this code.
    Fails(&'static str),
    /// Says nothing, not even its end.
    Silent,
    Panics,
}

/// What the provider does.
#[derive(Default)]
pub(crate) struct Script {
    listings: Mutex<BTreeMap<Scope, (Listing, Option<Gate>)>>,
    /// The scopes of each discovery so far.
    asked: Mutex<Vec<Vec<Scope>>>,
    /// What keeps a discovery from beginning.
    pub(crate) refuses: Mutex<Option<&'static str>>,
    /// What keeps a discovery from naming its scopes.
    pub(crate) hides: Mutex<Option<&'static str>>,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Script")
    }
}

impl Script {
    pub(crate) fn say(&self, name: &str, listing: Listing) {
        self.listings.lock().unwrap().insert(scope(name), (listing, None));
    }

    /// The same, once the gate that this gives has a permit.
    pub(crate) fn say_behind_gate(&self, name: &str, listing: Listing) -> Gate {
        let gate = Arc::new(Semaphore::new(0));
        self.listings.lock().unwrap().insert(scope(name), (listing, Some(Arc::clone(&gate))));
        gate
    }

    pub(crate) fn holds(&self, name: &str, ids: &[&str]) {
        self.say(name, Listing::Holds(ids.iter().map(|id| machine(id)).collect()));
    }

    /// The native types of the scopes of each discovery so far.
    pub(crate) fn asked(&self) -> Vec<Vec<String>> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|scopes| scopes.iter().map(|scope| scope.native_type.clone()).collect()).collect()
    }
}

fn refusal(code: &str) -> Error {
    Error::Provider { service: "script".into(), code: code.into(), message: "as written".into(), retryable: false }
}

fn events(scope: Scope, listing: Listing) -> Vec<DiscoveryEvent> {
    let resource = |scope: &Scope, resource| DiscoveryEvent::Resource { scope: scope.clone(), resource: Box::new(resource) };
    match listing {
        Listing::Holds(resources) => {
            let mut events = Vec::new();
            for found in resources {
                let network = ResourceId::new("vpc-1");
                let relationship = Relationship::new(found.id.clone(), RelationshipKind::BELONGS_TO_VPC, network);
                events.push(resource(&scope, found));
                events.push(DiscoveryEvent::Relationship { scope: scope.clone(), relationship });
            }
            events.push(DiscoveryEvent::Completed(scope));
            events
        }
        Listing::Fails(code) => {
            let half = resource(&scope, machine("half"));
            vec![half, DiscoveryEvent::Failed { scope, error: refusal(code) }]
        }
        Listing::Silent => Vec::new(),
        Listing::Panics => panic!("as written"),
    }
}

/// Takes requests for the scripted provider, which calls itself `aws`.
#[derive(Debug)]
pub(crate) struct ScriptedConnector(pub(crate) Arc<Script>);

#[derive(Debug)]
struct ScriptedDiscoverer(Arc<Script>);

#[async_trait]
impl Connector for ScriptedConnector {
    fn provider(&self) -> Provider {
        Provider::AWS
    }

    fn validate(&self, request: &DiscoveryRequest) -> Result<()> {
        match request.regions.iter().find(|region| region.contains(' ')) {
            Some(region) => Err(Error::invalid("regions", "a region without spaces", format!("`{region}`"))),
            None => Ok(()),
        }
    }

    async fn connect(&self, _: &DiscoveryRequest) -> Result<Box<dyn Discoverer>> {
        match *self.0.refuses.lock().unwrap() {
            Some(code) => Err(refusal(code)),
            None => Ok(Box::new(ScriptedDiscoverer(Arc::clone(&self.0)))),
        }
    }
}

#[async_trait]
impl Discoverer for ScriptedDiscoverer {
    fn provider(&self) -> Provider {
        Provider::AWS
    }

    async fn scopes(&self) -> Result<Vec<Scope>> {
        match *self.0.hides.lock().unwrap() {
            Some(code) => Err(refusal(code)),
            None => Ok(self.0.listings.lock().unwrap().keys().cloned().collect()),
        }
    }

    fn discover(&self, scopes: Vec<Scope>) -> BoxStream<'static, DiscoveryEvent> {
        self.0.asked.lock().unwrap().push(scopes.clone());
        let script = Arc::clone(&self.0);
        let listed = stream::iter((1_u64..).zip(scopes)).then(move |(calls, scope)| {
            let script = Arc::clone(&script);
            async move {
                let (listing, gate) = script.listings.lock().unwrap().get(&scope).cloned().unwrap();
                if let Some(gate) = gate {
                    gate.acquire().await.unwrap().forget();
                }
                let calls = dharmagraph_cmdb::Calls { api_calls: calls, retries: 0 };
                let mut events = events(scope, listing);
                events.insert(0, DiscoveryEvent::Progress(calls));
                stream::iter(events)
            }
        });
        listed.flatten().boxed()
    }
}

pub(crate) fn scope(name: &str) -> Scope {
    Scope::new(Provider::AWS, "1", "eu-west-1", name)
}

pub(crate) fn machine(id: &str) -> Resource {
    Resource::new(id, Provider::AWS, ResourceType::COMPUTE, "AWS::EC2::Instance", "1", "eu-west-1")
}

/// A store, a scripted provider, and an engine between them.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) script: Arc<Script>,
    pub(crate) engine: SyncEngine,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::over(Arc::default(), Arc::default())
    }

    fn over(store: Arc<MemoryStore>, script: Arc<Script>) -> Self {
        let engine = engine(&store, &script, EngineSettings::default());
        Self { store, script, engine }
    }

    /// What a new process finds.
    pub(crate) fn restarted(&self) -> Self {
        Self::over(Arc::clone(&self.store), Arc::clone(&self.script))
    }

    pub(crate) async fn start(&self) -> Task {
        self.engine.start(DiscoveryRequest::new(Provider::AWS)).await.unwrap()
    }

    /// Discovers, to the end.
    pub(crate) async fn discover(&self) -> Task {
        let task = self.start().await;
        self.end(&task.task_id).await
    }

    /// The task as it ended.
    pub(crate) async fn end(&self, id: &TaskId) -> Task {
        self.wait(id, |task| task.status.is_final()).await
    }

    /// The task at its first step that is so.
    pub(crate) async fn wait(&self, id: &TaskId, so: impl Fn(&Task) -> bool) -> Task {
        let mut steps = self.engine.watch(id).await.unwrap();
        while let Some(task) = steps.next().await {
            if so(&task) {
                return task;
            }
        }
        panic!("{id} ended otherwise")
    }

    pub(crate) async fn ids(&self) -> Vec<String> {
        let page = PageRequest { limit: 1000, ..PageRequest::default() };
        let page = self.store.list(&Filter::default(), &page, None).await.unwrap();
        page.resources.iter().map(|resource| resource.id.to_string()).collect()
    }
}

pub(crate) fn engine(store: &Arc<MemoryStore>, script: &Arc<Script>, settings: EngineSettings) -> SyncEngine {
    let connector = Arc::new(ScriptedConnector(Arc::clone(script)));
    SyncEngine::new(Arc::clone(store) as _, Arc::clone(store) as _, vec![connector], settings)
}
