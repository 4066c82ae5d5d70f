//! A node: a client, or a proxy on the way (RFC 7239 §6).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Who sent a request to a proxy, as the proxy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// This address, and its port if that is said. An IPv4 address is one, in whatever form it is written.
    Address(IpAddr, Option<u16>),
    /// Somebody who has a name in place of an address: an underscore, then letters, digits, dots, underscores and hyphens
    /// (§6.3).
    Obfuscated(Box<str>),
    /// The proxy does not know (§6.2), or the client came by a Unix socket.
    Unknown,
}

impl Node {
    /// `node = nodename [ ":" node-port ]` (§6), the value of `for` without quotes.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (node, port) = if let Some(literal) = text.strip_prefix('[') {
            let (address, port) = literal.split_once(']')?;
            (Self::from(IpAddr::V6(address.parse().ok()?)), port)
        } else {
            let (name, port) = text.split_at_checked(text.find(':').unwrap_or(text.len()))?;
            (Self::named(name)?, port)
        };
        let port = if port.is_empty() { None } else { node_port(port.strip_prefix(':')?)? };
        Some(match node {
            Self::Address(address, _) => Self::Address(address, port),
            node => node,
        })
    }

    /// The address alone; `None` where there is none.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Address(address, _) => Some(*address),
            Self::Obfuscated(_) | Self::Unknown => None,
        }
    }

    /// `nodename` but for IPv6.
    fn named(name: &str) -> Option<Self> {
        if name.eq_ignore_ascii_case("unknown") {
            return Some(Self::Unknown);
        }
        if is_obfuscated(name) {
            return Some(Self::Obfuscated(name.into()));
        }
        name.parse::<Ipv4Addr>().ok().map(|address| IpAddr::V4(address).into())
    }

    /// An entry of `X-Forwarded-For`, which nothing specifies: proxies write an address, IPv6 without brackets, some a port
    /// behind it; nginx writes `unix:` for a client that came by a Unix socket.
    pub(crate) fn of_entry(entry: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(entry).ok()?;
        if text == "unix:" {
            return Some(Self::Unknown);
        }
        text.parse::<IpAddr>().ok().map(Self::from).or_else(|| Self::parse(text))
    }
}

/// `node-port = port / obfport`: the number, if it is one.
#[expect(clippy::option_option, reason = "a port that is no port is not one that is not said")]
fn node_port(text: &str) -> Option<Option<u16>> {
    if is_obfuscated(text) {
        return Some(None);
    }
    let is_number = (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_number).map(Some)
}

/// `obfnode = "_" 1*( ALPHA / DIGIT / "." / "_" / "-")`
fn is_obfuscated(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    text.strip_prefix('_').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(fits))
}

impl From<IpAddr> for Node {
    fn from(address: IpAddr) -> Self {
        Self::Address(address.to_canonical(), None)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address, None) => address.fmt(f),
            Self::Address(address, Some(port)) => SocketAddr::new(*address, *port).fmt(f),
            Self::Obfuscated(name) => f.write_str(name),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}
