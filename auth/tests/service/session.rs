use std::sync::Arc;
use std::time::Duration;

use dharmagraph_auth::service::{AuthService, AuthSettings, Caller};
use dharmagraph_auth::store::{AuditFilter, AuditStore as _, MemoryStore};
use dharmagraph_auth::{Error, MasterKey, Refusal, SessionId};

use crate::setup::{EMAIL, House, PASSWORD, refusal, settings};

#[tokio::test]
async fn signing_out_ends_the_session_at_once_and_leaves_the_others() {
    let house = House::new().await;
    let (one, two) = (house.login(EMAIL, PASSWORD).await.unwrap(), house.login(EMAIL, PASSWORD).await.unwrap());
    let principal = house.principal(&one).await.unwrap();
    house.service.logout(&principal, false, &Caller::default()).await.unwrap();
    assert_eq!(refusal(house.principal(&one).await), Refusal::SessionEnded);
    assert_eq!(refusal(house.service.refresh(&one.refresh_token, &Caller::default()).await), Refusal::SessionEnded);
    assert!(house.principal(&two).await.is_ok());
}

#[tokio::test]
async fn signing_out_of_all_ends_them_all() {
    let house = House::new().await;
    let (one, two) = (house.login(EMAIL, PASSWORD).await.unwrap(), house.login(EMAIL, PASSWORD).await.unwrap());
    let principal = house.principal(&one).await.unwrap();
    house.service.logout(&principal, true, &Caller::default()).await.unwrap();
    assert!(house.principal(&one).await.is_err());
    assert!(house.principal(&two).await.is_err());
}

#[tokio::test]
async fn one_sees_and_ends_ones_own_sessions_alone() {
    let house = House::new().await;
    let (one, two) = (house.login(EMAIL, PASSWORD).await.unwrap(), house.login(EMAIL, PASSWORD).await.unwrap());
    let eve = house.principal(&house.viewer("eve").await).await.unwrap();
    let ada = house.principal(&one).await.unwrap();
    let sessions = house.service.sessions(&ada).await.unwrap();
    assert_eq!(sessions.len(), 3, "the one of the bootstrap, too");
    assert_eq!(sessions.iter().filter(|session| session.current).count(), 1);
    let other = house.principal(&two).await.unwrap().session().unwrap().clone();
    let foreign = house.service.end_session(&eve, &other, &Caller::default()).await;
    assert!(matches!(foreign, Err(Error::NotFound { .. })), "{foreign:?}");
    house.service.end_session(&ada, &other, &Caller::default()).await.unwrap();
    assert!(house.principal(&two).await.is_err());
    let unknown = house.service.end_session(&ada, &SessionId::new("no such"), &Caller::default()).await;
    assert!(matches!(unknown, Err(Error::NotFound { .. })), "{unknown:?}");
}

#[tokio::test]
async fn a_sign_in_beyond_the_limit_ends_the_oldest_session() {
    let house = House::empty(AuthSettings { session_limit: 2, ..settings() }).await;
    let mut sessions = vec![house.bootstrap().await];
    for _ in 0..3 {
        house.clock.advance(Duration::from_secs(1));
        sessions.push(house.login(EMAIL, PASSWORD).await.unwrap());
    }
    for ended in &sessions[..2] {
        assert_eq!(refusal(house.principal(ended).await), Refusal::SessionEnded);
        assert_eq!(refusal(house.service.refresh(&ended.refresh_token, &Caller::default()).await), Refusal::SessionEnded);
    }
    for live in &sessions[2..] {
        assert!(house.principal(live).await.is_ok());
    }
    let filter = AuditFilter { action: Some("auth.login".into()), limit: 10, ..AuditFilter::default() };
    let rows = house.store.audit(&filter).await.unwrap();
    let ended: Vec<_> = rows.iter().map(|row| row.event.changes.get("sessions_ended").cloned()).collect();
    assert_eq!(ended, [Some(1.into()), Some(1.into()), None], "newest first");
}

#[tokio::test]
async fn a_limit_of_no_session_is_refused() {
    let settings = AuthSettings { session_limit: 0, ..settings() };
    let store = Arc::new(MemoryStore::new());
    let refused = AuthService::builder(store, settings, MasterKey::generate().unwrap()).open().await;
    assert!(matches!(refused, Err(Error::Invalid { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_denied_token_is_refused_and_its_session_goes_on() {
    let house = House::new().await;
    let signed_in = house.login(EMAIL, PASSWORD).await.unwrap();
    house.service.deny_token(&signed_in.token, &Caller::default()).await.unwrap();
    assert_eq!(refusal(house.principal(&signed_in).await), Refusal::Token);
    let filter = AuditFilter { action: Some("auth.token_deny".into()), limit: 10, ..AuditFilter::default() };
    assert_eq!(house.store.audit(&filter).await.unwrap().len(), 1);
    assert!(house.service.refresh(&signed_in.refresh_token, &Caller::default()).await.is_ok());
}
