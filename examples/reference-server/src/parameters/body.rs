//! The body of a request.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use serde_json::Value;

use crate::problem::Problem;

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// 413 `LIMIT_EXCEEDED`, before anything is read where the length was announced; 400 `INVALID` where it breaks off.
pub(crate) async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Problem> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Problem::body_too_large(limit));
    }
    to_bytes(body, limit).await.map_err(|error| {
        let is_limit = std::error::Error::source(&error).is_some_and(|source| source.to_string().contains("length limit"));
        if is_limit { Problem::body_too_large(limit) } else { Problem::invalid("body", "all of it", "a part") }
    })
}

/// Reads JSON. An error tells where it broke, never what stood there.
pub(crate) fn parse_json(bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.is_empty() {
        return Err(Problem::invalid("body", "a JSON object", "nothing"));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let found = match error.classify() {
            serde_json::error::Category::Eof => "its end",
            _ => "something else",
        };
        let found = format!("{found} at line {} column {}", error.line(), error.column());
        Problem::invalid("body", "JSON", found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_json_is_located_and_not_quoted() {
        let problem = parse_json(b"{\"secret_key\":\n hunter2}").unwrap_err();
        assert_eq!(problem.detail(), "invalid body: expected JSON, found something else at line 2 column 2");
        let problem = parse_json(b"{\"a\": ").unwrap_err();
        assert_eq!(problem.detail(), "invalid body: expected JSON, found its end at line 1 column 6");
        assert!(parse_json(b"").unwrap_err().detail().contains("nothing"));
        assert!(parse_json(&[b'['; 100_000]).is_err());
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused_whether_announced_or_not() {
        let announced = HeaderMap::from_iter([(CONTENT_LENGTH, "11".parse().unwrap())]);
        for headers in [HeaderMap::new(), announced] {
            let problem = read_body(&headers, Body::from("01234567890"), 10).await.unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.code()), (413, "LIMIT_EXCEEDED"));
        }
        assert_eq!(read_body(&HeaderMap::new(), Body::from("0123456789"), 10).await.unwrap().len(), 10);
    }
}
