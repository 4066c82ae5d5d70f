//! Meta's cache as Meta describes it: ten minutes by link, whatever the headers say.

use super::{Cache, Link, Reuse, Then, Verdict};
use crate::caching::freshness::{How, Stale};

const SOURCE: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages#media-caching";

/// "the Cloud API internally caches the asset for 10 minutes"
const SECONDS: u64 = 600;

/// What it does with an asset.
pub(super) fn verdict(link: Link) -> Verdict {
    let then = Then { checks: How::Whole, stale: Stale::Never };
    let because = format!("Meta sends its copy for 10 minutes, whatever the headers say; {}", of(link));
    Verdict { cache: Cache::Meta, reuse: Reuse::For { seconds: SECONDS, then }, because, source: SOURCE }
}

/// "The cached asset is reused in subsequent send message requests if the link in subsequent payloads is the same"
fn of(link: Link) -> &'static str {
    match link {
        Link::Bare => "a replaced file needs a new link",
        Link::Pinned => "a replaced file has a new link",
    }
}
