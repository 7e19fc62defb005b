//! 64 callers use one refresh token at once, 1,000 times: there are never two successors that live.

use dharmagraph_auth::store::MemoryStore;
use dharmagraph_auth::testkit::store::{Subject, refresh_race};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_token_has_one_successor_in_a_thousand_rounds_in_memory() {
    refresh_race(&Subject::new(MemoryStore::new()).rounds(1_000), 64).await;
}
