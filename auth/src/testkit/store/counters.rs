//! What [`CounterStore`](crate::store::CounterStore) promises.

use std::time::Duration;

use super::{Subject, at_once, ok, refused};
use crate::error::ErrorKind;
use crate::store::{Limit, Take};
use crate::testkit::sample;

const WINDOW: Duration = Duration::from_secs(60);

const fn limit(count: u32) -> Limit {
    Limit { count, window: WINDOW }
}

/// A window grants as many as the limit says; what it refuses neither counts nor makes it longer.
pub async fn a_window_grants_as_many_as_its_limit(subject: &Subject) {
    let store = &subject.store;
    let until = sample::second(0).after(WINDOW);
    for second in 0..3 {
        assert_eq!(ok(subject.handle(second).take("login", limit(3), sample::second(second as i64)).await), Take::Granted);
    }
    for now in [sample::second(3), sample::second(59), until.before(Duration::from_micros(1))] {
        assert_eq!(ok(store.take("login", limit(3), now).await), Take::Refused { until });
    }
    assert_eq!(ok(store.take("login", limit(3), until).await), Take::Granted, "the window ended at {until}");
    let late = sample::second(1_000);
    for expected in [Take::Granted, Take::Refused { until: late.after(WINDOW) }] {
        assert_eq!(ok(store.take("login", limit(1), late).await), expected);
    }
}

/// Counters of different keys know nothing of each other, whatever characters the keys have.
pub async fn counters_are_apart(subject: &Subject) {
    let keys = ["", "a", "A", " a", "a%", "a_", "ä", "a\u{308}", "'; DROP TABLE auth_counters; --", &"x".repeat(500)];
    for key in keys {
        assert_eq!(ok(subject.store.take(key, limit(1), sample::second(0)).await), Take::Granted, "{key:?}");
    }
    for key in keys {
        let answer = ok(subject.other.take(key, limit(1), sample::second(0)).await);
        assert!(matches!(answer, Take::Refused { .. }), "{key:?}");
    }
    assert_eq!(refused(subject.store.take("a\0b", limit(1), sample::second(0)).await), ErrorKind::Invalid);
    ok(subject.store.give_back("a\0b", sample::second(0)).await);
    ok(subject.store.clear_counter("a\0b").await);
}

/// Of 200 that take at once, exactly as many are granted as the limit says.
pub async fn of_many_at_once_as_many_are_granted_as_the_limit_says(subject: &Subject) {
    for count in [5, 1, 150] {
        let key = sample::name("counter");
        let answers = at_once(subject, 200, |store, _| {
            let key = key.clone();
            async move { ok(store.take(&key, limit(count), sample::second(0)).await) }
        })
        .await;
        assert_eq!(
            answers.iter().filter(|answer| **answer == Take::Granted).count(),
            count as usize,
            "of 200 with limit {count}"
        );
    }
}

/// When a window is over, the first of many at once begins the next one, which has a limit, too.
pub async fn of_many_at_once_one_begins_the_next_window(subject: &Subject) {
    assert_eq!(ok(subject.store.take("login", limit(5), sample::second(0)).await), Take::Granted);
    let now = sample::second(0).after(WINDOW);
    let answers = at_once(subject, 64, |store, _| async move { ok(store.take("login", limit(5), now).await) }).await;
    assert_eq!(answers.iter().filter(|answer| **answer == Take::Granted).count(), 5);
    let refused = Take::Refused { until: now.after(WINDOW) };
    assert_eq!(answers.iter().filter(|answer| **answer == refused).count(), 59, "{answers:?}");
}

/// What is given back can be taken again, in the same window alone, and never more than was taken.
pub async fn what_is_given_back_can_be_taken_again(subject: &Subject) {
    let store = &subject.store;
    let (now, until) = (sample::second(1), sample::second(0).after(WINDOW));
    ok(store.give_back("login", sample::second(0)).await);
    assert_eq!(ok(store.take("login", limit(2), sample::second(0)).await), Take::Granted);
    for _ in 0..3 {
        ok(subject.other.give_back("login", now).await);
    }
    for expected in [Take::Granted, Take::Granted, Take::Refused { until }] {
        assert_eq!(ok(store.take("login", limit(2), now).await), expected);
    }
    ok(store.give_back("login", until).await);
    assert_eq!(ok(store.take("login", limit(2), now).await), Take::Refused { until }, "a window that was over was given back to");
}

/// A counter that is cleared begins anew, and no other does.
pub async fn a_cleared_counter_begins_anew(subject: &Subject) {
    let store = &subject.store;
    for key in ["one", "other"] {
        assert_eq!(ok(store.take(key, limit(1), sample::second(0)).await), Take::Granted);
    }
    ok(subject.other.clear_counter("one").await);
    ok(store.clear_counter("unknown").await);
    assert_eq!(ok(store.take("one", limit(1), sample::second(5)).await), Take::Granted);
    let until = sample::second(5).after(WINDOW);
    assert_eq!(ok(store.take("one", limit(1), sample::second(6)).await), Take::Refused { until });
    let until = sample::second(0).after(WINDOW);
    assert_eq!(ok(store.take("other", limit(1), sample::second(6)).await), Take::Refused { until });
}

/// Counters whose window ended before a time are forgotten, and no others.
pub async fn counters_are_forgotten_when_their_window_is_over(subject: &Subject) {
    let store = &subject.store;
    for (key, second) in [("a", 0), ("b", 0), ("c", 1)] {
        assert_eq!(ok(store.take(key, limit(1), sample::second(second)).await), Take::Granted);
    }
    let until = sample::second(0).after(WINDOW);
    assert_eq!(ok(store.forget_counters(until).await), 0, "it forgot what ended at this very time");
    assert_eq!(ok(store.forget_counters(until.after(Duration::from_micros(1))).await), 2);
    let until = sample::second(1).after(WINDOW);
    assert_eq!(ok(subject.other.take("c", limit(1), sample::second(2)).await), Take::Refused { until });
}
