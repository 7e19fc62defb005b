//! Keeping web pages away from a server that asks nobody who they are.
//!
//! A page that somebody opens in a browser on the same machine can send requests to a loopback address. Two signs give it
//! away: its `Origin` is not this server, or, where it rebound its own name to 127.0.0.1, `Host` is that name.

use std::net::IpAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};

use crate::problem::Problem;

/// Refuses a request that a foreign web page sent.
///
/// # Errors
/// 403 `FORBIDDEN` for a `Host` that is neither `localhost` nor an address, and for an `Origin` other than that host.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(host) = headers.get(HOST) else { return Ok(()) };
    let Some(host) = host.to_str().ok().filter(|host| is_local_name(host)) else {
        return Err(refusal("a Host that is neither localhost nor an IP address"));
    };
    match headers.get(ORIGIN).map(|origin| origin.to_str()) {
        None => Ok(()),
        Some(Ok(origin)) if origin.strip_prefix("http://") == Some(host) => Ok(()),
        Some(_) => Err(refusal("a web page of another origin")),
    }
}

fn refusal(what: &str) -> Problem {
    let reason = "in the profile development this server answers programs and its own pages; call it by localhost or by address";
    Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", format!("a request from {what} is not allowed: {reason}"))
}

fn is_local_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _port)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(host: &str, origin: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        check(&headers).is_ok()
    }

    #[test]
    fn programs_and_the_servers_own_pages_pass() {
        assert!(answer("127.0.0.1:8200", None));
        assert!(answer("localhost", None));
        assert!(answer("[::1]:8200", None));
        assert!(answer("localhost:8200", Some("http://localhost:8200")));
        assert!(check(&HeaderMap::new()).is_ok());
    }

    #[test]
    fn foreign_pages_are_refused_also_when_their_name_was_rebound() {
        assert!(!answer("localhost:8200", Some("https://example.com")));
        assert!(!answer("localhost:8200", Some("http://localhost:3000")));
        assert!(!answer("localhost:8200", Some("null")));
        assert!(!answer("rebound.example.com:8200", None));
        assert!(!answer("rebound.example.com:8200", Some("http://rebound.example.com:8200")));
    }
}
