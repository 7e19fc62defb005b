//! What [`FactorStore`](crate::store::FactorStore) promises.

use super::{Subject, at_once, ok, refused, some};
use crate::error::ErrorKind;
use crate::id::UserId;
use crate::store::{Store, TotpRecord};
use crate::testkit::sample;

const SECRET: &[u8] = &[0, 255, b'\'', 128, 10];

fn codes() -> [[u8; 32]; 3] {
    ["one", "two", "three"].map(sample::hash)
}

/// A user who confirmed `SECRET` with step 100.
async fn confirmed(store: &dyn Store) -> UserId {
    let user = sample::user();
    ok(store.insert_user(&user).await);
    assert!(ok(store.enrol_totp(&user.id, SECRET, sample::second(0)).await));
    assert!(ok(store.confirm_totp(&user.id, SECRET, 100, &codes(), sample::second(1)).await));
    user.id
}

/// A secret waits until it is confirmed; another takes its place until then, and none after.
pub async fn a_secret_waits_to_be_confirmed(subject: &Subject) {
    let store = &subject.store;
    let user = sample::user();
    ok(store.insert_user(&user).await);
    assert_eq!(ok(store.totp(&user.id).await), None);
    for secret in [b"first".as_slice(), SECRET] {
        assert!(ok(store.enrol_totp(&user.id, secret, sample::second(0)).await));
        let waiting = TotpRecord { sealed_secret: secret.to_vec(), confirmed_at: None, last_step: None };
        assert_eq!(ok(subject.other.totp(&user.id).await), Some(waiting));
    }
    assert!(!ok(store.use_totp_step(&user.id, 100).await), "a secret that waits was used");
    assert!(!ok(store.confirm_totp(&user.id, b"first", 100, &codes(), sample::second(1)).await), "it was replaced");
    assert_eq!(ok(store.recovery_codes_left(&user.id).await), 0);

    assert!(ok(store.confirm_totp(&user.id, SECRET, 100, &codes(), sample::second(1)).await));
    let kept = TotpRecord { sealed_secret: SECRET.to_vec(), confirmed_at: Some(sample::second(1)), last_step: Some(100) };
    assert_eq!(ok(subject.other.totp(&user.id).await), Some(kept.clone()));
    assert_eq!(ok(store.recovery_codes_left(&user.id).await), 3);

    assert!(!ok(store.enrol_totp(&user.id, b"third", sample::second(2)).await), "a confirmed secret was replaced");
    assert!(!ok(store.confirm_totp(&user.id, SECRET, 200, &[], sample::second(2)).await), "it was confirmed twice");
    assert_eq!(ok(store.totp(&user.id).await), Some(kept));
    assert_eq!(ok(store.recovery_codes_left(&user.id).await), 3);
}

/// Nobody has second factors who is not there.
pub async fn a_user_that_is_not_there_has_no_second_factor(subject: &Subject) {
    let store = &subject.store;
    for nobody in [UserId::generate(), UserId::new("a\0b"), UserId::new("")] {
        assert_eq!(refused(store.enrol_totp(&nobody, SECRET, sample::second(0)).await), ErrorKind::NotFound);
        assert_eq!(ok(store.totp(&nobody).await), None);
        assert!(!ok(store.confirm_totp(&nobody, SECRET, 1, &codes(), sample::second(0)).await));
        assert!(!ok(store.use_totp_step(&nobody, 1).await));
        assert!(!ok(store.use_recovery_code(&nobody, &codes()[0], sample::second(0)).await));
        assert_eq!(ok(store.recovery_codes_left(&nobody).await), 0);
        assert!(!ok(store.remove_totp(&nobody).await));
    }
}

/// A step uses itself up and every one before it.
pub async fn a_step_uses_up_those_before_it(subject: &Subject) {
    let store = &subject.store;
    let user = confirmed(&**store).await;
    for (number, (step, expected)) in
        [(100, false), (99, false), (101, true), (101, false), (60_000_000, true), (102, false)].into_iter().enumerate()
    {
        assert_eq!(ok(subject.handle(number).use_totp_step(&user, step).await), expected, "step {step}");
    }
    assert_eq!(some(ok(store.totp(&user).await)).last_step, Some(60_000_000));
    assert!(ok(store.use_totp_step(&confirmed(&**store).await, 101).await), "another user's steps were used up");
}

/// Of several that use a step at once, one may.
pub async fn of_many_at_once_one_uses_a_step(subject: &Subject) {
    let user = confirmed(&*subject.store).await;
    for round in 0..u64::from(subject.rounds) {
        let answers = at_once(subject, 8, |store, _| {
            let user = user.clone();
            async move { ok(store.use_totp_step(&user, 101 + round).await) }
        })
        .await;
        assert_eq!(answers.iter().filter(|used| **used).count(), 1, "{answers:?}");
    }
}

/// A recovery code is used once, by its own user.
pub async fn a_recovery_code_is_used_once(subject: &Subject) {
    let store = &subject.store;
    let (user, other) = (confirmed(&**store).await, confirmed(&**store).await);
    let [one, two, _] = codes();
    assert!(!ok(store.use_recovery_code(&user, &sample::hash("four"), sample::second(2)).await));
    assert!(ok(store.use_recovery_code(&user, &one, sample::second(2)).await));
    assert!(!ok(subject.other.use_recovery_code(&user, &one, sample::second(3)).await));
    assert_eq!(ok(store.recovery_codes_left(&user).await), 2);
    assert!(ok(store.use_recovery_code(&user, &two, sample::second(4)).await));
    assert_eq!(ok(store.recovery_codes_left(&user).await), 1);
    assert_eq!(ok(store.recovery_codes_left(&other).await), 3);
    assert!(ok(store.use_recovery_code(&other, &one, sample::second(5)).await), "another user's code was used up");
}

/// Of several that use a recovery code at once, one may.
pub async fn of_many_at_once_one_uses_a_recovery_code(subject: &Subject) {
    let user = confirmed(&*subject.store).await;
    for code in codes() {
        let answers = at_once(subject, 32, |store, _| {
            let user = user.clone();
            async move { ok(store.use_recovery_code(&user, &code, sample::second(2)).await) }
        })
        .await;
        assert_eq!(answers.iter().filter(|used| **used).count(), 1, "{answers:?}");
    }
    assert_eq!(ok(subject.store.recovery_codes_left(&user).await), 0);
}

/// Of several that confirm a secret at once, one may, and its recovery codes are the user's.
pub async fn of_many_at_once_one_confirms_a_secret(subject: &Subject) {
    let store = &subject.store;
    let user = sample::user();
    ok(store.insert_user(&user).await);
    assert!(ok(store.enrol_totp(&user.id, SECRET, sample::second(0)).await));
    let code = |number: usize| sample::hash(&number.to_string());
    let answers = at_once(subject, 8, |store, number| {
        let user = user.id.clone();
        async move { ok(store.confirm_totp(&user, SECRET, 100, &[code(number)], sample::second(1)).await) }
    })
    .await;
    assert_eq!(answers.iter().filter(|confirmed| **confirmed).count(), 1, "{answers:?}");
    assert_eq!(ok(store.recovery_codes_left(&user.id).await), 1);
    let winner = some(answers.iter().position(|confirmed| *confirmed));
    assert!(ok(store.use_recovery_code(&user.id, &code(winner), sample::second(2)).await));
}

/// What was removed is gone with its recovery codes, and the user can begin anew.
pub async fn second_factors_are_removed_with_their_codes(subject: &Subject) {
    let store = &subject.store;
    let (user, other) = (confirmed(&**store).await, confirmed(&**store).await);
    assert!(ok(store.remove_totp(&user).await));
    assert!(!ok(subject.other.remove_totp(&user).await));
    assert_eq!(ok(store.totp(&user).await), None);
    assert_eq!(ok(store.recovery_codes_left(&user).await), 0);
    assert!(!ok(store.use_recovery_code(&user, &codes()[0], sample::second(2)).await));
    assert!(!ok(store.use_totp_step(&user, 101).await));
    assert_eq!(ok(store.recovery_codes_left(&other).await), 3);

    assert!(ok(store.enrol_totp(&user, SECRET, sample::second(3)).await));
    assert!(ok(store.confirm_totp(&user, SECRET, 50, &codes()[..2], sample::second(4)).await));
    assert_eq!(ok(store.recovery_codes_left(&user).await), 2);
    assert!(ok(store.use_recovery_code(&user, &codes()[0], sample::second(5)).await));
}
