//! Where the graph is kept.

pub(crate) mod cursor;
#[cfg(feature = "embedded")]
mod embedded;
mod export;
mod import;
mod memory;
#[cfg(feature = "neo4j")]
mod neo4j;
mod precedence;
mod reconcile;
mod search;
mod table;
pub(crate) mod validate;

use std::fmt;

use async_trait::async_trait;
use futures_core::stream::BoxStream;
use serde_json::{Map, Value};

#[cfg(feature = "embedded")]
pub use embedded::EmbeddedStore;
pub use export::{ExportRecord, ImportReport, ScopeState};
pub use memory::MemoryStore;
#[cfg(feature = "neo4j")]
pub use neo4j::{Neo4jOptions, Neo4jStore, StatementCounts};
pub use reconcile::{HeldBack, ReconcileOptions, ReconcileReport, RemovalGuard, ScopeSnapshot, Snapshot};
pub use table::{QueryLimits, QueryPlan, Table};

use crate::error::{Error, Result};
use crate::model::{
    AsOf, ChangeFilter, ChangePage, Direction, Filter, Impact, ImpactRequest, Neighbor, PageRequest, RelationshipKind, Resource,
    ResourceId, ResourcePage, Statistics, Subgraph, Timestamp, Traversal, VersionPage,
};

/// What a store can do beyond what every store does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capability {
    /// [`GraphStore::query`] works.
    pub query: bool,
    /// Readers see each [`GraphStore::reconcile`] whole or not at all.
    pub atomic_reconcile: bool,
    /// What was acknowledged is there after a crash.
    pub durable: bool,
    /// How many resources one [`GraphStore::reconcile`] should bring where there are that many, because each costs the same
    /// few round trips whatever it brings; 0 where small ones cost little.
    pub batch: usize,
}

/// A graph of resources with its history.
///
/// # Contract
/// Writing
/// - `reconcile` brings what a scope owns to what its snapshot says. It is idempotent: saying the same again changes
///   nothing but the time at which the scope was completed.
/// - Resources and relationships are removed only inside scopes that the snapshot marks complete, and only when no other
///   scope owns them too.
/// - A removal beyond the [`RemovalGuard`] is held back and reported; `accept_removals` lets it through.
/// - A dry run reports what would change and changes nothing.
/// - Where [`Capability::durable`] holds, what `reconcile` reported is there after a crash.
///
/// Reading
/// - A relationship with an unknown end is kept, is in no answer and no count, and joins when its end appears.
/// - `list` is ordered by id; following its cursors gives each unchanged resource exactly once.
/// - A missing id is `Ok(None)` in `get` and [`Error::NotFound`] elsewhere.
/// - `last_discovered` is the time at which a scope that owns the resource was last completed.
/// - `subgraph` and `impact` are breadth first, and the same at every call.
///
/// History
/// - Every creation, update and removal of a resource or relationship is kept with its time and task, until pruned.
/// - A read `as_of` a time answers as the same read would have answered then, but for `last_discovered`, which such an
///   answer leaves out. A time before what is kept is [`Error::Invalid`].
///
/// [`testkit::store`](crate::testkit) checks all of it; a store is done when it passes.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait GraphStore: Send + Sync + fmt::Debug {
    /// Backend name for errors and logs.
    fn name(&self) -> &'static str;

    /// What this store can do.
    fn capability(&self) -> Capability;

    /// Whether the store can answer now.
    async fn ping(&self) -> Result<()>;

    /// Brings the graph to what `snapshot` says.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a type, relation or provider that cannot be a label, or an empty id; nothing is written.
    async fn reconcile(&self, snapshot: Snapshot, options: &ReconcileOptions) -> Result<ReconcileReport>;

    /// One resource.
    async fn get(&self, id: &ResourceId, as_of: AsOf) -> Result<Option<Resource>>;

    /// The id that a person's word for a resource stands for: an id, an ARN or a name that only one resource has.
    ///
    /// # Errors
    /// [`Error::NotFound`], or [`Error::Conflict`] with the candidates.
    async fn resolve(&self, reference: &str, as_of: AsOf) -> Result<ResourceId>;

    /// A page of the resources that fit a filter, with their total.
    async fn list(&self, filter: &Filter, page: &PageRequest, as_of: AsOf) -> Result<ResourcePage>;

    /// The relationships of one resource with their other ends, ordered by direction, kind and id; only these `kinds`
    /// unless it is empty.
    async fn relationships(
        &self,
        id: &ResourceId,
        direction: Direction,
        kinds: &[RelationshipKind],
        as_of: AsOf,
    ) -> Result<Vec<Neighbor>>;

    /// The graph around a resource.
    async fn subgraph(&self, root: &ResourceId, walk: &Traversal, as_of: AsOf) -> Result<Subgraph>;

    /// Who would feel it if a resource failed; see [`impact_direction`](crate::impact_direction).
    async fn impact(&self, id: &ResourceId, request: &ImpactRequest, as_of: AsOf) -> Result<Impact>;

    /// Counts.
    async fn statistics(&self, as_of: AsOf) -> Result<Statistics>;

    /// The versions of a resource that is or was there, newest first.
    async fn history(&self, id: &ResourceId, page: &PageRequest) -> Result<VersionPage>;

    /// What was created, updated and removed, oldest first.
    async fn changes(&self, filter: &ChangeFilter, page: &PageRequest) -> Result<ChangePage>;

    /// Every scope that was ever completed or owns a resource, with its state.
    async fn scopes(&self) -> Result<Vec<ScopeState>>;

    /// Forgets history from before `horizon`; what is there now, and when it was first seen, stays. Gives the number of
    /// changes forgotten.
    async fn prune(&self, horizon: Timestamp) -> Result<u64>;

    /// Everything the store holds, history included: a header; scopes; resources by id; relationships by source, type,
    /// target and owner; changes oldest first, those of resources at one time by id; tasks where the store keeps them; and an
    /// end that counts them all.
    fn export(&self) -> BoxStream<'static, Result<ExportRecord>>;

    /// Puts what another store exported into this one, which must be empty: what was exported is then answered here as
    /// there, history, times and `as_of` included. Records come in the order of [`GraphStore::export`].
    ///
    /// Where the store keeps tasks, theirs come along, so that history's task ids lead somewhere; another store passes
    /// over them. Memory grows with what is present and with how many resources history knows, not with how often they
    /// changed. Each store says whether it takes everything in at once.
    ///
    /// # Errors
    /// [`Error::Taken`] for a store that is not empty, [`Error::Invalid`] for records that are not an export, a part of
    /// one among them; a store that fails half-way says so and is to be emptied. [`Error::Unsupported`] where it cannot.
    async fn import(&self, records: BoxStream<'static, Result<ExportRecord>>) -> Result<ImportReport> {
        drop(records);
        Err(Error::Unsupported { what: "an import".into(), backend: self.name().into() })
    }

    /// Answers a read-only Cypher query. Dropping the future stops the query.
    ///
    /// A resource is a node labelled `Resource` and with its type. Its properties are the keys of its JSON form, the keys
    /// of its metadata (the former win), `tag_` + the key of each tag, and `tags` and `metadata` as JSON text.
    ///
    /// # Errors
    /// [`Error::Unsupported`] unless [`Capability::query`] and for what the store's Cypher does not know,
    /// [`Error::Invalid`] for a query or parameter that is wrong, [`Error::Forbidden`] for one that would write, call a
    /// procedure, load a file or administer, [`Error::LimitExceeded`] and [`Error::Timeout`] for one beyond its limits.
    async fn query(&self, cypher: &str, parameters: Map<String, Value>, limits: &QueryLimits) -> Result<Table> {
        let _ = (cypher, parameters, limits);
        Err(Error::Unsupported { what: "a Cypher query".into(), backend: self.name().into() })
    }
}
