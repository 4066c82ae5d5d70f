//! RFC 9110: what an origin answers to one request, decided before a byte is sent.
//!
//! This room is pure. It knows field values and numbers; it opens no file, reads no clock (`now` is an
//! argument) and logs nothing. It stands between the store, which gives it a [`Representation`], and
//! `origin::reply`, which turns its [`Outcome`] into a response:
//!
//! | file | section |
//! |---|---|
//! | [`http_date`] | §5.6.7: dates in whole seconds |
//! | [`entity_tag`] | §8.8.3: tags, their two comparisons, lists of them |
//! | [`representation`] | §8: what is known of an asset, its validators among it |
//! | [`preconditions`] | §13: five conditional fields and the order in which they are evaluated |
//! | [`byte_range`] | §14: which bytes a `Range` asks for |
//! | [`multipart`] | §14.6: several ranges in one body |
//! | [`content_disposition`] | RFC 6266: a name to save it under |
//! | [`repr_digest`] | RFC 9530: whether a digest was asked for |
//! | [`outcome`] | the decision itself |

pub mod byte_range;
pub mod content_disposition;
pub mod entity_tag;
pub mod http_date;
pub mod multipart;
pub mod outcome;
pub mod preconditions;
pub mod repr_digest;
pub mod representation;

#[cfg(test)]
mod tests;

use http::HeaderValue;

pub use byte_range::ByteRange;
pub use entity_tag::EntityTag;
pub use http_date::HttpDate;
pub use outcome::{Outcome, Ranges, ReadMethod, select};
pub use preconditions::Conditions;
pub use representation::{Representation, Validators};

/// A field value as a person may read it; what is no UTF-8 in it is replaced.
pub(crate) fn field_text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// A field value of our own making.
///
/// # Panics
/// If `text` has anything but visible ASCII and spaces: every caller makes it of digits, tokens and encoded names.
fn field_value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("fields are made of visible ASCII and spaces")
}
