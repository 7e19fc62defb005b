//! What [`SigningKeyStore`](crate::store::SigningKeyStore) promises.

use std::time::Duration;

use super::{Subject, at_once, ok, refused};
use crate::error::ErrorKind;
use crate::store::{KeyState, SigningKeyRecord, Store};
use crate::testkit::sample;

/// A store's first two keys.
async fn begun(store: &dyn Store) -> [SigningKeyRecord; 2] {
    let active = sample::signing_key(KeyState::Active, sample::second(0));
    let next = sample::signing_key(KeyState::Next, sample::second(1));
    assert!(ok(store.begin_signing_keys(&active, &next).await));
    [active, next]
}

fn as_of(key: &SigningKeyRecord, state: KeyState, second: i64) -> SigningKeyRecord {
    SigningKeyRecord { state, changed_at: sample::second(second), ..key.clone() }
}

/// The first two keys are added where there is none, and read back oldest first.
pub async fn the_first_signing_keys_are_added_once(subject: &Subject) {
    let store = &subject.store;
    assert!(ok(store.signing_keys().await).is_empty());
    let nul = SigningKeyRecord { kid: "a\0b".to_owned(), ..sample::signing_key(KeyState::Active, sample::second(0)) };
    let next = sample::signing_key(KeyState::Next, sample::second(0));
    assert_eq!(refused(store.begin_signing_keys(&nul, &next).await), ErrorKind::Invalid);
    assert_eq!(refused(store.begin_signing_keys(&next, &next).await), ErrorKind::Conflict);
    assert!(ok(store.signing_keys().await).is_empty());

    let keys = begun(&**store).await;
    let other = [KeyState::Active, KeyState::Next].map(|state| sample::signing_key(state, sample::second(2)));
    assert!(!ok(subject.other.begin_signing_keys(&other[0], &other[1]).await));
    assert_eq!(ok(subject.other.signing_keys().await), keys);
}

/// Of several that begin at once, one may.
pub async fn of_many_at_once_one_begins_the_signing_keys(subject: &Subject) {
    let answers = at_once(subject, 16, |store, _| {
        let active = sample::signing_key(KeyState::Active, sample::second(0));
        let next = sample::signing_key(KeyState::Next, sample::second(1));
        async move { ok(store.begin_signing_keys(&active, &next).await).then_some([active, next]) }
    })
    .await;
    let added: Vec<_> = answers.into_iter().flatten().collect();
    assert_eq!(added.len(), 1);
    assert_eq!(ok(subject.store.signing_keys().await), added[0]);
}

/// A rotation retires the active key, makes the next one active and adds another, or does nothing.
pub async fn a_rotation_moves_each_key_on(subject: &Subject) {
    let store = &subject.store;
    let [first, second] = begun(&**store).await;
    let third = sample::signing_key(KeyState::Next, sample::second(5));
    for not_active in [&second.kid, "unknown", "", "a\0b"] {
        assert!(!ok(store.rotate_signing_keys(not_active, &third, sample::second(5)).await), "{not_active:?}");
    }
    assert_eq!(refused(store.rotate_signing_keys(&first.kid, &first, sample::second(5)).await), ErrorKind::Conflict);
    assert_eq!(ok(store.signing_keys().await), [first.clone(), second.clone()]);

    assert!(ok(store.rotate_signing_keys(&first.kid, &third, sample::second(5)).await));
    let expected = [as_of(&first, KeyState::Retired, 5), as_of(&second, KeyState::Active, 5), third.clone()];
    assert_eq!(ok(subject.other.signing_keys().await), expected);

    let fourth = sample::signing_key(KeyState::Next, sample::second(6));
    assert!(!ok(store.rotate_signing_keys(&first.kid, &fourth, sample::second(6)).await), "it is retired");
    assert!(ok(subject.other.rotate_signing_keys(&second.kid, &fourth, sample::second(6)).await));
    let [first, ..] = expected;
    let expected = [first, as_of(&second, KeyState::Retired, 6), as_of(&third, KeyState::Active, 6), fourth];
    assert_eq!(ok(store.signing_keys().await), expected);
}

/// Of several that rotate at once, one may, and there is one active and one next key at any time.
pub async fn of_many_at_once_one_rotates_the_signing_keys(subject: &Subject) {
    let store = &subject.store;
    let [mut active, mut next] = begun(&**store).await.map(|key| key.kid);
    for round in 2..8 {
        let answers = at_once(subject, 16, |store, _| {
            let (active, key) = (active.clone(), sample::signing_key(KeyState::Next, sample::second(round)));
            async move { ok(store.rotate_signing_keys(&active, &key, sample::second(round)).await).then_some(key.kid) }
        })
        .await;
        let added: Vec<_> = answers.into_iter().flatten().collect();
        assert_eq!(added.len(), 1, "of 16 rotations at once");
        active = std::mem::replace(&mut next, added[0].clone());
        let keys = ok(store.signing_keys().await);
        let of = |state| keys.iter().filter(|key| key.state == state).map(|key| key.kid.clone()).collect::<Vec<_>>();
        assert_eq!((of(KeyState::Active), of(KeyState::Next)), (vec![active.clone()], vec![next.clone()]));
    }
}

/// Keys that were retired before a time are forgotten; the active and the next one never are.
pub async fn retired_signing_keys_are_forgotten(subject: &Subject) {
    let store = &subject.store;
    let [first, second] = begun(&**store).await;
    let third = sample::signing_key(KeyState::Next, sample::second(5));
    assert_eq!(ok(store.forget_signing_keys(sample::second(1_000)).await), 0);
    assert!(ok(store.rotate_signing_keys(&first.kid, &third, sample::second(5)).await));
    assert_eq!(ok(store.forget_signing_keys(sample::second(5)).await), 0, "it forgot what was retired at this very time");
    assert_eq!(ok(store.forget_signing_keys(sample::second(5).after(Duration::from_micros(1))).await), 1);
    assert_eq!(ok(subject.other.signing_keys().await), [as_of(&second, KeyState::Active, 5), third]);
}
