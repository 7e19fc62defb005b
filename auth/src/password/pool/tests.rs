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
