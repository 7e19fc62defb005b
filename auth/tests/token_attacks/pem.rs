//! Keys in PEM: the same keys as in other forms, and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use dharmagraph_auth::Secret;
use dharmagraph_auth::jose::{Algorithm, SigningKey, VerifyingKey};
use serde_json::{Value, json};

use crate::forge::Forge;

/// `SubjectPublicKeyInfo` without its key, for a point on P-256, on P-384, and on Curve25519.
const P_256: &str = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";
const P_384: &str = "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE";
const CURVE_25519: &str = "MCowBQYDK2VwAyEA";
/// The same for the numbers of RSA, without the lengths.
const RSA: &str = "MA0GCSqGSIb3DQEBAQUA";

const FAMILIES: [Algorithm; 4] = [Algorithm::PS256, Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA];

fn private_pem(key: &SigningKey) -> String {
    wrapped("PRIVATE KEY", key.to_bytes().unwrap().expose())
}

/// The public key as `openssl pkey -pubout` would write it.
pub(crate) fn public_pem(key: &SigningKey) -> String {
    let jwk = key.verifying_key().to_jwk().unwrap();
    let number = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
    let prefixed = |prefix: &str, points: &[Vec<u8>]| [STANDARD.decode(prefix).unwrap(), points.concat()].concat();
    let der = match key.algorithm() {
        Algorithm::ES256 => prefixed(P_256, &[number("x"), number("y")]),
        Algorithm::ES384 => prefixed(P_384, &[number("x"), number("y")]),
        Algorithm::EdDSA => prefixed(CURVE_25519, &[number("x")]),
        _ => {
            let bits = [vec![0], rsa_public_key(&jwk)].concat();
            element(0x30, &[STANDARD.decode(RSA).unwrap(), element(3, &bits)].concat())
        }
    };
    wrapped("PUBLIC KEY", &der)
}

fn rsa_public_key(jwk: &Value) -> Vec<u8> {
    let integer = |name: &str| {
        let number = URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
        element(2, &if number[0] < 0x80 { number } else { [vec![0], number].concat() })
    };
    element(0x30, &[integer("n"), integer("e")].concat())
}

/// One element of DER.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let length = match length {
        0..0x80 => vec![length as u8],
        0x80..0x100 => vec![0x81, length as u8],
        _ => vec![0x82, (length >> 8) as u8, length as u8],
    };
    [vec![tag], length, content.to_vec()].concat()
}

fn wrapped(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

#[test]
fn a_key_is_the_same_in_pem() {
    for algorithm in FAMILIES {
        let key = SigningKey::generate(algorithm).unwrap();
        let signing = SigningKey::from_pem(algorithm, key.kid(), &Secret::new(private_pem(&key))).unwrap();
        assert_eq!(signing.verifying_key().to_jwk(), key.verifying_key().to_jwk(), "{algorithm}");
        let verifying = VerifyingKey::from_pem(algorithm, key.kid(), &public_pem(&key)).unwrap();
        assert_eq!(verifying.to_jwk(), key.verifying_key().to_jwk(), "{algorithm}");
        assert!(verifying.verify(b"text", &signing.sign(b"text").unwrap()), "{algorithm}");
    }
    let key = SigningKey::generate(Algorithm::RS256).unwrap();
    let pkcs1 = wrapped("RSA PUBLIC KEY", &rsa_public_key(&key.verifying_key().to_jwk().unwrap()));
    VerifyingKey::from_pem(Algorithm::RS256, "a", &pkcs1).unwrap();
}

#[test]
fn a_key_in_pem_is_of_its_own_family() {
    let keys = FAMILIES.map(|algorithm| SigningKey::generate(algorithm).unwrap());
    for key in &keys {
        let (private, public) = (Secret::new(private_pem(key)), public_pem(key));
        for algorithm in FAMILIES.into_iter().chain([Algorithm::HS256]).filter(|algorithm| *algorithm != key.algorithm()) {
            assert!(SigningKey::from_pem(algorithm, "a", &private).is_err(), "{} as {algorithm}", key.algorithm());
            assert!(VerifyingKey::from_pem(algorithm, "a", &public).is_err(), "{} as {algorithm}", key.algorithm());
        }
        assert!(VerifyingKey::from_pem(key.algorithm(), "a", private.expose()).is_err(), "{}", key.algorithm());
        assert!(SigningKey::from_pem(key.algorithm(), "a", &Secret::new(public.as_str())).is_err(), "{}", key.algorithm());
        for label in ["CERTIFICATE", "EC PRIVATE KEY", "X", "PUBLIC KEY-----\n-----BEGIN PUBLIC KEY"] {
            let relabelled = public.replace("PUBLIC KEY", label);
            assert!(VerifyingKey::from_pem(key.algorithm(), "a", &relabelled).is_err(), "{label}");
        }
        assert!(VerifyingKey::from_pem(key.algorithm(), "a", &format!("{public}{public}")).is_err(), "two blocks");
        for length in [0, 1, 40, public.len() / 2, public.len() - 30] {
            assert!(VerifyingKey::from_pem(key.algorithm(), "a", &public[..length]).is_err(), "{length}");
        }
    }
}

#[test]
fn the_public_key_is_no_secret_to_sign_with() {
    for algorithm in FAMILIES {
        let forge = Forge::new(algorithm);
        let (pem, jwk) = (public_pem(&forge.key), forge.key.verifying_key().to_jwk().unwrap());
        let numbers = jwk.get("n").or(jwk.get("x")).unwrap().as_str().unwrap();
        let der = STANDARD.decode(pem.lines().nth(1).unwrap()).unwrap();
        for secret in [pem.as_bytes(), pem.trim_end().as_bytes(), jwk.to_string().as_bytes(), numbers.as_bytes(), &der] {
            let attacker = Forge::with(SigningKey::from_secret(Algorithm::HS256, forge.key.kid(), secret).unwrap());
            forge.refuses(&attacker.with_header(json!({})));
            forge.refuses(&attacker.with_header(json!({"alg": algorithm.as_str()})));
        }
    }
}
