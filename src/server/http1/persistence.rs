//! Whether a connection goes on after a response (RFC 9112 §9.3).

use http::header::CONNECTION;
use http::{HeaderMap, HeaderValue, Version};

/// What becomes of a connection after a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Persistence {
    /// It goes on, as it does unless something is said.
    Usual,
    /// It goes on because an HTTP/1.0 client asked for that, and is told so.
    Agreed,
    /// It ends, and the client is told so.
    Ends,
}

impl Persistence {
    /// What follows from the version of a request and from its fields:
    ///
    /// "If the "close" connection option is present (Section 9.6), the connection will not persist after the current
    /// response; else, If the received protocol is HTTP/1.1 (or later), the connection will persist after the current
    /// response; else, If the received protocol is HTTP/1.0, the "keep-alive" connection option is present, either the
    /// recipient is not a proxy or the message is a response, and the recipient wishes to honor the HTTP/1.0
    /// "keep-alive" mechanism, the connection will persist after the current response; otherwise, The connection will
    /// close after the current response." §9.3
    pub(super) fn of(version: Version, fields: &HeaderMap) -> Self {
        let connection = || fields.get_all(CONNECTION);
        if has_option(connection(), "close") {
            Self::Ends
        } else if version >= Version::HTTP_11 {
            Self::Usual
        } else if has_option(connection(), "keep-alive") {
            Self::Agreed
        } else {
            Self::Ends
        }
    }

    /// What becomes of it if it ends anyway.
    pub(super) fn unless(self, ends: bool) -> Self {
        if ends { Self::Ends } else { self }
    }

    /// What the client is told, if it has to be.
    pub(super) fn option(self) -> Option<&'static str> {
        match self {
            Self::Usual => None,
            Self::Agreed => Some("keep-alive"),
            Self::Ends => Some("close"),
        }
    }
}

/// Whether `Connection` has that option: "Connection options are case-insensitive." (RFC 9110 §7.6.1)
pub(super) fn has_option<'a>(connection: impl IntoIterator<Item = &'a HeaderValue>, option: &str) -> bool {
    let mut options = connection.into_iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    options.any(|it| it.trim_ascii().eq_ignore_ascii_case(option.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_version_and_options_say() {
        use Persistence::{Agreed, Ends, Usual};
        for (version, connection, expected) in [
            (Version::HTTP_11, None, Usual),
            (Version::HTTP_11, Some("keep-alive"), Usual),
            (Version::HTTP_11, Some("Close"), Ends),
            (Version::HTTP_11, Some("upgrade , close"), Ends),
            (Version::HTTP_11, Some("closed"), Usual),
            (Version::HTTP_10, None, Ends),
            (Version::HTTP_10, Some("Keep-Alive"), Agreed),
            (Version::HTTP_10, Some("keep-alive, close"), Ends),
        ] {
            let fields = connection.map(|value| (CONNECTION, value.parse().unwrap())).into_iter().collect();
            assert_eq!(Persistence::of(version, &fields), expected, "{version:?} {connection:?}");
        }
        assert_eq!(Usual.unless(true), Ends);
        assert_eq!(Agreed.unless(false), Agreed);
    }
}
