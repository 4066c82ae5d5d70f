//! Whether the server says the same when it is asked again: by HEAD, and on a condition.
//!
//! Nobody outside Meta knows which of these its fetcher uses, so all of them should work. None refuses.

use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap, LAST_MODIFIED,
};
use http::{HeaderName, StatusCode};

use super::super::Ending;
use super::super::follow_ups::Answered;
use super::super::session::Again;
use super::super::unreachable::SLOW_ORIGIN;
use super::{Observed, named, text};
use crate::semantics::{EntityTag, field_text};
use crate::whatsapp::{Finding, Severity, link};

pub(super) fn findings(observed: &Observed<'_>) -> Vec<Finding> {
    let again = &observed.again;
    let found = [
        head(observed, again.head.as_ref()),
        conditional(observed, again.conditional.as_ref()),
        changing_tag(observed),
        not_tried(observed),
    ];
    found.into_iter().flatten().chain(stray(observed)).collect()
}

/// What HEAD must repeat. `Date` and what else counts the moment may differ.
const REPEATED: [HeaderName; 6] =
    [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, ETAG, LAST_MODIFIED, CACHE_CONTROL];

fn head(observed: &Observed<'_>, answered: Option<&Answered>) -> Option<Finding> {
    let finding = |detail: String| {
        Finding::new(Severity::Warn, "head-differs", detail, "RFC 9110 §9.3.2")
            .remedy("answer HEAD with the status and fields of GET: compare `curl -I LINK` with `curl -sD- -o/dev/null LINK`")
    };
    let head = match answered? {
        Ok(head) => head,
        Err(why) => return Some(finding(format!("a HEAD gets no answer: {why}"))),
    };
    if head.status == StatusCode::FORBIDDEN && link::is_signed(&observed.target.path.to_string()) {
        return Some(signed_for_get());
    }
    if head.status != StatusCode::OK {
        return Some(finding(format!("a GET is answered with 200 OK, a HEAD with {}", named(head.status))));
    }
    let differences: Vec<_> =
        REPEATED.iter().filter_map(|name| difference(name, observed.headers(), &head.headers)).collect();
    (!differences.is_empty()).then(|| finding(format!("HEAD differs from GET in {}", differences.join(", "))))
}

/// The method is part of what is signed, so that another gets 403, and should.
fn signed_for_get() -> Finding {
    let detail = "the link is signed for GET alone: a HEAD is answered with 403 Forbidden";
    let source = "docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html";
    Finding::new(Severity::Note, "signed-for-get", detail, source)
        .remedy("look at it with `curl -r 0-0 -v LINK`: `curl -I LINK` asks by HEAD")
}

/// How a field of HEAD differs from that of GET. A length may be left out (RFC 9110 §9.3.2).
fn difference(name: &HeaderName, get: &HeaderMap, head: &HeaderMap) -> Option<String> {
    let (in_get, in_head) = (text(get, name), text(head, name));
    let may_differ = in_get == in_head || (name == CONTENT_LENGTH && in_head.is_none());
    let said = |value: Option<String>| value.unwrap_or_else(|| "nothing".into());
    (!may_differ).then(|| format!("{name} ({}, not {})", said(in_head), said(in_get)))
}

fn conditional(observed: &Observed<'_>, answered: Option<&Answered>) -> Option<Finding> {
    let wrong = |detail: String| {
        Finding::new(Severity::Warn, "conditional-wrong", detail, "RFC 9110 §15.4.5")
            .remedy("answer an unchanged file with 304, its ETag, and no content")
    };
    let again = match finished(observed, answered?, "a conditional GET") {
        Ok(again) => again,
        Err(why) => return Some(wrong(why)),
    };
    let same_tag = text(&again.headers, &ETAG) == text(observed.headers(), &ETAG);
    match again.status {
        StatusCode::NOT_MODIFIED if same_tag => None,
        StatusCode::NOT_MODIFIED => Some(wrong("a 304 does not repeat the ETag of its 200".into())),
        // Another tag is another version: said once, below.
        StatusCode::OK if !same_tag => None,
        StatusCode::OK => Some(
            Finding::new(
                Severity::Note,
                "conditional-ignored",
                "the whole file is sent again to one who has it",
                "RFC 9110 §13.1.2",
            )
            .remedy("answer If-None-Match and If-Modified-Since with 304 while the file is the same"),
        ),
        status => Some(wrong(format!("a conditional GET is answered with {}", named(status)))),
    }
}

/// The answer to a request, or why there is none, or not so much of it as was to be read.
pub(super) fn finished<'a>(
    observed: &Observed<'_>,
    answered: &'a Answered,
    request: &str,
) -> Result<&'a Again, String> {
    let again = answered.as_ref().map_err(|why| format!("{request} gets no answer: {why}"))?;
    match unfinished(observed, again) {
        Some(why) => Err(format!("{request} is answered with {}, {why}", named(again.status))),
        None => Ok(again),
    }
}

/// That the little which was to be read of an answer did not come.
fn unfinished(observed: &Observed<'_>, again: &Again) -> Option<String> {
    let came = again.opening.len();
    match again.ending {
        Ending::Whole | Ending::TooLarge => None,
        Ending::CutShort => Some(format!("and the connection ends after {came} bytes of its content")),
        Ending::TimedOut => {
            let seconds = observed.limits.again.as_secs_f64();
            Some(format!("and in {seconds} s only {came} bytes of its content came"))
        }
    }
}

/// A tag that is not the same from one request to the next stands for nothing.
fn changing_tag(observed: &Observed<'_>) -> Option<Finding> {
    let first = observed.headers().get(ETAG)?;
    let again = &observed.again;
    let later = [&again.head, &again.conditional, &again.range, &again.other_version];
    let other =
        later.into_iter().flatten().flatten().filter_map(|again| again.headers.get(ETAG)).find(|tag| {
            let same = EntityTag::parse(first.as_bytes()).zip(EntityTag::parse(tag.as_bytes()));
            !same.map_or_else(|| first == *tag, |(one, other)| one.weak_eq(other))
        })?;
    let detail = format!(
        "the ETag was {} and then {}: nobody can tell whether the file changed",
        field_text(first),
        field_text(other)
    );
    let remedy = "give all servers behind the link the same file and the same way to make its ETag";
    Some(
        Finding::new(Severity::Warn, "etag-changed-between-requests", detail, "RFC 9110 §8.8.1")
            .remedy(remedy),
    )
}

/// What is not known, because the time for finding out was over.
fn not_tried(observed: &Observed<'_>) -> Option<Finding> {
    let untried = &observed.again.untried;
    (!untried.is_empty()).then(|| {
        let seconds = observed.limits.all.as_secs_f64();
        let detail =
            format!("not tried, because an examination may take {seconds} s in all: {}", untried.join(", "));
        Finding::new(Severity::Note, "not-tried", detail, SLOW_ORIGIN)
            .remedy("examine the link again when the server is faster")
    })
}

/// Answers that have no content by definition, after which some came.
fn stray(observed: &Observed<'_>) -> Option<Finding> {
    let again = &observed.again;
    let named = [("HEAD", &again.head), ("a conditional GET", &again.conditional)];
    let (request, _) =
        named.into_iter().find(|(_, answered)| matches!(answered, Some(Ok(again)) if again.stray_bytes))?;
    let detail = format!("the answer to {request} is followed by bytes that belong to no answer");
    let remedy = "send no content with 304, nor to HEAD: the next answer on the connection cannot be read";
    Some(Finding::new(Severity::Warn, "content-where-none-is", detail, "RFC 9112 §6.3").remedy(remedy))
}
