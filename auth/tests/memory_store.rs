//! The store in memory keeps every promise of a store.

use dharmagraph_auth::store::MemoryStore;
use dharmagraph_auth::testkit::store::Subject;

async fn open() -> Subject {
    Subject::new(MemoryStore::new())
}

dharmagraph_auth::store_conformance!(open);
