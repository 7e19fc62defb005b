//! A server forgets the request of a caller who hung up, wherever it is.

use std::collections::BTreeSet;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use dharmagraph_auth::policy::BuiltInRole;
use dharmagraph_auth::service::{AuthService, Caller, Credentials, FirstUser, NewUser};
use dharmagraph_auth::store::{AuditFilter, SqliteStore, UserChange, UserPage};
use dharmagraph_auth::{MasterKey, Store};
use tempfile::TempDir;

use crate::setup::{CountingHasher, EMAIL, settings, signup};

/// Polls a future so often, and then forgets it.
async fn leave_after<F: Future>(polls: usize, work: F) -> Option<F::Output> {
    let mut work = Box::pin(work);
    let mut left = polls;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(context).map(Some)
    })
    .await
}

#[tokio::test]
async fn what_an_administrator_does_is_recorded_also_when_it_hangs_up() {
    let folder = TempDir::new().unwrap();
    let store = SqliteStore::open(folder.path().join("accounts.sqlite")).await.unwrap();
    let builder = AuthService::builder(Arc::new(store) as Arc<dyn Store>, settings(), MasterKey::generate().unwrap());
    let service = builder.hasher(CountingHasher::new()).open().await.unwrap();
    let (token, caller) = (service.begin_bootstrap().await.unwrap().unwrap(), Caller::default());
    let ada = service.bootstrap(FirstUser { token, user: signup(EMAIL, "ada") }, &caller).await.unwrap();
    let ada = service.authenticate(&Credentials::Bearer(ada.token)).await.unwrap();

    let change = UserChange { role: Some(BuiltInRole::Operator), ..UserChange::default() };
    for polls in 1.. {
        let user = signup(&format!("eve{polls}@example.com"), &format!("eve{polls}"));
        let new = NewUser { user, role: BuiltInRole::Viewer, custom_roles: BTreeSet::new() };
        let eve = service.create_user(&ada, new, &caller).await.unwrap();
        if let Some(done) = leave_after(polls, service.change_user(&ada, &eve.id, &change, &caller)).await {
            assert_eq!(done.unwrap().role, BuiltInRole::Operator);
            break;
        }
    }

    let everything = AuditFilter { action: Some("auth.user_change".into()), limit: 1_000, ..AuditFilter::default() };
    let unrecorded = async || {
        let users = service.users(&ada, &UserPage { after: None, limit: 1_000 }, &caller).await.unwrap();
        let rows = service.audit(&ada, everything.clone(), &caller).await.unwrap();
        let recorded = |id: &str| rows.iter().any(|row| row.event.resource_id.as_deref() == Some(id));
        users.into_iter().filter(|user| user.role == BuiltInRole::Operator && !recorded(user.id.as_str())).count()
    };
    let all = async { while unrecorded().await > 0 {} };
    assert!(tokio::time::timeout(Duration::from_secs(10), all).await.is_ok(), "{} changes have no row", unrecorded().await);
}
