use dharmagraph_auth::service::Caller;
use dharmagraph_auth::store::{AuditFilter, AuditStore as _};
use dharmagraph_auth::{Error, Refusal, SessionId};

use crate::setup::{EMAIL, House, PASSWORD, refusal};

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
async fn a_denied_token_is_refused_and_its_session_goes_on() {
    let house = House::new().await;
    let signed_in = house.login(EMAIL, PASSWORD).await.unwrap();
    house.service.deny_token(&signed_in.token, &Caller::default()).await.unwrap();
    assert_eq!(refusal(house.principal(&signed_in).await), Refusal::Token);
    let filter = AuditFilter { action: Some("auth.token_deny".into()), limit: 10, ..AuditFilter::default() };
    assert_eq!(house.store.audit(&filter).await.unwrap().len(), 1);
    assert!(house.service.refresh(&signed_in.refresh_token, &Caller::default()).await.is_ok());
}
