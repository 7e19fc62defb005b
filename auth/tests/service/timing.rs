//! That the time of an answer does not tell who has an account.

use std::time::{Duration, Instant};

use dharmagraph_auth::service::{AuthSettings, TryLimits};
use dharmagraph_auth::store::Limit;

use crate::setup::{EMAIL, House, settings};

/// Wrong passwords may be tried as often as anybody likes.
fn endless() -> TryLimits {
    let limit = Limit { count: u32::MAX, window: Duration::from_secs(900) };
    TryLimits { account_and_address: limit, account: limit, address: limit, signup: limit }
}

/// No failed sign-in is answered before the first point of the grid, whatever its reason and however little work it was.
#[tokio::test]
async fn a_failed_sign_in_is_answered_on_the_grid() {
    let grid = Duration::from_millis(100);
    let house = House::empty(AuthSettings { answer_grid: grid, ..settings() }).await;
    house.bootstrap().await;
    for (email, password) in [("nobody@example.com", "x"), (EMAIL, "wrong"), (EMAIL, "")] {
        let began = Instant::now();
        assert!(house.login(email, password).await.is_err());
        assert!(began.elapsed() >= grid, "{email}");
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
