//! Whether a part of the file is the part that was asked for. A server need not have parts; wrong ones are worse than none.

use http::StatusCode;
use http::header::CONTENT_RANGE;

use super::super::Ending;
use super::super::follow_ups::Answered;
use super::super::session::Again;
use super::super::spool::OPENING;
use super::repeat::finished;
use super::{Observed, named, text};
use crate::whatsapp::{Finding, Severity};

pub(super) fn findings(observed: &Observed<'_>) -> Vec<Finding> {
    let again = &observed.again;
    let found =
        [range(observed, again.range.as_ref()), other_version(observed, again.other_version.as_ref())];
    found.into_iter().flatten().collect()
}

fn range(observed: &Observed<'_>, answered: Option<&Answered>) -> Option<Finding> {
    let again = match finished(observed, answered?, "a request for a range") {
        Ok(again) => again,
        Err(why) => return Some(wrong(why)),
    };
    match again.status {
        StatusCode::PARTIAL_CONTENT => partial(observed, again).map(wrong),
        StatusCode::OK => Some(
            Finding::new(
                Severity::Note,
                "range-ignored",
                "a request for a part gets the whole file",
                "RFC 9110 §14.2",
            )
            .remedy("let the server send ranges, so that a transfer that breaks can go on where it was"),
        ),
        status => {
            Some(wrong(format!("a request for the first {OPENING} bytes is answered with {}", named(status))))
        }
    }
}

fn wrong(detail: String) -> Finding {
    Finding::new(Severity::Warn, "range-wrong", detail, "RFC 9110 §15.3.7")
        .remedy("turn ranges off, or let the server's own file handler do them: `curl -r 0-1023 -v LINK`")
}

/// What is wrong with a part.
fn partial(observed: &Observed<'_>, part: &Again) -> Option<String> {
    let body = &observed.first.body;
    let last = body.length.min(OPENING) - 1;
    let range = text(&part.headers, &CONTENT_RANGE).unwrap_or_default();
    let right = [format!("bytes 0-{last}/{}", body.length), format!("bytes 0-{last}/*")];
    if !right.contains(&range) {
        return Some(format!("the part says `Content-Range: {range}` where `{}` is right", right[0]));
    }
    if part.ending != Ending::Whole || part.opening != body.opening {
        return Some("the part has other bytes than the whole at that place".into());
    }
    None
}

/// `If-Range` with a tag that the file never had must get the whole file; a part would be joined to another version.
fn other_version(observed: &Observed<'_>, answered: Option<&Answered>) -> Option<Finding> {
    let part = match finished(observed, answered?, "a request for a range of another version") {
        Ok(part) => part,
        Err(why) => return Some(wrong(why)),
    };
    (part.status == StatusCode::PARTIAL_CONTENT).then(|| {
        Finding::new(
            Severity::Warn,
            "if-range-ignored",
            "a range of a version that does not exist is answered with a part of this one",
            "RFC 9110 §13.1.5",
        )
        .remedy("honour If-Range: a transfer that goes on after the file has changed would mix two files")
    })
}
