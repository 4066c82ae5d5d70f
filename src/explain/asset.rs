//! An asset of this origin, explained without a connection.

use http::header::{CACHE_CONTROL, HOST};
use http::uri::{PathAndQuery, Uri};
use http::{HeaderMap, Request, StatusCode};

use super::{Described, Explanation, Fields, Governing, Subject, send_as, signature};
use crate::caching::rules::Access;
use crate::caching::verdict::{Exchange, Link, Verdict, verdicts};
use crate::origin::{Origin, Pin};
use crate::semantics::{HttpDate, field_text};
use crate::store::{AssetPath, Explored, OpenError};
use crate::whatsapp::link::unreachable_origin;
use crate::whatsapp::probe::Facts;
use crate::whatsapp::{Finding, Severity, worst_first};

/// Which link to an asset is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// The one that this origin writes.
    OfPath,
    /// One that somebody has: with this query, and with what was found about how it is written.
    Link(Option<&'a str>, Vec<Finding>),
}

/// Explains a link to an asset.
///
/// # Errors
/// If there is no such asset, or it cannot be read.
pub async fn explain_asset(
    origin: &Origin,
    path: &AssetPath,
    asked: Asked<'_>,
) -> Result<Explanation, OpenError> {
    let explored = origin.store().explore(path).await?;
    let version = explored.asset.representation.version;
    let current = origin.link(path, &version);
    let bare = origin.bare_link(path);
    let current = current.to_string();
    let (link, mut findings) = match asked {
        Asked::OfPath => (current.clone(), Vec::new()),
        Asked::Link(None, findings) => (bare.clone(), findings),
        Asked::Link(Some(query), findings) => (format!("{bare}?{query}"), findings),
    };
    let answer = rehearse(origin, &link).await;
    let unpinned = rehearse(origin, &origin.unpinned_link(path).to_string()).await.headers;
    let governed = origin.rules().govern(path.as_str());
    let signed = (governed.access() == Access::Signed).then(|| {
        let query = link.split_once('?').map(|(_, query)| query);
        signature::examine(origin, path, query)
    });
    let (signature, of_signature) = signed.unzip();
    findings.extend(of_signature);
    findings.extend(of_answer(&answer, &current));
    findings.extend(unreachable_origin(origin.public_url().as_str()));
    worst_first(&mut findings);
    let unpinned =
        unpinned.get(CACHE_CONTROL).filter(|value| Some(*value) != answer.headers.get(CACHE_CONTROL));
    Ok(Explanation {
        caches: answer.verdicts(origin).into(),
        status: Some(answer.status.as_u16()),
        headers: Fields::of(&answer.headers),
        send_as: send_as(&explored.media(), !findings.iter().any(Finding::refuses)),
        findings,
        content: Some(Described::of(&explored)),
        subject: Subject::Asset {
            path: path.to_string(),
            rule: governed.rule.map(|(_, rule)| Governing {
                pattern: rule.pattern().to_owned(),
                place: rule.place().clone(),
            }),
            access: governed.access(),
            signature,
            unpinned_cache_control: unpinned.map(field_text),
            link,
        },
    })
}

/// What each cache does with the answer to a link that this origin wrote.
pub async fn caches(origin: &Origin, link: &str) -> [Verdict; 3] {
    rehearse(origin, link).await.verdicts(origin)
}

/// What a client on the connection would get for a link of ours.
struct Rehearsal {
    status: StatusCode,
    headers: HeaderMap,
    pin: Pin,
}

async fn rehearse(origin: &Origin, link: &str) -> Rehearsal {
    let target = link.parse::<Uri>().ok();
    let target = target.as_ref().and_then(Uri::path_and_query).map(PathAndQuery::as_str);
    let request = target.and_then(|target| Request::head(target).header(HOST, "localhost").body(()).ok());
    let Some(request) = request else {
        // Longer than any URI that is read: what else a URI cannot have was refused before.
        return Rehearsal { status: StatusCode::URI_TOO_LONG, headers: HeaderMap::new(), pin: Pin::Absent };
    };
    let (request, ()) = request.into_parts();
    let (response, pin) = origin.rehearse(&request).await;
    let (head, _) = http::Response::from(response).into_parts();
    Rehearsal { status: head.status, headers: head.headers, pin }
}

impl Rehearsal {
    fn verdicts(&self, origin: &Origin) -> [Verdict; 3] {
        let now = HttpDate::from(origin.clock().now());
        let link = if self.pin == Pin::Matches { Link::Pinned } else { Link::Bare };
        let Self { status, headers, .. } = self;
        verdicts(&Exchange { status: *status, headers, requested: now, received: now, link })
    }
}

/// What is to be said of an answer of ours. `current` is the link to the version that is there.
fn of_answer(answer: &Rehearsal, current: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if answer.status != StatusCode::OK {
        let detail = format!("the link is answered {}", answer.status.as_u16());
        let finding = Finding::new(Severity::Refuse, "not-served", detail, "RFC 9110 §15");
        findings.push(match answer.status {
            StatusCode::FORBIDDEN => finding.remedy(format!("send a link that is good: {current}")),
            _ => finding,
        });
    }
    let wrong = match answer.pin {
        Pin::Absent | Pin::Matches => return findings,
        Pin::Differs => ("pin-differs", "the link is pinned to another version than the file has now"),
        Pin::Malformed => ("pin-malformed", "the value of `v` in the link is no pin"),
    };
    let finding = Finding::new(Severity::Warn, wrong.0, wrong.1, PINS);
    findings.push(finding.remedy(format!("send the link of the version that is there: {current}")));
    findings
}

const PINS: &str = "media-origin README, \"What it promises\"";

impl Described {
    pub(crate) fn of(explored: &Explored) -> Self {
        let representation = &explored.asset.representation;
        Self {
            content_type: field_text(&representation.content_type),
            bytes: representation.complete_length,
            whole: true,
            sha256: representation.sha256.map(|sha256| sha256.to_string()),
            facts: Facts::clone(&explored.facts),
        }
    }
}
