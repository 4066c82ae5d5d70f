//! RFC 9111 §4.2.1 and §4.2.2: for how long a response is fresh.

use super::storage::is_heuristically_cacheable;
use crate::caching::directive::{DeltaSeconds, Name};
use crate::caching::received::{Given, Received};

/// "A response's freshness lifetime is the length of time between its generation by the origin server and its
/// expiration time." §4.2; in seconds. Not to be confused with an [`Age`](super::Age): see
/// [`fresh_for`](super::fresh_for).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FreshnessLifetime(u64);

/// A freshness lifetime, and where it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// How long.
    pub lifetime: FreshnessLifetime,
    /// Why.
    pub basis: Basis,
}

/// What a freshness lifetime comes from, in the order of §4.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// "If the cache is shared and the s-maxage response directive … is present, use its value"
    SMaxAge,
    /// "If the max-age response directive … is present, use its value"
    MaxAge,
    /// "If the Expires response header field … is present, use its value minus the value of the Date response header
    /// field"
    Expires,
    /// "If the response has a Last-Modified header field …, caches are encouraged to use a heuristic expiration value
    /// that is no more than some fraction of the interval since that time. A typical setting of this fraction might be
    /// 10%." §4.2.2
    Heuristic,
    /// The directive of this name has no value, or several that differ: "considered stale" (§4.2.1).
    Invalid(Name),
    /// Nothing says for how long.
    Nothing,
}

impl FreshnessLifetime {
    /// A lifetime of so many seconds.
    #[must_use]
    pub fn of_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Its seconds.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0
    }
}

/// "A cache can calculate the freshness lifetime (denoted as `freshness_lifetime`) of a response by evaluating the
/// following rules and using the first match: …" §4.2.1
#[must_use]
pub fn lifetime(response: &Received) -> Lifetime {
    let directive = |name, basis| match response.cache_control.seconds(name) {
        Given::Absent => None,
        Given::Valid(seconds) => Some(Lifetime::of(seconds, basis)),
        Given::Invalid => Some(Lifetime::new(0, Basis::Invalid(name))),
    };
    directive(Name::SMaxAge, Basis::SMaxAge)
        .or_else(|| directive(Name::MaxAge, Basis::MaxAge))
        .or_else(|| until_expires(response))
        .or_else(|| heuristic(response))
        .unwrap_or(Lifetime::new(0, Basis::Nothing))
}

/// "A cache recipient MUST interpret invalid date formats, especially the value "0", as representing a time in the past
/// (i.e., "already expired")." §5.3
fn until_expires(response: &Received) -> Option<Lifetime> {
    let seconds = match response.expires {
        Given::Absent => return None,
        Given::Valid(expires) => expires.seconds_since(response.date),
        Given::Invalid => 0,
    };
    Some(Lifetime::new(seconds, Basis::Expires))
}

/// "… heuristics can only be used on responses without explicit freshness whose status codes are defined as
/// "heuristically cacheable" (e.g., see Section 15.1 of [HTTP]) and on responses without explicit freshness that have
/// been marked as explicitly cacheable (e.g., with a public response directive)." §4.2.2
fn heuristic(response: &Received) -> Option<Lifetime> {
    let allowed = is_heuristically_cacheable(response.status) || response.cache_control.has(Name::Public);
    let modified = response.last_modified.valid().filter(|_| allowed)?;
    Some(Lifetime::new(response.date.seconds_since(modified) / 10, Basis::Heuristic))
}

impl Lifetime {
    fn new(seconds: u64, basis: Basis) -> Self {
        Self { lifetime: FreshnessLifetime(seconds), basis }
    }

    fn of(seconds: DeltaSeconds, basis: Basis) -> Self {
        Self::new(seconds.get().into(), basis)
    }
}
