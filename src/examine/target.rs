//! What is fetched: the parts of a link that a client needs, and which hosts only this network can reach.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::{HeaderValue, Uri};

/// An `http` or `https` URL, taken apart. Its fragment is gone: no client sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) scheme: Scheme,
    /// The host as a resolver takes it: an IPv6 address without its brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// Host and port as the URL has them: the value of `Host`.
    pub(super) authority: HeaderValue,
    /// Path and query: the request's target.
    pub(super) path: Uri,
}

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
}

/// Why a text cannot be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotATarget {
    /// It is no URL as requests write it (RFC 3986 §3): a scheme, `://`, a host; ASCII, encoded where need be.
    NotAUrl,
    /// Its scheme is neither `http` nor `https`.
    Scheme,
    /// It has a user name or a password before its host.
    UserInfo,
}

impl fmt::Display for NotATarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAUrl => "this is not a URL as requests write it",
            Self::Scheme => "the URL is neither http nor https",
            Self::UserInfo => "the URL has a user name before its host",
        })
    }
}

impl Scheme {
    fn of(uri: &Uri) -> Result<Self, NotATarget> {
        match uri.scheme_str() {
            Some("http") => Ok(Self::Http),
            Some("https") => Ok(Self::Https),
            Some(_) => Err(NotATarget::Scheme),
            None => Err(NotATarget::NotAUrl),
        }
    }

    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl Target {
    pub(super) fn parse(url: &str) -> Result<Self, NotATarget> {
        // The library lets UTF-8 into a path; a request does not.
        let ascii = if url.is_ascii() { url } else { return Err(NotATarget::NotAUrl) };
        let uri: Uri = ascii.parse().map_err(|_| NotATarget::NotAUrl)?;
        let scheme = Scheme::of(&uri)?;
        let authority = uri.authority().ok_or(NotATarget::NotAUrl)?;
        if authority.as_str().contains('@') {
            return Err(NotATarget::UserInfo);
        }
        let host = authority.host();
        let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        if host.is_empty() {
            return Err(NotATarget::NotAUrl);
        }
        Ok(Self {
            scheme,
            host: host.to_owned(),
            port: port(authority, scheme)?,
            authority: HeaderValue::from_str(authority.as_str()).map_err(|_| NotATarget::NotAUrl)?,
            path: uri.path_and_query().map_or(Uri::from_static("/"), |path| Uri::from(path.clone())),
        })
    }

    /// A link that the server answered with, as a person would write it: a path gets the host it belongs to.
    pub(super) fn absolute(&self, location: &str) -> String {
        if location.starts_with('/') && !location.starts_with("//") {
            let authority = String::from_utf8_lossy(self.authority.as_bytes());
            format!("{}://{authority}{location}", self.scheme.as_str())
        } else {
            location.to_owned()
        }
    }
}

/// The port to connect to. An empty one is the scheme's own; one that is no port is an error.
fn port(authority: &http::uri::Authority, scheme: Scheme) -> Result<u16, NotATarget> {
    match (authority.port_u16(), authority.as_str().strip_prefix(authority.host())) {
        (Some(port), _) => Ok(port),
        (None, Some("" | ":")) => Ok(scheme.port()),
        (None, _) => Err(NotATarget::NotAUrl),
    }
}

/// Whether the address can be reached from elsewhere on the internet (the registries of RFC 6890).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => address.to_ipv4_mapped().map_or_else(|| is_public_v6(address), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    // 100.64.0.0/10, between a provider and its customers (RFC 6598)
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    !(is_shared
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    !(address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_multicast())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_taken_apart() {
        for (url, scheme, host, port, authority, path) in [
            ("http://example.com", Scheme::Http, "example.com", 80, "example.com", "/"),
            ("https://example.com/a.jpg?v=1", Scheme::Https, "example.com", 443, "example.com", "/a.jpg?v=1"),
            ("https://example.com:8443/a#part", Scheme::Https, "example.com", 8443, "example.com:8443", "/a"),
            ("http://[::1]:8080/a", Scheme::Http, "::1", 8080, "[::1]:8080", "/a"),
            ("HTTPS://Example.com/A", Scheme::Https, "Example.com", 443, "Example.com", "/A"),
        ] {
            let (authority, path) = (HeaderValue::from_static(authority), Uri::from_static(path));
            let expected = Target { scheme, host: host.to_owned(), port, authority, path };
            assert_eq!(Target::parse(url), Ok(expected), "{url}");
        }
    }

    #[test]
    fn what_cannot_be_fetched_says_why() {
        for (url, why) in [
            ("", NotATarget::NotAUrl),
            ("a.jpg", NotATarget::NotAUrl),
            ("/a.jpg", NotATarget::NotAUrl),
            ("https://", NotATarget::NotAUrl),
            ("https://:80/a", NotATarget::NotAUrl),
            ("https://example.com:99999/a", NotATarget::NotAUrl),
            ("https://example.com/with space", NotATarget::NotAUrl),
            ("https://exämple.com/a", NotATarget::NotAUrl),
            ("https://example.com/ä", NotATarget::NotAUrl),
            ("ftp://example.com/a", NotATarget::Scheme),
            ("https://user:secret@example.com/a", NotATarget::UserInfo),
        ] {
            assert_eq!(Target::parse(url), Err(why), "{url}");
        }
    }

    #[test]
    fn a_path_that_a_server_names_gets_its_host() {
        let target = Target::parse("https://example.com/a").expect("a URL");
        for (location, absolute) in [
            ("/login", "https://example.com/login"),
            ("https://other.example/a", "https://other.example/a"),
            ("//other.example/a", "//other.example/a"),
            ("", ""),
        ] {
            assert_eq!(target.absolute(location), absolute);
        }
    }

    #[test]
    fn some_addresses_are_reached_from_here_only() {
        for (address, expected) in [
            ("93.184.216.34", true),
            ("2606:2800:220:1::1", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("100.64.0.1", false),
            ("100.128.0.1", true),
            ("169.254.1.1", false),
            ("0.0.0.0", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("fd00::1", false),
            ("fe80::1", false),
        ] {
            assert_eq!(is_public(address.parse().expect("an address")), expected, "{address}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_apart_without_a_panic(text: String) {
            let _target = Target::parse(&text);
        }
    }
}
