//! Every operation of a store, for what holds for all of them.

use std::sync::Arc;
use std::time::Duration;

use dharmagraph_auth::store::{AuditFilter, KeyState, Limit, Presented, Store, UserChange, UserPage};
use dharmagraph_auth::testkit::sample;
use dharmagraph_auth::{Error, Secret, SessionId, Tenant, UserId};
use tokio::task::JoinSet;

macro_rules! ask {
    ($store:ident: $($operation:ident($($argument:expr),*),)*) => {{
        let mut asked = JoinSet::new();
        $({
            let store = Arc::clone($store);
            asked.spawn(async move { (stringify!($operation), store.$operation($($argument),*).await.err()) });
        })*
        asked.join_all().await
    }};
}

/// What a store that has nothing to answer from says to each operation, all of them at once.
pub(crate) async fn every_operation(store: &Arc<dyn Store>) -> Vec<(&'static str, Option<Error>)> {
    let now = sample::second(0);
    ask!(store:
        insert_user(&sample::user()),
        user(&UserId::generate()),
        user_by_email("ada@example.com"),
        users(&Tenant::default(), &UserPage { after: None, limit: 10 }),
        change_user(&Tenant::default(), &UserId::generate(), &UserChange::default(), now),
        set_password_hash(&UserId::generate(), &Secret::new("one"), &Secret::new("other"), now),
        record_login(&UserId::generate(), now),
        any_user(),
        set_bootstrap(&sample::hash("token")),
        bootstrap_user(&sample::user(), &sample::hash("token")),
        start_session(&sample::session(&sample::user(), now)),
        rotate(&Presented {
            session: SessionId::new("s"),
            token: sample::token(),
            successor: sample::token(),
            now,
            grace: Duration::from_secs(10),
        }),
        session(&SessionId::new("s"), &sample::token(), now),
        sessions(&UserId::generate(), now),
        end_session(&UserId::generate(), &SessionId::new("s"), now),
        end_sessions(&UserId::generate(), None, now),
        end_oldest_sessions(&UserId::generate(), 1, now),
        deny_token(&sample::token(), now),
        forget_sessions(now),
        insert_api_key(&sample::api_key(&sample::user(), now)),
        api_key("key"),
        api_keys(&UserId::generate()),
        revoke_api_key(&UserId::generate(), "key", now),
        touch_api_key("key", now),
        take("login:ada", Limit { count: 5, window: Duration::from_secs(60) }, now),
        give_back("login:ada", now),
        clear_counter("login:ada"),
        forget_counters(now),
        enrol_totp(&UserId::generate(), b"sealed", now),
        totp(&UserId::generate()),
        confirm_totp(&UserId::generate(), b"sealed", 1, &[sample::hash("code")], now),
        use_totp_step(&UserId::generate(), 1),
        use_recovery_code(&UserId::generate(), &sample::hash("code"), now),
        recovery_codes_left(&UserId::generate()),
        remove_totp(&UserId::generate()),
        signing_keys(),
        begin_signing_keys(&sample::signing_key(KeyState::Active, now), &sample::signing_key(KeyState::Next, now)),
        rotate_signing_keys("kid", &sample::signing_key(KeyState::Next, now), now),
        forget_signing_keys(now),
        append_audit(&sample::event(&Tenant::default(), now), &sample::chain()),
        audit(&AuditFilter { limit: 10, ..AuditFilter::default() }),
        audit_rows(1, 10),
        audit_head(),
    )
}

/// How many operations there are.
pub(crate) const OPERATIONS: usize = 43;

/// Fails unless every operation is refused as the backend's failure.
pub(crate) async fn assert_all_fail(store: &Arc<dyn Store>, retryable: bool) {
    let asked = every_operation(store).await;
    assert_eq!(asked.len(), OPERATIONS);
    for (operation, error) in asked {
        match error {
            Some(Error::Backend { backend, retryable: passes, .. }) => {
                assert_eq!((backend, passes), (store.name(), retryable), "{operation}");
            }
            other => panic!("{operation} was answered with {other:?}"),
        }
    }
}
