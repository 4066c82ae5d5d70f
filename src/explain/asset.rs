//! An asset of this origin, explained without a connection.

use http::header::{CACHE_CONTROL, HOST};
use http::uri::{PathAndQuery, Uri};
use http::{HeaderMap, Request, StatusCode};

use super::fields::text;
use super::{Described, Explanation, Fields, Governing, Subject, send_as};
use crate::caching::verdict::{Exchange, Link, Verdict, verdicts};
use crate::origin::Origin;
use crate::semantics::HttpDate;
use crate::semantics::representation::Version;
use crate::store::{AssetPath, Examined, OpenError};
use crate::whatsapp::probe::Facts;

/// Explains the link to an asset: with this query, or else with the one that links to it have.
///
/// # Errors
/// If there is no such asset, or it cannot be read.
pub async fn explain_asset(
    origin: &Origin,
    path: &AssetPath,
    query: Option<&str>,
) -> Result<Explanation, OpenError> {
    let examined = origin.store().examine(path).await?;
    let version = examined.asset.representation.version();
    let link = match query {
        Some(query) => format!("{}?{query}", origin.bare_link(path)),
        None => origin.link(path, &version),
    };
    let (status, headers) = head(origin, &link).await;
    let (_, unpinned) = head(origin, &origin.bare_link(path)).await;
    let rule = origin.rules().govern(path.as_str()).rule;
    let unpinned = unpinned.get(CACHE_CONTROL).filter(|value| Some(*value) != headers.get(CACHE_CONTROL));
    Ok(Explanation {
        caches: judged(origin, &version, &link, status, &headers).into(),
        status: Some(status.as_u16()),
        headers: Fields::of(&headers),
        findings: Vec::new(),
        send_as: send_as(&examined.media(), status == StatusCode::OK),
        content: Some(Described::of(&examined)),
        subject: Subject::Asset {
            path: path.to_string(),
            rule: rule.map(|(_, rule)| Governing {
                pattern: rule.pattern().to_owned(),
                place: rule.place().clone(),
            }),
            unpinned_cache_control: unpinned.map(text),
            link,
        },
    })
}

/// What each cache does with the answer to this link to an asset.
pub async fn caches(origin: &Origin, version: &Version, link: &str) -> [Verdict; 3] {
    let (status, headers) = head(origin, link).await;
    judged(origin, version, link, status, &headers)
}

fn judged(
    origin: &Origin,
    version: &Version,
    link: &str,
    status: StatusCode,
    headers: &HeaderMap,
) -> [Verdict; 3] {
    let now = HttpDate::from(origin.clock().now());
    let link = if link.ends_with(&version.pin()) { Link::Pinned } else { Link::Bare };
    verdicts(&Exchange { status, headers, requested: now, received: now, link })
}

impl Described {
    pub(crate) fn of(examined: &Examined) -> Self {
        let representation = &examined.asset.representation;
        Self {
            content_type: text(&representation.content_type),
            bytes: representation.complete_length,
            sha256: representation.sha256.to_string(),
            facts: Facts::clone(&examined.facts),
        }
    }
}

/// The answer to a HEAD of one of our own links, as a client on the connection would ask for it.
async fn head(origin: &Origin, link: &str) -> (StatusCode, HeaderMap) {
    let link = link.parse::<Uri>().expect("our own links are URLs");
    let target = link.path_and_query().map_or("/", PathAndQuery::as_str);
    let request = Request::head(target).header(HOST, "localhost").body(());
    let (request, ()) = request.expect("and so is their path").into_parts();
    let (head, _) = origin.rehearse(&request).await.into_parts();
    (head.status, head.headers)
}
