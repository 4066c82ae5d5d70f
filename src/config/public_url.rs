//! The prefix of every link.

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::fmt;
use std::str::FromStr;

/// An `http` or `https` URL to which an asset path is appended: a host, perhaps a port, perhaps a path; no trailing
/// slash, no query, no fragment, no user name.
///
/// The path is in the one spelling that requests use: encoded where it must be and nowhere else, in upper case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    url: String,
    /// Where the path begins, or the end if there is none.
    mount: usize,
}

/// Why a text is not a [`PublicUrl`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicUrlError {
    /// It is no URL with a scheme and a host (RFC 3986 §3), or has a port above 65535.
    NotAbsolute,
    /// The scheme is neither `http` nor `https`.
    Scheme,
    /// It has a user name or password before the host.
    UserInfo,
    /// It has a query or a fragment.
    AfterPath,
    /// The path ends with a slash.
    TrailingSlash,
    /// This segment of the path is empty, is `.` or `..`, or is not encoded as requests would have it.
    Segment(String),
}

/// All but the characters that stand for themselves in a segment: `pchar` (RFC 3986 §3.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~') // unreserved
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')') // sub-delims
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

impl PublicUrl {
    /// The URL without a trailing slash: append `/` and an encoded asset path to link to it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.url
    }

    /// The URL's path, as it stands in requests: empty, or such as `/media`.
    #[must_use]
    pub fn mount(&self) -> &str {
        self.url.get(self.mount..).unwrap_or_default()
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains(['?', '#']) {
            return Err(PublicUrlError::AfterPath);
        }
        let uri: Uri = text.parse().map_err(|_| PublicUrlError::NotAbsolute)?;
        let scheme = uri.scheme_str().ok_or(PublicUrlError::NotAbsolute)?;
        if !matches!(scheme, "http" | "https") {
            return Err(PublicUrlError::Scheme);
        }
        let authority = authority(&uri)?;
        let path = uri.path().strip_prefix('/').unwrap_or_default();
        check_path(path)?;
        let origin = format!("{scheme}://{authority}");
        let slash = if path.is_empty() { "" } else { "/" };
        Ok(Self { mount: origin.len(), url: format!("{origin}{slash}{path}") })
    }
}

/// Host and port, the host in lower case.
fn authority(uri: &Uri) -> Result<String, PublicUrlError> {
    let authority = uri.authority().ok_or(PublicUrlError::NotAbsolute)?;
    if authority.as_str().contains('@') {
        return Err(PublicUrlError::UserInfo);
    }
    let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
    if authority.host().is_empty() || (authority.port_u16().is_none() && !port.is_empty()) {
        return Err(PublicUrlError::NotAbsolute);
    }
    Ok(authority.as_str().to_ascii_lowercase())
}

fn check_path(path: &str) -> Result<(), PublicUrlError> {
    if path.is_empty() {
        return Ok(());
    }
    let path = match path.strip_suffix('/') {
        Some(_) => return Err(PublicUrlError::TrailingSlash),
        None => path,
    };
    match path.split('/').find(|segment| canonical(segment).as_deref() != Some(segment)) {
        Some(segment) => Err(PublicUrlError::Segment(segment.to_owned())),
        None => Ok(()),
    }
}

/// The one spelling of a segment; `None` for one that has no place in a path.
fn canonical(segment: &str) -> Option<String> {
    let decoded = percent_decode_str(segment).decode_utf8().ok()?;
    let refused = matches!(&*decoded, "" | "." | "..") || decoded.contains(['/', '\\', '\0']);
    (!refused).then(|| utf8_percent_encode(&decoded, ENCODED).to_string())
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

impl PublicUrlError {
    /// What should have been written.
    pub(super) fn expected(&self) -> String {
        match self {
            Self::NotAbsolute => "expected `https://`, a host, and perhaps a port and a path".into(),
            Self::Scheme => "expected `http://` or `https://`".into(),
            Self::UserInfo => "expected the host right after `//`".into(),
            Self::AfterPath => "expected neither `?` nor `#`: links append to this".into(),
            Self::TrailingSlash => "expected no slash at the end: links add their own".into(),
            Self::Segment(segment) => match canonical(segment) {
                Some(canonical) => format!("expected `{canonical}` for `{segment}`"),
                None => "expected names between the slashes".into(),
            },
        }
    }
}

impl fmt::Display for PublicUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAbsolute => f.write_str("this is not the URL of a host"),
            Self::Scheme => f.write_str("the URL is not one of HTTP"),
            Self::UserInfo => f.write_str("the URL has a user name"),
            Self::AfterPath => f.write_str("the URL has a query or a fragment"),
            Self::TrailingSlash => f.write_str("the URL ends with a slash"),
            Self::Segment(segment) => {
                write!(f, "`{segment}` is not a segment of a path as requests write it")
            }
        }
    }
}

impl std::error::Error for PublicUrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_prefix_and_a_mount() {
        for (text, url, mount) in [
            ("http://127.0.0.1:8080/media", "http://127.0.0.1:8080/media", "/media"),
            ("https://media.example.com", "https://media.example.com", ""),
            ("https://media.example.com/", "https://media.example.com", ""),
            ("HTTPS://Media.Example.com/A", "https://media.example.com/A", "/A"),
            ("http://[::1]:8080/a/b", "http://[::1]:8080/a/b", "/a/b"),
            ("https://example.com/m%C3%A9dia", "https://example.com/m%C3%A9dia", "/m%C3%A9dia"),
            ("https://example.com/a:b@c=d", "https://example.com/a:b@c=d", "/a:b@c=d"),
        ] {
            let parsed: PublicUrl = text.parse().expect(text);
            assert_eq!((parsed.as_str(), parsed.mount()), (url, mount));
        }
    }

    #[test]
    fn what_links_cannot_begin_with_is_refused() {
        use PublicUrlError as E;
        let segment = |text: &str| E::Segment(text.to_owned());
        for (text, error) in [
            ("", E::NotAbsolute),
            ("/media", E::NotAbsolute),
            ("media.example.com", E::NotAbsolute),
            ("media.example.com/media", E::NotAbsolute),
            ("https://", E::NotAbsolute),
            ("https://:8080", E::NotAbsolute),
            ("https://a b/", E::NotAbsolute),
            ("https://example.com:99999", E::NotAbsolute),
            ("https://example.com:/", E::NotAbsolute),
            ("ftp://example.com", E::Scheme),
            ("https://user@example.com", E::UserInfo),
            ("https://example.com?x", E::AfterPath),
            ("https://example.com/#x", E::AfterPath),
            ("https://example.com/media/", E::TrailingSlash),
            ("https://example.com//", E::TrailingSlash),
            ("https://example.com//a", segment("")),
            ("https://example.com/a/../b", segment("..")),
            ("https://example.com/%2e%2e", segment("%2e%2e")),
            ("https://example.com/%61", segment("%61")),
            ("https://example.com/%c3%a9", segment("%c3%a9")),
            ("https://example.com/%FF", segment("%FF")),
            ("https://example.com/a%2Fb", segment("a%2Fb")),
            ("https://example.com/100%", segment("100%")),
        ] {
            assert_eq!(text.parse::<PublicUrl>(), Err(error), "{text}");
        }
    }
}
