use std::collections::BTreeSet;
use std::time::Duration;

use dharmagraph_auth::service::Caller;
use dharmagraph_auth::store::UserChange;
use dharmagraph_auth::{Error, Refusal, Secret};

use crate::setup::{EMAIL, House, PASSWORD, refusal};

const LATER: Duration = Duration::from_secs(60);

async fn refresh(house: &House, token: &Secret) -> dharmagraph_auth::Result<dharmagraph_auth::service::SignedIn> {
    house.service.refresh(token, &Caller::default()).await
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_reuse_ends_the_session() {
    let house = House::new().await;
    let first = house.login(EMAIL, PASSWORD).await.unwrap();
    house.clock.advance(LATER);
    let second = refresh(&house, &first.refresh_token).await.unwrap();
    assert!(house.principal(&second).await.is_ok());
    house.clock.advance(LATER);
    assert_eq!(refusal(refresh(&house, &first.refresh_token).await), Refusal::TokenReused);
    assert_eq!(refusal(refresh(&house, &second.refresh_token).await), Refusal::SessionEnded);
    assert_eq!(refusal(house.principal(&second).await), Refusal::SessionEnded);
}

#[tokio::test]
async fn within_the_grace_the_answer_is_the_same_successor() {
    let house = House::new().await;
    let first = house.login(EMAIL, PASSWORD).await.unwrap();
    house.clock.advance(LATER);
    let second = refresh(&house, &first.refresh_token).await.unwrap();
    house.clock.advance(Duration::from_secs(2));
    let again = refresh(&house, &first.refresh_token).await.unwrap();
    assert_eq!(again.refresh_token.expose(), second.refresh_token.expose());
    let third = refresh(&house, &again.refresh_token).await.unwrap();
    assert_ne!(third.refresh_token.expose(), second.refresh_token.expose());
    assert_eq!(refusal(refresh(&house, &first.refresh_token).await), Refusal::TokenReused);
}

#[tokio::test]
async fn a_refresh_token_is_no_access_token_and_an_access_token_no_refresh_token() {
    let house = House::new().await;
    let signed_in = house.login(EMAIL, PASSWORD).await.unwrap();
    assert_eq!(refusal(refresh(&house, &signed_in.token).await), Refusal::Token);
    let mut swapped = signed_in.clone();
    swapped.token = signed_in.refresh_token;
    assert_eq!(refusal(house.principal(&swapped).await), Refusal::Token);
}

#[tokio::test]
async fn a_disabled_user_neither_refreshes_nor_comes_in_and_stays_out_when_enabled_again() {
    let house = House::new().await;
    let admin = house.principal(&house.login(EMAIL, PASSWORD).await.unwrap()).await.unwrap();
    let eve = house.viewer("eve").await;
    let change = |active| UserChange { active: Some(active), ..UserChange::default() };
    house.service.change_user(&admin, &eve.user.id, &change(false), &Caller::default()).await.unwrap();
    assert!(house.principal(&eve).await.is_err());
    assert!(refresh(&house, &eve.refresh_token).await.is_err());
    house.service.change_user(&admin, &eve.user.id, &change(true), &Caller::default()).await.unwrap();
    assert_eq!(refusal(house.principal(&eve).await), Refusal::SessionEnded);
    assert_eq!(refusal(refresh(&house, &eve.refresh_token).await), Refusal::SessionEnded);
}

#[tokio::test]
async fn tokens_and_sessions_are_over_in_the_end() {
    let house = House::new().await;
    let first = house.login(EMAIL, PASSWORD).await.unwrap();
    house.clock.advance(Duration::from_secs(24 * 60 * 60 + 31));
    assert!(matches!(house.principal(&first).await, Err(Error::TokenExpired)));
    let mut latest = refresh(&house, &first.refresh_token).await.unwrap();
    for _ in 0..4 {
        house.clock.advance(Duration::from_secs(6 * 24 * 60 * 60));
        latest = refresh(&house, &latest.refresh_token).await.unwrap();
    }
    house.clock.advance(Duration::from_secs(6 * 24 * 60 * 60));
    let over = refresh(&house, &latest.refresh_token).await;
    assert!(matches!(over, Err(Error::TokenExpired | Error::Unauthenticated { .. })), "{over:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_refreshes_at_once_all_have_the_same_successor_and_one_session_lives() {
    let house = House::new().await;
    for _ in 0..50 {
        let first = house.login(EMAIL, PASSWORD).await.unwrap();
        house.clock.advance(LATER);
        let calls: Vec<_> = (0..64)
            .map(|_| {
                let (service, token) = (house.service.clone(), first.refresh_token.clone());
                tokio::spawn(async move { service.refresh(&token, &Caller::default()).await })
            })
            .collect();
        let mut successors = BTreeSet::new();
        for call in calls {
            successors.insert(call.await.unwrap().unwrap().refresh_token.expose().to_owned());
        }
        assert_eq!(successors.len(), 1);
    }
}

#[tokio::test]
async fn whoever_tries_on_with_a_token_that_is_over_is_turned_away_without_a_row_for_each() {
    let house = House::new().await;
    let first = house.login(EMAIL, PASSWORD).await.unwrap();
    house.service.logout(&house.principal(&first).await.unwrap(), false, &Caller::default()).await.unwrap();
    for _ in 0..60 {
        assert_eq!(refusal(refresh(&house, &first.refresh_token).await), Refusal::SessionEnded);
    }
    let rows = house.service.verify_audit(None).await.unwrap().records;
    for _ in 0..10 {
        let answer = refresh(&house, &first.refresh_token).await;
        assert!(matches!(answer, Err(Error::RateLimited { .. })), "{answer:?}");
    }
    assert_eq!(house.service.verify_audit(None).await.unwrap().records, rows);
    let other = house.login(EMAIL, PASSWORD).await.unwrap();
    assert!(refresh(&house, &other.refresh_token).await.is_ok(), "who has a good one is not held up");
}

#[tokio::test]
async fn a_session_is_over_when_there_is_no_second_left_for_a_token() {
    let house = House::new().await;
    let mut latest = house.login(EMAIL, PASSWORD).await.unwrap();
    let days = |days: u64| Duration::from_secs(days * 24 * 60 * 60);
    for _ in 0..4 {
        house.clock.advance(days(6));
        latest = refresh(&house, &latest.refresh_token).await.unwrap();
    }
    house.clock.advance(days(6) - Duration::from_millis(100));
    assert_eq!(refusal(refresh(&house, &latest.refresh_token).await), Refusal::SessionEnded);
}
