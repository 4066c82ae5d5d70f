//! Meta's cache as Meta describes it: ten minutes by link, whatever the headers say.

use super::{Cache, Link, Reuse, Then, Verdict};
use crate::caching::freshness::{How, Stale};
use crate::caching::received::Received;
use http::StatusCode;

const SOURCE: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages#media-caching";

const ERRORS: &str = "developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";
const REDIRECTS: &str = "github.com/chatwoot/chatwoot/pull/15702";

/// "the Cloud API internally caches the asset for 10 minutes"
const SECONDS: u64 = 600;

pub(super) fn verdict(response: &Received, link: Link) -> Verdict {
    if let Some((because, source)) = not_an_asset(response.status) {
        return Verdict { cache: Cache::Meta, reuse: Reuse::Never, because, source };
    }
    let then = Then { checks: How::Whole, stale: Stale::Never };
    let because =
        format!("Meta keeps what a link answers for 10 minutes, whatever the headers say; {}", of(link));
    Verdict { cache: Cache::Meta, reuse: Reuse::For { seconds: SECONDS, then }, because, source: SOURCE }
}

/// "The cached asset is reused in subsequent send message requests if the link in subsequent payloads is the same"
fn of(link: Link) -> &'static str {
    match link {
        Link::Bare => {
            "if other bytes are put behind this link, messages go out with the old ones for up to that long, which a \
             pinned link avoids"
        }
        Link::Pinned => "this link is pinned, so other bytes have another link and are fetched at once",
    }
}

/// Why an answer of this status is no asset that could be kept, and where that is known from; `None` if it is one.
pub(super) fn not_an_asset(status: StatusCode) -> Option<(String, &'static str)> {
    let (why, source) = match status {
        StatusCode::OK => return None,
        status if status.is_redirection() => {
            ("redirects are not reliably followed, so the message may fail", REDIRECTS)
        }
        status if status.is_client_error() || status.is_server_error() => {
            ("the message fails with error 131053", ERRORS)
        }
        _ => ("the message may fail with error 131053", ERRORS),
    };
    Some((format!("the answer is {}, not an asset: {why}", status.as_u16()), source))
}
