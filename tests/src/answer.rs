//! Answers of the REST API.

use std::fmt::Write as _;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// One answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked, for messages.
    pub request: String,
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub text: String,
}

impl Answer {
    /// A header's value; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("headers are text"))
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{}: {error} in: {}", self.request, self.text))
    }

    /// The body as JSON, after making sure of the status.
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.request, self.text);
        self.json()
    }

    /// Makes sure of an RFC 9457 problem with this status and code; gives its text for people.
    pub fn problem(&self, status: u16, code: &str) -> String {
        let problem = self.expect(status);
        let media_type = self.header("content-type");
        assert!(media_type.starts_with("application/problem+json"), "{}: {media_type}", self.request);
        assert_eq!(problem["code"], code, "{}: {problem}", self.request);
        assert_eq!(problem["status"], status, "{}: {problem}", self.request);
        assert!(problem["title"].is_string(), "{}: {problem}", self.request);
        assert_eq!(problem["request_id"], self.header("x-request-id"), "{}: {problem}", self.request);
        problem["detail"].as_str().unwrap_or_else(|| panic!("{}: no detail in {problem}", self.request)).to_owned()
    }
}

/// Text as one segment of a path or one value of a query.
#[must_use]
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a string does not fail");
        }
    }
    encoded
}
