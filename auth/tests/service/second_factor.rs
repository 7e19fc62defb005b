use std::time::Duration;

use dharmagraph_auth::service::{Caller, Enrolment, Login, SignedIn};
use dharmagraph_auth::{Clock as _, Error, Refusal, Result, Secret};

use crate::setup::{EMAIL, House, PASSWORD, login, refusal};

async fn login_with(house: &House, code: Option<&str>) -> Result<SignedIn> {
    let login = Login { totp: code.map(Secret::new), ..login(EMAIL, PASSWORD) };
    house.service.login(login, &Caller::default()).await
}

/// The code of this moment, as an authenticator app makes it.
fn code(house: &House, enrolment: &Enrolment) -> String {
    let secret = totp_rs::Secret::try_from_base32(enrolment.secret.expose()).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    app.generate(u64::try_from(house.clock.now().as_seconds()).unwrap()).to_string()
}

async fn enrolled(house: &House) -> (Enrolment, Vec<Secret>) {
    let ada = house.principal(&house.login(EMAIL, PASSWORD).await.unwrap()).await.unwrap();
    let enrolment = house.service.enrol_totp(&ada, &Caller::default()).await.unwrap();
    let code = Secret::new(code(house, &enrolment));
    let recovery = house.service.confirm_totp(&ada, &code, &Caller::default()).await.unwrap();
    house.clock.advance(Duration::from_secs(60));
    (enrolment, recovery)
}

#[tokio::test]
async fn the_password_alone_gives_no_tries_back_for_the_second_factor() {
    let house = House::new().await;
    let ada = house.principal(&house.login(EMAIL, PASSWORD).await.unwrap()).await.unwrap();
    enrolled(&house).await;
    for _ in 0..5 {
        assert_eq!(refusal(login_with(&house, Some("000000")).await), Refusal::SecondFactor);
        let (current, weak) = (Secret::new(PASSWORD), Secret::new("weak"));
        assert!(house.service.change_password(&ada, current, weak, &Caller::default()).await.is_err());
    }
    assert_eq!(refusal(login_with(&house, Some("000000")).await), Refusal::Locked);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_once_it_is_confirmed() {
    let house = House::new().await;
    let ada = house.principal(&house.login(EMAIL, PASSWORD).await.unwrap()).await.unwrap();
    let enrolment = house.service.enrol_totp(&ada, &Caller::default()).await.unwrap();
    assert!(login_with(&house, None).await.is_ok(), "it is not confirmed yet");
    let wrong = house.service.confirm_totp(&ada, &Secret::new("000000"), &Caller::default()).await;
    assert_eq!(refusal(wrong), Refusal::SecondFactor);
    let right = Secret::new(code(&house, &enrolment));
    assert_eq!(house.service.confirm_totp(&ada, &right, &Caller::default()).await.unwrap().len(), 10);
    assert_eq!(refusal(login_with(&house, None).await), Refusal::SecondFactor);
    assert_eq!(refusal(login_with(&house, Some("000000")).await), Refusal::SecondFactor);
    house.clock.advance(Duration::from_secs(60));
    assert!(login_with(&house, Some(&code(&house, &enrolment))).await.is_ok());
    let again = house.service.enrol_totp(&ada, &Caller::default()).await;
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
}

#[tokio::test]
async fn a_code_is_good_once() {
    let house = House::new().await;
    let (enrolment, _) = enrolled(&house).await;
    let now = code(&house, &enrolment);
    assert!(login_with(&house, Some(&now)).await.is_ok());
    assert_eq!(refusal(login_with(&house, Some(&now)).await), Refusal::SecondFactor);
}

#[tokio::test]
async fn a_recovery_code_is_good_once() {
    let house = House::new().await;
    let (_, recovery) = enrolled(&house).await;
    for code in recovery.iter().take(2) {
        assert!(login_with(&house, Some(code.expose())).await.is_ok());
        assert_eq!(refusal(login_with(&house, Some(code.expose())).await), Refusal::SecondFactor);
    }
}

#[tokio::test]
async fn codes_are_tried_as_often_as_passwords_and_no_oftener() {
    let house = House::new().await;
    let (enrolment, _) = enrolled(&house).await;
    for _ in 0..5 {
        assert_eq!(refusal(login_with(&house, Some("000000")).await), Refusal::SecondFactor);
    }
    assert_eq!(refusal(login_with(&house, Some(&code(&house, &enrolment))).await), Refusal::Locked);
}

#[tokio::test]
async fn a_second_factor_goes_with_one_of_its_codes() {
    let house = House::new().await;
    let (enrolment, _) = enrolled(&house).await;
    let signed_in = login_with(&house, Some(&code(&house, &enrolment))).await.unwrap();
    let ada = house.principal(&signed_in).await.unwrap();
    house.clock.advance(Duration::from_secs(60));
    let wrong = house.service.remove_totp(&ada, &Secret::new("000000"), &Caller::default()).await;
    assert_eq!(refusal(wrong), Refusal::SecondFactor);
    let right = Secret::new(code(&house, &enrolment));
    house.service.remove_totp(&ada, &right, &Caller::default()).await.unwrap();
    assert!(login_with(&house, None).await.is_ok());
    let none = house.service.remove_totp(&ada, &right, &Caller::default()).await;
    assert!(matches!(none, Err(Error::NotFound { .. })), "{none:?}");
}
