//! `Cache-Control` as typed directives (RFC 9111 §5.2.2), written and parsed back.
//!
//! A cache forgives: it "MUST ignore unrecognized cache directives" (RFC 9111 §5.2.3), so `max_age=60` or
//! `max-age=1h` would go out, be ignored, and nobody would hear of it. An origin must not forgive itself. Parsing is
//! therefore strict, reports everything that is wrong with a value at once, and each report has its place in the value.
//! What is well formed but makes no sense together is found by [`CacheControl::contradictions`].

mod argument;
mod build;
mod contradiction;
mod error;
mod name;
mod parse;
#[cfg(test)]
mod tests;

pub use argument::{DeltaSeconds, FieldNames};
pub use contradiction::Contradiction;
pub use error::{DirectiveError, DirectiveErrors};
pub use name::Name;
pub(super) use parse::is_token;

use http::HeaderValue;
use std::fmt;
use std::ops::Range;

/// One response directive with its argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directive {
    /// `max-age`: fresh until the response's age exceeds this (RFC 9111 §5.2.2.1).
    MaxAge(DeltaSeconds),
    /// `s-maxage`: the same for shared caches, instead of `max-age` (RFC 9111 §5.2.2.10).
    SMaxAge(DeltaSeconds),
    /// `no-cache`: may be stored, but not used before it is revalidated (RFC 9111 §5.2.2.4).
    NoCache(FieldNames),
    /// `no-store`: must not be stored at all (RFC 9111 §5.2.2.5).
    NoStore,
    /// `private`: for one user; shared caches must not store it (RFC 9111 §5.2.2.7).
    Private(FieldNames),
    /// `public`: any cache may store it, even where it otherwise might not (RFC 9111 §5.2.2.9).
    Public,
    /// `must-revalidate`: once stale, never used without revalidation (RFC 9111 §5.2.2.2).
    MustRevalidate,
    /// `proxy-revalidate`: the same, for shared caches only (RFC 9111 §5.2.2.8).
    ProxyRevalidate,
    /// `must-understand`: stored only by a cache that understands the status code (RFC 9111 §5.2.2.3).
    MustUnderstand,
    /// `no-transform`: intermediaries must not change the content (RFC 9111 §5.2.2.6).
    NoTransform,
    /// `immutable`: while fresh, not even a reload needs to ask again (RFC 8246 §2).
    Immutable,
    /// `stale-while-revalidate`: may be sent this long after it is stale, while being revalidated (RFC 5861 §3).
    StaleWhileRevalidate(DeltaSeconds),
    /// `stale-if-error`: may be sent this long after it is stale, if the origin fails (RFC 5861 §4).
    StaleIfError(DeltaSeconds),
}

/// A `Cache-Control` field value: at least one directive, each at most once, each with the argument it needs.
///
/// Two values are equal when they are sent alike; how a person spaced or capitalised them makes no difference.
#[derive(Clone, Debug)]
pub struct CacheControl {
    directives: Vec<Directive>,
    /// Where each directive stands in the text it was parsed from.
    places: Vec<Range<usize>>,
    header_value: HeaderValue,
}

impl CacheControl {
    /// Reads a field value as a person writes it.
    ///
    /// # Errors
    /// Everything that is wrong with `value`, in the order of its text: there is at least one error.
    pub fn parse(value: &str) -> Result<Self, DirectiveErrors> {
        parse::parse(value).map(Self::new)
    }

    /// `no-cache`: store it if you like, but ask before each use.
    #[must_use]
    pub fn no_cache() -> Self {
        Self::only(Directive::NoCache(FieldNames::default()))
    }

    /// `no-store`: keep nothing of it.
    #[must_use]
    pub fn no_store() -> Self {
        Self::only(Directive::NoStore)
    }

    fn only(directive: Directive) -> Self {
        let end = directive.to_string().len();
        Self::new(vec![(directive, 0..end)])
    }

    fn new(parsed: Vec<(Directive, Range<usize>)>) -> Self {
        let (directives, places): (Vec<_>, Vec<_>) = parsed.into_iter().unzip();
        let header_value = HeaderValue::try_from(Written(&directives).to_string())
            .expect("directives are written in visible ASCII");
        Self { directives, places, header_value }
    }

    /// The field value to send: lower case, one space after each comma.
    #[must_use]
    pub fn header_value(&self) -> &HeaderValue {
        &self.header_value
    }

    /// The directives in the order in which they were written; never empty.
    #[must_use]
    pub fn directives(&self) -> &[Directive] {
        &self.directives
    }

    /// The directive of this name, with its argument.
    #[must_use]
    pub fn get(&self, name: Name) -> Option<&Directive> {
        self.directives.iter().find(|own| own.name() == name)
    }

    /// Whether a directive of this name is there, with field names or without.
    #[must_use]
    pub fn has(&self, name: Name) -> bool {
        self.get(name).is_some()
    }

    /// Whether a directive of this name is there and is about the whole response: `no-cache`, not `no-cache="age"`.
    #[must_use]
    pub fn has_unqualified(&self, name: Name) -> bool {
        self.get(name).is_some_and(Directive::is_unqualified)
    }

    /// The seconds that `max-age`, `s-maxage`, `stale-while-revalidate` or `stale-if-error` gives; `None` for the others.
    #[must_use]
    pub fn seconds(&self, name: Name) -> Option<DeltaSeconds> {
        self.get(name).and_then(Directive::seconds)
    }

    /// What is well formed here and yet makes no sense together, the most restrictive directive first.
    #[must_use]
    pub fn contradictions(&self) -> Vec<Contradiction> {
        contradiction::find(self)
    }

    fn place(&self, name: Name) -> Option<Range<usize>> {
        let index = self.directives.iter().position(|own| own.name() == name)?;
        self.places.get(index).cloned()
    }
}

impl PartialEq for CacheControl {
    fn eq(&self, other: &Self) -> bool {
        self.directives == other.directives
    }
}

impl Eq for CacheControl {}

impl fmt::Display for CacheControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Written(&self.directives).fmt(f)
    }
}

/// Directives as they are sent.
struct Written<'a>(&'a [Directive]);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, directive) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{directive}")?;
        }
        Ok(())
    }
}

impl Directive {
    /// The directive's name.
    #[must_use]
    pub fn name(&self) -> Name {
        match self {
            Self::MaxAge(_) => Name::MaxAge,
            Self::SMaxAge(_) => Name::SMaxAge,
            Self::NoCache(_) => Name::NoCache,
            Self::NoStore => Name::NoStore,
            Self::Private(_) => Name::Private,
            Self::Public => Name::Public,
            Self::MustRevalidate => Name::MustRevalidate,
            Self::ProxyRevalidate => Name::ProxyRevalidate,
            Self::MustUnderstand => Name::MustUnderstand,
            Self::NoTransform => Name::NoTransform,
            Self::Immutable => Name::Immutable,
            Self::StaleWhileRevalidate(_) => Name::StaleWhileRevalidate,
            Self::StaleIfError(_) => Name::StaleIfError,
        }
    }

    fn seconds(&self) -> Option<DeltaSeconds> {
        match self {
            Self::MaxAge(seconds)
            | Self::SMaxAge(seconds)
            | Self::StaleWhileRevalidate(seconds)
            | Self::StaleIfError(seconds) => Some(*seconds),
            _ => None,
        }
    }

    fn is_unqualified(&self) -> bool {
        match self {
            Self::NoCache(fields) | Self::Private(fields) => fields.is_whole_response(),
            _ => true,
        }
    }
}

impl fmt::Display for Directive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name())?;
        match self {
            Self::NoCache(fields) | Self::Private(fields) => write!(f, "{fields}"),
            _ => self.seconds().map_or(Ok(()), |seconds| write!(f, "={seconds}")),
        }
    }
}
