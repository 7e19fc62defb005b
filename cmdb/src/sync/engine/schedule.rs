//! What happens again and again.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::StreamExt;

use super::Inner;
use super::intake::kept;
use crate::error::Result;
use crate::model::Timestamp;
use crate::sync::DiscoveryRequest;

/// How often old history is forgotten.
const PRUNE_EVERY: Duration = Duration::from_secs(3600);

impl Inner {
    pub(super) fn schedule(self: &Arc<Self>, every: Duration, mut request: DiscoveryRequest) {
        request.idempotency_key = None;
        request.inline_document = request.document.is_some();
        let inner = Arc::clone(self);
        self.runs.spawn(async move {
            let stop = inner.stop.clone();
            let repeated = async {
                loop {
                    if let Err(error) = inner.run_to_end(&request).await {
                        tracing::warn!(provider = %request.provider, %error, "a scheduled discovery could not start");
                    }
                    tokio::time::sleep(every).await;
                }
            };
            stop.run_until_cancelled(repeated).await;
        });
    }

    /// Runs a request, unless a run of it is under way, and waits for the end.
    async fn run_to_end(self: &Arc<Self>, request: &DiscoveryRequest) -> Result<()> {
        let id = match self.live.running(&kept(request)) {
            Some(id) => id,
            None => self.start(request.clone()).await?.task_id,
        };
        if let Some(mut steps) = self.live.watch(&id) {
            while steps.next().await.is_some() {}
        }
        Ok(())
    }

    /// Begins to forget old history, where the settings say so and it has not begun.
    pub(super) fn keep_history(self: &Arc<Self>) {
        let Some(retention) = self.settings.history_retention else { return };
        self.retention.call_once(|| {
            let inner = Arc::downgrade(self);
            let stop = self.stop.clone();
            self.runs.spawn(async move { stop.run_until_cancelled(forget_old_history(inner, retention)).await });
        });
    }
}

async fn forget_old_history(inner: Weak<Inner>, retention: Duration) {
    while let Some(inner) = inner.upgrade() {
        match inner.store.prune(Timestamp::now().before(retention)).await {
            Ok(changes) => tracing::info!(changes, "old history forgotten"),
            Err(error) => tracing::warn!(%error, "old history could not be forgotten"),
        }
        drop(inner);
        tokio::time::sleep(PRUNE_EVERY).await;
    }
}
