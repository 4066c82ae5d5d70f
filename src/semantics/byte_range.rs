//! Which bytes a `Range` asks for (RFC 9110 §14).

use std::num::NonZeroU64;

use http::HeaderValue;

use super::field_value;

/// At most so many parts go into one body; a request for more gets the whole: "A server MAY ignore the Range
/// header field" (§14.2), and §17.15 tells what harm many small ranges do.
const MOST_PARTS: usize = 16;

/// `first..=last` within a representation of `complete_length` bytes: never empty, never out of bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    first: u64,
    last: u64,
    complete_length: NonZeroU64,
}

impl ByteRange {
    fn new(first: u64, last: u64, complete_length: NonZeroU64) -> Option<Self> {
        let last = last.min(complete_length.get() - 1);
        (first <= last).then_some(Self { first, last, complete_length })
    }

    /// The position of the first byte, counted from 0.
    #[must_use]
    pub fn first(self) -> u64 {
        self.first
    }

    /// The position of the last byte, which is part of the range.
    #[must_use]
    pub fn last(self) -> u64 {
        self.last
    }

    /// How many bytes the range has: at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a byte range is never empty")]
    pub fn len(self) -> u64 {
        self.last - self.first + 1
    }

    /// The value of `Content-Range` (§14.4).
    #[must_use]
    pub fn content_range(self) -> HeaderValue {
        field_value(format!("bytes {}-{}/{}", self.first, self.last, self.complete_length))
    }

    /// Whether the two share a byte or lie side by side.
    fn touches(self, other: Self) -> bool {
        self.first <= other.last.saturating_add(1) && other.first <= self.last.saturating_add(1)
    }

    fn merge(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last), ..self }
    }
}

/// What a `Range` field comes to for a representation of a known length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// The field is to be ignored: malformed, of another unit, or asking for more parts than we send.
    Whole,
    /// These bytes.
    One(ByteRange),
    /// From 2 to 16 ranges that neither overlap nor touch, in the order they were asked for.
    Several(Vec<ByteRange>),
    /// Well-formed, and no byte of it exists.
    Unsatisfiable,
}

/// `range-spec` of the unit `bytes`, before the length is known (§14.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RangeSpec {
    /// `first-pos "-" [ last-pos ]`
    From { first: u64, last: Option<u64> },
    /// `"-" suffix-length`
    Suffix { length: u64 },
}

impl RangeSpec {
    /// `None` where the text is no range-spec, and where it is invalid: "An int-range is invalid if the
    /// last-pos value is present and less than the first-pos." §14.1.1
    fn parse(text: &[u8]) -> Option<Self> {
        let dash = text.iter().position(|&b| b == b'-')?;
        let (before, after) = (&text[..dash], &text[dash + 1..]);
        if before.is_empty() {
            return Some(Self::Suffix { length: digits(after)? });
        }
        let first = digits(before)?;
        let last = if after.is_empty() { None } else { Some(digits(after)?) };
        last.is_none_or(|last| first <= last).then_some(Self::From { first, last })
    }

    /// `None` where it names no byte of so long a representation.
    fn resolve(self, complete_length: NonZeroU64) -> Option<ByteRange> {
        let length = complete_length.get();
        match self {
            // "if the value is greater than or equal to the current length of the representation data, the
            // byte range is interpreted as the remainder of the representation"
            Self::From { first, last } => ByteRange::new(first, last.unwrap_or(u64::MAX), complete_length),
            Self::Suffix { length: 0 } => None,
            // "If the selected representation is shorter than the specified suffix-length, the entire
            // representation is used."
            Self::Suffix { length: suffix } => {
                ByteRange::new(length.saturating_sub(suffix), u64::MAX, complete_length)
            }
        }
    }
}

/// `1*DIGIT`. What does not fit stays the largest number: a position past every end.
fn digits(text: &[u8]) -> Option<u64> {
    let all_digits = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    all_digits.then(|| {
        text.iter()
            .fold(0u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    })
}

/// Resolves the one value of `Range` against a representation of `complete_length` bytes.
#[must_use]
pub fn resolve(value: &HeaderValue, complete_length: u64) -> Selection {
    // No range can be said of zero bytes in Content-Range: the whole answers everything.
    let Some(length) = NonZeroU64::new(complete_length) else { return Selection::Whole };
    // "An origin server MUST ignore a Range header field that contains a range unit it does not understand",
    // and "MAY ignore or reject a Range header field that contains an invalid ranges-specifier". §14.2
    let Some(specs) = range_set(value.as_bytes()) else { return Selection::Whole };
    let satisfiable = specs.into_iter().filter_map(|spec| spec.resolve(length)).collect();
    let mut ranges = coalesce(satisfiable);
    match ranges.len() {
        0 => Selection::Unsatisfiable,
        1 => Selection::One(ranges.remove(0)),
        2..=MOST_PARTS => Selection::Several(ranges),
        _ => Selection::Whole,
    }
}

/// The value of `Content-Range` in a 416: `"*/" complete-length` (§14.4).
#[must_use]
pub fn unsatisfied(complete_length: u64) -> HeaderValue {
    field_value(format!("bytes */{complete_length}"))
}

/// `bytes=1#range-spec`: every member that is not empty must be valid, and there must be one (§5.6.1.2).
/// "All range unit names are case-insensitive" (§14.1).
fn range_set(value: &[u8]) -> Option<Vec<RangeSpec>> {
    let (unit, set) = value.split_at_checked(b"bytes=".len())?;
    if !unit.eq_ignore_ascii_case(b"bytes=") {
        return None;
    }
    let members = set.split(|&b| b == b',').map(<[u8]>::trim_ascii);
    let specs: Option<Vec<_>> = members.filter(|member| !member.is_empty()).map(RangeSpec::parse).collect();
    specs.filter(|specs| !specs.is_empty())
}

/// Merges what overlaps or touches. "A server that generates a multipart response SHOULD send the parts in the same order that the
/// corresponding range-spec appeared in the received Range header field, excluding those ranges that were
/// deemed unsatisfiable or that were coalesced into other ranges." §15.3.7.2
fn coalesce(ranges: Vec<ByteRange>) -> Vec<ByteRange> {
    let mut by_position: Vec<(usize, ByteRange)> = ranges.into_iter().enumerate().collect();
    by_position.sort_by_key(|(_, range)| range.first);
    let mut merged: Vec<(usize, ByteRange)> = Vec::with_capacity(by_position.len());
    for (order, range) in by_position {
        match merged.last_mut() {
            Some((earliest, last)) if last.touches(range) => {
                *earliest = order.min(*earliest);
                *last = last.merge(range);
            }
            _ => merged.push((order, range)),
        }
    }
    merged.sort_by_key(|(order, _)| *order);
    merged.into_iter().map(|(_, range)| range).collect()
}
