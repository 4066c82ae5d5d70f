//! The names of the response directives, and where each is defined.

use std::fmt;

/// The name of a response directive that this origin knows how to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// `max-age`
    MaxAge,
    /// `s-maxage`
    SMaxAge,
    /// `no-cache`
    NoCache,
    /// `no-store`
    NoStore,
    /// `private`
    Private,
    /// `public`
    Public,
    /// `must-revalidate`
    MustRevalidate,
    /// `proxy-revalidate`
    ProxyRevalidate,
    /// `must-understand`
    MustUnderstand,
    /// `no-transform`
    NoTransform,
    /// `immutable`
    Immutable,
    /// `stale-while-revalidate`
    StaleWhileRevalidate,
    /// `stale-if-error`
    StaleIfError,
}

/// What may stand after a directive's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    /// `max-age=60`: a number of seconds, always.
    Seconds,
    /// `private` or `private="set-cookie"`: a quoted list of field names, or nothing.
    Fields,
    /// `public`: nothing.
    Nothing,
}

impl Name {
    /// Every name, in the order of the enum.
    pub const ALL: [Self; 13] = [
        Self::MaxAge,
        Self::SMaxAge,
        Self::NoCache,
        Self::NoStore,
        Self::Private,
        Self::Public,
        Self::MustRevalidate,
        Self::ProxyRevalidate,
        Self::MustUnderstand,
        Self::NoTransform,
        Self::Immutable,
        Self::StaleWhileRevalidate,
        Self::StaleIfError,
    ];

    /// The name as it is sent, in lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.definition().0
    }

    /// The section that defines the directive, such as `RFC 9111 §5.2.2.1`.
    #[must_use]
    pub fn section(self) -> &'static str {
        self.definition().2
    }

    pub(super) fn syntax(self) -> Syntax {
        self.definition().1
    }

    /// Names are compared without regard to case (RFC 9111 §5.2).
    pub(super) fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str().eq_ignore_ascii_case(text))
    }

    const fn definition(self) -> (&'static str, Syntax, &'static str) {
        use Syntax::{Fields, Nothing, Seconds};
        match self {
            Self::MaxAge => ("max-age", Seconds, "RFC 9111 §5.2.2.1"),
            Self::SMaxAge => ("s-maxage", Seconds, "RFC 9111 §5.2.2.10"),
            Self::NoCache => ("no-cache", Fields, "RFC 9111 §5.2.2.4"),
            Self::NoStore => ("no-store", Nothing, "RFC 9111 §5.2.2.5"),
            Self::Private => ("private", Fields, "RFC 9111 §5.2.2.7"),
            Self::Public => ("public", Nothing, "RFC 9111 §5.2.2.9"),
            Self::MustRevalidate => ("must-revalidate", Nothing, "RFC 9111 §5.2.2.2"),
            Self::ProxyRevalidate => ("proxy-revalidate", Nothing, "RFC 9111 §5.2.2.8"),
            Self::MustUnderstand => ("must-understand", Nothing, "RFC 9111 §5.2.2.3"),
            Self::NoTransform => ("no-transform", Nothing, "RFC 9111 §5.2.2.6"),
            Self::Immutable => ("immutable", Nothing, "RFC 8246 §2"),
            Self::StaleWhileRevalidate => ("stale-while-revalidate", Seconds, "RFC 5861 §3"),
            Self::StaleIfError => ("stale-if-error", Seconds, "RFC 5861 §4"),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
