//! A response as a cache reads it: whatever its fields say, it is one of a few things.
//!
//! [`directive`](super::directive) reads what an operator writes and refuses what a cache would only ignore. Here it
//! is the other way round: the bytes come from any server, and each case that is wrong has the meaning that RFC 9111
//! gives it. What has no usable meaning is [`Given::Invalid`], which is not the same as absent: "Caches are encouraged
//! to consider responses that have invalid freshness information (e.g., a max-age directive with non-integer content)
//! to be stale." §4.2.1
//!
//! `Pragma` is not read: it "is deprecated" (§5.4) and has never had a meaning in responses. Nor is `Set-Cookie`: it
//! "does not inhibit caching" (§7.3).

mod directives;
mod field;
#[cfg(test)]
mod tests;

pub use directives::{Directives, Scope};
pub use field::cache_control_field;

use super::directive::DeltaSeconds;
use crate::semantics::{EntityTag, HttpDate};
use http::header::{AGE, CACHE_CONTROL, DATE, ETAG, EXPIRES, HeaderName, LAST_MODIFIED, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};

/// What was given for something that has at most one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given<T> {
    /// Nothing.
    Absent,
    /// This value; several times perhaps, but always this one.
    Valid(T),
    /// Something of which no one value can be made: malformed, or several that differ.
    Invalid,
}

/// A response to a GET, and when it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// The status code.
    pub status: StatusCode,
    /// What `Cache-Control` says, over all its field lines.
    pub cache_control: Directives,
    /// `Expires` (§5.3).
    pub expires: Given<HttpDate>,
    /// `Age` in seconds (§5.1); 0 where there is none, or none that can be read.
    pub age: u64,
    /// `Date`, or else when the response was received.
    pub date: HttpDate,
    /// `Last-Modified` (RFC 9110 §8.8.2).
    pub last_modified: Given<HttpDate>,
    /// `ETag` (RFC 9110 §8.8.3), as it is sent back.
    pub etag: Given<HeaderValue>,
    /// Whether `Vary` has the member `*`: no other request is like this one (§4.1).
    pub varies_on_everything: bool,
    /// When the request was sent.
    pub requested: HttpDate,
    /// When the response was received.
    pub received: HttpDate,
}

impl Received {
    /// Reads the response to a GET that was sent at `requested`; it came at `received`.
    #[must_use]
    pub fn read(status: StatusCode, headers: &HeaderMap, requested: HttpDate, received: HttpDate) -> Self {
        Self {
            status,
            cache_control: Directives::read(headers.get_all(CACHE_CONTROL)),
            expires: Given::one(headers, &EXPIRES, HttpDate::parse),
            age: age(headers),
            date: date(headers, received),
            last_modified: Given::one(headers, &LAST_MODIFIED, HttpDate::parse),
            etag: Given::one(headers, &ETAG, entity_tag),
            varies_on_everything: varies_on_everything(headers),
            requested,
            received,
        }
    }
}

impl<T> Given<T> {
    /// The value, if there is one.
    #[must_use]
    pub fn valid(self) -> Option<T> {
        match self {
            Self::Valid(value) => Some(value),
            Self::Absent | Self::Invalid => None,
        }
    }

    /// Whether there is a value.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        matches!(self, Self::Valid(_))
    }

    /// Whether nothing was given.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T: PartialEq> Given<T> {
    /// What these readings come to: "When there is more than one value present for a given directive (e.g., two
    /// Expires header field lines or multiple Cache-Control: max-age directives), either the first occurrence should be
    /// used or the response should be considered stale." §4.2.1
    ///
    /// Values that differ are taken for none of them: of the two ways, this is the one that promises less.
    fn all(readings: impl IntoIterator<Item = Option<T>>) -> Self {
        let join = |given, reading| match (given, reading) {
            (Self::Absent, Some(value)) => Self::Valid(value),
            (Self::Valid(first), Some(value)) if first == value => Self::Valid(first),
            _ => Self::Invalid,
        };
        readings.into_iter().fold(Self::Absent, join)
    }

    fn one(headers: &HeaderMap, name: &HeaderName, parse: fn(&HeaderValue) -> Option<T>) -> Self {
        Self::all(headers.get_all(name).iter().map(parse))
    }
}

/// "… a cache encountering a message with a list-based Age field value SHOULD use the first member of the field value,
/// discarding subsequent ones. If the field value (after discarding additional members, as per above) is invalid (e.g.,
/// it contains something other than a non-negative integer), a cache SHOULD ignore the field." §5.1
fn age(headers: &HeaderMap) -> u64 {
    let first = headers.get(AGE).and_then(|value| value.as_bytes().split(|byte| *byte == b',').next());
    first.and_then(|member| delta_seconds(member.trim_ascii())).map_or(0, |seconds| seconds.get().into())
}

/// "A recipient with a clock that receives a response message without a Date header field MUST record the time it was
/// received …"; one "that receives a response with an invalid Date header field value MAY replace that value with the
/// time that response was received." RFC 9110 §6.6.1
fn date(headers: &HeaderMap, received: HttpDate) -> HttpDate {
    Given::one(headers, &DATE, HttpDate::parse).valid().unwrap_or(received)
}

fn entity_tag(value: &HeaderValue) -> Option<HeaderValue> {
    EntityTag::parse(value.as_bytes()).map(|_| value.clone())
}

/// "A stored response with a Vary header field value containing a member "*" always fails to match." §4.1
fn varies_on_everything(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(VARY).iter().map(HeaderValue::as_bytes);
    lines.flat_map(|line| line.split(|byte| *byte == b',')).any(|member| member.trim_ascii() == b"*")
}

/// `delta-seconds = 1*DIGIT`. "If a cache receives a delta-seconds value greater than the greatest integer it can
/// represent, or if any of its subsequent calculations overflows, the cache MUST consider the value to be 2147483648
/// (2^31) or the greatest positive integer it can conveniently represent." §1.2.2
fn delta_seconds(digits: &[u8]) -> Option<DeltaSeconds> {
    let all_digits = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    let value = |digits: &str| digits.parse().ok().and_then(DeltaSeconds::new).unwrap_or(DeltaSeconds::MAX);
    str::from_utf8(digits).ok().filter(|_| all_digits).map(value)
}
