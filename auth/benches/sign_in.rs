//! Whether the time of a sign-in tells who has an account: a known and an unknown user in turn, each with a wrong password,
//! with the default hash and without the grid that hides what is left.
//!
//! Then how soon a stored hash is refused whose parameters ask for more than any policy allows: the longest of a hundred tries,
//! which should be below 10 ms.
//!
//! Prints a table and one line of JSON. The difference of the medians should be within 2 %.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and fails by panicking")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use dharmagraph_auth::password::{HashPolicy, PasswordHasher as _, PolicyHasher};
use dharmagraph_auth::service::{AuthService, AuthSettings, Caller, FirstUser, Login, Signup, TryLimits};
use dharmagraph_auth::store::{Limit, MemoryStore};
use dharmagraph_auth::{MasterKey, Secret};

/// How often each of the two is tried.
const TRIES: usize = 2_000;
const EMAIL: &str = "ada@example.com";

/// A hash that takes 4 GiB of memory.
const ARGON2ID_4_GIB: &str =
    "$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// A hash that takes days.
const BCRYPT_31: &str = "$2b$31$WvvTPHKwdBJ3uk0Z37EMR.hLA2W6N9AEBhEgrAOljy2Ae5MtaSIUi";

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
    let (argon2id, bcrypt) = (refused(ARGON2ID_4_GIB), refused(BCRYPT_31));
    println!("\n{:<20}{:>14}", "stored hash", "refused in, ms");
    println!("{:<20}{argon2id:>14.3}\n{:<20}{bcrypt:>14.3}", "argon2id of 4 GiB", "bcrypt of cost 31");
    println!(
        "{}",
        serde_json::json!({
            "benchmark": "sign_in", "tries": tries, "known_ms": known, "unknown_ms": unknown, "difference_percent": difference,
            "argon2id_4_gib_refused_ms": argon2id, "bcrypt_31_refused_ms": bcrypt,
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

/// The most milliseconds that it took to refuse this hash.
fn refused(hash: &str) -> f64 {
    let hasher = PolicyHasher::new(HashPolicy::default()).unwrap();
    let (password, hash) = (Secret::new("wrong password"), Secret::new(hash));
    let times = (0..100).map(|_| {
        let began = Instant::now();
        let error = hasher.verify(&password, &hash).expect_err("a hash that nobody should compute");
        let time = began.elapsed().as_secs_f64() * 1000.0;
        assert!(error.to_string().contains("is allowed"), "it was refused for another reason: {error}");
        time
    });
    times.fold(0.0, f64::max)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
