use std::sync::Arc;
use std::time::Duration;

use dharmagraph_auth::jose::Algorithm;
use dharmagraph_auth::service::{AuthService, AuthSettings, Caller};
use dharmagraph_auth::token::TokenPolicy;
use dharmagraph_auth::{Clock, Error, MasterKey, Store};
use serde_json::Value;

use crate::setup::{EMAIL, House, PASSWORD, login, settings};

async fn beside(house: &House, master: MasterKey) -> dharmagraph_auth::Result<AuthService> {
    beside_with(house, master, settings()).await
}

async fn beside_with(house: &House, master: MasterKey, settings: AuthSettings) -> dharmagraph_auth::Result<AuthService> {
    AuthService::builder(Arc::clone(&house.store) as Arc<dyn Store>, settings, master)
        .clock(Arc::clone(&house.clock) as Arc<dyn Clock>)
        .open()
        .await
}

fn kids(jwks: &Value) -> Vec<String> {
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn keys_rotate_when_it_is_time_and_what_the_old_one_signed_stays_good() {
    let house = House::new().await;
    let before = house.login(EMAIL, PASSWORD).await.unwrap();
    let published = kids(&house.service.jwks().await.unwrap());
    assert_eq!(published.len(), 2);
    assert!(!house.service.upkeep().await.unwrap().rotated);
    house.clock.advance(Duration::from_secs(30 * 24 * 60 * 60 - 60));
    let fresh = house.login(EMAIL, PASSWORD).await.unwrap();
    house.clock.advance(Duration::from_secs(60));
    assert!(house.service.upkeep().await.unwrap().rotated);
    let now = kids(&house.service.jwks().await.unwrap());
    assert!(now.contains(&published[1]) || now.contains(&published[0]), "{published:?} {now:?}");
    assert!(house.principal(&fresh).await.is_ok());
    assert!(house.service.refresh(&fresh.refresh_token, &Caller::default()).await.is_ok());
    assert!(house.principal(&before).await.is_err(), "its own time is over");
    assert!(house.principal(&house.login(EMAIL, PASSWORD).await.unwrap()).await.is_ok());
}

#[tokio::test]
async fn two_processes_take_each_others_tokens_also_after_a_rotation() {
    let house = House::new().await;
    let other = beside(&house, house.master.clone()).await.unwrap();
    let credentials = |token| dharmagraph_auth::service::Credentials::Bearer(token);
    for _ in 0..3 {
        let signed_in = house.login(EMAIL, PASSWORD).await.unwrap();
        assert!(other.authenticate(&credentials(signed_in.token)).await.is_ok());
        assert!(house.service.rotate_keys().await.unwrap());
        let signed_in = house.login(EMAIL, PASSWORD).await.unwrap();
        assert!(other.authenticate(&credentials(signed_in.token)).await.is_ok());
        house.clock.advance(Duration::from_secs(10));
    }
}

#[tokio::test]
async fn another_master_key_opens_nothing() {
    let house = House::new().await;
    let answer = beside(&house, MasterKey::generate().unwrap()).await;
    assert!(matches!(answer, Err(Error::Internal { .. })), "{answer:?}");
}

#[tokio::test]
async fn another_algorithm_signs_from_the_next_but_one_rotation_on_and_a_secret_never_does() {
    let house = House::new().await;
    let of = |algorithm| AuthSettings { algorithm, ..settings() };
    let secret = beside_with(&house, house.master.clone(), of(Algorithm::HS256)).await;
    assert!(matches!(secret, Err(Error::Invalid { .. })), "{secret:?}");
    let other = beside_with(&house, house.master.clone(), of(Algorithm::ES256)).await.unwrap();
    let signed_in = house.login(EMAIL, PASSWORD).await.unwrap();
    for _ in 0..2 {
        assert!(other.rotate_keys().await.unwrap());
    }
    let algorithms = other.jwks().await.unwrap()["keys"].as_array().unwrap().iter().filter(|key| key["alg"] == "ES256").count();
    assert_eq!(algorithms, 2);
    let credentials = dharmagraph_auth::service::Credentials::Bearer(signed_in.token);
    assert!(other.authenticate(&credentials).await.is_ok());
}

#[tokio::test]
async fn the_audit_trail_holds_together_and_shows_its_head() {
    let house = House::new().await;
    house.login(EMAIL, PASSWORD).await.unwrap();
    let report = house.service.verify_audit(None).await.unwrap();
    assert!(report.damage.is_none(), "{report:?}");
    assert!(report.records >= 2);
    house.login(EMAIL, PASSWORD).await.unwrap();
    assert!(house.service.verify_audit(report.head).await.unwrap().damage.is_none());
}

#[tokio::test]
async fn keys_are_read_again_also_when_the_clock_went_back() {
    let house = House::new().await;
    let start = house.clock.now();
    house.clock.advance(Duration::from_secs(365 * 24 * 60 * 60));
    let other = beside(&house, house.master.clone()).await.unwrap();
    house.clock.set(start);
    for _ in 0..2 {
        house.clock.advance(Duration::from_secs(60));
        assert!(house.service.rotate_keys().await.unwrap());
    }
    assert_eq!(kids(&other.jwks().await.unwrap()), kids(&house.service.jwks().await.unwrap()));
}

#[tokio::test]
async fn a_retired_key_is_kept_for_what_a_process_signed_that_had_not_heard_of_it() {
    let tokens = TokenPolicy { leeway: Duration::ZERO, ..settings().tokens };
    let lifetime = tokens.refresh_lifetime;
    let house = House::empty(AuthSettings { tokens: tokens.clone(), ..settings() }).await;
    house.bootstrap().await;
    let other = beside_with(&house, house.master.clone(), AuthSettings { tokens: tokens.clone(), ..settings() }).await.unwrap();
    assert!(house.service.rotate_keys().await.unwrap());
    house.clock.advance(Duration::from_secs(59));
    let signed_in = other.login(login(EMAIL, PASSWORD), &Caller::default()).await.unwrap();
    house.clock.advance(lifetime - Duration::from_secs(1));
    house.service.upkeep().await.unwrap();
    let fresh = beside_with(&house, house.master.clone(), AuthSettings { tokens, ..settings() }).await.unwrap();
    assert!(fresh.refresh(&signed_in.refresh_token, &Caller::default()).await.is_ok());
}
