//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, HeaderName};
use dharmagraph_auth::audit::Caller;

use crate::request_id::RequestId;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Who is at the other end, before it is known who that is.
pub(super) fn caller(request: &Request, trusted: &[IpAddr]) -> Caller {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    Caller {
        ip_address: peer.map(|peer| beyond_proxies(peer, request.headers(), trusted)),
        user_agent: request.headers().get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        request_id: request.extensions().get::<RequestId>().map(|id| id.as_str().to_owned()),
    }
}

/// The nearest address that is no trusted proxy. Each proxy adds at the right the address that it was asked from, so that what a
/// caller wrote itself stands further left than what is taken; from others than trusted proxies nothing is taken at all.
fn beyond_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|proxy| proxy.to_canonical() == address);
    let lines: Vec<&str> = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok()).collect();
    let mut nearest = peer;
    for text in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(nearest) {
            break;
        }
        // Where a proxy wrote something else, the proxy is all that is known.
        let Some(address) = address(text.trim()) else { break };
        nearest = address;
    }
    nearest
}

/// An address, which some proxies write with a port.
fn address(text: &str) -> Option<IpAddr> {
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, lines: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let trusted: Vec<IpAddr> = trusted.iter().map(|proxy| proxy.parse().unwrap()).collect();
        beyond_proxies(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_header_counts_only_from_a_trusted_proxy() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], &[]), "192.0.2.1");
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"], &["10.0.0.1"]), "192.0.2.1");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"], &["10.0.0.1"]), "198.51.100.7");
    }

    #[test]
    fn what_the_caller_wrote_itself_does_not_count() {
        assert_eq!(seen("10.0.0.1", &["1.1.1.1, 198.51.100.7"], &["10.0.0.1"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["1.1.1.1", "198.51.100.7, 10.0.0.2"], &["10.0.0.1", "10.0.0.2"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.7, unknown"], &["10.0.0.1"]), "10.0.0.1");
    }

    #[test]
    fn one_address_has_one_text() {
        assert_eq!(seen("10.0.0.1", &["[2001:db8::7]:443"], &["::ffff:10.0.0.1"]), "2001:db8::7");
        assert_eq!(seen("10.0.0.1", &["::ffff:198.51.100.7"], &["10.0.0.1"]), "198.51.100.7");
        assert_eq!(seen("10.0.0.1", &[], &["10.0.0.1"]), "10.0.0.1");
    }
}
