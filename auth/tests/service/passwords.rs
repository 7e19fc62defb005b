use std::sync::Arc;

use dharmagraph_auth::password::{HashPolicy, PasswordHasher as _, PolicyHasher, Verdict};
use dharmagraph_auth::service::Caller;
use dharmagraph_auth::store::{SessionStore as _, UserStore as _};
use dharmagraph_auth::{Clock as _, Error, Refusal, Secret};

use crate::setup::{EMAIL, House, PASSWORD, caller, refusal, signup};

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let house = House::new().await;
    let (one, two) = (house.login(EMAIL, PASSWORD).await.unwrap(), house.login(EMAIL, PASSWORD).await.unwrap());
    let ada = house.principal(&one).await.unwrap();
    let new = Secret::new("another long enough one");
    let wrong = house.service.change_password(&ada, Secret::new("wrong"), new.clone(), &Caller::default()).await;
    assert_eq!(refusal(wrong), Refusal::WrongPassword);
    house.service.change_password(&ada, Secret::new(PASSWORD), new, &Caller::default()).await.unwrap();
    assert!(house.principal(&one).await.is_ok());
    assert!(house.principal(&two).await.is_err());
    assert!(house.login(EMAIL, PASSWORD).await.is_err());
    assert!(house.login(EMAIL, "another long enough one").await.is_ok());
}

#[tokio::test]
async fn a_weak_password_is_not_set() {
    let house = House::new().await;
    for password in ["short", "passwordpassword", "ada@example.org", "123456789012"] {
        let mut weak = signup("ada@example.org", "someone");
        weak.password = Secret::new(password);
        let answer = house.service.signup(weak, &Caller::default()).await;
        assert!(matches!(answer, Err(Error::Invalid { .. })), "{password}: {answer:?}");
    }
}

#[tokio::test]
async fn a_hash_that_the_policy_has_outgrown_is_renewed_at_the_next_login() {
    let house = House::new().await;
    let user = house.store.user_by_email(EMAIL).await.unwrap().unwrap();
    let bcrypt = PolicyHasher::new(HashPolicy::Bcrypt { cost: 10 }).unwrap().hash(&Secret::new(PASSWORD)).unwrap();
    assert!(house.store.set_password_hash(&user.id, &user.password_hash, &bcrypt, user.created_at).await.unwrap());
    assert!(house.login(EMAIL, "wrong").await.is_err());
    let kept = house.store.user(&user.id).await.unwrap().unwrap();
    assert_eq!(kept.password_hash.expose(), bcrypt.expose());
    house.login(EMAIL, PASSWORD).await.unwrap();
    let renewed = house.store.user(&user.id).await.unwrap().unwrap();
    assert!(renewed.password_hash.expose().starts_with("$argon2id$"));
    assert_eq!(house.hasher.verify(&Secret::new(PASSWORD), &renewed.password_hash).unwrap(), Verdict::Match);
    house.login(EMAIL, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_stored_hash_that_cannot_be_lets_nobody_in_and_tells_the_caller_nothing() {
    let house = House::new().await;
    let user = house.store.user_by_email(EMAIL).await.unwrap().unwrap();
    let mut before = user.password_hash;
    for hash in
        ["", "plain", "$argon2id$v=19$m=4194304,t=10,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA", "$2b$31$abcdefghijklmnopqrstuu"]
    {
        let absurd = Secret::new(hash);
        assert!(house.store.set_password_hash(&user.id, &before, &absurd, user.created_at).await.unwrap());
        assert_eq!(refusal(house.login(EMAIL, PASSWORD).await), Refusal::WrongPassword, "{hash}");
        before = absurd;
        house.clock.advance(std::time::Duration::from_secs(3600));
    }
}

#[tokio::test]
async fn a_sign_in_with_the_password_before_begins_no_session_after_the_change() {
    let house = House::new().await;
    let user = house.store.user_by_email(EMAIL).await.unwrap().unwrap();
    let new = house.hasher.hash(&Secret::new("another long enough one")).unwrap();
    let (store, id, old, now) = (Arc::clone(&house.store), user.id.clone(), user.password_hash, house.clock.now());
    house.hasher.meanwhile(async move {
        assert!(store.set_password_hash(&id, &old, &new, now).await.unwrap());
        store.end_sessions(&id, None, now).await.unwrap();
    });
    assert_eq!(refusal(house.login(EMAIL, PASSWORD).await), Refusal::WrongPassword);
    assert!(house.store.sessions(&user.id, now).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_two_sign_ins_that_renew_a_hash_at_once_both_are_let_in() {
    let house = House::new().await;
    let user = house.store.user_by_email(EMAIL).await.unwrap().unwrap();
    let bcrypt = PolicyHasher::new(HashPolicy::Bcrypt { cost: 10 }).unwrap().hash(&Secret::new(PASSWORD)).unwrap();
    assert!(house.store.set_password_hash(&user.id, &user.password_hash, &bcrypt, user.created_at).await.unwrap());
    let renewed = house.hasher.hash(&Secret::new(PASSWORD)).unwrap();
    let (store, now) = (Arc::clone(&house.store), house.clock.now());
    house.hasher.meanwhile(async move {
        assert!(store.set_password_hash(&user.id, &bcrypt, &renewed, now).await.unwrap());
    });
    assert!(house.login(EMAIL, PASSWORD).await.is_ok());
}

#[tokio::test]
async fn ones_own_name_is_no_password() {
    let house = House::new().await;
    let mut named = signup("wf@example.org", "wf");
    named.full_name = Some("Wilhelmina Featherstonehaugh".into());
    named.password = Secret::new("wilhelminafeatherstonehaugh");
    let answer = house.service.signup(named, &Caller::default()).await;
    assert!(matches!(answer, Err(Error::Invalid { .. })), "{answer:?}");
}

#[tokio::test]
async fn whoever_knows_the_password_does_not_keep_the_hashing_busy_either() {
    let house = House::new().await;
    let ada = house.principal(&house.login(EMAIL, PASSWORD).await.unwrap()).await.unwrap();
    let before = house.hasher.checks();
    for _ in 0..100 {
        let (current, weak) = (Secret::new(PASSWORD), Secret::new("weak"));
        assert!(house.service.change_password(&ada, current, weak, &caller("192.0.2.9")).await.is_err());
    }
    assert_eq!(house.hasher.checks() - before, 60);
}
