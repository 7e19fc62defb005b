//! Any text as a token: it is refused, and one that is not is one that the issuer could have made.
#![no_main]

use std::sync::LazyLock;

use dharmagraph_auth::Timestamp;
use dharmagraph_auth::jose::{Algorithm, SigningKey};
use dharmagraph_auth::token::{KeySet, TokenKind, TokenPolicy, Verifier};
use libfuzzer_sys::fuzz_target;

/// A secret that the fuzzer can know, so that it gets past the signature: HMAC with 32 fixed bytes.
static SIGNED: LazyLock<(KeySet, Verifier)> = LazyLock::new(|| {
    let key = SigningKey::from_secret(Algorithm::HS256, "fuzz", b"0123456789abcdefghijklmnopqrstuv").unwrap();
    (KeySet::new(key, None, Vec::new()).unwrap(), Verifier::new(&TokenPolicy::new("issuer", "audience")).unwrap())
});

fuzz_target!(|data: &[u8]| {
    let (keys, verifier) = &*SIGNED;
    let now = Timestamp::from_seconds(1_700_000_000);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = verifier.verify(keys, text, TokenKind::Access, now);
        // The same bytes as header and payload, rightly signed: what is behind the signature is read, too.
        let (header, payload) = text.split_at(text.floor_char_boundary(text.len() / 3));
        let signed = format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()));
        let signature = keys.active().sign(signed.as_bytes()).unwrap();
        let token = format!("{signed}.{}", base64url(&signature));
        let _ = verifier.verify(keys, &token, TokenKind::Access, now);
        let header = base64url(br#"{"alg":"HS256","kid":"fuzz","typ":"at+jwt"}"#);
        let signed = format!("{header}.{}", base64url(text.as_bytes()));
        let signature = keys.active().sign(signed.as_bytes()).unwrap();
        let token = format!("{signed}.{}", base64url(&signature));
        if let Ok(claims) = verifier.verify(keys, &token, TokenKind::Access, now) {
            assert!(claims.expires_at > claims.issued_at);
        }
    }
});

/// RFC 4648 section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
            (0..=chunk.len()).map(move |place| char::from(ALPHABET[(bits >> (18 - 6 * place) & 63) as usize]))
        })
        .collect()
}
