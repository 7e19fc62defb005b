//! What [`ApiKeyStore`](crate::store::ApiKeyStore) promises.

use std::collections::BTreeSet;
use std::time::Duration;

use super::users::assert_same;
use super::{Subject, at_once, ok, refused, some};
use crate::error::ErrorKind;
use crate::id::UserId;
use crate::store::{ApiKeyRecord, UserChange};
use crate::testkit::sample;

/// A key reads back with its user as that is now.
pub async fn an_api_key_reads_back_with_its_user(subject: &Subject) {
    let store = &subject.store;
    let user = sample::user();
    ok(store.insert_user(&user).await);
    let bare = ApiKeyRecord { name: String::new(), scopes: BTreeSet::new(), ..sample::api_key(&user, sample::second(0)) };
    let full = ApiKeyRecord {
        name: "L'été — 日本 \"quoted\" \\ %".to_owned(),
        secret_hash: [255; 32],
        expires_at: Some(sample::second(5)),
        last_used_at: Some(sample::second(3)),
        revoked_at: Some(sample::second(4)),
        ..sample::api_key(&user, sample::second(1))
    };
    for key in [&bare, &full] {
        ok(store.insert_api_key(key).await);
        let (found, found_user) = some(ok(subject.other.api_key(&key.id).await));
        assert_eq!(found, *key);
        assert_same(&found_user, &user);
    }
    let off = UserChange { active: Some(false), ..UserChange::default() };
    some(ok(store.change_user(&user.tenant, &user.id, &off, sample::second(2)).await));
    assert!(!some(ok(store.api_key(&bare.id).await)).1.active, "the user is not as it is now");
    for id in ["", "unknown", &bare.id.to_uppercase(), "a\0b"] {
        assert!(ok(store.api_key(id).await).is_none(), "{id:?}");
    }
}

/// A key needs a user, an id of its own and text without NUL.
pub async fn an_api_key_that_cannot_be_kept_is_refused(subject: &Subject) {
    let store = &subject.store;
    let user = sample::user();
    ok(store.insert_user(&user).await);
    let key = sample::api_key(&user, sample::second(0));
    ok(store.insert_api_key(&key).await);
    let again = ApiKeyRecord { id: key.id.clone(), secret_hash: [1; 32], ..sample::api_key(&user, sample::second(1)) };
    assert_eq!(refused(store.insert_api_key(&again).await), ErrorKind::Conflict);
    assert_eq!(refused(store.insert_api_key(&sample::api_key(&sample::user(), sample::second(0))).await), ErrorKind::NotFound);
    let nul = ApiKeyRecord { name: "a\0b".to_owned(), ..sample::api_key(&user, sample::second(0)) };
    assert_eq!(refused(store.insert_api_key(&nul).await), ErrorKind::Invalid);
    assert_eq!(ok(store.api_keys(&user.id).await), [key]);
}

/// A user's keys come newest first, without those that were revoked, and none of others.
pub async fn a_users_api_keys_are_listed_newest_first(subject: &Subject) {
    let store = &subject.store;
    let (user, stranger) = (sample::user(), sample::user());
    for user in [&user, &stranger] {
        ok(store.insert_user(user).await);
    }
    let [first, third, second] = [0, 2, 1].map(|number| sample::api_key(&user, sample::second(number)));
    let theirs = sample::api_key(&stranger, sample::second(0));
    for key in [&first, &third, &second, &theirs] {
        ok(store.insert_api_key(key).await);
    }
    assert_eq!(ok(subject.other.api_keys(&user.id).await), [third.clone(), second.clone(), first.clone()]);
    assert!(ok(store.revoke_api_key(&user.id, &second.id, sample::second(3)).await));
    assert_eq!(ok(store.api_keys(&user.id).await), [third, first]);
    assert_eq!(ok(store.api_keys(&stranger.id).await), [theirs]);
    assert!(ok(store.api_keys(&UserId::generate()).await).is_empty());
}

/// A user revokes its own keys, each once, also when many try at once; a key that was revoked still reads back.
pub async fn an_api_key_is_revoked_once_by_its_user(subject: &Subject) {
    let store = &subject.store;
    let (user, stranger) = (sample::user(), sample::user());
    for user in [&user, &stranger] {
        ok(store.insert_user(user).await);
    }
    let key = sample::api_key(&user, sample::second(0));
    ok(store.insert_api_key(&key).await);
    assert!(!ok(store.revoke_api_key(&stranger.id, &key.id, sample::second(1)).await), "a stranger revoked it");
    assert!(!ok(store.revoke_api_key(&user.id, "unknown", sample::second(1)).await));
    let answers = at_once(subject, 8, |store, _| {
        let key = key.clone();
        async move { ok(store.revoke_api_key(&key.user, &key.id, sample::second(2)).await) }
    })
    .await;
    assert_eq!(answers.iter().filter(|revoked| **revoked).count(), 1, "{answers:?}");
    let expected = ApiKeyRecord { revoked_at: Some(sample::second(2)), ..key };
    assert_eq!(some(ok(store.api_key(&expected.id).await)).0, expected);
}

/// The time of the last use lags by a minute at most and never goes back.
pub async fn the_last_use_of_an_api_key_never_goes_back(subject: &Subject) {
    let store = &subject.store;
    let user = sample::user();
    ok(store.insert_user(&user).await);
    let key = sample::api_key(&user, sample::second(0));
    ok(store.insert_api_key(&key).await);
    let last = async || some(ok(subject.other.api_key(&key.id).await)).0.last_used_at;
    let mut before = None;
    for seconds in [10, 11, 75, 3_600, 3_599, 20, 9_000] {
        ok(store.touch_api_key(&key.id, sample::second(seconds)).await);
        let now = last().await;
        let earliest = sample::second(seconds).before(Duration::from_secs(60));
        assert!(now >= before && now >= Some(earliest), "after a use at second {seconds}: {now:?}, before: {before:?}");
        assert!(now <= before.max(Some(sample::second(seconds))), "a time that nobody used it: {now:?}");
        before = now;
    }
    ok(store.touch_api_key("unknown", sample::second(1)).await);
}
