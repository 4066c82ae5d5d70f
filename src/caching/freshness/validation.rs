//! RFC 9111 §4.3.1: with what a cache asks whether what it has is still right.

use crate::caching::received::Received;
use serde::Serialize;
use utoipa::ToSchema;

/// The conditions of the request that validates a stored response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// `If-None-Match` and `If-Modified-Since`.
    EtagAndLastModified,
    /// `If-None-Match`: a cache "MUST send the relevant entity tags (using If-Match, If-None-Match, or If-Range) if the
    /// entity tags were provided in the stored response(s) being validated." §4.3.1
    Etag,
    /// `If-Modified-Since`: a cache "SHOULD send the Last-Modified value (using If-Modified-Since) if the request is not
    /// for a subrange, a single stored response is being validated, and that response contains a Last-Modified value."
    /// §4.3.1
    LastModified,
    /// None: there is no validator, so all of it is fetched again.
    Whole,
}

impl How {
    /// How this response is validated. A validator that is malformed is none.
    #[must_use]
    pub fn of(response: &Received) -> Self {
        match (response.etag.is_valid(), response.last_modified.is_valid()) {
            (true, true) => Self::EtagAndLastModified,
            (true, false) => Self::Etag,
            (false, true) => Self::LastModified,
            (false, false) => Self::Whole,
        }
    }
}
