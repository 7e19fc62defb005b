//! Who is at the other end, before it is known who that is.

use std::net::{IpAddr, Ipv6Addr};

use crate::audit::Caller;
use crate::secret::Secret;

/// What somebody presented to be let in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Credentials {
    /// An access token.
    Bearer(Secret),
    /// An API key.
    ApiKey(Secret),
}

/// What limits count a caller by: the address, and of IPv6 the network of 64 bits, of which one machine has every address.
pub(super) fn network(caller: &Caller) -> String {
    match caller.ip_address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Some(IpAddr::V4(address)) => address.to_string(),
        None => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_machine_has_one_network() {
        let of = |address: &str| network(&Caller { ip_address: address.parse().ok(), ..Caller::default() });
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:10.0.0.1"), "10.0.0.1");
        assert_eq!(of("nowhere"), "unknown");
    }
}
