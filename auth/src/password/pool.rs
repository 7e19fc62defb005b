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
    /// Hashes at once, 1 to 1,024. Times the memory of one hash, this is the memory of the pool.
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
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Condvar, Mutex};

    use tokio::task::yield_now;

    use super::*;
    use crate::password::{HashPolicy, PolicyHasher};

    /// Counts its work, and is at it until told to end.
    #[derive(Debug, Default)]
    struct GatedHasher {
        begun: AtomicUsize,
        at_once: AtomicUsize,
        most_at_once: AtomicUsize,
        is_open: Mutex<bool>,
        opened: Condvar,
    }

    impl GatedHasher {
        fn open(&self) {
            *self.is_open.lock().unwrap() = true;
            self.opened.notify_all();
        }

        fn begun(&self) -> usize {
            self.begun.load(Ordering::SeqCst)
        }
    }

    impl PasswordHasher for GatedHasher {
        fn hash(&self, _password: &Secret) -> Result<Secret> {
            Ok(Secret::new("nobody"))
        }

        fn verify(&self, password: &Secret, _hash: &Secret) -> Result<Verdict> {
            let at_once = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
            self.begun.fetch_add(1, Ordering::SeqCst);
            drop(self.opened.wait_while(self.is_open.lock().unwrap(), |is_open| !*is_open).unwrap());
            self.at_once.fetch_sub(1, Ordering::SeqCst);
            assert_ne!(password.expose(), "panic", "asked to");
            Ok(Verdict::Match)
        }
    }

    fn pool(workers: usize, queue: usize) -> (Arc<GatedHasher>, Arc<HashingPool>) {
        let hasher = Arc::new(GatedHasher::default());
        let pool = HashingPool::new(Arc::<GatedHasher>::clone(&hasher), HashingLimits { workers, queue }).unwrap();
        (hasher, Arc::new(pool))
    }

    fn start(pool: &Arc<HashingPool>, password: &'static str) -> tokio::task::JoinHandle<Result<Verdict>> {
        let pool = Arc::clone(pool);
        tokio::spawn(async move { pool.verify(Secret::new(password), Secret::new("hash")).await })
    }

    async fn until(condition: impl Fn() -> bool) {
        while !condition() {
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn no_more_are_at_work_than_workers_and_what_does_not_fit_does_no_work() {
        let (hasher, pool) = pool(2, 3);
        let calls: Vec<_> = (0..5).map(|_| start(&pool, "password")).collect();
        until(|| hasher.begun() == 2 && pool.places.available_permits() == 0).await;
        for _ in 0..10 {
            let refused = pool.verify(Secret::new("password"), Secret::new("hash")).await;
            assert!(matches!(refused, Err(Error::RateLimited { .. })));
            assert!(matches!(pool.verify_nobody(Secret::new("password")).await, Err(Error::RateLimited { .. })));
            assert!(matches!(pool.hash(Secret::new("password")).await, Err(Error::RateLimited { .. })));
        }
        assert_eq!(hasher.begun(), 2);
        hasher.open();
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap(), Verdict::Match);
        }
        assert_eq!(hasher.begun(), 5);
        assert_eq!(hasher.most_at_once.load(Ordering::SeqCst), 2);
        assert_eq!(pool.places.available_permits(), 5);
    }

    #[tokio::test]
    async fn who_leaves_the_queue_leaves_the_place_and_no_work() {
        let (hasher, pool) = pool(1, 1);
        let first = start(&pool, "password");
        until(|| hasher.begun() == 1).await;
        let second = start(&pool, "password");
        until(|| pool.places.available_permits() == 0).await;
        second.abort();
        assert!(second.await.unwrap_err().is_cancelled());
        assert_eq!(pool.places.available_permits(), 1);
        hasher.open();
        first.await.unwrap().unwrap();
        assert_eq!(hasher.begun(), 1);
    }

    #[tokio::test]
    async fn who_leaves_during_the_work_keeps_its_place_until_the_work_ends() {
        let (hasher, pool) = pool(1, 0);
        let first = start(&pool, "password");
        until(|| hasher.begun() == 1).await;
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        let second = start(&pool, "password").await.unwrap();
        assert!(matches!(second, Err(Error::RateLimited { .. })), "the core is still at work");
        hasher.open();
        until(|| pool.places.available_permits() == 1 && pool.workers.available_permits() == 1).await;
        assert_eq!(start(&pool, "password").await.unwrap().unwrap(), Verdict::Match);
    }

    #[tokio::test]
    async fn a_hasher_that_panics_lets_nobody_in_and_leaves_its_place() {
        let (hasher, pool) = pool(1, 0);
        hasher.open();
        for _ in 0..3 {
            let answer = start(&pool, "panic").await.unwrap();
            assert!(matches!(answer, Err(Error::Internal { .. })), "{answer:?}");
            until(|| pool.places.available_permits() == 1).await;
        }
        assert_eq!(start(&pool, "password").await.unwrap().unwrap(), Verdict::Match);
    }

    #[tokio::test]
    async fn nobody_costs_one_verification_under_the_current_policy() {
        let (hasher, counted) = pool(1, 0);
        hasher.open();
        counted.verify_nobody(Secret::new("password")).await.unwrap();
        assert_eq!(hasher.begun(), 1);

        let policy = HashPolicy::Argon2id { memory_kib: 16, passes: 3, lanes: 1 };
        let real = HashingPool::new(Arc::new(PolicyHasher::weak(policy).unwrap()), HashingLimits::default()).unwrap();
        assert!(real.nobody.expose().starts_with("$argon2id$v=19$m=16,t=3,p=1$"));
        let verdict = real.verify(Secret::new(""), real.nobody.clone()).await.unwrap();
        assert_eq!(verdict, Verdict::Mismatch);
        let hash = real.hash(Secret::new("password")).await.unwrap();
        assert_eq!(real.verify(Secret::new("password"), hash).await.unwrap(), Verdict::Match);
    }

    #[test]
    fn limits_out_of_bounds_are_refused() {
        for (workers, queue) in [(0, 10), (1025, 10), (usize::MAX, 10), (1, 65_537), (1, usize::MAX)] {
            let refused = HashingPool::new(Arc::new(GatedHasher::default()), HashingLimits { workers, queue });
            assert!(matches!(refused, Err(Error::Invalid { .. })), "{workers} {queue}");
        }
    }

    #[test]
    fn the_advice_to_come_back_follows_the_queue() {
        for (workers, queue, seconds) in [(2, 0, 1), (1, 10, 1), (1, 11, 2), (2, 32, 2), (1, 65_536, 6554)] {
            let advice = time_to_drain(HashingLimits { workers, queue });
            assert_eq!(advice, Duration::from_secs(seconds), "{workers} {queue}");
        }
    }
}
