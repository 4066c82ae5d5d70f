//! The words for what the page says, and for what it does not speak of.

use super::{Documented, Gap, NotKept};
use crate::caching::directive::Name;
use crate::caching::received::Received;
use crate::caching::verdict::words::{list, span};
use std::fmt;

/// What else is in the response that would matter to other caches.
pub(super) fn unspoken(response: &Received, documented: Documented) -> String {
    if !matches!(documented, Documented::For(_) | Documented::AskedEachTime | Documented::Compared) {
        return String::new();
    }
    let spoken = [Name::MaxAge, Name::NoCache, Name::NoStore, Name::Private];
    let directives = response.cache_control.names().filter(|name| !spoken.contains(name)).map(Name::as_str);
    let expires = (!response.expires.is_absent()).then_some("Expires");
    let age = (response.age > 0).then_some("Age");
    let names: Vec<_> = directives.chain(expires).chain(age).collect();
    if names.is_empty() { String::new() } else { format!(", and nothing of {}", list(&names)) }
}

impl fmt::Display for Documented {
    /// The reason, in a sentence without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let says = if matches!(self, Self::Undefined(_)) { "does not say" } else { "says" };
        write!(f, "360dialog's page {says} ")?;
        match self {
            Self::For(seconds) => {
                write!(f, "`max-age={seconds}` keeps it for {}", span(seconds.get().into()))
            }
            Self::AskedEachTime => f.write_str("`max-age=0` keeps it for no time at all"),
            Self::Compared => f.write_str("`no-cache` keeps it and updates it when `Last-Modified` differs"),
            Self::NotKept(NotKept::Forbidden(name)) => write!(f, "`{name}` keeps nothing"),
            Self::NotKept(NotKept::NoField) => {
                f.write_str("nothing is kept without `Cache-Control`, `Last-Modified` or `ETag`")
            }
            Self::Undisclosed => {
                f.write_str("a file with an `ETag` alone is kept by rules that Meta does not disclose")
            }
            Self::Undefined(gap) => gap.fmt(f),
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldNames(name) => write!(f, "what `{name}` with field names does"),
            Self::InvalidMaxAge => f.write_str("what `max-age` without one number of seconds does"),
            Self::NoCacheOrMaxAge => f.write_str("which of `no-cache` and `max-age` wins"),
            Self::NothingToCompare => {
                f.write_str("what `no-cache` does without the `Last-Modified` it requires")
            }
            Self::LastModifiedAlone => f.write_str("what `Last-Modified` does without `Cache-Control`"),
            Self::NoneOfTheDirectives => f.write_str(
                "what `Cache-Control` does without `max-age`, `no-cache`, `no-store` or `private`",
            ),
        }
    }
}
