//! The body of a request.

use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use futures_util::StreamExt;
use serde_json::Value;

use crate::problem::Problem;

/// How much of a body that is too large is still read: a caller that is cut off while it writes sees no answer.
const PATIENCE: usize = 16 * 1024 * 1024;

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// 413 `LIMIT_EXCEEDED`; 400 `INVALID` where it breaks off.
pub(crate) async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit + PATIENCE) {
        return Err(Problem::body_too_large(limit));
    }
    let mut parts = body.into_data_stream();
    let mut length = 0;
    let mut bytes = Vec::new();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Problem::invalid("body", "all of it", "a part"))?;
        length += part.len();
        if length > limit + PATIENCE {
            break;
        }
        if length <= limit {
            bytes.extend_from_slice(&part);
        }
    }
    if length > limit { Err(Problem::body_too_large(limit)) } else { Ok(bytes) }
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
        let announced = HeaderMap::from_iter([(CONTENT_LENGTH, "100000000".parse().unwrap())]);
        for headers in [HeaderMap::new(), announced] {
            let problem = read_body(&headers, Body::from("01234567890"), 10).await.unwrap_err();
            assert_eq!((problem.status().as_u16(), problem.code()), (413, "LIMIT_EXCEEDED"));
        }
        assert_eq!(read_body(&HeaderMap::new(), Body::from("0123456789"), 10).await.unwrap().len(), 10);
    }
}
