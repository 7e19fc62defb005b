//! The graph in memory, written through to one file.
//!
//! A write is planned against memory, committed to the file, then applied to memory: readers wait for neither the disk
//! nor each other, only for the moment in which memory changes.

mod bytes;
mod commit;
mod cypher;
mod export;
mod facts;
mod file;
mod graph;
mod history;
mod import;
mod order;
mod plan;
mod postings;
mod read;
mod record;
mod rewind;
mod strings;
mod tasks;
mod walk;

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use futures_util::StreamExt;
use redb::Database;
use serde_json::{Map, Value};
use tokio_stream::wrappers::ReceiverStream;

use self::commit::Written;
use self::cypher::Statements;
use self::graph::Graph;
use self::history::History;
use self::read::Reading;
use self::strings::{Interner, SharedStrings};
use super::validate::{check_as_of, check_snapshot};
use super::{
    Capability, ExportRecord, GraphStore, ImportReport, QueryLimits, ReconcileOptions, ReconcileReport, ScopeState, Snapshot,
    Table,
};
use crate::error::{Error, Result};
use crate::model::{
    AsOf, ChangeFilter, ChangePage, ContentHash, Direction, Filter, Impact, ImpactRequest, Neighbor, PageRequest,
    RelationshipKind, Resource, ResourceId, ResourcePage, Statistics, Subgraph, Timestamp, Traversal, VersionPage,
};

/// How many records an export may be ahead of its reader, and an import's reader ahead of the file.
const RECORDS_AHEAD: usize = 256;

/// A graph in this process that survives it: in memory for readers, in one redb file for the next start.
///
/// One process writes: a second one that opens the file gets [`Error::Locked`](crate::Error::Locked). Cheap to clone;
/// the clones are one store.
///
/// An [import](GraphStore::import) is one commit: where it fails, is dropped or its process ends, the file stays empty.
/// Other writes wait for its end.
#[derive(Debug, Clone)]
pub struct EmbeddedStore {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    file: Database,
    strings: SharedStrings,
    /// Shared with queries that take long; what changes the graph meanwhile changes a copy.
    graph: RwLock<Arc<Graph>>,
    writer: Mutex<Writer>,
    /// The graph as it was at one time: who asks for the past often asks for the same past.
    past: Mutex<Option<(Timestamp, Arc<Graph>)>>,
    /// Queries that were read before.
    statements: Statements,
}

/// The graph while it changes.
struct Writing<'a>(RwLockWriteGuard<'a, Arc<Graph>>);

impl Deref for Writing<'_> {
    type Target = Graph;

    fn deref(&self) -> &Graph {
        &self.0
    }
}

impl DerefMut for Writing<'_> {
    fn deref_mut(&mut self) -> &mut Graph {
        Arc::make_mut(&mut self.0)
    }
}

/// What only the one writer needs.
#[derive(Debug)]
struct Writer {
    latest: Option<Timestamp>,
    written: Written,
}

impl EmbeddedStore {
    /// Opens the file, or makes it. Reads the whole graph: call it where blocking is allowed.
    ///
    /// # Errors
    /// [`Error::Locked`](crate::Error::Locked) while another process has it open;
    /// [`Error::Backend`](crate::Error::Backend) for a file that is not ours, is damaged or is of another format.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        let file = file::open(path.as_ref())?;
        let (graph, strings) = file::load(&file)?;
        let nodes = (0..).zip(&graph.nodes).filter(|(_, node)| !node.id.as_str().is_empty());
        let written =
            Written { strings: file::strings(&file)?, scopes: graph.scopes.len(), nodes: nodes.map(|(n, _)| n).collect() };
        let writer = Mutex::new(Writer { latest: file::latest(&file)?, written });
        let shared = Shared {
            file,
            strings,
            graph: RwLock::new(Arc::new(graph)),
            writer,
            past: Mutex::default(),
            statements: Statements::default(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    async fn blocking<T: Send + 'static>(&self, work: impl FnOnce(&Shared) -> Result<T> + Send + 'static) -> Result<T> {
        let shared = Arc::clone(&self.shared);
        let done = tokio::task::spawn_blocking(move || work(&shared)).await;
        done.map_err(|error| Error::backend("embedded", "work on the file", error))?
    }

    async fn on_file<T: Send + 'static>(&self, work: impl FnOnce(&Database) -> Result<T> + Send + 'static) -> Result<T> {
        self.blocking(move |shared| work(&shared.file)).await
    }

    /// Answers from the present graph at once, or from a past one off the async threads.
    async fn read<T: Send + 'static>(
        &self,
        as_of: AsOf,
        answer: impl FnOnce(Reading<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match as_of {
            None => {
                let graph = self.shared.read();
                answer(Reading { graph: &graph, strings: &self.shared.strings.read(), present: true })
            }
            Some(as_of) => {
                self.blocking(move |shared| {
                    let graph = shared.past(as_of)?;
                    answer(Reading { graph: &graph, strings: &shared.strings.read(), present: false })
                })
                .await
            }
        }
    }
}

impl Shared {
    fn read(&self) -> RwLockReadGuard<'_, Arc<Graph>> {
        self.graph.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> Writing<'_> {
        Writing(self.graph.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn past(&self, as_of: Timestamp) -> Result<Arc<Graph>> {
        check_as_of(as_of, history::history_since(&self.file)?)?;
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        // The past does not change, but the present does: only a time before the newest change may be kept.
        let settled = file::latest(&self.file)?.is_some_and(|latest| as_of < latest);
        if let Some((time, graph)) = past.as_ref()
            && *time == as_of
            && settled
        {
            return Ok(Arc::clone(graph));
        }
        let present = Graph::clone(&self.read());
        let graph = Arc::new(rewind::rewind(present, &self.file, as_of)?);
        *past = settled.then(|| (as_of, Arc::clone(&graph)));
        Ok(graph)
    }

    fn reconcile(&self, snapshot: &Snapshot, options: &ReconcileOptions) -> Result<ReconcileReport> {
        check_snapshot(snapshot)?;
        let hashes: Vec<Vec<ContentHash>> =
            snapshot.scopes.iter().map(|listing| listing.resources.iter().map(Resource::hash).collect()).collect();
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut interner = Interner::new(&self.strings);
        let listings = plan::number(&mut self.write(), snapshot, &hashes, &mut interner);
        let plan = plan::plan(&self.read(), &listings, options, &mut interner);
        let report = plan.report.clone();
        if options.dry_run {
            let ends = listings.iter().flat_map(|listing| {
                let edges = listing.edges.iter();
                let ends = edges.flat_map(|(source, edges)| edges.iter().map(|(_, target)| *target).chain([*source]));
                listing.resources.keys().copied().chain(ends)
            });
            self.write().release(ends);
            return Ok(report);
        }
        let at = writer
            .latest
            .map_or(snapshot.at, |latest| snapshot.at.max(Timestamp::from_micros(latest.as_micros().saturating_add(1))));
        commit::write(&self.file, &self.read(), &self.strings.read(), &mut writer.written, &plan, at, &snapshot.task_id)?;
        if plan.changes_graph() {
            writer.latest = Some(at);
        }
        let released = commit::apply(&mut self.write(), plan, at);
        writer.written.nodes -= released;
        Ok(report)
    }
}

#[async_trait]
impl GraphStore for EmbeddedStore {
    fn name(&self) -> &'static str {
        "embedded"
    }

    fn capability(&self) -> Capability {
        Capability { query: true, atomic_reconcile: true, durable: true, batch: 0 }
    }

    async fn ping(&self) -> Result<()> {
        self.on_file(|file| history::history_since(file).map(drop)).await
    }

    async fn reconcile(&self, snapshot: Snapshot, options: &ReconcileOptions) -> Result<ReconcileReport> {
        let options = *options;
        self.blocking(move |shared| shared.reconcile(&snapshot, &options)).await
    }

    async fn get(&self, id: &ResourceId, as_of: AsOf) -> Result<Option<Resource>> {
        let Some(as_of) = as_of else {
            let graph = self.shared.read();
            return Reading { graph: &graph, strings: &self.shared.strings.read(), present: true }.get(id);
        };
        let id = id.clone();
        self.blocking(move |shared| {
            check_as_of(as_of, history::history_since(&shared.file)?)?;
            History::new(shared)?.after(&id, as_of.as_micros())
        })
        .await
    }

    async fn resolve(&self, reference: &str, as_of: AsOf) -> Result<ResourceId> {
        let reference = reference.to_owned();
        self.read(as_of, move |reading| reading.resolve(&reference)).await
    }

    async fn list(&self, filter: &Filter, page: &PageRequest, as_of: AsOf) -> Result<ResourcePage> {
        let (filter, page) = (filter.clone(), page.clone());
        self.read(as_of, move |reading| reading.list(&filter, &page)).await
    }

    async fn relationships(
        &self,
        id: &ResourceId,
        direction: Direction,
        kinds: &[RelationshipKind],
        as_of: AsOf,
    ) -> Result<Vec<Neighbor>> {
        let (id, kinds) = (id.clone(), kinds.to_vec());
        self.read(as_of, move |reading| reading.relationships(&id, direction, &kinds)).await
    }

    async fn subgraph(&self, root: &ResourceId, walk: &Traversal, as_of: AsOf) -> Result<Subgraph> {
        let (root, walk) = (root.clone(), walk.clone());
        self.read(as_of, move |reading| reading.subgraph(&root, &walk)).await
    }

    async fn impact(&self, id: &ResourceId, request: &ImpactRequest, as_of: AsOf) -> Result<Impact> {
        let (id, request) = (id.clone(), request.clone());
        self.read(as_of, move |reading| reading.impact(&id, &request)).await
    }

    async fn statistics(&self, as_of: AsOf) -> Result<Statistics> {
        self.read(as_of, |reading| Ok(reading.statistics())).await
    }

    async fn history(&self, id: &ResourceId, page: &PageRequest) -> Result<VersionPage> {
        let (id, page) = (id.clone(), page.clone());
        self.blocking(move |shared| History::new(shared)?.versions(&id, &page)).await
    }

    async fn changes(&self, filter: &ChangeFilter, page: &PageRequest) -> Result<ChangePage> {
        let (filter, page) = (filter.clone(), page.clone());
        self.blocking(move |shared| History::new(shared)?.changes(&filter, &page)).await
    }

    async fn scopes(&self) -> Result<Vec<ScopeState>> {
        let graph = self.shared.read();
        let known = graph.scopes.iter().filter(|entry| entry.completed.is_some() || !entry.nodes.is_empty());
        let mut states: Vec<_> = known
            .map(|entry| ScopeState { scope: entry.scope.clone(), completed_at: entry.completed, resources: entry.nodes.len() })
            .collect();
        states.sort_by(|a, b| a.scope.cmp(&b.scope));
        Ok(states)
    }

    async fn prune(&self, horizon: Timestamp) -> Result<u64> {
        self.blocking(move |shared| {
            let forgotten = history::prune(&shared.file, horizon)?;
            *shared.past.lock().unwrap_or_else(PoisonError::into_inner) = None;
            Ok(forgotten)
        })
        .await
    }

    fn export(&self) -> BoxStream<'static, Result<ExportRecord>> {
        let (sender, receiver) = tokio::sync::mpsc::channel(RECORDS_AHEAD);
        let shared = Arc::clone(&self.shared);
        tokio::task::spawn_blocking(move || export::export(&shared.file, &shared.strings, &sender));
        Box::pin(ReceiverStream::new(receiver))
    }

    async fn import(&self, mut records: BoxStream<'static, Result<ExportRecord>>) -> Result<ImportReport> {
        let (sender, receiver) = tokio::sync::mpsc::channel(RECORDS_AHEAD);
        let read = async move {
            while let Some(record) = records.next().await {
                if sender.send(record).await.is_err() {
                    break;
                }
            }
        };
        let import = self.blocking(move |shared| import::import(shared, receiver));
        tokio::pin!(import);
        // An import that is refused does not wait for the rest of the records.
        tokio::select! {
            biased;
            done = &mut import => done,
            () = read => import.await,
        }
    }

    async fn query(&self, cypher: &str, parameters: Map<String, Value>, limits: &QueryLimits) -> Result<Table> {
        cypher::query(self, cypher, parameters, limits).await
    }
}
