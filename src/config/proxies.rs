//! Which proxies are believed when they say whom they ask for.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::peer::Peer;

/// The proxies in front of this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxies {
    /// Those that are believed.
    pub trusted: Trusted,
    /// The header in which they name the client.
    pub client_header: ClientHeader,
}

/// Peers whose word is taken for who a client is; nobody's by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trusted {
    /// Their networks, IPv4 ones as such and not as a part of IPv6.
    pub networks: Vec<IpNet>,
    /// Whoever may connect to a Unix socket of ours.
    pub unix: bool,
}

/// A header by which a proxy says whom it asks for. Only the one that is named is read: a proxy passes on what it does not
/// write itself, so the other is whatever the client likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientHeader {
    /// `X-Forwarded-For`, and beside it `X-Forwarded-Proto` and `X-Forwarded-Host`.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Proxies {
    /// Whether this is a trusted proxy. What is limited for each address is not to be limited for it: it speaks for many.
    #[must_use]
    pub fn trusts(&self, peer: Peer) -> bool {
        match peer {
            Peer::Address(address) => self.trusts_address(address.ip()),
            Peer::Unix => self.trusted.unix,
        }
    }

    /// Whether a trusted proxy has this address.
    #[must_use]
    pub fn trusts_address(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.networks.iter().any(|network| network.contains(&address))
    }

    /// Whether anybody is trusted.
    #[must_use]
    pub fn are_trusted(&self) -> bool {
        self.trusted != Trusted::default()
    }
}

impl Default for Proxies {
    fn default() -> Self {
        Self { trusted: Trusted::default(), client_header: ClientHeader::XForwardedFor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::SocketAddr;

    #[test]
    fn peers_are_trusted_by_network_in_whatever_form_the_system_gives_their_address() {
        let networks = ["10.0.0.0/8", "::1/128", "192.0.2.7/32"].map(|text| text.parse().unwrap()).to_vec();
        let proxies =
            Proxies { trusted: Trusted { networks, unix: false }, client_header: ClientHeader::Forwarded };
        for (peer, trusted) in [
            ("10.255.0.1:1", true),
            ("[::ffff:10.0.0.1]:1", true),
            ("11.0.0.1:1", false),
            ("[::1]:1", true),
            ("[::2]:1", false),
            ("192.0.2.7:1", true),
            ("192.0.2.8:1", false),
        ] {
            let address: SocketAddr = peer.parse().unwrap();
            assert_eq!(proxies.trusts(Peer::Address(address)), trusted, "{peer}");
        }
        assert!(!proxies.trusts(Peer::Unix));
        assert!(proxies.are_trusted() && !Proxies::default().are_trusted());
    }
}
