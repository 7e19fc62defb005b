use dharmagraph_auth::policy::BuiltInRole;
use dharmagraph_auth::service::{Caller, FirstUser};
use dharmagraph_auth::store::UserStore as _;
use dharmagraph_auth::{Error, Refusal, Secret};

use crate::setup::{House, refusal, settings, signup};

#[tokio::test]
async fn the_first_user_is_made_once_with_the_newest_token() {
    let house = House::empty(settings()).await;
    let old = house.service.begin_bootstrap().await.unwrap().unwrap();
    let new = house.service.begin_bootstrap().await.unwrap().unwrap();
    let first = |token: &Secret| FirstUser { token: token.clone(), user: signup("ada@example.com", "ada") };
    let caller = Caller::default();
    assert_eq!(refusal(house.service.bootstrap(first(&old), &caller).await), Refusal::Bootstrap);
    assert!(!house.store.any_user().await.unwrap());
    let signed_in = house.service.bootstrap(first(&new), &caller).await.unwrap();
    assert_eq!(signed_in.user.role, BuiltInRole::Admin);
    assert!(house.principal(&signed_in).await.is_ok());
    let again = house.service.bootstrap(first(&new), &caller).await;
    assert!(matches!(again, Err(Error::NotFound { .. })), "{again:?}");
    assert!(house.service.begin_bootstrap().await.unwrap().is_none());
}

#[tokio::test]
async fn a_known_default_is_no_first_password() {
    let house = House::empty(settings()).await;
    for password in ["admin123", "iacadmin123", "changemechangeme", "administrator"] {
        let token = house.service.begin_bootstrap().await.unwrap().unwrap();
        let mut user = signup("ada@example.com", "ada");
        user.password = Secret::new(password);
        let answer = house.service.bootstrap(FirstUser { token, user }, &Caller::default()).await;
        assert!(matches!(answer, Err(Error::Invalid { .. })), "{password}: {answer:?}");
    }
    assert!(!house.store.any_user().await.unwrap());
}
