//! A running server, over its REST API.

use std::time::Duration;

use async_trait::async_trait;
use dharmagraph_cmdb::sync::{DiscoveryRequest, Task, TaskPage};
use dharmagraph_cmdb::{
    AsOf, ChangeFilter, ChangePage, ExportRecord, Filter, Impact, ImpactRequest, Neighbor, PageRequest, QueryPlan, Resource,
    ResourcePage, Statistics, Subgraph, Table, TaskId, Traversal,
};
use futures_util::stream::BoxStream;
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::inventory::Inventory;
use super::problem::{media_type, refused, stranger, unreachable};
use query::Query;

mod credential;
mod query;
mod watch;

/// How long one answer may take. A progress stream is not one answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server's inventory. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Remote {
    client: Client,
    base: Url,
    /// How long to wait between two looks at a discovery that cannot be watched.
    poll_every: Duration,
}

#[derive(Debug, Deserialize)]
struct Accepted {
    task_id: TaskId,
}

#[derive(Debug, Deserialize)]
struct Relationships {
    relationships: Vec<Neighbor>,
}

#[derive(Debug, Deserialize)]
struct QueryAnswer {
    columns: Vec<String>,
    results: Vec<Map<String, Value>>,
    plan: Option<Value>,
    #[serde(default)]
    plan_text: String,
}

impl From<QueryAnswer> for Table {
    fn from(QueryAnswer { columns, mut results, plan, plan_text }: QueryAnswer) -> Self {
        let row = |row: &mut Map<String, Value>| columns.iter().map(|column| row.remove(column).unwrap_or_default()).collect();
        let rows = results.iter_mut().map(row).collect();
        let mut table = Self::default();
        (table.columns, table.rows) = (columns, rows);
        table.plan = plan.map(|steps| QueryPlan { steps, text: plan_text });
        table
    }
}

impl Remote {
    /// The server at this address.
    pub(crate) fn new(base: Url) -> Result<Self, Failure> {
        let mut client = Client::builder().connect_timeout(Duration::from_secs(10));
        if is_this_machine(&base) {
            client = client.no_proxy();
        }
        if let Some(header) = credential::header(|name| std::env::var(name).ok())? {
            client = client.default_headers([header].into_iter().collect());
        }
        let client = client.build().map_err(|error| unreachable(&base, &error))?;
        Ok(Self { client, base, poll_every: Duration::from_millis(500) })
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v3", "cmdb"]).extend(path);
        }
        url
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, Failure> {
        let response = request.send().await.map_err(|error| unreachable(&self.base, &error))?;
        if response.status().is_success() { Ok(response) } else { Err(refused(response).await) }
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, url: Url, body: Option<&Value>) -> Result<T, Failure> {
        let mut request = self.client.request(method, url.clone()).timeout(PATIENCE);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = self.send(request).await?;
        let media_type = media_type(&response);
        let bytes = response.bytes().await.map_err(|error| unreachable(&self.base, &error))?;
        serde_json::from_slice(&bytes).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => stranger(&url, &format!("other JSON ({error})")),
            _ => stranger(&url, &media_type),
        })
    }

    async fn get<T: DeserializeOwned>(&self, path: &[&str], query: Query) -> Result<T, Failure> {
        let mut url = self.url(path);
        query.add_to(&mut url);
        self.ask(Method::GET, url, None).await
    }
}

/// Whether the address is this machine's own, which no proxy can reach.
fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[async_trait]
impl Inventory for Remote {
    async fn discover(&self, request: DiscoveryRequest) -> Result<Task, Failure> {
        let state = request.document.as_deref().map(serde_json::from_slice::<Value>).transpose();
        let state = state.map_err(|error| Failure::usage(format!("the state file is not JSON: {error}")))?;
        let body = json!({
            "credentials": request.credentials,
            "regions": request.regions,
            "state": state,
            "resource_types": request.resource_types,
            "dry_run": request.dry_run,
            "accept_removals": request.accept_removals,
        });
        let said = |value: &Value| !value.is_null() && *value != json!([]) && *value != json!(false);
        let body = body.as_object().into_iter().flatten().filter(|(_, value)| said(value));
        let body = Value::Object(body.map(|(key, value)| (key.clone(), value.clone())).collect());
        let url = self.url(&["discover", request.provider.as_str()]);
        let Accepted { task_id } = self.ask(Method::POST, url, Some(&body)).await?;
        self.task(&task_id).await
    }

    async fn watch(&self, id: &TaskId) -> Result<BoxStream<'static, Result<Task, Failure>>, Failure> {
        Ok(watch::watch(self.clone(), id.clone()))
    }

    async fn cancel(&self, id: &TaskId) -> Result<Task, Failure> {
        self.ask(Method::DELETE, self.url(&["discovery", id.as_str()]), None).await
    }

    async fn task(&self, id: &TaskId) -> Result<Task, Failure> {
        self.get(&["discovery", id.as_str()], Query::default()).await
    }

    async fn tasks(&self, page: &PageRequest) -> Result<TaskPage, Failure> {
        self.get(&["discovery"], Query::default().page(page)).await
    }

    async fn resources(&self, filter: &Filter, page: &PageRequest, as_of: AsOf) -> Result<ResourcePage, Failure> {
        self.get(&["resources"], Query::default().filter(filter).page(page).seen_at(as_of)).await
    }

    async fn resource(&self, reference: &str, as_of: AsOf) -> Result<Resource, Failure> {
        self.get(&["resources", reference], Query::default().seen_at(as_of)).await
    }

    async fn relationships(&self, reference: &str, as_of: AsOf) -> Result<Vec<Neighbor>, Failure> {
        let answer: Relationships = self.get(&["resources", reference, "relationships"], Query::default().seen_at(as_of)).await?;
        Ok(answer.relationships)
    }

    async fn graph(&self, reference: &str, walk: &Traversal, as_of: AsOf) -> Result<Subgraph, Failure> {
        self.get(&["graph", reference], Query::default().walk(walk).seen_at(as_of)).await
    }

    async fn impact(&self, reference: &str, request: &ImpactRequest, as_of: AsOf) -> Result<Impact, Failure> {
        let query = Query::default().number("depth", u64::from(request.depth)).number("max_nodes", request.max_nodes as u64);
        self.get(&["impact", reference], query.seen_at(as_of)).await
    }

    async fn changes(&self, filter: &ChangeFilter, page: &PageRequest) -> Result<ChangePage, Failure> {
        self.get(&["changes"], Query::default().changes(filter).page(page)).await
    }

    async fn statistics(&self, as_of: AsOf) -> Result<Statistics, Failure> {
        self.get(&["statistics"], Query::default().seen_at(as_of)).await
    }

    async fn query(&self, cypher: &str, parameters: Map<String, Value>) -> Result<Table, Failure> {
        let body = json!({"query": cypher, "parameters": parameters});
        let answer: QueryAnswer = self.ask(Method::POST, self.url(&["graph", "query"]), Some(&body)).await?;
        Ok(answer.into())
    }

    fn export(&self) -> Result<BoxStream<'static, Result<ExportRecord, Failure>>, Failure> {
        let message = format!("an export needs the data directory itself, and the server at {} has it open", self.base);
        Err(Failure::new(message).advise("stop the server first, then run this with the data directory alone"))
    }
}

#[cfg(test)]
mod tests;
