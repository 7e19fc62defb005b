use std::time::Duration;

use dharmagraph_auth::service::{AuthSettings, TryLimits};
use dharmagraph_auth::store::Limit;
use dharmagraph_auth::{Error, Refusal};

use crate::setup::{EMAIL, House, PASSWORD, caller, login, refusal, settings};

fn limit(count: u32) -> Limit {
    Limit { count, window: Duration::from_secs(900) }
}

async fn house(limits: TryLimits) -> House {
    let house = House::empty(AuthSettings { limits, ..settings() }).await;
    house.bootstrap().await;
    house
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_wrong_passwords_at_once_5_are_looked_at() {
    let house = house(TryLimits { address: limit(1000), ..TryLimits::default() }).await;
    let tries: Vec<_> = (0..200)
        .map(|n| {
            let service = house.service.clone();
            tokio::spawn(async move { service.login(login(EMAIL, &format!("wrong password {n}")), &caller("192.0.2.1")).await })
        })
        .collect();
    let mut locked = 0;
    for answer in tries {
        match refusal(answer.await.unwrap()) {
            Refusal::WrongPassword => {}
            Refusal::Locked => locked += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(house.hasher.checks(), 5);
    assert_eq!(locked, 195);
}

#[tokio::test]
async fn a_locked_account_takes_the_right_password_when_the_window_is_over() {
    let house = house(TryLimits { account_and_address: limit(2), ..TryLimits::default() }).await;
    for _ in 0..2 {
        assert_eq!(refusal(house.login(EMAIL, "wrong").await), Refusal::WrongPassword);
    }
    assert_eq!(refusal(house.login(EMAIL, PASSWORD).await), Refusal::Locked);
    house.clock.advance(Duration::from_secs(901));
    assert!(house.login(EMAIL, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_stranger_does_not_lock_the_user_out() {
    let house = house(TryLimits { address: limit(1000), ..TryLimits::default() }).await;
    for _ in 0..20 {
        refusal(house.service.login(login(EMAIL, "wrong"), &caller("198.51.100.7")).await);
    }
    assert!(house.service.login(login(EMAIL, PASSWORD), &caller("192.0.2.1")).await.is_ok());
}

#[tokio::test]
async fn tries_from_everywhere_are_counted_together() {
    let house = house(TryLimits { account: limit(10), ..TryLimits::default() }).await;
    let reasons: Vec<Refusal> = {
        let mut reasons = Vec::new();
        for n in 0..12 {
            reasons.push(refusal(house.service.login(login(EMAIL, "wrong"), &caller(&format!("198.51.100.{n}"))).await));
        }
        reasons
    };
    assert_eq!(reasons.iter().filter(|reason| **reason == Refusal::WrongPassword).count(), 10);
    assert_eq!(reasons[10..], [Refusal::Locked, Refusal::Locked]);
}

#[tokio::test]
async fn success_gives_the_tries_back() {
    let house = house(TryLimits { account_and_address: limit(3), account: limit(4), ..TryLimits::default() }).await;
    for _ in 0..10 {
        refusal(house.login(EMAIL, "wrong").await);
        assert!(house.login(EMAIL, PASSWORD).await.is_ok());
        house.clock.advance(Duration::from_secs(300));
    }
}

#[tokio::test]
async fn an_address_that_tries_too_often_is_told_when_to_come_back() {
    let house = house(TryLimits { address: limit(3), ..TryLimits::default() }).await;
    for n in 0..3 {
        refusal(house.login(&format!("user{n}@example.com"), "wrong").await);
    }
    let checks = house.hasher.checks();
    match house.login("user4@example.com", "wrong").await {
        Err(Error::RateLimited { retry_after }) => assert_eq!(retry_after, Duration::from_secs(900)),
        other => panic!("{other:?}"),
    }
    assert_eq!(house.hasher.checks(), checks);
    assert!(house.service.login(login(EMAIL, PASSWORD), &caller("198.51.100.7")).await.is_ok());
}
