//! Who is at the other end of a connection, for the log and for what is counted by address.

mod node;

use std::fmt;
use std::net::{IpAddr, SocketAddr};

pub use node::Node;

/// The other end of a connection; or, where a proxy begins it with a PROXY protocol header, whom it was relayed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// It came over the network, perhaps that of this machine. An IPv4 address is one, also where an IPv6 socket took it.
    Address(SocketAddr),
    /// It came by a Unix socket, and has no address.
    Unix,
}

impl Peer {
    /// The address alone, that of IPv4 as such; `None` where there is none.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Address(address) => Some(address.ip().to_canonical()),
            Self::Unix => None,
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Unix => f.write_str("unix"),
        }
    }
}

impl From<SocketAddr> for Peer {
    fn from(address: SocketAddr) -> Self {
        Self::Address(SocketAddr::new(address.ip().to_canonical(), address.port()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_address_is_one_on_an_ipv6_socket_too() {
        for (address, shown) in [
            ("192.0.2.1:1", "192.0.2.1:1"),
            ("[::ffff:192.0.2.1]:1", "192.0.2.1:1"),
            ("[2001:db8::1]:1", "[2001:db8::1]:1"),
        ] {
            let address: SocketAddr = address.parse().unwrap();
            assert_eq!(Peer::from(address).to_string(), shown);
        }
    }
}
