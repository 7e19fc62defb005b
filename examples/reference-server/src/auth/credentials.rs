//! What a request presents to be let in.

use axum::extract::Query;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri};
use dharmagraph_auth::service::Credentials;
use dharmagraph_auth::{Error, Refusal, Secret};

use crate::problem::Problem;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Query parameters that hold a credential elsewhere; addresses end up in logs and histories.
const IN_URL: [&str; 11] = [
    "access_token",
    "api-key",
    "api_key",
    "apikey",
    "authorization",
    "bearer",
    "jwt",
    "password",
    "refresh_token",
    "token",
    "x-api-key",
];

/// The credential of a request, if it has one.
///
/// # Errors
/// 400 `INVALID` for several, and for one in the address; 401 `UNAUTHENTICATED` for one that is neither.
pub(super) fn presented(headers: &HeaderMap, uri: &Uri) -> Result<Option<Credentials>, Problem> {
    refuse_in_url(uri)?;
    let mut found = headers.get_all(AUTHORIZATION).iter().map(bearer);
    let mut keys = headers.get_all(API_KEY).iter().map(api_key);
    match (found.next().or_else(|| keys.next()), found.next().or_else(|| keys.next())) {
        (None, _) => Ok(None),
        (Some(credential), None) => Ok(Some(credential?)),
        (Some(_), Some(_)) => {
            Err(Problem::invalid("credentials", "one header, Authorization: Bearer or X-API-Key", "more than one"))
        }
    }
}

fn bearer(value: &HeaderValue) -> Result<Credentials, Error> {
    let refused = || Error::refused(Refusal::Token);
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(refused());
    }
    Ok(Credentials::Bearer(Secret::new(token)))
}

fn api_key(value: &HeaderValue) -> Result<Credentials, Error> {
    let text = value.to_str().map_err(|_| Error::refused(Refusal::ApiKey))?;
    Ok(Credentials::ApiKey(Secret::new(text)))
}

fn refuse_in_url(uri: &Uri) -> Result<(), Problem> {
    if uri.query().is_none_or(str::is_empty) {
        return Ok(());
    }
    // What cannot be read is for the route to refuse.
    let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(uri) else { return Ok(()) };
    match pairs.iter().find(|(name, _)| IN_URL.contains(&name.to_ascii_lowercase().as_str())) {
        Some((name, _)) => {
            let expected = "no credential in the address, where logs keep it; send Authorization: Bearer or X-API-Key";
            Err(Problem::invalid("query parameter", expected, format!("`{}`", name.to_ascii_lowercase())))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&str, &str)], path: &str) -> Result<Option<Credentials>, (u16, String)> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        presented(&map, &path.parse().unwrap()).map_err(|problem| (problem.status().as_u16(), problem.detail().to_owned()))
    }

    #[test]
    fn a_token_or_a_key_is_taken_from_its_header() {
        assert!(read(&[], "/").unwrap().is_none());
        let bearer = read(&[("authorization", "bearer a.b.c")], "/").unwrap();
        assert!(matches!(bearer, Some(Credentials::Bearer(token)) if token.expose() == "a.b.c"));
        let key = read(&[("x-api-key", "dgk_a")], "/?limit=1").unwrap();
        assert!(matches!(key, Some(Credentials::ApiKey(key)) if key.expose() == "dgk_a"));
    }

    #[test]
    fn another_scheme_is_not_accepted() {
        for value in ["Basic YTpi", "Bearer", "Bearer ", "a.b.c", ""] {
            assert_eq!(read(&[("authorization", value)], "/").unwrap_err().0, 401, "{value}");
        }
    }

    #[test]
    fn more_than_one_is_refused_whatever_they_are() {
        let (token, key) = (("authorization", "Bearer a"), ("x-api-key", "dgk_a"));
        for headers in [[token, key], [token, token], [key, key], [("authorization", "Basic a"), key]] {
            assert_eq!(read(&headers, "/").unwrap_err().0, 400);
        }
    }

    #[test]
    fn a_credential_in_the_address_is_refused_and_not_repeated() {
        for path in ["/?access_token=hunter2", "/?a=1&Token=hunter2", "/?api%5Fkey=hunter2"] {
            let (status, detail) = read(&[], path).unwrap_err();
            assert_eq!(status, 400, "{path}");
            assert!(!detail.contains("hunter2"), "{detail}");
        }
    }
}
