//! Whom a request is from, where trusted proxies say so: by `X-Forwarded-For` and its kin, or by `Forwarded` (RFC 7239).
//!
//! For the log, and for one hint about links: nothing that a request is given, or denied, follows from it. "The most
//! difficult part of using the header fields is to make sure that they cannot be spoofed": only the header is read that
//! the configuration names, only from trusted proxies, and from right to left, as each proxy adds what it saw on the
//! right. The first node that is no trusted proxy is the client; what stands left of it is that client's own word.
//!
//! ```text
//! headers → hops, the last first → the client's hop → Client       the log
//!                                                   → Asked        the hint about links
//! ```

mod asked;
mod rfc7239;

use std::fmt;

use http::HeaderMap;
use http::header::{FORWARDED, HeaderName};

use crate::config::{ClientHeader, Proxies};
use crate::peer::{Node, Peer};
pub use asked::Asked;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Whom a request is from. `Display` is the client's address as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The other end of the connection, which no header can change.
    pub peer: Peer,
    /// For whom it says to ask, if it is believed.
    pub forwarded: Forwarded,
}

/// What trusted proxies say of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forwarded {
    /// Nothing, or nobody trusted says it: the client is the peer.
    Nothing,
    /// It is this one.
    For(Node),
    /// What stands where the last proxy writes is not of its form: the client is taken to be the peer.
    Malformed,
}

/// What one proxy says of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hop {
    /// From whom it came.
    node: Node,
    /// How it came, where `Forwarded` says that: scheme and host.
    asked: Asked,
}

/// A field is not of its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Malformed;

/// The hop by which the client came.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    Hop(Hop),
    Malformed,
}

impl Client {
    /// Whom a request with these fields is from, that came from `peer`.
    #[must_use]
    pub fn of(peer: Peer, headers: &HeaderMap, proxies: &Proxies) -> Self {
        let forwarded = match find(peer, headers, proxies) {
            Found::Nothing => Forwarded::Nothing,
            Found::Hop(hop) => Forwarded::For(hop.node),
            Found::Malformed => Forwarded::Malformed,
        };
        Self { peer, forwarded }
    }

    /// The client, where a proxy says that it is another than the peer.
    #[must_use]
    pub fn forwarded_for(&self) -> Option<&Node> {
        match &self.forwarded {
            Forwarded::For(node) => Some(node),
            Forwarded::Nothing | Forwarded::Malformed => None,
        }
    }
}

impl From<Peer> for Client {
    fn from(peer: Peer) -> Self {
        Self { peer, forwarded: Forwarded::Nothing }
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.forwarded {
            Forwarded::For(node) => node.fmt(f),
            Forwarded::Nothing | Forwarded::Malformed => self.peer.fmt(f),
        }
    }
}

/// The client's hop: from the right, the first that did not come from a trusted proxy; the last one, if all did.
fn find(peer: Peer, headers: &HeaderMap, proxies: &Proxies) -> Found {
    if !proxies.trusts(peer) {
        return Found::Nothing;
    }
    let mut found = Found::Nothing;
    for hop in hops(headers, proxies.client_header) {
        let hop = match hop {
            Ok(hop) => hop,
            // What a trusted proxy is said to have sent is no reason to doubt who that proxy is.
            Err(Malformed) if found == Found::Nothing => return Found::Malformed,
            Err(Malformed) => return found,
        };
        let is_proxy = matches!(hop.node, Node::Address(ip, _) if proxies.trusts_address(ip));
        found = Found::Hop(hop);
        if !is_proxy {
            break;
        }
    }
    found
}

/// What the fields say, the last first.
fn hops(headers: &HeaderMap, header: ClientHeader) -> impl Iterator<Item = Result<Hop, Malformed>> {
    let name = match header {
        ClientHeader::XForwardedFor => X_FORWARDED_FOR,
        ClientHeader::Forwarded => FORWARDED,
    };
    let read = move |line: &[u8]| match header {
        ClientHeader::XForwardedFor => list(line),
        ClientHeader::Forwarded => elements(line),
    };
    headers.get_all(name).iter().rev().flat_map(move |line| read(line.as_bytes()).into_iter().rev())
}

/// The entries of a line of `X-Forwarded-For`, each read for itself: what a client wrote there before cannot spoil what a
/// proxy adds.
fn list(line: &[u8]) -> Vec<Result<Hop, Malformed>> {
    let entries = line.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let hop = |entry| match Node::of_entry(entry) {
        Some(node) => Ok(Hop { node, asked: Asked::default() }),
        None => Err(Malformed),
    };
    entries.filter(|entry| !entry.is_empty()).map(hop).collect()
}

/// The elements of a line of `Forwarded`, which is of its form as a whole or not at all.
fn elements(line: &[u8]) -> Vec<Result<Hop, Malformed>> {
    match rfc7239::elements(line) {
        Some(hops) => hops.into_iter().map(Ok).collect(),
        None => vec![Err(Malformed)],
    }
}

#[cfg(test)]
mod tests;
