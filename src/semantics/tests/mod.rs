//! Tests of the room as a whole: the decision against an oracle, and the tables of ranges.

mod ranges;
mod truth_table;

use super::representation::{Sha256, Version};
use super::{HttpDate, Representation, Validators};
use http::HeaderValue;

/// When the representation of these tests was modified: 1 January 2026.
const MODIFIED: i64 = 1_767_225_600;

fn date(offset: i64) -> HttpDate {
    HttpDate::from_unix(MODIFIED + offset)
}

fn representation(complete_length: u64) -> Representation {
    let sha256 = Sha256([7; 32]);
    Representation {
        content_type: HeaderValue::from_static("image/jpeg"),
        content_disposition: None,
        complete_length,
        version: Version::of_digest(sha256),
        sha256: Some(sha256),
        validators: Validators::new(sha256, Some(date(0))),
    }
}
