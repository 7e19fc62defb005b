//! Headers that ask for something else than the key that is known.

use dharmagraph_auth::Timestamp;
use dharmagraph_auth::jose::{Algorithm, SigningKey, VerifyingKey, jws};
use dharmagraph_auth::token::{KeySet, TokenKind};
use serde_json::{Value, json};

use crate::forge::{Forge, NOW, assert_refused, encode, payload};

#[test]
fn no_algorithm_is_no_algorithm_however_it_is_spelled() {
    let forge = Forge::new(Algorithm::HS256);
    for name in ["none", "None", "NONE", "nOnE", "", " HS256", "hs256", "HS256\u{0}"] {
        let header = json!({"alg": name, "typ": "at+jwt", "kid": forge.key.kid()}).to_string();
        let unsigned = format!("{}.{}.", encode(&header), encode(payload().to_string()));
        forge.refuses(&unsigned);
        forge.refuses(unsigned.trim_end_matches('.'));
        forge.refuses(&forge.sign(&header, &payload().to_string()));
    }
}

#[test]
fn the_algorithm_is_the_keys_one() {
    let secret = [7, 1, 2, 3].repeat(16);
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let forge = Forge::with(SigningKey::from_secret(algorithm, "a", &secret).unwrap());
        forge.accepts(&forge.with_header(json!({})));
        for other in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512].into_iter().filter(|other| *other != algorithm) {
            let other = Forge::with(SigningKey::from_secret(other, "a", &secret).unwrap());
            forge.refuses(&other.with_header(json!({})));
            forge.refuses(&other.with_header(json!({"alg": algorithm.as_str()})));
        }
    }
}

#[test]
fn ed25519_is_another_name_of_eddsa() {
    let forge = Forge::new(Algorithm::EdDSA);
    forge.accepts(&forge.with_header(json!({"alg": "Ed25519"})));
    forge.refuses(&forge.with_header(json!({"alg": "Ed448"})));
}

#[test]
fn a_header_brings_no_key_and_no_extension() {
    let forge = Forge::new(Algorithm::ES256);
    forge.accepts(&forge.with_header(json!({"x-trace": {"a": [1, 2]}, "cty": "x"})));
    let attacker = Forge::new(Algorithm::ES256);
    let jwk = attacker.key.verifying_key().to_jwk().unwrap();
    let brought = [
        json!({"jwk": jwk}),
        json!({"jku": "https://evil.example/jwks.json"}),
        json!({"x5u": "https://evil.example/cert.pem"}),
        json!({"x5c": ["MIIB"]}),
        json!({"crit": ["exp2"], "exp2": 1}),
        json!({"crit": ["b64"], "b64": false}),
        json!({"crit": []}),
        json!({"crit": ["exp"]}),
        json!({"b64": false}),
        json!({"b64": true}),
        json!({"zip": "DEF"}),
        json!({"enc": "A256GCM"}),
    ];
    for members in brought {
        forge.refuses(&forge.with_header(members.clone()));
        let mut members = members;
        members["kid"] = Value::from(forge.key.kid());
        forge.refuses(&attacker.with_header(members));
    }
}

#[test]
fn a_kid_is_a_name_and_neither_path_nor_query() {
    let forge = Forge::new(Algorithm::HS256);
    for kid in [
        "",
        "../../../../../../dev/null",
        "/dev/null",
        "/proc/sys/kernel/randomize_va_space",
        "file:///dev/null",
        "x' UNION SELECT 'secret' --",
        "' OR '1'='1",
        "key|whoami",
        "key\u{0}",
        "KEY",
    ] {
        forge.refuses(&forge.with_header(json!({"kid": kid})));
        // What such a path or query would have answered: nothing.
        let signed = format!("{}.{}", encode(json!({"alg": "HS256", "typ": "at+jwt", "kid": kid}).to_string()), encode("{}"));
        forge.refuses(&format!("{signed}."));
    }
    for kid in [json!(1), json!(["a"]), json!({"a": 1}), json!(true)] {
        forge.refuses(&forge.with_header(json!({"kid": kid})));
    }
}

#[test]
fn a_kid_may_be_left_out_only_where_there_is_one_key() {
    let forge = Forge::new(Algorithm::ES256);
    let token = forge.with_header(json!({"kid": null}));
    forge.accepts(&token);
    let keys = KeySet::new(forge.key.clone(), Some(SigningKey::generate(Algorithm::ES256).unwrap()), Vec::new()).unwrap();
    assert_refused(forge.verifier.verify(&keys, &token, TokenKind::Access, Timestamp::from_seconds(NOW)), &token);
}

#[test]
fn a_kid_of_another_key_does_not_choose_this_one() {
    let (forge, other) = (Forge::new(Algorithm::ES256), Forge::new(Algorithm::ES256));
    let keys = KeySet::new(forge.key.clone(), None, vec![other.key.verifying_key()]).unwrap();
    let token = forge.with_header(json!({"kid": other.key.kid()}));
    assert_refused(forge.verifier.verify(&keys, &token, TokenKind::Access, Timestamp::from_seconds(NOW)), &token);
}

#[test]
fn a_token_of_one_kind_is_not_used_as_the_other() {
    let forge = Forge::new(Algorithm::HS256);
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt"] {
        forge.accepts(&forge.with_header(json!({"typ": typ})));
    }
    for typ in
        [json!(null), json!("rt+jwt"), json!("JWT"), json!("jwt"), json!(""), json!("at+jwt\u{0}"), json!(["at+jwt"]), json!(1)]
    {
        forge.refuses(&forge.with_header(json!({"typ": typ})));
    }
    let refresh = forge.with_header(json!({"typ": "rt+jwt"}));
    let now = Timestamp::from_seconds(NOW);
    forge.verifier.verify(&forge.keys, &refresh, TokenKind::Refresh, now).unwrap();
    assert_refused(
        forge.verifier.verify(&forge.keys, &forge.with_header(json!({})), TokenKind::Refresh, now),
        "access as refresh",
    );
}

#[test]
fn a_signature_alone_is_held_to_the_same_header() {
    let key = SigningKey::generate(Algorithm::EdDSA).unwrap();
    let verifying: VerifyingKey = key.verifying_key();
    let sign = |header: &str| {
        let signed = format!("{}.{}", encode(header), encode("payload"));
        format!("{signed}.{}", encode(key.sign(signed.as_bytes()).unwrap()))
    };
    assert_eq!(jws::verify_compact(&sign(r#"{"alg":"EdDSA"}"#), &verifying).unwrap(), b"payload");
    for header in [r#"{"alg":"EdDSA","crit":["a"]}"#, r#"{"alg":"EdDSA","kid":"other"}"#, r#"{"alg":"ES256"}"#, "{}", "[]", ""] {
        assert_refused(jws::verify_compact(&sign(header), &verifying), header);
    }
}
