//! What the client asked for, by the proxy that it asked: links should begin with it.

use http::header::HeaderName;
use http::uri::{Authority, Scheme};
use http::{HeaderMap, HeaderValue, Uri};

use super::{Found, find};
use crate::config::{ClientHeader, Proxies, PublicUrl};
use crate::peer::Peer;

const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// Scheme and host of a request as the client made it, as far as a trusted proxy says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    scheme: Option<Scheme>,
    host: Option<Authority>,
}

impl Asked {
    /// What these two say; what is not of its form says nothing.
    pub(super) fn of(scheme: Option<&[u8]>, host: Option<&[u8]>) -> Self {
        let scheme = scheme.and_then(|scheme| {
            [Scheme::HTTP, Scheme::HTTPS]
                .into_iter()
                .find(|known| scheme.eq_ignore_ascii_case(known.as_str().as_bytes()))
        });
        let host = host.and_then(|host| Authority::try_from(host).ok());
        Self { scheme, host: host.filter(|host| !host.as_str().contains('@')) }
    }

    /// What the client of a request asked for, that came from `peer` with these fields.
    #[must_use]
    pub fn by(peer: Peer, headers: &HeaderMap, proxies: &Proxies) -> Self {
        match (proxies.client_header, proxies.trusts(peer)) {
            (_, false) => Self::default(),
            (ClientHeader::XForwardedFor, true) => {
                Self::of(last(headers, X_FORWARDED_PROTO), last(headers, X_FORWARDED_HOST))
            }
            (ClientHeader::Forwarded, true) => match find(peer, headers, proxies) {
                Found::Hop(hop) => hop.asked,
                Found::Nothing | Found::Malformed => Self::default(),
            },
        }
    }

    /// The beginning of what was asked for, where links do not begin so. What is not said is taken to be as in links.
    #[must_use]
    pub fn differs(&self, links: &PublicUrl) -> Option<String> {
        let links: Uri = links.as_str().parse().ok()?;
        let linked = (links.scheme()?, links.authority()?);
        let asked = (self.scheme.as_ref().unwrap_or(linked.0), self.host.as_ref().unwrap_or(linked.1));
        let is_same = asked.0 == linked.0
            && asked.1.host().eq_ignore_ascii_case(linked.1.host())
            && port(asked) == port(linked);
        // What is said of one of the two leaves open what the other is.
        (!is_same).then(|| format!("{}://{}", asked.0, asked.1))
    }
}

/// The port, also where it is the scheme's own.
fn port((scheme, host): (&Scheme, &Authority)) -> u16 {
    host.port_u16().unwrap_or(if *scheme == Scheme::HTTPS { 443 } else { 80 })
}

/// The last entry of a list: that of the last proxy.
fn last(headers: &HeaderMap, name: HeaderName) -> Option<&[u8]> {
    let line = headers.get_all(name).iter().next_back().map(HeaderValue::as_bytes)?;
    line.rsplit(|byte| *byte == b',').next().map(<[u8]>::trim_ascii)
}
