//! The examples that the standards print.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dharmagraph_auth::Secret;
use dharmagraph_auth::jose::{SigningKey, VerifyingKey, jws};
use serde_json::{Value, json};

/// RFC 7515 appendix A.1: `{"iss":"joe",..}` by HS256, with line breaks in header and payload.
const HMAC: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxl\
    LmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// RFC 7515 appendix A.3: the same payload by ES256.
const ECDSA: &str = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0\
    cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

/// RFC 8037 appendix A.4.
const EDDSA: &str = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR\
    4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

fn hmac_key() -> Value {
    json!({
        "kid": "a", "kty": "oct", "alg": "HS256",
        "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    })
}

fn ecdsa_key() -> Value {
    json!({
        "kid": "b", "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    })
}

fn eddsa_key() -> Value {
    json!({
        "kid": "c", "kty": "OKP", "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    })
}

fn read(jwk: &Value) -> dharmagraph_auth::Result<SigningKey> {
    SigningKey::from_jwk(&Secret::new(jwk.to_string()))
}

#[test]
fn printed_signatures_verify() {
    for (jwk, token) in [(hmac_key(), HMAC), (ecdsa_key(), ECDSA), (eddsa_key(), EDDSA)] {
        let payload = jws::verify_compact(token, &read(&jwk).unwrap().verifying_key()).unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(payload), token.split('.').nth(1).unwrap());
    }
}

#[test]
fn what_has_one_signature_is_signed_as_printed() {
    for (jwk, token) in [(hmac_key(), HMAC), (eddsa_key(), EDDSA)] {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(read(&jwk).unwrap().sign(signed.as_bytes()).unwrap()), signature);
    }
}

#[test]
fn a_private_key_whose_numbers_do_not_fit_is_refused() {
    for (jwk, other) in [(ecdsa_key(), "x"), (ecdsa_key(), "d"), (eddsa_key(), "x"), (eddsa_key(), "d")] {
        for value in [json!(null), json!(""), json!("AAAA"), json!("A".repeat(43)), hmac_key()["k"].clone()] {
            let mut changed = jwk.clone();
            changed[other] = value;
            assert!(read(&changed).is_err(), "{changed}");
        }
    }
    assert!(read(&json!({"kid": "a", "kty": "oct", "alg": "HS256", "k": "A".repeat(43)})).is_err(), "zeros");
}

#[test]
fn a_key_reads_back_from_its_bytes() {
    for jwk in [hmac_key(), ecdsa_key(), eddsa_key()] {
        let key = read(&jwk).unwrap();
        let again = SigningKey::from_bytes(key.algorithm(), key.kid(), key.to_bytes().unwrap().expose()).unwrap();
        assert_eq!(again.verifying_key().to_jwk(), key.verifying_key().to_jwk());
        assert!(key.verifying_key().verify(b"text", &again.sign(b"text").unwrap()));
    }
}

#[test]
fn a_key_that_may_only_verify_does_not_sign() {
    let mut jwk = eddsa_key();
    jwk["key_ops"] = json!(["verify"]);
    assert!(read(&jwk).is_err());
    jwk["key_ops"] = json!(["sign"]);
    read(&jwk).unwrap();
    assert!(VerifyingKey::from_jwk(&jwk.to_string()).is_err(), "private, and may not verify");
}
