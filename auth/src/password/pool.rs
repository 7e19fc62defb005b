//! How many passwords are hashed at once.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::hasher::{PasswordHasher, Verdict};
use crate::error::{Error, Result};
use crate::random;
use crate::secret::Secret;

/// The most workers, and the most that may wait: more would only hide a mistake in the settings.
const MOST_WORKERS: usize = 1024;
const MOST_WAITING: usize = 65_536;

/// About what one hash of the default policy takes, from which the advice to come back is reckoned.
const ONE_HASH: Duration = Duration::from_millis(100);

/// How many passwords are hashed at once, and how many more may wait for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashingLimits {
    /// Hashes at once, 1 to 1,024. Times the memory of one hash, 19 MiB by the default policy, this is the memory of the pool;
    /// a stored hash may ask for up to 256 MiB.
    pub workers: usize,
    /// Calls that wait for a worker, up to 65,536; what comes on top is turned away.
    pub queue: usize,
}

impl Default for HashingLimits {
    /// As many workers as cores, and sixteen calls waiting for each: a wait of a second or two.
    fn default() -> Self {
        let workers = available_parallelism().map_or(1, NonZero::get).min(MOST_WORKERS);
        Self { workers, queue: workers * 16 }
    }
}

/// Hashes passwords beside async code, so many at once that neither cores nor memory are overwhelmed.
///
/// A call whose future is dropped before a worker took it up does no work and leaves its place to the next; one that a worker
/// has begun is finished, and its place is free then.
#[derive(Debug)]
pub struct HashingPool {
    hasher: Arc<dyn PasswordHasher>,
    /// A permit for each call that is at work or waits.
    places: Arc<Semaphore>,
    /// A permit for each call that is at work; fair, first come first served.
    workers: Arc<Semaphore>,
    /// A hash of the policy, of a password that nobody knows.
    nobody: Secret,
    retry_after: Duration,
}

impl HashingPool {
    /// A pool over a hasher. Hashes once, and so blocks for that long.
    ///
    /// # Errors
    /// [`Error::Invalid`] for limits out of bounds; what the hasher fails with.
    pub fn new(hasher: Arc<dyn PasswordHasher>, limits: HashingLimits) -> Result<Self> {
        let HashingLimits { workers, queue } = limits;
        if !(1..=MOST_WORKERS).contains(&workers) {
            return Err(Error::invalid("hashing workers", format!("1 to {MOST_WORKERS}"), workers.to_string()));
        }
        if queue > MOST_WAITING {
            return Err(Error::invalid("hashing queue", format!("0 to {MOST_WAITING}"), queue.to_string()));
        }
        let nobody = hasher.hash(&Secret::new(random::text(43)?))?;
        Ok(Self {
            hasher,
            places: Arc::new(Semaphore::new(workers + queue)),
            workers: Arc::new(Semaphore::new(workers)),
            nobody,
            retry_after: time_to_drain(limits),
        })
    }

    /// Hashes a password; see [`PasswordHasher::hash`].
    ///
    /// # Errors
    /// [`Error::RateLimited`], with no work done, when the queue is full; what the hasher fails with.
    pub async fn hash(&self, password: Secret) -> Result<Secret> {
        self.run(move |hasher| hasher.hash(&password)).await
    }

    /// Whether the password is the one of the hash; see [`PasswordHasher::verify`].
    ///
    /// # Errors
    /// [`Error::RateLimited`], with no work done, when the queue is full; what the hasher fails with.
    pub async fn verify(&self, password: Secret, hash: Secret) -> Result<Verdict> {
        self.run(move |hasher| hasher.verify(&password, &hash)).await
    }

    /// Does the work of [`HashingPool::verify`] for somebody who is not there, so that the time does not tell: against a hash
    /// of the current policy whose password nobody knows.
    ///
    /// # Errors
    /// Those of [`HashingPool::verify`].
    pub async fn verify_nobody(&self, password: Secret) -> Result<()> {
        self.verify(password, self.nobody.clone()).await.map(drop)
    }

    async fn run<T: Send + 'static>(&self, job: impl FnOnce(&dyn PasswordHasher) -> Result<T> + Send + 'static) -> Result<T> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(Error::RateLimited { retry_after: self.retry_after });
        };
        let worker =
            Arc::clone(&self.workers).acquire_owned().await.map_err(|_| Error::internal("the hashing pool was closed"))?;
        let hasher = Arc::clone(&self.hasher);
        let work = spawn_blocking(move || {
            // The permits go with the work, not with the caller, who may leave.
            let _held = (worker, place);
            job(&*hasher)
        });
        work.await.map_err(|error| Error::internal(format!("hashing a password ended early: {error}")))?
    }
}

/// How long a full queue takes to become empty, in whole seconds and at least one.
fn time_to_drain(limits: HashingLimits) -> Duration {
    let rounds = u32::try_from(limits.queue.div_ceil(limits.workers)).unwrap_or(u32::MAX);
    let drained = ONE_HASH.saturating_mul(rounds);
    Duration::from_secs(drained.as_secs() + u64::from(drained.subsec_nanos() > 0)).max(Duration::from_secs(1))
}

#[cfg(test)]
mod tests;
