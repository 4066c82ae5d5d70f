//! Signed links: until when each is good.
//!
//! A message may wait 30 days for its recipient, and is sent again with the same link, so a link that dies sooner than
//! that dies too soon. It fails late, and only for some.

use std::time::{Duration, SystemTime};

use super::query::Query;
use super::{Finding, Parts, Severity};

const SIGNED: &str = "github.com/Vacademy-io/vacademy_platform/pull/2862";

/// How long a message may wait for its recipient, unless its template says otherwise.
pub const WAIT: Duration = Duration::from_hours(30 * 24);

const WAITING: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/templates/time-to-live";

/// That a link of this origin is signed and so good until `end`, and whether that is long enough: `left` is for how long,
/// in whole seconds.
#[must_use]
pub fn signed_until(end: SystemTime, left: Duration) -> Finding {
    let good = format!("the link is signed, and good until {}", humantime::format_rfc3339_seconds(end));
    if left >= WAIT {
        return Finding::new(Severity::Note, "link-expires", good, WAITING);
    }
    let detail =
        format!("{good}; a message may wait 30 days for its recipient, and its link is fetched then");
    Finding::new(Severity::Warn, "link-expires", detail, WAITING)
        .remedy("let it be good for longer: `lifetime` in `[signing]`, or `--for`")
}

/// What is to be said about a link because of its query.
pub(super) fn findings(parts: &Parts<'_>, now: SystemTime) -> Vec<Finding> {
    let query = Query::of(parts.query.unwrap_or_default());
    let end = end(&query, now);
    let is_over = end.as_ref().is_some_and(Finding::refuses);
    end.into_iter().chain(session(&query).filter(|_| !is_over)).collect()
}

/// Signed with credentials that were lent for a while.
fn session(query: &Query) -> Option<Finding> {
    query.get("x-amz-security-token").map(|_| {
        let detail = "the link was signed with credentials of a session, and ends with it, perhaps before `X-Amz-Expires`";
        let source = "docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html";
        Finding::new(Severity::Warn, "link-session", detail, source).remedy(remedy())
    })
}

fn end(query: &Query, now: SystemTime) -> Option<Finding> {
    let Some(end) = query.end() else {
        return query.is_signed().then(|| {
            let detail = "the link is signed, so it ends some day, and when cannot be told from it";
            Finding::new(Severity::Warn, "link-signed", detail, SIGNED).remedy(remedy())
        });
    };
    let date = humantime::format_rfc3339_seconds(end);
    match end.duration_since(now) {
        Err(_) => {
            let detail = format!("the link ended at {date}");
            Some(Finding::new(Severity::Refuse, "link-expired", detail, SIGNED).remedy(remedy()))
        }
        Ok(left) if left < WAIT => {
            let detail = format!(
                "the link ends at {date}; a message may wait 30 days for its recipient, and is sent again with the same link"
            );
            Some(Finding::new(Severity::Warn, "link-expires", detail, SIGNED).remedy(remedy()))
        }
        Ok(_) => None,
    }
}

/// Whether a link with this query is signed.
pub(super) fn is_signed(query: &str) -> bool {
    Query::of(query).is_signed()
}

fn remedy() -> &'static str {
    "give the file a link that does not end: put it below this origin and give `path`"
}
