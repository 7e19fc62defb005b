//! How often a password can be tried.

use dharmagraph_tests::Postgres;
use futures_util::future::join_all;

use crate::setup::{Estate, PASSWORD, PRODUCTION};

async fn of_many_wrong_passwords_five_are_looked_at(estate: &Estate) {
    estate.user("grace", "VIEWER").await;
    let tries = (0..200).map(|_| estate.login("grace@example.org", "not the password"));
    for answer in join_all(tries).await {
        assert!([401, 429].contains(&answer.status.as_u16()), "{}", answer.text);
    }
    let events = estate.get(&estate.admin, "/audit?action=auth.login&limit=1000").await.expect(200);
    let looked_at = events["events"].as_array().unwrap().iter().filter(|event| event["changes"]["reason"] == "wrong_password");
    assert_eq!(looked_at.count(), 5);
    estate.login("grace@example.org", PASSWORD).await.problem(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn of_200_wrong_passwords_at_once_five_are_looked_at() {
    let estate = Estate::start().await;
    of_many_wrong_passwords_five_are_looked_at(&estate).await;
}

#[tokio::test]
async fn of_200_wrong_passwords_at_once_five_are_looked_at_on_postgres() {
    let postgres = Postgres::launch().await;
    let estate = Estate::start_with(PRODUCTION, |settings| postgres.keeps(settings)).await;
    of_many_wrong_passwords_five_are_looked_at(&estate).await;
}

#[tokio::test]
async fn an_address_that_tries_too_often_is_told_when_to_come_again() {
    let estate = Estate::start_with(&PRODUCTION.replace("10000", "3"), |settings| settings).await;
    for _ in 0..3 {
        estate.login("nobody@example.org", PASSWORD).await.problem(401, "UNAUTHENTICATED");
    }
    let limited = estate.login("nobody@example.org", PASSWORD).await;
    limited.problem(429, "RATE_LIMITED");
    assert!((1..=60).contains(&limited.header("retry-after").parse::<u32>().unwrap()));
    // Nobody says in a header to be somebody else.
    let forwarded = estate.request("", reqwest::Method::POST, "/login").header("x-forwarded-for", "192.0.2.7");
    let body = serde_json::json!({"email": "nobody@example.org", "password": PASSWORD});
    estate.server.send(forwarded.json(&body)).await.problem(429, "RATE_LIMITED");
}
