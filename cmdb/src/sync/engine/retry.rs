//! Trying again what a store could not do just now.

use std::time::Duration;

use crate::error::Result;

/// How often something is tried in all.
const ATTEMPTS: u32 = 6;
/// How long the first wait is; each next one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// Does something until it works, fails for good or has been tried often enough.
pub(super) async fn retried<T, F: Future<Output = Result<T>>>(mut attempt: impl FnMut() -> F) -> Result<T> {
    let mut wait = FIRST_WAIT;
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if error.is_retryable() => tracing::warn!(%error, ?wait, "trying again"),
            settled => return settled,
        }
        tokio::time::sleep(wait).await;
        wait *= 2;
    }
    attempt().await
}
