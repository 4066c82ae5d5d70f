//! The decision: which answer a GET or HEAD of an existing asset gets, before a byte is sent.

use super::byte_range::{ByteRange, Selection, resolve};
use super::multipart::Multipart;
use super::preconditions::{Conditions, Precondition};
use super::{HttpDate, Representation};

/// The two methods that an asset has (RFC 9110 §9.3.1, §9.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadMethod {
    /// Transfer a representation.
    Get,
    /// The same answer without its content.
    Head,
}

/// What the origin answers (RFC 9110 §13.2.2, §14.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 200 with the whole representation.
    Full,
    /// 206 with these bytes of it.
    Partial(Ranges),
    /// 304: the client's stored response is still good.
    NotModified,
    /// 412: the client's own condition is not met.
    PreconditionFailed,
    /// 416: no byte that was asked for exists.
    RangeNotSatisfiable,
}

/// The content of a 206.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ranges {
    /// One range (§15.3.7.1).
    One(ByteRange),
    /// Several, framed (§15.3.7.2).
    Several(Multipart),
}

/// Decides. `now` is the time of the message, the value of its `Date`.
#[must_use]
pub fn select(
    method: ReadMethod,
    conditions: &Conditions<'_>,
    representation: &Representation,
    now: HttpDate,
) -> Outcome {
    match conditions.evaluate(&representation.validators, now) {
        Precondition::Failed => Outcome::PreconditionFailed,
        Precondition::NotModified => Outcome::NotModified,
        // "GET is the only method for which range handling is defined." §14.2
        Precondition::Proceed if method == ReadMethod::Head => Outcome::Full,
        Precondition::Proceed => partial_or_full(conditions, representation, now),
    }
}

/// "The Range header field is evaluated after evaluating the precondition header fields defined in
/// Section 13.1, and only if the result in absence of the Range header field would be a 200 (OK) response."
/// §14.2
fn partial_or_full(conditions: &Conditions<'_>, representation: &Representation, now: HttpDate) -> Outcome {
    let Some(range) = conditions.range(&representation.validators, now) else { return Outcome::Full };
    match resolve(range, representation.complete_length) {
        Selection::Whole => Outcome::Full,
        Selection::Unsatisfiable => Outcome::RangeNotSatisfiable,
        Selection::One(range) => Outcome::Partial(Ranges::One(range)),
        Selection::Several(ranges) => several_or_full(&ranges, representation),
    }
}

/// Parts with their framing never cost more than the whole would.
fn several_or_full(ranges: &[ByteRange], representation: &Representation) -> Outcome {
    let multipart = Multipart::new(ranges, representation);
    if multipart.content_length() > representation.complete_length {
        return Outcome::Full;
    }
    Outcome::Partial(Ranges::Several(multipart))
}
