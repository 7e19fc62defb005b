//! Any text as a key or a set of keys. A key that is taken can be written, read again and used.
#![no_main]

use dharmagraph_auth::Secret;
use dharmagraph_auth::jose::{JwkSet, SigningKey, VerifyingKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(key) = VerifyingKey::from_jwk(text) {
        assert!(!key.verify(b"message", b"no signature"));
        if let Some(jwk) = key.to_jwk() {
            assert!(VerifyingKey::from_jwk(&jwk.to_string()).is_ok(), "{jwk}");
        }
    }
    let _ = JwkSet::parse(text);
    if let Ok(key) = SigningKey::from_jwk(&Secret::new(text)) {
        let signature = key.sign(b"message").unwrap();
        assert!(key.verifying_key().verify(b"message", &signature));
    }
});
