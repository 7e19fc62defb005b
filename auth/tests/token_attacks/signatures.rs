//! Signatures that are not the key's.

use dharmagraph_auth::jose::{Algorithm, SigningKey, VerifyingKey};
use dharmagraph_auth::token::KeySet;
use serde_json::json;

use crate::forge::{Forge, encode, payload};

#[test]
fn no_byte_of_a_token_can_be_changed() {
    for algorithm in [Algorithm::HS256, Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA] {
        let forge = Forge::new(algorithm);
        let token = forge.with_header(json!({}));
        forge.accepts(&token);
        for at in 0..token.len() {
            for other in ["A", "B", "-", ".", "=", "\u{0}"] {
                if &token[at..=at] != other {
                    forge.refuses(&format!("{}{other}{}", &token[..at], &token[at + 1..]));
                }
            }
            forge.refuses(&format!("{}{}", &token[..at], &token[at + 1..]));
            forge.refuses(&token[..at]);
        }
    }
}

#[test]
fn no_signature_is_no_signature() {
    for algorithm in Algorithm::ALL.into_iter().filter(|algorithm| !algorithm.as_str().ends_with("S384")) {
        let forge = Forge::new(algorithm);
        let signed = format!("{}.{}", encode(forge.header().to_string()), encode(payload().to_string()));
        for length in [0, 1, 31, 32, 48, 64, 72, 96, 255, 256, 384, 385, 1024] {
            for byte in [0, 1, 0xff] {
                forge.refuses(&format!("{signed}.{}", encode(vec![byte; length])));
            }
        }
        let token = forge.with_header(json!({}));
        forge.refuses(&format!("{token}{}", encode([0; 3])));
        forge.refuses(&format!("{signed}.{}", encode(format!("{signed}."))));
    }
}

#[test]
fn a_signature_fits_one_text_and_one_key() {
    for algorithm in [Algorithm::HS512, Algorithm::ES256, Algorithm::EdDSA] {
        let (forge, other) = (Forge::new(algorithm), Forge::new(algorithm));
        let (first, second) = (forge.with_claims(json!({})), forge.with_claims(json!({"sub": "eve"})));
        let (body, signature) = (second.rsplit_once('.').unwrap().0, first.rsplit_once('.').unwrap().1);
        forge.refuses(&format!("{body}.{signature}"));
        forge.refuses(&other.with_header(json!({"kid": forge.key.kid()})));
    }
}

#[test]
fn a_blank_or_short_secret_makes_no_key() {
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let length = algorithm.as_str()[2..].parse::<usize>().unwrap() / 8;
        let random: Vec<u8> = (0..255).collect();
        for secret in [&[][..], b" ", b"secret", &random[..length - 1], &vec![0; length], &[b' '; 100], &[1; 5000]] {
            assert!(SigningKey::from_secret(algorithm, "a", secret).is_err(), "{secret:?}");
            assert!(VerifyingKey::from_secret(algorithm, "a", secret).is_err(), "{secret:?}");
        }
        SigningKey::from_secret(algorithm, "a", &random[..length]).unwrap();
    }
}

#[test]
fn secrets_and_public_keys_do_not_lie_in_one_set() {
    let secret = SigningKey::generate(Algorithm::HS256).unwrap();
    let key = SigningKey::generate(Algorithm::EdDSA).unwrap();
    assert!(KeySet::new(key.clone(), None, vec![secret.verifying_key()]).is_err());
    assert!(KeySet::new(secret.clone(), Some(key.clone()), Vec::new()).is_err());
    assert!(KeySet::new(key.clone(), Some(key.clone()), Vec::new()).is_err(), "one kid twice");
    assert!(KeySet::new(key.clone(), None, vec![key.verifying_key()]).is_err(), "one kid twice");
}
