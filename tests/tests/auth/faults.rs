//! Databases that go away and servers that are killed.

use std::collections::BTreeSet;
use std::time::Duration;

use dharmagraph_tests::Postgres;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::setup::{ADMIN, Estate, PASSWORD, PRODUCTION, text};

#[tokio::test]
async fn while_the_database_is_down_nobody_is_let_in() {
    let mut postgres = Postgres::launch().await;
    let estate = Estate::start_with(PRODUCTION, |settings| postgres.keeps(settings)).await;
    let key = text(&estate.key(&estate.admin, &["cmdb:read"]).await["key"]);
    let resources = "//api/v3/cmdb/resources";
    estate.get(&estate.admin, resources).await.expect(200);
    postgres.stop().await;
    let answers = [
        estate.get(&estate.admin, resources).await,
        estate.with_key(&key, Method::GET, resources).await,
        estate.login(ADMIN, PASSWORD).await,
        estate.get(&estate.admin, "/me").await,
    ];
    for answer in answers {
        let detail = answer.problem(503, "BACKEND");
        assert!(!answer.header("retry-after").is_empty() && !detail.contains("127.0.0.1"), "{detail}");
    }
    estate.get("", resources).await.problem(401, "UNAUTHENTICATED");
    postgres.start().await;
    estate.get(&estate.admin, resources).await.expect(200);
    estate.login(ADMIN, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_server_that_is_killed_while_it_refreshes_leaves_one_session_alive_and_one_token() {
    let mut estate = Estate::start().await;
    let mut token = text(&estate.user("grace", "VIEWER").await["refresh_token"]);
    for round in 0..12_u64 {
        let url = format!("{}/api/v3/auth/refresh", estate.server.url());
        let client = reqwest::Client::new();
        let refreshes = (0..8).map(|_| {
            let request = client.post(&url).json(&json!({"refresh_token": token}));
            tokio::spawn(async move {
                let answer = request.send().await.ok()?;
                answer.status().is_success().then_some(())?;
                Some(text(&answer.json::<Value>().await.ok()?["refresh_token"]))
            })
        });
        let refreshes: Vec<_> = refreshes.collect();
        // The moment differs from round to round; at each the promise is the same.
        tokio::time::sleep(Duration::from_millis(round)).await;
        estate.server.kill();
        let answers = join_all(refreshes).await;
        let successors: BTreeSet<String> = answers.into_iter().filter_map(Result::unwrap).collect();
        assert!(successors.len() <= 1, "two successors live");
        estate.server = estate.settings.start().await;
        let told = successors.into_iter().next();
        let next = match (estate.refresh(told.as_ref().unwrap_or(&token)).await, told) {
            (answer, Some(_)) => answer.expect(200),
            // The answer was lost, and with it, once the grace is over, the session.
            (answer, None) if answer.status == 401 => estate.login("grace@example.org", PASSWORD).await.expect(200),
            (answer, None) => answer.expect(200),
        };
        token = text(&next["refresh_token"]);
    }
}
