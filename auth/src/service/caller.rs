//! Who is at the other end, before it is known who that is.

use std::net::{IpAddr, Ipv6Addr};

use crate::secret::Secret;

/// Where a request came from. It goes into the audit trail, and its address is what limits are counted by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// Its address: of the connection, never of a header that the caller can write.
    pub address: Option<IpAddr>,
    /// What program it says to be.
    pub user_agent: Option<String>,
    /// The request's id.
    pub request_id: Option<String>,
}

/// What somebody presented to be let in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credentials {
    /// An access token.
    Bearer(Secret),
    /// An API key.
    ApiKey(Secret),
}

impl Caller {
    /// What limits count by: the address, and of IPv6 the network of 64 bits, of which one machine has every address.
    pub(super) fn network(&self) -> String {
        match self.address.map(|address| address.to_canonical()) {
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            Some(IpAddr::V4(address)) => address.to_string(),
            None => "unknown".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_machine_has_one_network() {
        let network = |address: &str| Caller { address: address.parse().ok(), ..Caller::default() }.network();
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:10.0.0.1"), "10.0.0.1");
        assert_eq!(network("nowhere"), "unknown");
    }
}
