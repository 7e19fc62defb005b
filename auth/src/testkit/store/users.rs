//! What [`UserStore`](crate::store::UserStore) promises.

use std::collections::BTreeSet;

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
