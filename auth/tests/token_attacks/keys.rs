//! Keys that are not what they should be.

use dharmagraph_auth::Secret;
use dharmagraph_auth::jose::{Algorithm, JwkSet, SigningKey, VerifyingKey};
use serde_json::{Value, json};

use crate::forge::changed;

fn public(algorithm: Algorithm) -> Value {
    SigningKey::generate(algorithm).unwrap().verifying_key().to_jwk().unwrap()
}

#[track_caller]
fn assert_changes_are_refused(jwk: &Value, changes: impl IntoIterator<Item = Value>) {
    VerifyingKey::from_jwk(&jwk.to_string()).unwrap();
    for change in changes {
        let error = VerifyingKey::from_jwk(&changed(jwk.clone(), change.clone())).expect_err(&change.to_string());
        assert_eq!(error.code(), "INVALID", "{change}");
        let set = format!("{{\"keys\":[{}]}}", changed(jwk.clone(), change.clone()));
        assert!(JwkSet::parse(&set).is_err(), "{change}");
    }
}

#[test]
fn a_key_is_for_signatures_by_its_own_algorithm() {
    let jwk = public(Algorithm::ES256);
    let changes = [
        json!({"use": "enc"}),
        json!({"use": ""}),
        json!({"use": 1}),
        json!({"key_ops": ["encrypt"]}),
        json!({"key_ops": ["sign"]}),
        json!({"key_ops": []}),
        json!({"key_ops": "verify"}),
        json!({"key_ops": ["verify", "verify"]}),
        json!({"key_ops": ["verify", 1]}),
        json!({"alg": "ES384"}),
        json!({"alg": "ES512"}),
        json!({"alg": "ES256K"}),
        json!({"alg": "HS256"}),
        json!({"alg": "RS256"}),
        json!({"alg": "none"}),
        json!({"alg": 1}),
        json!({"crv": "P-384"}),
        json!({"crv": "secp256k1"}),
        json!({"crv": null}),
        json!({"kty": "RSA"}),
        json!({"kty": "oct"}),
        json!({"kty": null}),
        json!({"kid": null}),
        json!({"kid": ""}),
        json!({"kid": "a b"}),
        json!({"kid": "a\n"}),
        json!({"kid": 1}),
        json!({"kid": "a".repeat(257)}),
    ];
    assert_changes_are_refused(&jwk, changes);
    for fine in [json!({"use": null}), json!({"key_ops": ["verify"]}), json!({"alg": null}), json!({"x5t": "x"})] {
        assert!(VerifyingKey::from_jwk(&changed(jwk.clone(), fine.clone())).is_ok(), "{fine}");
    }
}

#[test]
fn a_point_lies_on_its_curve() {
    let mut swapped = public(Algorithm::ES256);
    let jwk = swapped.clone();
    (swapped["x"], swapped["y"]) = (jwk["y"].clone(), jwk["x"].clone());
    let zeros = "A".repeat(43);
    let changes = [
        json!({"x": swapped["x"], "y": swapped["y"]}),
        json!({"x": zeros, "y": zeros}),
        json!({"x": "", "y": ""}),
        json!({"y": null}),
        json!({"y": format!("{}=", jwk["y"].as_str().unwrap())}),
        json!({"x": format!("AA{}", jwk["x"].as_str().unwrap())}),
    ];
    assert_changes_are_refused(&jwk, changes);
}

#[test]
fn an_ed25519_key_is_a_point_of_large_order() {
    let jwk = public(Algorithm::EdDSA);
    let one = format!("AQ{}", "A".repeat(41));
    let zero = "A".repeat(43);
    assert_changes_are_refused(&jwk, [json!({"x": zero}), json!({"x": one}), json!({"x": "AAAA"}), json!({"crv": "X25519"})]);
}

#[test]
fn an_rsa_key_is_strong() {
    let jwk = public(Algorithm::RS256);
    let modulus = jwk["n"].as_str().unwrap();
    let changes = [
        json!({"e": "AQ"}),
        json!({"e": "Aw"}),
        json!({"e": "EQ"}),
        json!({"e": "AQAA"}),
        json!({"e": "AAEAAQ"}),
        json!({"e": ""}),
        json!({"e": "////"}),
        json!({"n": &modulus[..170]}),
        json!({"n": format!("{modulus}{modulus}{modulus}")}),
        json!({"n": format!("{}A", &modulus[..511])}),
        json!({"n": ""}),
        json!({"alg": null}),
        json!({"alg": "RSA1_5"}),
        json!({"alg": "RSA-OAEP"}),
        json!({"d": modulus}),
    ];
    assert_changes_are_refused(&jwk, changes);
}

#[test]
fn a_private_key_is_not_taken_for_a_public_one() {
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth"] {
        assert_changes_are_refused(&public(Algorithm::EdDSA), [json!({name: "AQAB"})]);
    }
}

#[test]
fn a_set_is_one_of_distinct_keys() {
    let (first, second) = (public(Algorithm::ES256), public(Algorithm::EdDSA));
    let set = |keys: Value| JwkSet::parse(&json!({"keys": keys}).to_string());
    assert_eq!(set(json!([first, second])).unwrap().keys().len(), 2);
    assert!(set(json!([first, first])).is_err());
    assert!(set(json!([])).is_err());
    assert!(set(json!([1])).is_err());
    assert!(set(json!({"a": first})).is_err());
    let secret = json!({"kty": "oct", "alg": "HS256", "kid": "secret", "k": "c2VjcmV0IHRoYXQgaXMgbG9uZyBlbm91Z2ggZm9yIGl0"});
    assert!(set(json!([secret])).is_ok());
    assert!(set(json!([first, secret])).is_err());
    let many: Vec<Value> =
        (0..65).map(|i| serde_json::from_str(&changed(first.clone(), json!({"kid": i.to_string()}))).unwrap()).collect();
    assert!(set(json!(many)).is_err());
    for text in ["", "[]", "{}", "{\"keys\":null}", "{\"keys\":[],\"keys\":[]}", &" ".repeat(300_000)] {
        assert!(JwkSet::parse(text).is_err());
    }
}

#[test]
fn what_is_printed_of_a_key_is_no_secret() {
    for algorithm in [Algorithm::HS256, Algorithm::ES256, Algorithm::EdDSA] {
        let key = SigningKey::generate(algorithm).unwrap();
        let (kid, name) = (key.kid(), algorithm);
        assert_eq!(format!("{key:?}"), format!("SigningKey {{ kid: {kid:?}, algorithm: {name:?}, .. }}"));
        assert_eq!(format!("{:?}", key.verifying_key()), format!("VerifyingKey {{ kid: {kid:?}, algorithm: {name:?}, .. }}"));
        assert_eq!(format!("{:?}", key.to_bytes().unwrap()), "SecretBytes(..)");
    }
    let error = SigningKey::from_jwk(&Secret::new(r#"{"kty":"oct","alg":"HS256","kid":"a","k":"aHVudGVyMg"}"#)).unwrap_err();
    assert!(!format!("{error:?} {error}").contains("aHVudGVyMg") && !error.to_string().contains("hunter2"));
}
