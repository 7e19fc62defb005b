//! Where the server is.

use crate::error::{Error, Result};

/// The port of Bolt.
const PORT: u16 = 7687;

/// A server's address, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Address {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encrypted: bool,
}

impl Address {
    /// From `bolt://host:port`, `neo4j://`, or either with `+s` for TLS. One server is spoken to: `neo4j://` does not route.
    pub(in super::super) fn parse(uri: &str) -> Result<Self> {
        let refused = || {
            let expected = "bolt://HOST:PORT or neo4j://HOST:PORT, with +s after the scheme for TLS";
            Error::invalid("Neo4j URI", expected, format!("`{}`", uri.chars().take(80).collect::<String>()))
        };
        let (scheme, rest) = uri.split_once("://").ok_or_else(refused)?;
        let encrypted = match scheme {
            "bolt" | "neo4j" => false,
            "bolt+s" | "neo4j+s" => true,
            _ => return Err(refused()),
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.contains(['/', '?', '#', '@']) {
            return Err(refused());
        }
        let (host, port) = match authority.rsplit_once(':') {
            // The last colon of an IPv6 address without port lies inside its brackets.
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| refused())?),
            _ => (authority, PORT),
        };
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        if host.is_empty() {
            return Err(refused());
        }
        Ok(Self { host: host.to_owned(), port, encrypted })
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_hosts_and_ports_are_understood() {
        let address = |host: &str, port, encrypted| Address { host: host.to_owned(), port, encrypted };
        for (uri, expected) in [
            ("bolt://localhost:7688", address("localhost", 7688, false)),
            ("neo4j://db.example.com/", address("db.example.com", 7687, false)),
            ("bolt+s://[::1]", address("::1", 7687, true)),
            ("neo4j+s://[::1]:1", address("::1", 1, true)),
        ] {
            assert_eq!(Address::parse(uri).unwrap(), expected, "{uri}");
        }
        for uri in ["", "localhost:7687", "http://a", "bolt://", "bolt://a:b", "bolt://user:pw@a", "bolt://a/db"] {
            assert!(Address::parse(uri).is_err(), "{uri}");
        }
    }
}
