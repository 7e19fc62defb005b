use std::collections::BTreeSet;
use std::time::Duration;

use dharmagraph_auth::policy::{Authorizer as _, Permission};
use dharmagraph_auth::service::{ApiKeyRequest, Caller, Credentials, NewApiKey};
use dharmagraph_auth::store::UserChange;
use dharmagraph_auth::{Clock as _, Error, Refusal, Secret};

use crate::setup::{EMAIL, House, PASSWORD, refusal};

fn request(scopes: &[Permission]) -> ApiKeyRequest {
    ApiKeyRequest { name: "ci".into(), scopes: scopes.iter().cloned().collect(), expires_at: None }
}

async fn key(house: &House, request: ApiKeyRequest) -> NewApiKey {
    let ada = house.principal(&house.login(EMAIL, PASSWORD).await.unwrap()).await.unwrap();
    house.service.create_api_key(&ada, request, &Caller::default()).await.unwrap()
}

#[tokio::test]
async fn a_key_may_what_its_scopes_and_its_user_may() {
    let house = House::new().await;
    let made = key(&house, request(&[Permission::cmdb_read()])).await;
    let principal = house.service.authenticate(&Credentials::ApiKey(made.key)).await.unwrap();
    assert_eq!(house.service.policy().permissions(&principal), BTreeSet::from([Permission::cmdb_read()]));
    let caller = Caller::default();
    assert!(house.service.require(&principal, &Permission::cmdb_read(), None, &caller).await.is_ok());
    assert!(house.service.require(&principal, &Permission::users_admin(), None, &caller).await.is_err());
    assert!(matches!(house.service.logout(&principal, false, &caller).await, Err(Error::Forbidden { .. })));
    assert!(matches!(
        house.service.create_api_key(&principal, request(&[Permission::cmdb_read()]), &caller).await,
        Err(Error::Forbidden { .. })
    ));
}

#[tokio::test]
async fn nobody_makes_a_key_that_may_more_than_oneself() {
    let house = House::new().await;
    let eve = house.principal(&house.viewer("eve").await).await.unwrap();
    let answer = house.service.create_api_key(&eve, request(&[Permission::users_admin()]), &Caller::default()).await;
    assert!(matches!(answer, Err(Error::Forbidden { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_key_ends_with_its_time_its_revocation_or_its_user() {
    let house = House::new().await;
    let soon = house.clock.now().after(Duration::from_secs(60));
    let short = key(&house, ApiKeyRequest { expires_at: Some(soon), ..request(&[Permission::cmdb_read()]) }).await;
    assert!(house.service.authenticate(&Credentials::ApiKey(short.key.clone())).await.is_ok());
    house.clock.advance(Duration::from_secs(61));
    assert_eq!(refusal(house.service.authenticate(&Credentials::ApiKey(short.key)).await), Refusal::ApiKeyEnded);

    let ada = house.principal(&house.login(EMAIL, PASSWORD).await.unwrap()).await.unwrap();
    let revoked = key(&house, request(&[Permission::cmdb_read()])).await;
    house.service.revoke_api_key(&ada, &revoked.record.id, &Caller::default()).await.unwrap();
    assert_eq!(refusal(house.service.authenticate(&Credentials::ApiKey(revoked.key)).await), Refusal::ApiKeyEnded);

    let eve = house.viewer("eve").await;
    let principal = house.principal(&eve).await.unwrap();
    let hers = house.service.create_api_key(&principal, request(&[Permission::cmdb_read()]), &Caller::default()).await.unwrap();
    let off = UserChange { active: Some(false), ..UserChange::default() };
    house.service.change_user(&ada, &eve.user.id, &off, &Caller::default()).await.unwrap();
    assert_eq!(refusal(house.service.authenticate(&Credentials::ApiKey(hers.key)).await), Refusal::Disabled);
}

#[tokio::test]
async fn what_is_no_key_of_ours_is_refused() {
    let house = House::new().await;
    let made = key(&house, request(&[Permission::cmdb_read()])).await;
    let text = made.key.expose();
    for place in 0..text.len() {
        let mut changed = text.as_bytes().to_vec();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = Secret::new(String::from_utf8(changed).unwrap());
        assert_eq!(refusal(house.service.authenticate(&Credentials::ApiKey(changed)).await), Refusal::ApiKey, "{place}");
    }
    let other = dharmagraph_auth::api_key::ApiKey::generate().unwrap().to_secret();
    assert_eq!(refusal(house.service.authenticate(&Credentials::ApiKey(other)).await), Refusal::ApiKey);
}
