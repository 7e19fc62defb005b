//! That the time of an answer does not tell who has an account.

use std::time::Duration;

use dharmagraph_auth::service::{AuthSettings, TryLimits};
use dharmagraph_auth::store::Limit;

use crate::setup::{EMAIL, House, settings};

/// Wrong passwords may be tried as often as anybody likes.
fn endless() -> TryLimits {
    let limit = Limit { count: u32::MAX, window: Duration::from_secs(900) };
    TryLimits { account_and_address: limit, account: limit, address: limit, signup: limit }
}

/// Failed sign-ins are answered on the grid, and no sooner, whatever the reason: paused time shows it to the millisecond.
#[tokio::test(start_paused = true)]
async fn every_failed_sign_in_is_answered_on_the_grid() {
    let grid = Duration::from_millis(250);
    let house = House::empty(AuthSettings { answer_grid: grid, ..settings() }).await;
    house.bootstrap().await;
    for (email, password) in [("nobody@example.com", "x"), ("ada@example.com", "wrong"), ("ada@example.com", "")] {
        let began = tokio::time::Instant::now();
        assert!(house.login(email, password).await.is_err());
        let waited = began.elapsed().as_millis();
        assert!(waited >= 250 && waited % 250 <= 1, "{email}: {waited} ms");
    }
}

/// The work for somebody who is not there is the work for a wrong password: counted, since a clock would tell more of the
/// machine. What the clock says, `cargo bench --bench sign_in` prints.
#[tokio::test]
async fn an_unknown_user_costs_the_hash_that_a_known_one_does() {
    let house = House::empty(AuthSettings { limits: endless(), ..settings() }).await;
    house.bootstrap().await;
    let work = async |email: &str| {
        let before = house.hasher.checks();
        assert!(house.login(email, "wrong").await.is_err());
        house.hasher.checks() - before
    };
    for _ in 0..20 {
        assert_eq!((work(EMAIL).await, work("nobody@example.com").await), (1, 1));
    }
}
