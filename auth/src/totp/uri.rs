//! The URI that authenticator apps read from a QR code.

use std::fmt::Write as _;

/// `otpauth://totp/<issuer>:<account>?secret=<base32>&issuer=<issuer>`, with the parameters said although they are the
/// usual ones.
pub(super) fn otpauth(issuer: &str, account: &str, base32: &str) -> String {
    let issuer = encoded(issuer);
    let account = encoded(account);
    format!("otpauth://totp/{issuer}:{account}?secret={base32}&issuer={issuer}&algorithm=SHA1&digits=6&period=30")
}

/// Percent-encodes all but the unreserved characters (RFC 3986 section 2.3). A colon is one of the encoded, so that the one
/// between issuer and account stays the only one; a blank becomes `%20`, as apps show a `+` as it is.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_percent_encoded_and_cannot_add_parameters() {
        for (text, expected) in [
            ("ada@example.com", "ada%40example.com"),
            ("ACME Co", "ACME%20Co"),
            ("a:b", "a%3Ab"),
            ("x&secret=AAAA?#/%", "x%26secret%3DAAAA%3F%23%2F%25"),
            ("Zoë", "Zo%C3%AB"),
            ("a+b", "a%2Bb"),
            ("-._~", "-._~"),
        ] {
            assert_eq!(encoded(text), expected);
        }
    }
}
