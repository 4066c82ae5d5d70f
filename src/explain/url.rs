//! A link to anywhere, explained by fetching it.

use std::io::BufReader;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;

use super::fields::text;
use super::{Described, Explanation, Fields, Subject, Timings, send_as};
use crate::caching::verdict::{Exchange, Link, verdicts};
use crate::clock::Clock;
use crate::examine::{self, Body, Examination, Limits, NotATarget, Unreachable, examine};
use crate::semantics::HttpDate;
use crate::semantics::representation::Sha256;
use crate::store::{Agreement, blocking, media_type};
use crate::whatsapp::limits::Media;
use crate::whatsapp::probe::probe;
use crate::whatsapp::{Finding, link};

/// Explains a link by fetching it, within these limits. That nothing answers is an explanation too.
///
/// # Errors
/// If it cannot be fetched as it is written.
pub async fn explain_url(url: &str, limits: &Limits, clock: &Clock) -> Result<Explanation, NotATarget> {
    let requested = HttpDate::from(clock.now());
    match examine(url, limits, clock).await {
        Ok(examination) => Ok(answered(url, examination, requested, clock).await),
        Err(Unreachable::Link(wrong)) => Err(wrong),
        Err(unreachable) => Ok(unanswered(url, &unreachable, clock)),
    }
}

async fn answered(url: &str, examination: Examination, requested: HttpDate, clock: &Clock) -> Explanation {
    let Examination { status, headers, body, timings, findings, .. } = examination;
    let received = HttpDate::from(clock.now());
    let findings = with_the_link_s(url, findings, clock);
    let in_order = !findings.iter().any(Finding::refuses);
    let fetched = if status == StatusCode::OK { read(url, body).await } else { None };
    let exchange = Exchange { status, headers: &headers, requested, received, link: Link::Bare };
    Explanation {
        caches: verdicts(&exchange).into(),
        subject: Subject::Url { url: url.to_owned(), timings_ms: Some(Timings::of(&timings)) },
        status: Some(status.as_u16()),
        headers: Fields::of(&headers),
        findings,
        send_as: fetched.as_ref().map(|fetched| send_as(&fetched.media(), in_order)).unwrap_or_default(),
        content: fetched.map(|fetched| fetched.content),
    }
}

fn unanswered(url: &str, unreachable: &Unreachable, clock: &Clock) -> Explanation {
    Explanation {
        subject: Subject::Url { url: url.to_owned(), timings_ms: None },
        status: None,
        headers: Fields::of(&HeaderMap::new()),
        findings: with_the_link_s(url, vec![unreachable.finding()], clock),
        content: None,
        send_as: Vec::new(),
        caches: Vec::new(),
    }
}

/// What the fetch found and what the link itself shows, the worst first. Whether its host can be reached is left to the
/// fetch, so that a server can be tried before it is on the Internet.
fn with_the_link_s(url: &str, mut findings: Vec<Finding>, clock: &Clock) -> Vec<Finding> {
    let of_link = link::lint(url, clock.now()).into_iter();
    findings.extend(of_link.filter(|finding| finding.code != link::UNREACHABLE));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

impl Timings {
    fn of(timings: &examine::Timings) -> Self {
        let milliseconds = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self {
            connect: milliseconds(timings.lookup + timings.connect + timings.tls.unwrap_or_default()),
            first_byte: milliseconds(timings.first_byte),
            whole: milliseconds(timings.whole),
        }
    }
}

/// A body, and whether the link's name says the same of it.
struct Fetched {
    content: Described,
    agreement: Agreement,
}

impl Fetched {
    fn media(&self) -> Media<'_> {
        let Described { content_type, bytes, facts, .. } = &self.content;
        Media { content_type, length: *bytes, facts, name_says: self.agreement.name_says() }
    }
}

/// What a body is, by its bytes and the name at the end of the link; `None` if it cannot be read back.
async fn read(url: &str, body: Body) -> Option<Fetched> {
    let media = media_type::settle(&body.format, &file_name(url));
    let content_type = text(&media.content_type);
    let (file, length) = (body.file, body.length);
    let essence = content_type.clone();
    let facts = blocking(move || probe(BufReader::new(file), length, &essence)).await.ok()?;
    let sha256 = Sha256(body.sha256).to_string();
    let content = Described { content_type, bytes: length, sha256, facts };
    Some(Fetched { content, agreement: media.agreement })
}

/// The last segment of the link's path, decoded.
fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let segment = path.rsplit('/').next().unwrap_or(path);
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}
