//! Errors as RFC 9457 problem documents.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use dharmagraph_cmdb::{Error, ErrorKind};
use serde::Serialize;

use crate::request_id::RequestId;

/// The media type of every error.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// Where each code is explained; the code in lower case is the anchor.
const PAGE: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/errors.md#");

/// An error that a caller is answered with.
///
/// As a response it has no body yet: the router's outermost layer knows the request's id and writes the document.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: Cow<'static, str>,
    candidates: Vec<String>,
    cause: Option<String>,
    /// Seconds.
    retry_after: Option<u64>,
}

/// The JSON of a [`Problem`].
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// A page that explains the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the code means, in the same words each time.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What was expected, what came and what to do.
    pub detail: &'a str,
    /// Stable code, for programs: `NOT_FOUND`, `INVALID`, `UNAUTHENTICATED`, `TOKEN_EXPIRED`, `FORBIDDEN`, `CONFLICT`,
    /// `LIMIT_EXCEEDED`, `RATE_LIMITED`, `UNSUPPORTED`, `TIMEOUT`, `BACKEND`, `INTERNAL`.
    pub code: &'static str,
    /// The id of this request, as in the `x-request-id` header and in the server's log.
    pub request_id: &'a str,
    /// For `CONFLICT`: the ids that the name may stand for.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    #[schema(required = false)]
    pub candidates: &'a [String],
}

impl Problem {
    /// A problem with a status, a code and what to tell the caller.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, detail: detail.into(), candidates: Vec::new(), cause: None, retry_after: None }
    }

    /// 400 `INVALID`, in the words of [`Error::Invalid`].
    pub fn invalid(what: impl Into<String>, expected: impl Into<String>, found: impl Into<String>) -> Self {
        Error::invalid(what, expected, found).into()
    }

    /// 413 `LIMIT_EXCEEDED` for a body of more than `limit` bytes.
    #[must_use]
    pub fn body_too_large(limit: usize) -> Self {
        let detail = format!("the request's body exceeds the limit of {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED", detail)
    }

    /// 500 `INTERNAL`; `cause` goes to the log alone.
    pub fn internal(cause: impl Into<String>) -> Self {
        let detail = "the server failed; its log says more under this request id";
        Self { cause: Some(cause.into()), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", detail) }
    }

    /// The same, about a part of the request.
    pub(crate) fn within(self, part: &str) -> Self {
        Self { detail: format!("{part}: {}", self.detail).into(), ..self }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What the caller is told.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// What the log is told beyond that.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// Writes the document into the response that stands for it.
    pub(crate) fn write(&self, response: &mut Response, request_id: &RequestId) {
        let body = ProblemBody {
            kind: format!("{PAGE}{}", self.code.to_ascii_lowercase()),
            title: title(self.code),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            request_id: request_id.as_str(),
            candidates: &self.candidates,
        };
        let bytes = serde_json::to_vec(&body).unwrap_or_default();
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        *response.body_mut() = Body::from(bytes);
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = match error.kind() {
            ErrorKind::NotFound => StatusCode::NOT_FOUND,
            ErrorKind::Invalid => StatusCode::BAD_REQUEST,
            ErrorKind::Conflict => StatusCode::CONFLICT,
            ErrorKind::Forbidden => StatusCode::FORBIDDEN,
            ErrorKind::LimitExceeded => StatusCode::UNPROCESSABLE_ENTITY,
            ErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
            ErrorKind::Unsupported => StatusCode::NOT_IMPLEMENTED,
            ErrorKind::Backend if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Backend => StatusCode::BAD_GATEWAY,
            _ => return Self::internal(error.to_string()),
        };
        let detail = match &error {
            // The vendor's words may tell of paths and hosts, which are the operator's business.
            Error::Backend { backend, operation, .. } => format!("{backend} failed to {operation}"),
            Error::Locked { .. } => "the data directory is in use by another process".to_owned(),
            other => other.to_string(),
        };
        let cause = status.is_server_error().then(|| error.to_string());
        let code = error.code();
        let candidates = if let Error::Conflict { candidates, .. } = error { candidates } else { Vec::new() };
        Self { candidates, cause, ..Self::new(status, code, detail) }
    }
}

impl From<dharmagraph_auth::Error> for Problem {
    /// Whoever is not let in is told so, and never why.
    fn from(error: dharmagraph_auth::Error) -> Self {
        use dharmagraph_auth::ErrorKind as Kind;
        let status = match error.kind() {
            Kind::Unauthenticated | Kind::TokenExpired => StatusCode::UNAUTHORIZED,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Invalid => StatusCode::BAD_REQUEST,
            Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Kind::Backend if error.is_retryable() => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Backend => StatusCode::BAD_GATEWAY,
            _ => return Self::internal(error.to_string()),
        };
        let cause = status.is_server_error().then(|| error.to_string());
        let (detail, retry_after) = match &error {
            dharmagraph_auth::Error::Backend { backend, operation, .. } => (format!("{backend} failed to {operation}"), None),
            dharmagraph_auth::Error::RateLimited { retry_after } => {
                (error.to_string(), Some(retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0)))
            }
            _ => (error.to_string(), None),
        };
        Self { cause, retry_after, ..Self::new(status, error.code(), detail) }
    }
}

impl From<dharmagraph_aiops::Error> for Problem {
    fn from(error: dharmagraph_aiops::Error) -> Self {
        use dharmagraph_aiops::ErrorKind as Kind;
        let status = match error.kind() {
            Kind::Invalid => StatusCode::BAD_REQUEST,
            Kind::LimitExceeded => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::NotFound => StatusCode::NOT_FOUND,
            _ => return Self::internal(error.to_string()),
        };
        Self::new(status, error.code(), error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        match self.status {
            StatusCode::SERVICE_UNAVAILABLE => _ = headers.insert(RETRY_AFTER, HeaderValue::from_static("1")),
            StatusCode::UNAUTHORIZED => _ = headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            _ => {}
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn title(code: &str) -> &'static str {
    match code {
        "UNAUTHENTICATED" => "You are not known here",
        "TOKEN_EXPIRED" => "The token's time is over",
        "RATE_LIMITED" => "Too many requests",
        "NOT_FOUND" => "Nothing has this name",
        "INVALID" => "The request cannot be used",
        "FORBIDDEN" => "This is not allowed",
        "CONFLICT" => "The name is not unique, or the state does not allow it",
        "LIMIT_EXCEEDED" => "A limit was exceeded",
        "UNSUPPORTED" => "Not supported by this build or backend",
        "TIMEOUT" => "It took too long",
        "BACKEND" => "A dependency failed",
        _ => "The server failed",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_error_has_the_status_of_the_error_table() {
        let backend = |retryable| Error::Backend { backend: "embedded", operation: "read", retryable, source: "io".into() };
        let unsupported = Error::Unsupported { what: "a query".into(), backend: "memory".into() };
        let table = [
            (Error::NotFound { what: "task", id: "x".into() }, 404, "NOT_FOUND"),
            (Error::invalid("limit", "1 to 1000", "`0`"), 400, "INVALID"),
            (Error::Conflict { reference: "web".into(), candidates: vec!["i-1".into()] }, 409, "CONFLICT"),
            (Error::Forbidden { what: "this path".into(), reason: "not listed".into() }, 403, "FORBIDDEN"),
            (Error::LimitExceeded { what: "the query".into(), limit: 1 }, 422, "LIMIT_EXCEEDED"),
            (Error::Timeout { what: "the query".into(), limit: Duration::from_secs(5) }, 504, "TIMEOUT"),
            (unsupported, 501, "UNSUPPORTED"),
            (backend(true), 503, "BACKEND"),
            (backend(false), 502, "BACKEND"),
            (Error::Locked { path: "/data".into() }, 503, "BACKEND"),
        ];
        for (error, status, code) in table {
            let problem = Problem::from(error);
            assert_eq!((problem.status().as_u16(), problem.code()), (status, code));
        }
    }

    #[test]
    fn whoever_is_not_let_in_is_told_the_same_for_each_reason() {
        use dharmagraph_auth::{Error, Refusal};
        let details = [Refusal::UnknownUser, Refusal::Locked, Refusal::Token].map(|reason| {
            let problem = Problem::from(Error::refused(reason));
            assert_eq!((problem.status().as_u16(), problem.code()), (401, "UNAUTHENTICATED"));
            problem.detail().to_owned()
        });
        assert!(details.iter().all(|detail| *detail == details[0]), "{details:?}");
        let response = Problem::from(Error::TokenExpired).into_response();
        assert_eq!(
            (response.status().as_u16(), &response.headers()[WWW_AUTHENTICATE]),
            (401, &HeaderValue::from_static("Bearer"))
        );
        let limited = Problem::from(Error::RateLimited { retry_after: Duration::from_millis(2_100) }).into_response();
        assert_eq!((limited.status().as_u16(), &limited.headers()[RETRY_AFTER]), (429, &HeaderValue::from_static("3")));
    }

    #[test]
    fn a_failed_dependency_is_named_to_the_caller_and_explained_to_the_log_alone() {
        let problem = Problem::from(Error::backend("embedded", "read", "disk /dev/secret is gone"));
        assert_eq!(problem.detail(), "embedded failed to read");
        assert!(problem.cause().unwrap().contains("disk /dev/secret is gone"));
    }

    #[test]
    fn the_document_has_every_member_of_the_standard_and_the_candidates() {
        let error = Error::Conflict { reference: "web".into(), candidates: vec!["i-1".into(), "i-2".into()] };
        let problem = Problem::from(error);
        let body = ProblemBody {
            kind: format!("{PAGE}conflict"),
            title: title(problem.code),
            status: 409,
            detail: &problem.detail,
            code: problem.code,
            request_id: "r-1",
            candidates: &problem.candidates,
        };
        let keys: Vec<String> = serde_json::to_value(body).unwrap().as_object().unwrap().keys().cloned().collect();
        assert_eq!(keys, ["candidates", "code", "detail", "request_id", "status", "title", "type"]);
    }
}
