//! What follows from the answers. Pure: answers and the time in, findings out.
//!
//! A rule that two sources confirm refuses, one that a single source reports warns, and what a message survives is a
//! note.

mod answer;
mod circumstances;
mod error_message;
mod length;
mod media;
mod range;
mod repeat;

use http::header::HeaderMap;
use http::{HeaderName, StatusCode};

use super::Limits;
use super::follow_ups::FollowUps;
use super::session::Fetched;
use super::target::Target;
use crate::semantics::field_text;
use crate::whatsapp::{Finding, worst_first};

/// All that is known of a link once it has answered.
pub(super) struct Observed<'a> {
    pub(super) target: &'a Target,
    pub(super) limits: &'a Limits,
    pub(super) first: &'a Fetched,
    pub(super) again: FollowUps,
}

/// Everything that is found, the worst first.
pub(super) fn judge(observed: &Observed<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(instead) = answer::instead(observed) {
        findings.push(instead.finding());
    } else {
        findings.extend(media::findings(observed));
        findings.extend(length::findings(observed));
    }
    findings.extend(repeat::findings(observed));
    findings.extend(range::findings(observed));
    findings.extend(circumstances::findings(observed));
    worst_first(&mut findings);
    findings
}

impl Observed<'_> {
    fn headers(&self) -> &HeaderMap {
        self.first.response.headers()
    }
}

/// A field's first value, as text.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(field_text)
}

/// A status with its name, if it has one.
fn named(status: StatusCode) -> String {
    status
        .canonical_reason()
        .map_or_else(|| status.as_str().to_owned(), |name| format!("{} {name}", status.as_str()))
}
