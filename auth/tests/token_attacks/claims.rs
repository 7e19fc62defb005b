//! Claims that are missing, wrong, or out of time.

use dharmagraph_auth::jose::Algorithm;
use dharmagraph_auth::token::{TokenKind, TokenPolicy, Verifier};
use dharmagraph_auth::{ErrorKind, Timestamp};
use serde_json::json;

use crate::forge::{AUDIENCE, Forge, ISSUER, NOW, assert_refused};

const DAY: i64 = 24 * 60 * 60;

#[test]
fn every_claim_must_be_there() {
    let forge = Forge::new(Algorithm::HS256);
    forge.accepts(&forge.with_claims(json!({})));
    for name in ["iss", "aud", "sub", "tenant", "sid", "jti", "iat", "exp"] {
        forge.refuses(&forge.with_claims(json!({name: null})));
    }
}

#[test]
fn a_claim_is_of_its_type() {
    let forge = Forge::new(Algorithm::HS256);
    for name in ["iss", "sub", "tenant", "sid", "jti"] {
        for value in [json!(1), json!(true), json!([ISSUER]), json!({"a": 1}), json!(""), json!("x".repeat(300))] {
            forge.refuses(&forge.with_claims(json!({name: value})));
        }
    }
    for name in ["iat", "exp", "nbf"] {
        for value in [json!("1800000000"), json!(true), json!([NOW]), json!({"a": NOW}), json!(-1), json!(-1.5)] {
            forge.refuses(&forge.with_claims(json!({name: value})));
        }
    }
}

#[test]
fn a_null_claim_is_not_an_absent_one() {
    let forge = Forge::new(Algorithm::HS256);
    let header = forge.header().to_string();
    for name in ["iss", "aud", "sub", "tenant", "sid", "jti", "iat", "exp", "nbf"] {
        let mut payload = crate::forge::payload();
        payload[name] = serde_json::Value::Null;
        forge.refuses(&forge.sign(&header, &payload.to_string()));
    }
}

#[test]
fn a_token_is_from_this_issuer_for_this_audience() {
    let forge = Forge::new(Algorithm::HS256);
    for issuer in ["https://evil.example", "https://auth.example/", "HTTPS://AUTH.EXAMPLE", "https://auth.example\u{0}"] {
        forge.refuses(&forge.with_claims(json!({"iss": issuer})));
    }
    for audience in [json!([AUDIENCE]), json!(["other", AUDIENCE])] {
        forge.accepts(&forge.with_claims(json!({"aud": audience})));
    }
    for audience in [
        json!("other"),
        json!([]),
        json!(["other"]),
        json!([AUDIENCE, 1]),
        json!([[AUDIENCE]]),
        json!("Dharmagraph"),
        json!(1),
        json!({}),
    ] {
        forge.refuses(&forge.with_claims(json!({"aud": audience})));
    }
}

#[test]
fn a_token_is_over_when_it_says_so_but_for_the_leeway() {
    let forge = Forge::new(Algorithm::HS256);
    for seconds in [29, 1, 0, -1] {
        forge.accepts(&forge.with_claims(json!({"exp": NOW - seconds, "iat": NOW - 100})));
    }
    for seconds in [30, 31, 60] {
        let error = forge.verify(&forge.with_claims(json!({"exp": NOW - seconds, "iat": NOW - 100}))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TokenExpired, "{seconds}");
    }
}

#[test]
fn a_token_that_is_over_and_wrong_is_only_wrong() {
    let forge = Forge::new(Algorithm::HS256);
    let over = json!({"exp": NOW - 3600, "iat": NOW - 7200});
    for (name, value) in [("iss", json!("x")), ("aud", json!("x")), ("sub", json!(null)), ("nbf", json!(NOW + 3600))] {
        let mut claims = over.clone();
        claims[name] = value;
        forge.refuses(&forge.with_claims(claims));
    }
    let mut token = forge.with_claims(over);
    token.pop();
    forge.refuses(&token);
}

#[test]
fn a_token_of_the_future_is_refused() {
    let forge = Forge::new(Algorithm::HS256);
    forge.accepts(&forge.with_claims(json!({"iat": NOW + 30})));
    forge.accepts(&forge.with_claims(json!({"nbf": NOW + 30})));
    forge.accepts(&forge.with_claims(json!({"nbf": NOW - 10})));
    forge.refuses(&forge.with_claims(json!({"iat": NOW + 31})));
    forge.refuses(&forge.with_claims(json!({"nbf": NOW + 31})));
    forge.refuses(&forge.with_claims(json!({"nbf": NOW + 3600})));
    forge.refuses(&forge.with_claims(json!({"nbf": NOW + 10, "exp": NOW + 10})));
    forge.refuses(&forge.with_claims(json!({"nbf": NOW as f64 + 31.5})));
}

#[test]
fn a_token_lives_no_longer_than_the_policy_allows() {
    let forge = Forge::new(Algorithm::HS256);
    forge.accepts(&forge.with_claims(json!({"iat": NOW, "exp": NOW + DAY})));
    for expires in
        [json!(NOW + DAY + 1), json!(NOW + 365 * DAY), json!(1e18), json!(1e308), json!(u64::MAX), json!(253_402_207_200_i64)]
    {
        forge.refuses(&forge.with_claims(json!({"iat": NOW, "exp": expires})));
    }
    forge.refuses(&forge.with_claims(json!({"iat": 0, "exp": NOW + 60})));
    forge.refuses(&forge.with_claims(json!({"iat": NOW, "exp": NOW})));
    forge.refuses(&forge.with_claims(json!({"iat": NOW, "exp": NOW - 1})));

    let strict = Verifier::new(&TokenPolicy::strict(ISSUER, AUDIENCE)).unwrap();
    let verify = |token: &str| strict.verify(&forge.keys, token, TokenKind::Access, Timestamp::from_seconds(NOW));
    verify(&forge.with_claims(json!({"iat": NOW, "exp": NOW + 900}))).unwrap();
    let longer = forge.with_claims(json!({"iat": NOW, "exp": NOW + 901}));
    assert_refused(verify(&longer), &longer);
}

#[test]
fn times_may_have_fractions() {
    let forge = Forge::new(Algorithm::HS256);
    let claims = forge.verify(&forge.with_claims(json!({"iat": NOW as f64 - 0.5, "exp": NOW as f64 + 0.25}))).unwrap();
    assert_eq!(claims.expires_at.as_micros(), NOW * 1_000_000 + 250_000);
    assert_eq!(claims.issued_at.as_micros(), NOW * 1_000_000 - 500_000);
}

#[test]
fn a_moment_at_either_end_of_time_does_no_harm() {
    let forge = Forge::new(Algorithm::HS256);
    let token = forge.with_claims(json!({}));
    for now in [Timestamp::MIN, Timestamp::MAX] {
        assert!(forge.verifier.verify(&forge.keys, &token, TokenKind::Access, now).is_err());
    }
}
