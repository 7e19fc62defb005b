//! Whether the time of a sign-in tells who has an account: a known and an unknown user in turn, each with a wrong password,
//! with the default hash and without the grid that hides what is left.
//!
//! Prints a table and one line of JSON. The difference of the medians should be within 2 %.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and fails by panicking")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use dharmagraph_auth::service::{AuthService, AuthSettings, Caller, FirstUser, Login, Signup, TryLimits};
use dharmagraph_auth::store::{Limit, MemoryStore};
use dharmagraph_auth::{MasterKey, Secret};

/// How often each of the two is tried.
const TRIES: usize = 2_000;
const EMAIL: &str = "ada@example.com";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // `cargo test` runs benchmarks, too, to see that they run.
    let tries = if std::env::args().any(|argument| argument == "--bench") { TRIES } else { 2 };
    let service = service().await;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for round in 0..tries {
        // Each is as often the first of the two as the second.
        if round % 2 == 0 {
            known.push(sign_in(&service, EMAIL).await);
        }
        unknown.push(sign_in(&service, "nobody@example.com").await);
        if round % 2 == 1 {
            known.push(sign_in(&service, EMAIL).await);
        }
    }
    let (known, unknown) = (median(known), median(unknown));
    let difference = (known - unknown).abs() / known.max(unknown) * 100.0;
    println!("{:<10}{:>12}", "user", "median, ms");
    println!("{:<10}{known:>12.3}\n{:<10}{unknown:>12.3}", "known", "unknown");
    println!(
        "{}",
        serde_json::json!({
            "benchmark": "sign_in", "tries": tries, "known_ms": known, "unknown_ms": unknown, "difference_percent": difference,
        })
    );
}

async fn service() -> AuthService {
    let endless = Limit { count: u32::MAX, window: Duration::from_secs(900) };
    let limits = TryLimits { account_and_address: endless, account: endless, address: endless, signup: endless };
    let settings = AuthSettings { answer_grid: Duration::ZERO, limits, ..AuthSettings::new("bench", "bench") };
    let master = MasterKey::generate().unwrap();
    let service = AuthService::builder(Arc::new(MemoryStore::new()), settings, master).open().await.unwrap();
    let token = service.begin_bootstrap().await.unwrap().unwrap();
    let password = Secret::new("correct horse battery staple");
    let user = Signup { email: EMAIL.to_owned(), username: "ada".to_owned(), password, full_name: None };
    service.bootstrap(FirstUser { token, user }, &Caller::default()).await.unwrap();
    service
}

/// Milliseconds of one failed sign-in.
async fn sign_in(service: &AuthService, email: &str) -> f64 {
    let login = Login { email: email.to_owned(), password: Secret::new("wrong password"), totp: None };
    let began = Instant::now();
    assert!(service.login(login, &Caller::default()).await.is_err());
    began.elapsed().as_secs_f64() * 1000.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
