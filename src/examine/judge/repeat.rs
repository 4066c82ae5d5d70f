//! Whether the server says the same when it is asked again: by HEAD, on a condition, for a range.
//!
//! Nobody outside Meta knows which of these its fetcher uses, so all of them should work. None refuses.

use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap,
    LAST_MODIFIED,
};
use http::{HeaderName, StatusCode};

use super::super::Ending;
use super::super::follow_ups::Asked;
use super::super::session::Again;
use super::super::spool::OPENING;
use super::{Observed, text};
use crate::semantics::EntityTag;
use crate::whatsapp::{Finding, Severity};

pub(super) fn findings(observed: &Observed<'_>) -> Vec<Finding> {
    let again = &observed.again;
    let found = [
        head(observed, again.head.as_ref()),
        conditional(observed, again.conditional.as_ref()),
        range(observed, again.range.as_ref()),
        other_version(again.other_version.as_ref()),
        changing_tag(observed),
    ];
    found.into_iter().flatten().chain(stray(observed)).collect()
}

/// What HEAD must repeat. `Date` and what else counts the moment may differ.
const REPEATED: [HeaderName; 6] =
    [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING, ETAG, LAST_MODIFIED, CACHE_CONTROL];

fn head(observed: &Observed<'_>, asked: Option<&Asked>) -> Option<Finding> {
    let finding = |detail: String| {
        Finding::new(Severity::Warn, "head-differs", detail, "RFC 9110 §9.3.2")
            .remedy("answer HEAD with the status and fields of GET: compare `curl -I LINK` with `curl -sD- -o/dev/null LINK`")
    };
    let head = match asked? {
        Ok(head) => head,
        Err(why) => return Some(finding(format!("a HEAD gets no answer: {why}"))),
    };
    if head.status != StatusCode::OK {
        return Some(finding(format!("a GET is answered with 200 OK, a HEAD with {}", head.status)));
    }
    let differences: Vec<_> =
        REPEATED.iter().filter_map(|name| difference(name, observed.headers(), &head.headers)).collect();
    (!differences.is_empty()).then(|| finding(format!("HEAD differs from GET in {}", differences.join(", "))))
}

/// How a field of HEAD differs from that of GET. A length may be left out (RFC 9110 §9.3.2).
fn difference(name: &HeaderName, get: &HeaderMap, head: &HeaderMap) -> Option<String> {
    let (in_get, in_head) = (text(get, name), text(head, name));
    let may_differ = in_get == in_head || (name == CONTENT_LENGTH && in_head.is_none());
    let said = |value: Option<String>| value.unwrap_or_else(|| "nothing".into());
    (!may_differ).then(|| format!("{name} ({}, not {})", said(in_head), said(in_get)))
}

fn conditional(observed: &Observed<'_>, asked: Option<&Asked>) -> Option<Finding> {
    let wrong = |detail: String| {
        Finding::new(Severity::Warn, "conditional-wrong", detail, "RFC 9110 §15.4.5")
            .remedy("answer an unchanged file with 304, its ETag, and no content")
    };
    let again = match asked? {
        Ok(again) => again,
        Err(why) => return Some(wrong(format!("a conditional GET gets no answer: {why}"))),
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
        status => Some(wrong(format!("a conditional GET is answered with {status}"))),
    }
}

fn range(observed: &Observed<'_>, asked: Option<&Asked>) -> Option<Finding> {
    let wrong = |detail: String| {
        Finding::new(Severity::Warn, "range-wrong", detail, "RFC 9110 §15.3.7")
            .remedy("turn ranges off, or let the server's own file handler do them: `curl -r 0-1023 -v LINK`")
    };
    let again = match asked? {
        Ok(again) => again,
        Err(why) => return Some(wrong(format!("a request for a range gets no answer: {why}"))),
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
        status => Some(wrong(format!("a request for the first {OPENING} bytes is answered with {status}"))),
    }
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
fn other_version(asked: Option<&Asked>) -> Option<Finding> {
    let part = asked?.as_ref().ok()?;
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
    let shown = |tag: &http::HeaderValue| String::from_utf8_lossy(tag.as_bytes()).into_owned();
    let detail = format!(
        "the ETag was {} and then {}: nobody can tell whether the file changed",
        shown(first),
        shown(other)
    );
    let remedy = "give all servers behind the link the same file and the same way to make its ETag";
    Some(
        Finding::new(Severity::Warn, "etag-changed-between-requests", detail, "RFC 9110 §8.8.1")
            .remedy(remedy),
    )
}

/// Answers that have no content by definition, after which some came.
fn stray(observed: &Observed<'_>) -> Option<Finding> {
    let again = &observed.again;
    let named = [("HEAD", &again.head), ("a conditional GET", &again.conditional)];
    let (request, _) =
        named.into_iter().find(|(_, asked)| matches!(asked, Some(Ok(again)) if again.stray_bytes))?;
    let detail = format!("the answer to {request} is followed by bytes that belong to no answer");
    let remedy = "send no content with 304, nor to HEAD: the next answer on the connection cannot be read";
    Some(Finding::new(Severity::Warn, "content-where-none-is", detail, "RFC 9112 §6.3").remedy(remedy))
}
