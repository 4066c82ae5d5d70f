//! Meta's cache by the rules that were documented from 2022 to 2024, and that partners' pages still print.
//!
//! The page names four directives and two validators, each by itself:
//!
//! | response | what the page says |
//! |---|---|
//! | `max-age=n` | kept for n seconds, then requested again |
//! | `no-cache` | may be kept; updated if `Last-Modified` differs, which it therefore requires |
//! | `no-store` | not kept |
//! | `private` | not kept |
//! | `ETag` beside neither `Cache-Control` nor `Last-Modified` | kept by a logic that is not disclosed |
//! | `ETag` beside one of them | ignored |
//! | none of the three fields | not kept |
//!
//! It is silent on everything else. Here is what becomes of it, and why:
//!
//! * **What the page does not name changes nothing.** "A cache MUST ignore unrecognized cache directives" (RFC 9111
//!   §5.2.3), so `public, max-age=60` is `max-age=60`; the verdict mentions it. The same holds for `Expires` and `Age`.
//! * **A prohibition wins.** `no-store` and `private` forbid, while `max-age` and `no-cache` allow; a cache that keeps
//!   nothing is at odds with neither, and "the most restrictive directive should be honored" (RFC 9111 §4.2.1).
//! * **Where two readings differ, it is undefined.** `no-cache, max-age=60` could be kept for a minute or compared each
//!   time. With `max-age=0` both readings ask each time, so that is `no-cache`.
//! * **So is what is half said**: a form with field names, `max-age` without a number, `no-cache` without
//!   `Last-Modified`, `Last-Modified` alone, and a `Cache-Control` of none of the four.

mod words;

use super::{Cache, Reuse, Then, Verdict};
use crate::caching::directive::{DeltaSeconds, Name};
use crate::caching::freshness::{How, Stale};
use crate::caching::received::{Given, Received, Scope};

const SOURCE: &str = "docs.360dialog.com/docs/waba-messaging/media";

/// What the page says of a response with status 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Documented {
    /// It is kept this long, at least a second.
    For(DeltaSeconds),
    /// It is requested again each time: `max-age=0`.
    AskedEachTime,
    /// It is kept, and updated if `Last-Modified` differs.
    Compared,
    /// It is not kept.
    NotKept(NotKept),
    /// It is kept by a logic that is not disclosed: there is an `ETag` and neither of the other two fields.
    Undisclosed,
    /// The page does not say.
    Undefined(Gap),
}

/// Why a response is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// This directive forbids it: `no-store` or `private`.
    Forbidden(Name),
    /// None of the three fields is there.
    NoField,
}

/// What the page does not say. `Display` is a clause that follows "the page does not say".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// What `no-cache` or `private` means for some fields only.
    FieldNames(Name),
    /// What a `max-age` without a number means, or several that differ.
    InvalidMaxAge,
    /// Which of `no-cache` and `max-age` wins.
    NoCacheOrMaxAge,
    /// What `no-cache` compares where there is no `Last-Modified`.
    NothingToCompare,
    /// What `Last-Modified` does without `Cache-Control`.
    LastModifiedAlone,
    /// What a `Cache-Control` means that has none of its directives.
    NoneOfTheDirectives,
}

/// What the page says of this response, if its status is 200.
#[must_use]
pub fn judge(response: &Received) -> Documented {
    let directives = &response.cache_control;
    if directives.is_empty() {
        return without_cache_control(response);
    }
    if directives.has(Name::NoStore) {
        return Documented::NotKept(NotKept::Forbidden(Name::NoStore));
    }
    match (directives.scope(Name::Private), directives.scope(Name::NoCache)) {
        (Scope::Everything, _) => Documented::NotKept(NotKept::Forbidden(Name::Private)),
        (Scope::Fields(_), _) => Documented::Undefined(Gap::FieldNames(Name::Private)),
        (_, Scope::Fields(_)) => Documented::Undefined(Gap::FieldNames(Name::NoCache)),
        (Scope::Nothing, Scope::Everything) => no_cache(response),
        (Scope::Nothing, Scope::Nothing) => max_age(response),
    }
}

fn without_cache_control(response: &Received) -> Documented {
    if !response.last_modified.is_absent() {
        Documented::Undefined(Gap::LastModifiedAlone)
    } else if !response.etag.is_absent() {
        Documented::Undisclosed
    } else {
        Documented::NotKept(NotKept::NoField)
    }
}

fn no_cache(response: &Received) -> Documented {
    match response.cache_control.seconds(Name::MaxAge) {
        Given::Absent => {}
        Given::Valid(seconds) if seconds.get() == 0 => {}
        Given::Valid(_) | Given::Invalid => return Documented::Undefined(Gap::NoCacheOrMaxAge),
    }
    if response.last_modified.is_valid() {
        Documented::Compared
    } else {
        Documented::Undefined(Gap::NothingToCompare)
    }
}

fn max_age(response: &Received) -> Documented {
    match response.cache_control.seconds(Name::MaxAge) {
        Given::Valid(seconds) if seconds.get() == 0 => Documented::AskedEachTime,
        Given::Valid(seconds) => Documented::For(seconds),
        Given::Invalid => Documented::Undefined(Gap::InvalidMaxAge),
        Given::Absent => Documented::Undefined(Gap::NoneOfTheDirectives),
    }
}

/// What it does with an asset.
pub(super) fn verdict(response: &Received) -> Verdict {
    let documented = judge(response);
    let because = format!("{documented}{}", words::unspoken(response, documented));
    Verdict { cache: Cache::Documented, reuse: documented.reuse(), because, source: SOURCE }
}

impl Documented {
    fn reuse(self) -> Reuse {
        let checks = |checks| Then { checks, stale: Stale::Never };
        match self {
            Self::For(seconds) => Reuse::lasting(seconds.get().into(), checks(How::Whole)),
            Self::AskedEachTime => Reuse::AfterRevalidation(checks(How::Whole)),
            Self::Compared => Reuse::AfterRevalidation(checks(How::LastModified)),
            Self::NotKept(_) => Reuse::Never,
            Self::Undisclosed => Reuse::Undisclosed,
            Self::Undefined(_) => Reuse::Undefined,
        }
    }
}
