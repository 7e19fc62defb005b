use dharmagraph_auth::policy::{BuiltInRole, Credential, Object, Permission, Policy, Principal};
use dharmagraph_auth::service::{ApiKeyRequest, AuthService, Caller, Credentials, NewUser};
use dharmagraph_auth::store::{AuditFilter, UserChange, UserPage};
use dharmagraph_auth::{Error, Secret, Tenant, UserId};

use crate::setup::{EMAIL, House, PASSWORD, signup};

fn page() -> UserPage {
    UserPage { after: None, limit: 100 }
}

fn new_user(name: &str, role: BuiltInRole) -> NewUser {
    NewUser { user: signup(&format!("{name}@example.com"), name), role, custom_roles: Default::default() }
}

async fn admin(house: &House) -> Principal {
    house.principal(&house.login(EMAIL, PASSWORD).await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn an_administrator_makes_and_changes_users_and_others_do_not() {
    let house = House::new().await;
    let (admin, caller) = (admin(&house).await, Caller::default());
    let operator = house.service.create_user(&admin, new_user("olga", BuiltInRole::Operator), &caller).await.unwrap();
    assert_eq!(operator.role, BuiltInRole::Operator);
    let olga = house.principal(&house.login("olga@example.com", PASSWORD).await.unwrap()).await.unwrap();
    for refused in [
        house.service.users(&olga, &page(), &caller).await.map(drop),
        house.service.create_user(&olga, new_user("eve", BuiltInRole::Admin), &caller).await.map(drop),
        house.service.change_user(&olga, &olga.user, &UserChange::default(), &caller).await.map(drop),
        house.service.end_user_sessions(&olga, &admin.user, &caller).await.map(drop),
        house.service.audit(&olga, AuditFilter::default(), &caller).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
    }
    assert_eq!(house.service.users(&admin, &page(), &caller).await.unwrap().len(), 2);
    let denied = AuditFilter { action: Some("auth.denied".into()), limit: 100, ..AuditFilter::default() };
    assert_eq!(house.service.audit(&admin, denied, &caller).await.unwrap().len(), 5);
}

#[tokio::test]
async fn a_role_holds_from_the_next_request_on() {
    let house = House::new().await;
    let (admin, caller) = (admin(&house).await, Caller::default());
    let eve = house.viewer("eve").await;
    let may = async |permission: Permission| {
        let principal = house.principal(&eve).await.unwrap();
        house.service.require(&principal, &permission, None, &Caller::default()).await.is_ok()
    };
    assert!(!may(Permission::cmdb_discover()).await);
    let change = UserChange { role: Some(BuiltInRole::Operator), ..UserChange::default() };
    house.service.change_user(&admin, &eve.user.id, &change, &caller).await.unwrap();
    assert!(may(Permission::cmdb_discover()).await);
    assert!(!may(Permission::users_admin()).await);
}

#[tokio::test]
async fn another_tenants_users_are_not_found() {
    let house = House::new().await;
    let caller = Caller::default();
    let admin = admin(&house).await;
    let credential = Credential::ApiKey { id: "other".into() };
    let stranger = Principal { tenant: Tenant::new("other"), user: UserId::generate(), credential, ..admin.clone() };
    assert!(house.service.users(&stranger, &page(), &caller).await.unwrap().is_empty());
    for answer in [
        house.service.change_user(&stranger, &admin.user, &UserChange::default(), &caller).await.map(drop),
        house.service.end_user_sessions(&stranger, &admin.user, &caller).await.map(drop),
    ] {
        assert!(matches!(answer, Err(Error::NotFound { .. })), "{answer:?}");
    }
    let everything = AuditFilter { limit: 100, ..AuditFilter::default() };
    let seen = house.service.audit(&stranger, everything, &caller).await.unwrap();
    assert!(seen.iter().all(|record| record.event.tenant == stranger.tenant), "{seen:?}");
}

#[tokio::test]
async fn somebody_is_left_to_administrate() {
    let house = House::new().await;
    let admin = admin(&house).await;
    for change in [
        UserChange { role: Some(BuiltInRole::Viewer), ..UserChange::default() },
        UserChange { active: Some(false), ..UserChange::default() },
    ] {
        let answer = house.service.change_user(&admin, &admin.user, &change, &Caller::default()).await;
        assert!(matches!(answer, Err(Error::Conflict { .. })), "{answer:?}");
    }
}

#[tokio::test]
async fn a_role_that_there_is_not_is_refused_by_name() {
    let house = House::new().await;
    let admin = admin(&house).await;
    let change = UserChange { custom_roles: Some(["auditor".parse().unwrap()].into()), ..UserChange::default() };
    let error = house.service.change_user(&admin, &admin.user, &change, &Caller::default()).await.unwrap_err();
    assert!(error.to_string().contains("auditor"), "{error}");
}

#[tokio::test]
async fn an_administrator_gives_a_new_password_and_the_old_sessions_end() {
    let house = House::new().await;
    let (admin, caller) = (admin(&house).await, Caller::default());
    let eve = house.viewer("eve").await;
    let weak = house.service.reset_password(&admin, &eve.user.id, Secret::new("eve"), &caller).await;
    assert!(matches!(weak, Err(Error::Invalid { .. })), "{weak:?}");
    let new = Secret::new("a wholly different one");
    house.service.reset_password(&admin, &eve.user.id, new, &caller).await.unwrap();
    assert!(house.principal(&eve).await.is_err());
    assert!(house.login("eve@example.com", PASSWORD).await.is_err());
    let again = house.login("eve@example.com", "a wholly different one").await.unwrap();
    let eve = house.principal(&again).await.unwrap();
    let refused = house.service.reset_password(&eve, &admin.user, Secret::new("a wholly different one"), &caller).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
    let none = house.service.remove_user_totp(&admin, &eve.user, &caller).await;
    assert!(matches!(none, Err(Error::NotFound { .. })), "{none:?}");
}

#[tokio::test]
async fn a_built_in_role_is_never_given_beside_another() {
    let house = House::new().await;
    let (admin, caller) = (admin(&house).await, Caller::default());
    let eve = house.viewer("eve").await;
    let hidden = UserChange { custom_roles: Some([BuiltInRole::Admin.into()].into()), ..UserChange::default() };
    let answer = house.service.change_user(&admin, &eve.user.id, &hidden, &caller).await;
    assert!(matches!(answer, Err(Error::Invalid { .. })), "{answer:?}");
    let new = NewUser { custom_roles: [BuiltInRole::Admin.into()].into(), ..new_user("olga", BuiltInRole::Viewer) };
    let answer = house.service.create_user(&admin, new, &caller).await;
    assert!(matches!(answer, Err(Error::Invalid { .. })), "{answer:?}");
}

/// A service with the role `desk`, which may what a viewer may and administrate users, and somebody who has it.
async fn desk(house: &House) -> (AuthService, Principal) {
    let policy = Policy::builder().role("desk", [Permission::users_admin()]).build().unwrap();
    let service = house.beside(|builder| builder.policy(policy)).await;
    let admin = admin(house).await;
    let new = NewUser { custom_roles: ["desk".parse().unwrap()].into(), ..new_user("dora", BuiltInRole::Viewer) };
    service.create_user(&admin, new, &Caller::default()).await.unwrap();
    let dora = house.login("dora@example.com", PASSWORD).await.unwrap();
    let dora = service.authenticate(&Credentials::Bearer(dora.token)).await.unwrap();
    (service, dora)
}

#[tokio::test]
async fn nobody_gives_a_role_that_may_more_than_oneself_nor_takes_over_who_has_one() {
    let house = House::new().await;
    let (service, dora) = desk(&house).await;
    let (ada, caller) = (admin(&house).await.user, Caller::default());
    let eve = house.viewer("eve").await.user.id;
    let to = |role| UserChange { role: Some(role), ..UserChange::default() };
    let password = || Secret::new("a wholly different one");
    for refused in [
        service.change_user(&dora, &dora.user, &to(BuiltInRole::Admin), &caller).await.map(drop),
        service.change_user(&dora, &eve, &to(BuiltInRole::Operator), &caller).await.map(drop),
        service.create_user(&dora, new_user("mallory", BuiltInRole::Admin), &caller).await.map(drop),
        service.reset_password(&dora, &ada, password(), &caller).await,
        service.remove_user_totp(&dora, &ada, &caller).await,
        service.change_user(&dora, &ada, &to(BuiltInRole::Viewer), &caller).await.map(drop),
    ] {
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
    }
    service.create_user(&dora, new_user("vera", BuiltInRole::Viewer), &caller).await.unwrap();
    service.reset_password(&dora, &eve, password(), &caller).await.unwrap();
    let same = UserChange { custom_roles: Some(["desk".parse().unwrap()].into()), ..UserChange::default() };
    service.change_user(&dora, &eve, &same, &caller).await.unwrap();
}

#[tokio::test]
async fn a_key_that_administrates_users_makes_nobody_who_may_more_than_the_key() {
    let house = House::new().await;
    let (admin, caller) = (admin(&house).await, Caller::default());
    let key = async |scopes: &[Permission]| {
        let scopes = scopes.iter().cloned().collect();
        let request = ApiKeyRequest { name: "desk".into(), scopes, expires_at: None };
        let made = house.service.create_api_key(&admin, request, &caller).await.unwrap();
        house.service.authenticate(&Credentials::ApiKey(made.key)).await.unwrap()
    };
    let narrow = key(&[Permission::users_admin()]).await;
    let password = Secret::new("a wholly different one");
    for refused in [
        house.service.create_user(&narrow, new_user("mallory", BuiltInRole::Admin), &caller).await.map(drop),
        house.service.reset_password(&narrow, &admin.user, password, &caller).await,
    ] {
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
    }
    let wide = key(&[Permission::users_admin(), Permission::cmdb_read(), Permission::aiops_predict()]).await;
    house.service.create_user(&wide, new_user("vera", BuiltInRole::Viewer), &caller).await.unwrap();
}

#[tokio::test]
async fn nobody_gets_around_ones_own_password_or_second_factor_by_administrating_oneself() {
    let house = House::new().await;
    let (admin, caller) = (admin(&house).await, Caller::default());
    let new = Secret::new("a wholly different one");
    for refused in [
        house.service.reset_password(&admin, &admin.user, new, &caller).await,
        house.service.remove_user_totp(&admin, &admin.user, &caller).await,
    ] {
        assert!(matches!(refused, Err(Error::Forbidden { .. })), "{refused:?}");
    }
    assert!(house.login(EMAIL, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_denial_is_recorded_with_what_it_was_about() {
    let house = House::new().await;
    let eve = house.principal(&house.viewer("eve").await).await.unwrap();
    let object = Object::new("compute", "vm-7", eve.tenant.clone());
    let answer = house.service.require(&eve, &Permission::cmdb_discover(), Some(&object), &Caller::default()).await;
    assert!(matches!(answer, Err(Error::Forbidden { .. })), "{answer:?}");
    let denied = AuditFilter { action: Some("auth.denied".into()), limit: 1, ..AuditFilter::default() };
    let row = house.service.audit(&admin(&house).await, denied, &Caller::default()).await.unwrap().remove(0);
    assert_eq!(row.event.resource_id.as_deref(), Some("vm-7"));
}
