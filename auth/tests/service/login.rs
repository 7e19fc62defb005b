use std::sync::Arc;

use dharmagraph_auth::service::{AuthSettings, Caller};
use dharmagraph_auth::store::{AuditFilter, AuditStore as _, SessionStore as _, UserChange, UserStore as _};
use dharmagraph_auth::{Clock as _, Error, Refusal, Tenant};

use crate::setup::{EMAIL, House, PASSWORD, caller, login, refusal, settings, signup};

#[tokio::test]
async fn whoever_signs_in_is_known_from_then_on() {
    let house = House::new().await;
    let signed_in = house.login("ADA@example.com", PASSWORD).await.unwrap();
    let principal = house.principal(&signed_in).await.unwrap();
    assert_eq!(principal.user, signed_in.user.id);
    assert_eq!(principal.username, "ada");
    assert!(house.service.profile(&principal).await.unwrap().last_login_at.is_some());
}

#[tokio::test]
async fn unknown_wrong_and_disabled_are_told_the_same_and_recorded_apart() {
    let house = House::new().await;
    let eve = house.viewer("eve").await;
    let admin = house.principal(&house.login(EMAIL, PASSWORD).await.unwrap()).await.unwrap();
    let off = UserChange { active: Some(false), ..UserChange::default() };
    house.service.change_user(&admin, &eve.user.id, &off, &Caller::default()).await.unwrap();
    let answers = [
        house.login("nobody@example.com", PASSWORD).await,
        house.login(EMAIL, "another password").await,
        house.login("eve@example.com", PASSWORD).await,
    ];
    let texts: Vec<String> = answers.iter().map(|answer| answer.as_ref().unwrap_err().to_string()).collect();
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    let reasons = answers.map(refusal);
    assert_eq!(reasons, [Refusal::UnknownUser, Refusal::WrongPassword, Refusal::Disabled]);
    let filter = AuditFilter { action: Some("auth.login".into()), limit: 10, ..AuditFilter::default() };
    let failed: Vec<String> = house
        .store
        .audit(&filter)
        .await
        .unwrap()
        .into_iter()
        .filter(|record| !record.event.success)
        .map(|record| record.event.changes["reason"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(failed, ["disabled", "wrong_password", "unknown_user"]);
}

#[tokio::test]
async fn a_password_is_its_exact_bytes() {
    let house = House::new().await;
    for near in [" correct horse battery staple", "correct horse battery staple ", "Correct horse battery staple", ""] {
        assert_eq!(refusal(house.service.login(login(EMAIL, near), &Caller::default()).await), Refusal::WrongPassword);
        house.clock.advance(std::time::Duration::from_secs(3600));
    }
}

#[tokio::test]
async fn nobody_signs_up_where_that_is_closed() {
    let house = House::empty(AuthSettings { signup: false, ..settings() }).await;
    let answer = house.service.signup(signup("eve@example.com", "eve"), &caller("192.0.2.1")).await;
    assert!(matches!(answer, Err(Error::Forbidden { .. })), "{answer:?}");
    assert!(!house.store.any_user().await.unwrap());
}

#[tokio::test]
async fn a_name_that_is_taken_is_a_conflict() {
    let house = House::new().await;
    for (email, username) in [("Ada@Example.com", "other"), ("other@example.com", "ada")] {
        let answer = house.service.signup(signup(email, username), &Caller::default()).await;
        assert!(matches!(answer, Err(Error::Conflict { .. })), "{answer:?}");
    }
}

#[tokio::test]
async fn who_is_switched_off_while_signing_in_has_no_session_after_it() {
    let house = House::new().await;
    let eve = house.viewer("eve").await.user.id;
    let (store, id, now) = (Arc::clone(&house.store), eve.clone(), house.clock.now());
    house.hasher.meanwhile(async move {
        let off = UserChange { active: Some(false), ..UserChange::default() };
        store.change_user(&Tenant::default(), &id, &off, now).await.unwrap();
        store.end_sessions(&id, None, now).await.unwrap();
    });
    assert_eq!(refusal(house.login("eve@example.com", PASSWORD).await), Refusal::Disabled);
    assert!(house.store.sessions(&eve, now).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_program_calls_itself_keeps_nobody_out() {
    let house = House::new().await;
    let odd = Caller { user_agent: Some("curl\0/8\u{7f}".repeat(1_000)), ..Caller::default() };
    let signed_in = house.service.login(login(EMAIL, PASSWORD), &odd).await.unwrap();
    let ada = house.principal(&signed_in).await.unwrap();
    let session = house.service.sessions(&ada).await.unwrap().into_iter().find(|session| session.current).unwrap();
    assert!(!session.user_agent.unwrap().contains(char::is_control));
}
