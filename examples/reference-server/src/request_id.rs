//! The id under which a request is found again in logs and answers.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header that carries the id, both ways.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST: usize = 128;

/// The caller's id where it sent a usable one, else one of ours.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// Takes the id from the headers: 1 to 128 visible ASCII characters; anything else is replaced.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        match headers.get(HEADER) {
            Some(value) if is_usable(value.as_bytes()) => Self(value.clone()),
            _ => Self::random(),
        }
    }

    fn random() -> Self {
        let mut buffer = Uuid::encode_buffer();
        let text = Uuid::new_v4().as_hyphenated().encode_lower(&mut buffer);
        Self(HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unknown")))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    pub(crate) fn into_header(self) -> HeaderValue {
        self.0
    }
}

fn is_usable(id: &[u8]) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id_for(sent: &[u8]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_bytes(sent).unwrap());
        RequestId::of(&headers).as_str().to_owned()
    }

    #[test]
    fn a_visible_ascii_id_is_kept() {
        assert_eq!(id_for(b"trace-1/2:3"), "trace-1/2:3");
        assert_eq!(id_for(&[b'a'; 128]), "a".repeat(128));
    }

    #[test]
    fn any_other_id_is_replaced_by_a_random_one() {
        for sent in [&b""[..], b"two words", "caf\u{e9}".as_bytes(), &[b'a'; 129]] {
            let id = id_for(sent);
            assert_eq!(id.len(), 36, "{sent:?}");
        }
        let (a, b) = (RequestId::of(&HeaderMap::new()), RequestId::of(&HeaderMap::new()));
        assert_ne!(a.as_str(), b.as_str());
    }
}
