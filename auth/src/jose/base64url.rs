//! Base64url as RFC 7515 section 2 has it: no padding, no white space, and the bits that carry nothing are zero, so that bytes
//! have one text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_one_text() {
        assert_eq!(decode("Zm8").as_deref(), Some(&b"fo"[..]));
        for text in ["Zm8=", "Zm9", "Zm+8", "Zm/8", " Zm8", "Zm8\n", "Z", "Zm8?"] {
            assert_eq!(decode(text), None, "{text:?}");
        }
    }
}
