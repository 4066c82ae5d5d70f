//! What is fetched: the parts of a link that a client needs.

use std::fmt;
use std::time::SystemTime;

use http::{HeaderValue, Uri};

use crate::whatsapp::Finding;
use crate::whatsapp::link::{self, Whose};

/// An `http` or `https` URL, taken apart. Its fragment is gone: no client sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) scheme: Scheme,
    pub(super) server: HostAndPort,
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

/// Whom a connection is opened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostAndPort {
    /// The host as a resolver takes it: an IPv6 address without its brackets.
    pub host: String,
    /// The port, also where the link names none.
    pub port: u16,
}

impl fmt::Display for HostAndPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

impl Scheme {
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
    /// Takes a link apart. `now` is for what the readers of links say of signed ones; nothing here depends on it.
    ///
    /// # Errors
    /// The finding for which the link cannot be fetched as it is written.
    pub(super) fn parse(url: &str, now: SystemTime) -> Result<Self, Finding> {
        let refusing = |findings: Vec<Finding>| findings.into_iter().find(Finding::refuses);
        let read = link::examine(url, "", now);
        let read = read.map_err(|findings| refusing(findings).unwrap_or_else(link::no_host))?;
        if let Some(login) = read.findings.into_iter().find(|finding| finding.code == link::USER_INFO) {
            return Err(login);
        }
        let target = match read.whose {
            Whose::Foreign(uri) => Self::of(&uri),
            Whose::Ours { .. } => None,
        };
        target.ok_or_else(link::no_host)
    }

    fn of(uri: &Uri) -> Option<Self> {
        let scheme = match uri.scheme_str()? {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        let authority = uri.authority()?;
        let host = authority.host();
        let host = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host).to_owned();
        Some(Self {
            scheme,
            server: HostAndPort { host, port: authority.port_u16().unwrap_or(scheme.port()) },
            authority: HeaderValue::from_str(authority.as_str()).ok()?,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<Target, Finding> {
        Target::parse(url, SystemTime::UNIX_EPOCH)
    }

    #[test]
    fn a_link_is_taken_apart() {
        for (url, scheme, host, port, authority, path) in [
            ("http://example.com", Scheme::Http, "example.com", 80, "example.com", "/"),
            ("https://example.com/a.jpg?v=1", Scheme::Https, "example.com", 443, "example.com", "/a.jpg?v=1"),
            ("https://example.com:8443/a#part", Scheme::Https, "example.com", 8443, "example.com:8443", "/a"),
            ("http://[::1]:8080/a", Scheme::Http, "::1", 8080, "[::1]:8080", "/a"),
            ("HTTPS://Example.com/A", Scheme::Https, "Example.com", 443, "Example.com", "/A"),
            ("https://example.com/100%", Scheme::Https, "example.com", 443, "example.com", "/100%"),
        ] {
            let (authority, path) = (HeaderValue::from_static(authority), Uri::from_static(path));
            let server = HostAndPort { host: host.to_owned(), port };
            assert_eq!(parse(url), Ok(Target { scheme, server, authority, path }), "{url}");
        }
    }

    #[test]
    fn what_cannot_be_fetched_says_why_as_every_reader_of_links_does() {
        for (url, code) in [
            ("", "not-a-link"),
            ("a.jpg", "not-a-link"),
            ("/a.jpg", "not-a-link"),
            ("https://", "not-a-link"),
            ("https://:80/a", "not-a-link"),
            ("https://example.com:99999/a", "not-a-link"),
            ("https://example.com/with space", "link-not-encoded"),
            ("https://exämple.com/a", "link-host-not-ascii"),
            ("https://example.com/ä", "link-not-encoded"),
            ("ftp://example.com/a", "link-scheme"),
            ("https://user:secret@example.com/a", "link-user-info"),
        ] {
            let finding = parse(url).expect_err(url);
            assert_eq!(finding.code, code, "{url}");
            assert!(finding.refuses() && !format!("{finding:?}").contains("secret"), "{finding:?}");
        }
    }

    #[test]
    fn a_server_is_named_as_tools_take_it() {
        for (host, name) in [("a.test", "a.test:443"), ("::1", "[::1]:443")] {
            assert_eq!(HostAndPort { host: host.to_owned(), port: 443 }.to_string(), name);
        }
    }

    #[test]
    fn a_path_that_a_server_names_gets_its_host() {
        let target = parse("https://example.com/a").expect("a URL");
        for (location, absolute) in [
            ("/login", "https://example.com/login"),
            ("https://other.example/a", "https://other.example/a"),
            ("//other.example/a", "//other.example/a"),
            ("", ""),
        ] {
            assert_eq!(target.absolute(location), absolute);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken_apart_without_a_panic(text: String) {
            let _target = parse(&text);
        }
    }
}
