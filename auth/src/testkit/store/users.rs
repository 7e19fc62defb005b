//! What [`UserStore`](crate::store::UserStore) promises of users that are added, found and listed, and of the first one.

use super::{Subject, at_once, ok, refused, some};
use crate::error::ErrorKind;
use crate::id::{Tenant, UserId};
use crate::policy::BuiltInRole;
use crate::secret::Secret;
use crate::store::{Bootstrap, Store, User, UserChange, UserPage};
use crate::testkit::sample;

/// Asserts that two users are alike in every field, also the hash, which Debug does not show.
#[track_caller]
pub(super) fn assert_same(found: &User, expected: &User) {
    assert_eq!(format!("{found:?}"), format!("{expected:?}"));
    assert_eq!(found.password_hash.expose(), expected.password_hash.expose(), "the password's hash");
}

/// A user reads back by id and by e-mail address with every field as it was.
pub async fn a_user_reads_back_as_it_was_added(subject: &Subject) {
    let store = &subject.store;
    let plain = User { full_name: None, ..sample::user() };
    let full = User {
        tenant: Tenant::new("Ünïted"),
        email: "Ada.O'Neill+\"x\"@Example.COM".to_owned(),
        username: "Robert'); DROP TABLE users; -- \\ % _ ? $1 :a".to_owned(),
        full_name: Some("日本 👩🏽‍🚀 e\u{301} \u{202e}abc\u{feff} \r\n\t \u{1}".to_owned()),
        role: BuiltInRole::Admin,
        custom_roles: ["auditor", "on-call"].iter().map(|name| ok(name.parse())).collect(),
        active: false,
        last_login_at: Some(sample::second(2)),
        updated_at: sample::second(3),
        ..sample::user()
    };
    for user in [&plain, &full] {
        ok(store.insert_user(user).await);
        assert_same(&some(ok(subject.other.user(&user.id).await)), user);
        assert_same(&some(ok(store.user_by_email(&user.email).await)), user);
    }
    assert!(ok(store.user(&UserId::generate()).await).is_none());
    assert!(ok(store.user_by_email("").await).is_none());
}

/// An e-mail address is found and taken whatever the case of its ASCII letters, a username in its own case alone.
pub async fn an_e_mail_address_has_one_user_whatever_its_case(subject: &Subject) {
    let store = &subject.store;
    let user = User { email: "Ada@Example.com".to_owned(), username: "Ada".to_owned(), ..sample::user() };
    ok(store.insert_user(&user).await);
    for email in ["ada@example.com", "ADA@EXAMPLE.COM", "Ada@Example.com"] {
        assert_same(&some(ok(store.user_by_email(email).await)), &user);
        let another = User { email: email.to_owned(), tenant: Tenant::new("other"), ..sample::user() };
        assert_eq!(refused(subject.other.insert_user(&another).await), ErrorKind::Conflict, "{email}");
        assert!(ok(store.user(&another.id).await).is_none(), "a refused user was added");
    }
    for email in [" ada@example.com", "ada@example.com ", "ada@example_com", "%", "adaexample.com"] {
        assert!(ok(store.user_by_email(email).await).is_none(), "{email}");
    }
    ok(store.insert_user(&User { username: "ada".to_owned(), ..sample::user() }).await);
}

/// A username and an id are taken in every tenant, and a user that is refused leaves its e-mail address free.
pub async fn a_username_has_one_user_in_all_tenants(subject: &Subject) {
    let store = &subject.store;
    let user = sample::user();
    ok(store.insert_user(&user).await);
    let elsewhere = Tenant::new("other");
    let namesake = User { username: user.username.clone(), tenant: elsewhere.clone(), ..sample::user() };
    let double = User { id: user.id.clone(), tenant: elsewhere, ..sample::user() };
    for refused_user in [namesake, double] {
        assert_eq!(refused(store.insert_user(&refused_user).await), ErrorKind::Conflict);
        assert!(ok(store.user_by_email(&refused_user.email).await).is_none(), "a refused user was added");
        ok(store.insert_user(&User { email: refused_user.email, ..sample::user() }).await);
    }
    assert_same(&some(ok(store.user(&user.id).await)), &user);
}

/// Of several that sign up with one e-mail address at once, one is added.
pub async fn of_users_with_one_address_at_once_one_is_added(subject: &Subject) {
    let answers = at_once(subject, 16, |store, number| {
        let email = if number % 3 == 0 { "EVE@example.com" } else { "eve@example.com" };
        let user = User { email: email.to_owned(), ..sample::user() };
        async move { store.insert_user(&user).await.map_err(|error| error.kind()) }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    let conflict = |answer: &&Result<(), ErrorKind>| **answer == Err(ErrorKind::Conflict);
    assert_eq!(answers.iter().filter(conflict).count(), 15, "{answers:?}");
}

/// Text with NUL, and an id that is no UUID in lower case with hyphens, is refused and names nobody.
pub async fn a_user_that_cannot_be_kept_is_refused(subject: &Subject) {
    let store = &subject.store;
    let nul = || "a\0b".to_owned();
    let good = sample::user();
    ok(store.insert_user(&good).await);
    let bad = [
        User { email: nul(), ..sample::user() },
        User { username: nul(), ..sample::user() },
        User { full_name: Some(nul()), ..sample::user() },
        User { tenant: Tenant::new(nul()), ..sample::user() },
        User { password_hash: Secret::new(nul()), ..sample::user() },
        User { id: UserId::new("ada"), ..sample::user() },
        User { id: UserId::new(nul()), ..sample::user() },
    ];
    for user in &bad {
        assert_eq!(refused(store.insert_user(user).await), ErrorKind::Invalid, "{user:?}");
        assert!(ok(store.user(&user.id).await).is_none());
        assert!(ok(store.user_by_email(&user.email).await).is_none());
    }
    let hash = Secret::new(nul());
    assert_eq!(
        refused(store.set_password_hash(&good.id, &good.password_hash, &hash, sample::second(1)).await),
        ErrorKind::Invalid
    );

    let upper = UserId::new(good.id.as_str().to_uppercase());
    let bare = UserId::new(good.id.as_str().replace('-', ""));
    let admin = UserChange { role: Some(BuiltInRole::Admin), ..UserChange::default() };
    for id in [upper, bare, UserId::new(""), UserId::new("a\0b")] {
        assert!(ok(store.user(&id).await).is_none(), "{id:?} names somebody");
        assert!(ok(store.change_user(&good.tenant, &id, &admin, sample::second(1)).await).is_none(), "{id:?}");
        ok(store.record_login(&id, sample::second(1)).await);
    }
    assert!(ok(store.users(&Tenant::new(nul()), &UserPage { after: None, limit: 9 }).await).is_empty());
    assert_same(&some(ok(store.user(&good.id).await)), &good);
}

/// Times are kept to the microsecond, from the first that can be written to the last.
pub async fn times_are_exact_to_the_microsecond(subject: &Subject) {
    use crate::time::Timestamp;
    for micros in [i64::MIN, -1, 0, 1, 999_999, 1_737_203_445_123_457, i64::MAX] {
        let time = Timestamp::from_micros(micros);
        let user = User { created_at: time, updated_at: time, last_login_at: Some(time), ..sample::user() };
        ok(subject.store.insert_user(&user).await);
        assert_same(&some(ok(subject.store.user(&user.id).await)), &user);
    }
}

/// Users of a tenant come oldest first, those of one time by id, and pages neither miss nor repeat one.
pub async fn pages_of_two_thousand_users_give_each_once(subject: &Subject) {
    let store = &subject.store;
    let mut expected = Vec::new();
    for number in 0..2_000 {
        // Threes of one time, added neither in order of time nor of id.
        let created_at = sample::second((number * 7_919 % 2_000) / 3);
        let user = User { created_at, ..sample::user() };
        ok(store.insert_user(&user).await);
        expected.push((created_at, user.id));
    }
    expected.sort();
    let stranger = User { tenant: Tenant::new("other"), ..sample::user() };
    ok(store.insert_user(&stranger).await);

    let tenant = Tenant::default();
    for limit in [1_999, 333, 64] {
        let mut found = Vec::new();
        let mut page = UserPage { after: None, limit };
        loop {
            let users = ok(store.users(&tenant, &page).await);
            assert!(users.len() <= limit as usize);
            let Some(last) = users.last() else { break };
            page.after = Some((last.created_at, last.id.clone()));
            found.extend(users.into_iter().map(|user| (user.created_at, user.id)));
            assert!(found.len() <= expected.len(), "pages of {limit} repeat users");
        }
        assert!(found == expected, "pages of {limit} gave {} of 2000 users, or in another order", found.len());
    }
    assert!(ok(store.users(&tenant, &UserPage { after: None, limit: 0 }).await).is_empty());
    assert_eq!(ok(store.users(&tenant, &UserPage { after: None, limit: u32::MAX }).await).len(), 2_000);
    let strangers = ok(store.users(&stranger.tenant, &UserPage { after: None, limit: 9 }).await);
    assert_eq!(strangers.iter().map(|user| &user.id).collect::<Vec<_>>(), [&stranger.id]);
}

/// The first user is made with the one-time token that was set last, once.
pub async fn the_first_user_is_made_with_the_newest_token(subject: &Subject) {
    let store: &dyn Store = &*subject.store;
    let admin = sample::administrator(&Tenant::default());
    let (old, new) = (sample::hash("old"), sample::hash("new"));
    assert!(!ok(store.any_user().await));
    assert_eq!(ok(store.bootstrap_user(&admin, &old).await), Bootstrap::Closed, "no token was ever set");
    assert!(ok(store.set_bootstrap(&old).await));
    assert!(ok(store.set_bootstrap(&new).await));
    for wrong in [old, [0; 32]] {
        assert_eq!(ok(store.bootstrap_user(&admin, &wrong).await), Bootstrap::WrongToken);
    }
    assert!(!ok(store.any_user().await));
    assert_eq!(ok(subject.other.bootstrap_user(&admin, &new).await), Bootstrap::Created);
    assert!(ok(store.any_user().await));
    assert_same(&some(ok(store.user(&admin.id).await)), &admin);
    let another = sample::administrator(&Tenant::default());
    for token in [new, old] {
        assert_eq!(ok(store.bootstrap_user(&another, &token).await), Bootstrap::Closed);
    }
    assert!(!ok(store.set_bootstrap(&old).await), "there is a user");
    assert!(ok(store.user(&another.id).await).is_none());
}

/// A user who came in another way closes the bootstrap, also of another tenant.
pub async fn there_is_nothing_to_bootstrap_where_there_is_a_user(subject: &Subject) {
    let store = &subject.store;
    assert!(ok(store.set_bootstrap(&[1; 32]).await));
    ok(store.insert_user(&User { tenant: Tenant::new("other"), ..sample::user() }).await);
    assert!(ok(store.any_user().await));
    let admin = sample::administrator(&Tenant::default());
    assert_eq!(ok(store.bootstrap_user(&admin, &[1; 32]).await), Bootstrap::Closed);
    assert!(!ok(store.set_bootstrap(&[2; 32]).await));
}

/// Of several that have the one-time token at once, one becomes the first administrator.
pub async fn one_of_many_at_once_is_the_first_user(subject: &Subject) {
    ok(subject.store.set_bootstrap(&[1; 32]).await);
    let answers = at_once(subject, 16, |store, _| {
        let user = sample::administrator(&Tenant::default());
        async move { ok(store.bootstrap_user(&user, &[1; 32]).await) }
    })
    .await;
    assert_eq!(answers.iter().filter(|answer| **answer == Bootstrap::Created).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|answer| **answer == Bootstrap::Closed).count(), 15, "{answers:?}");
    let users = ok(subject.store.users(&Tenant::default(), &UserPage { after: None, limit: 99 }).await);
    assert_eq!(users.len(), 1);
}
