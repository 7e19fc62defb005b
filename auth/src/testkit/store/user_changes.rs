//! What [`UserStore`](crate::store::UserStore) promises of users that are changed.

use std::collections::BTreeSet;

use super::users::assert_same;
use super::{Subject, at_once, ok, refused, some};
use crate::error::ErrorKind;
use crate::id::{Tenant, UserId};
use crate::policy::BuiltInRole;
use crate::secret::Secret;
use crate::store::{User, UserChange, UserPage};
use crate::testkit::sample;

/// A change changes what it names alone, and gives the user as it is then.
pub async fn a_change_changes_what_it_names_alone(subject: &Subject) {
    let store = &subject.store;
    let mut user = User { custom_roles: BTreeSet::from([ok("auditor".parse())]), ..sample::user() };
    ok(store.insert_user(&user).await);
    let custom = BTreeSet::from([ok("on-call".parse()), ok("Billing_2".parse())]);
    let changes = [
        UserChange { role: Some(BuiltInRole::Operator), ..UserChange::default() },
        UserChange { active: Some(false), ..UserChange::default() },
        UserChange { custom_roles: Some(custom), ..UserChange::default() },
        UserChange { custom_roles: Some(BTreeSet::new()), role: None, active: Some(true) },
        UserChange::default(),
    ];
    for change in changes {
        user.role = change.role.unwrap_or(user.role);
        user.active = change.active.unwrap_or(user.active);
        user.custom_roles = change.custom_roles.clone().unwrap_or(user.custom_roles);
        let changed = some(ok(store.change_user(&user.tenant, &user.id, &change, sample::second(5)).await));
        user.updated_at = changed.updated_at;
        assert_same(&changed, &user);
        assert_same(&some(ok(subject.other.user(&user.id).await)), &user);
    }
}

/// A user is changed in its own tenant alone.
pub async fn another_tenants_user_is_not_changed(subject: &Subject) {
    let store = &subject.store;
    let user = User { tenant: Tenant::new("theirs"), ..sample::user() };
    ok(store.insert_user(&user).await);
    let change = UserChange { role: Some(BuiltInRole::Admin), ..UserChange::default() };
    for tenant in [Tenant::default(), Tenant::new("Theirs"), Tenant::new("")] {
        assert!(ok(store.change_user(&tenant, &user.id, &change, sample::second(1)).await).is_none());
    }
    assert!(ok(store.change_user(&user.tenant, &UserId::generate(), &change, sample::second(1)).await).is_none());
    assert_same(&some(ok(store.user(&user.id).await)), &user);
    assert!(ok(store.users(&Tenant::default(), &UserPage { after: None, limit: 9 }).await).is_empty());
}

/// The last active administrator of a tenant stays one, whatever administrators others have; a tenant that has none can be
/// changed.
pub async fn a_tenant_keeps_its_last_administrator(subject: &Subject) {
    let store = &subject.store;
    let tenant = Tenant::default();
    let [first, second] = [(); 2].map(|()| sample::administrator(&tenant));
    let idle = User { active: false, ..sample::administrator(&tenant) };
    let stranger = sample::administrator(&Tenant::new("other"));
    for user in [&first, &second, &idle, &stranger] {
        ok(store.insert_user(user).await);
    }
    let demote = UserChange { role: Some(BuiltInRole::Operator), ..UserChange::default() };
    let switch_off = UserChange { active: Some(false), ..UserChange::default() };
    let more = UserChange { custom_roles: Some(BTreeSet::from([ok("auditor".parse())])), ..UserChange::default() };
    let now = sample::second(1);
    some(ok(store.change_user(&tenant, &first.id, &demote, now).await));
    for change in [&demote, &switch_off] {
        assert_eq!(refused(store.change_user(&tenant, &second.id, change, now).await), ErrorKind::Conflict);
        assert_same(&some(ok(store.user(&second.id).await)), &second);
    }
    some(ok(store.change_user(&tenant, &second.id, &more, now).await));
    some(ok(store.change_user(&tenant, &idle.id, &demote, now).await));

    let lonely = User { tenant: Tenant::new("without"), ..sample::user() };
    ok(store.insert_user(&lonely).await);
    some(ok(store.change_user(&lonely.tenant, &lonely.id, &switch_off, now).await));
}

/// Of two administrators who take each other's role at once, one succeeds.
pub async fn two_administrators_cannot_demote_each_other(subject: &Subject) {
    let demote = UserChange { role: Some(BuiltInRole::Viewer), ..UserChange::default() };
    for round in 0..subject.rounds {
        let tenant = Tenant::new(format!("tenant-{round}"));
        let pair = [(); 2].map(|()| sample::administrator(&tenant));
        for user in &pair {
            ok(subject.store.insert_user(user).await);
        }
        let answers = at_once(subject, 2, |store, number| {
            let (tenant, id, demote) = (tenant.clone(), pair[number].id.clone(), demote.clone());
            async move { store.change_user(&tenant, &id, &demote, sample::second(1)).await.map_err(|error| error.kind()) }
        })
        .await;
        let demoted = answers.iter().filter(|answer| matches!(answer, Ok(Some(_)))).count();
        let refused = answers.iter().filter(|answer| matches!(answer, Err(ErrorKind::Conflict))).count();
        assert_eq!((demoted, refused), (1, 1), "{answers:?}");
    }
}

/// A password's hash is replaced by who knows the one before; of several at once, by one.
pub async fn a_password_is_replaced_by_who_knows_the_one_before(subject: &Subject) {
    let store = &subject.store;
    let mut user = sample::user();
    ok(store.insert_user(&user).await);
    let (old, wrong) = (user.password_hash.clone(), Secret::new("$argon2id$wrong"));
    let now = sample::second(1);
    assert!(!ok(store.set_password_hash(&user.id, &wrong, &Secret::new("new"), now).await));
    assert!(!ok(store.set_password_hash(&UserId::generate(), &old, &Secret::new("new"), now).await));
    assert_same(&some(ok(store.user(&user.id).await)), &user);

    let answers = at_once(subject, 8, |store, number| {
        let (id, old, new) = (user.id.clone(), old.clone(), Secret::new(format!("new-{number}")));
        async move { ok(store.set_password_hash(&id, &old, &new, now).await) }
    })
    .await;
    assert_eq!(answers.iter().filter(|replaced| **replaced).count(), 1, "{answers:?}");
    let winner = some(answers.iter().position(|replaced| *replaced));
    let kept = some(ok(store.user(&user.id).await));
    user.password_hash = Secret::new(format!("new-{winner}"));
    user.updated_at = kept.updated_at;
    assert_same(&kept, &user);
}

/// Signing in is noted; of a user that is not there, nothing is.
pub async fn a_login_is_noted(subject: &Subject) {
    let store = &subject.store;
    let user = sample::user();
    ok(store.insert_user(&user).await);
    ok(store.record_login(&user.id, sample::second(7)).await);
    ok(store.record_login(&UserId::generate(), sample::second(8)).await);
    assert_eq!(some(ok(store.user(&user.id).await)).last_login_at, Some(sample::second(7)));
}
