//! One run of one task, from its request to its end.

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Inner;
use super::listings::Listings;
use super::locks::ScopesHeld;
use super::retry::retried;
use super::row::{Row, task_error};
use crate::discover::{Calls, Connector, Discoverer, DiscoveryEvent};
use crate::error::{Error, Result};
use crate::model::{Scope, Timestamp};
use crate::store::validate::check_listing;
use crate::store::{ReconcileOptions, ScopeSnapshot, Snapshot};
use crate::sync::{DiscoveryRequest, TaskError, TaskStatus};

/// How many resources may wait for the store before no more are asked for.
const MAX_WAITING: usize = 2_000;

/// How long a listing that has ended waits for others, where the store asks for many at once.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What it takes to run a task.
#[derive(Debug)]
pub(super) struct Run {
    inner: Arc<Inner>,
    connector: Arc<dyn Connector>,
    /// The whole request, with what the task's row does not keep.
    request: DiscoveryRequest,
    resumed: bool,
    cancel: CancellationToken,
}

/// Why a run went no further.
#[derive(Debug)]
enum Halt {
    Cancelled,
    ShutDown,
    Failed(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// What a run lists.
struct Plan {
    discoverer: Box<dyn Discoverer>,
    scopes: BTreeSet<Scope>,
    _held: ScopesHeld,
}

impl Run {
    pub(super) fn new(inner: &Arc<Inner>, connector: Arc<dyn Connector>, request: DiscoveryRequest, resumed: bool) -> Self {
        Self { inner: Arc::clone(inner), connector, request, resumed, cancel: CancellationToken::new() }
    }

    /// What stops the run.
    pub(super) fn cancellation(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// Runs the task to its end, or to where a shutdown leaves it.
    pub(super) async fn to_end(&self, row: &Row) {
        tracing::info!(provider = %self.request.provider, resumed = self.resumed, "discovery begins");
        match AssertUnwindSafe(self.list_and_store(row)).catch_unwind().await {
            Ok(Ok(())) => row.end().await,
            Ok(Err(Halt::Cancelled)) => row.end_as(TaskStatus::Cancelled, None).await,
            Ok(Err(Halt::ShutDown)) => {
                if let Err(error) = row.save().await {
                    tracing::error!(%error, "an interrupted task's row could not be stored");
                }
            }
            Ok(Err(Halt::Failed(error))) => {
                tracing::warn!(%error, "discovery failed");
                row.end_as(TaskStatus::Failed, Some(task_error(&error))).await;
            }
            Err(_) => {
                let message = "the discovery panicked; the server's log says where".to_owned();
                let error = TaskError { scope: None, code: "INTERNAL".to_owned(), message };
                row.end_as(TaskStatus::Failed, Some(error)).await;
            }
        }
    }

    async fn list_and_store(&self, row: &Row) -> Result<(), Halt> {
        let plan = tokio::select! {
            biased;
            halt = self.interrupted() => return Err(halt),
            plan = self.plan(row) => plan?,
        };
        row.save().await?;
        self.list(row, &plan).await
    }

    async fn interrupted(&self) -> Halt {
        tokio::select! {
            () = self.cancel.cancelled() => Halt::Cancelled,
            () = self.inner.stop.cancelled() => Halt::ShutDown,
        }
    }

    /// Finds out what to list, and waits for its turn.
    async fn plan(&self, row: &Row) -> Result<Plan> {
        let discoverer = self.connector.connect(&self.request).await?;
        let mut scopes: BTreeSet<Scope> = discoverer.scopes().await?.into_iter().collect();
        let total = scopes.len();
        let mut stored = BTreeSet::new();
        if self.request.dry_run {
            row.start_over();
        } else if self.resumed {
            stored = self.stored_since(row.task().started_at).await?;
            stored.retain(|scope| scopes.contains(scope));
            scopes.retain(|scope| !stored.contains(scope));
        }
        row.begin(total, &stored);
        let _held = self.inner.locks.hold(&scopes).await;
        Ok(Plan { discoverer, scopes, _held })
    }

    async fn stored_since(&self, started_at: Timestamp) -> Result<BTreeSet<Scope>> {
        let states = retried(|| self.inner.store.scopes()).await?;
        let since = |at: Timestamp| at >= started_at;
        Ok(states.into_iter().filter(|state| state.completed_at.is_some_and(since)).map(|state| state.scope).collect())
    }

    /// Lists, and stores each scope when its listing is complete: all that ended during one write make up the next. Where the
    /// store asks for many resources at once they wait until there are as many, or for [`LONGEST_WAIT`].
    async fn list(&self, row: &Row, plan: &Plan) -> Result<(), Halt> {
        let progress = row.task().progress;
        let before = Calls { api_calls: progress.api_calls, retries: progress.retries };
        let mut listings = Listings::new(&plan.scopes);
        let mut events = plan.discoverer.discover(plan.scopes.iter().cloned().collect());
        let mut waiting: Vec<ScopeSnapshot> = Vec::new();
        let mut writing: Option<BoxFuture<'_, Result<()>>> = None;
        let mut listed = false;
        let batch = self.inner.store.capability().batch;
        let mut due_at = Instant::now();
        let mut interrupted = std::pin::pin!(self.interrupted());
        while !listed || !waiting.is_empty() || writing.is_some() {
            let mut resources = count(&waiting);
            let due = listed || resources >= batch || Instant::now() >= due_at;
            if writing.is_none() && !waiting.is_empty() && due {
                writing = Some(self.store(row, std::mem::take(&mut waiting)).boxed());
                resources = 0;
            }
            let room = resources < MAX_WAITING.max(batch);
            tokio::select! {
                biased;
                halt = &mut interrupted => {
                    drop(events);
                    // What is being stored is stored: the row has to say so.
                    if let Some(writing) = writing {
                        writing.await?;
                    }
                    return Err(halt);
                }
                written = finished(&mut writing) => {
                    writing = None;
                    written?;
                }
                () = tokio::time::sleep_until(due_at), if writing.is_none() && !waiting.is_empty() => {}
                event = events.next(), if !listed && room => match event {
                    Some(DiscoveryEvent::Progress(now)) => row.asked(before, now),
                    Some(event) => {
                        let first = waiting.is_empty();
                        waiting.extend(take(row, &mut listings, event));
                        if first {
                            due_at = Instant::now() + LONGEST_WAIT;
                        }
                    }
                    None => {
                        listed = true;
                        abandon(row, &mut listings);
                    }
                },
            }
        }
        Ok(())
    }

    async fn store(&self, row: &Row, scopes: Vec<ScopeSnapshot>) -> Result<()> {
        let options = ReconcileOptions {
            dry_run: self.request.dry_run,
            accept_removals: self.request.accept_removals,
            guard: self.inner.settings.guard,
        };
        let (count, resources) = (scopes.len() as u64, scopes.iter().map(|scope| scope.resources.len() as u64).sum());
        let snapshot = Snapshot { task_id: row.task().task_id, at: Timestamp::now(), scopes };
        let report = retried(|| self.inner.store.reconcile(snapshot.clone(), &options)).await?;
        row.stored(count, resources, report).await
    }
}

/// How many resources these listings hold.
fn count(listings: &[ScopeSnapshot]) -> usize {
    listings.iter().map(|listing| listing.resources.len()).sum()
}

/// Waits for a write; for ever where there is none.
async fn finished(writing: &mut Option<BoxFuture<'_, Result<()>>>) -> Result<()> {
    match writing {
        Some(writing) => writing.await,
        None => std::future::pending().await,
    }
}

/// Takes an event in; gives the listing that it completed.
fn take(row: &Row, listings: &mut Listings, event: DiscoveryEvent) -> Option<ScopeSnapshot> {
    match event {
        DiscoveryEvent::Resource { scope, resource } => listings.resource(&scope, *resource),
        DiscoveryEvent::Relationship { scope, relationship } => listings.relationship(&scope, relationship),
        DiscoveryEvent::Failed { scope, error } => {
            if listings.discard(&scope) {
                row.failed(&scope, &error);
            }
        }
        DiscoveryEvent::Completed(scope) => {
            let listing = listings.complete(&scope)?;
            match check_listing(&listing) {
                Ok(()) => return Some(listing),
                Err(error) => row.failed(&scope, &error),
            }
        }
        DiscoveryEvent::Progress(_) => {}
    }
    None
}

/// Fails the scopes whose listing has no end.
fn abandon(row: &Row, listings: &mut Listings) {
    for scope in listings.abandon() {
        let error = Error::Provider {
            service: scope.provider.to_string(),
            code: "INCOMPLETE".into(),
            message: "the discovery ended without a word on this scope".into(),
            retryable: false,
        };
        row.failed(&scope, &error);
    }
}
