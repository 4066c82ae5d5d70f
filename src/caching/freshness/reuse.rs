//! RFC 9111 §4: "Constructing Responses from Caches".

use super::stale::once_stale;
use super::{Age, FreshnessLifetime, How, Storage, current_age, is_fresh, lifetime, may_store};
use crate::caching::directive::Name;
use crate::caching::received::{Received, Scope};
use crate::semantics::HttpDate;

/// What a shared cache does when it is asked for a link whose response it was given once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It has nothing that it may use: it fetches all of it.
    Fetch,
    /// It sends what it has.
    Send,
    /// It sends what it has, and asks the origin meanwhile (RFC 5861 §3).
    SendAndRevalidate(How),
    /// It asks the origin first.
    Revalidate(How),
}

/// "When presented with a request, a cache MUST NOT reuse a stored response unless: …" §4
#[must_use]
pub fn on_request(response: &Received, now: HttpDate) -> Use {
    if !can_be_chosen(response) {
        return Use::Fetch;
    }
    let how = How::of(response);
    // "the stored response does not contain the no-cache directive (Section 5.2.2.4), unless it is successfully
    // validated (Section 4.3)"
    if response.cache_control.scope(Name::NoCache) == Scope::Everything {
        return Use::Revalidate(how);
    }
    // "the stored response is one of the following: fresh (see Section 4.2), or allowed to be served stale (see Section
    // 4.2.4), or successfully validated (see Section 4.3)."
    let (lifetime, age) = (lifetime(response).lifetime, current_age(response, now));
    if is_fresh(lifetime, age) {
        Use::Send
    } else if is_within(lifetime, age, once_stale(response).while_revalidating()) {
        Use::SendAndRevalidate(how)
    } else {
        Use::Revalidate(how)
    }
}

/// Whether what is stored may be sent at `now` if the origin answers with 500, 502, 503 or 504, or not at all: "when an
/// error is encountered, a cached stale response MAY be used to satisfy the request, regardless of other freshness
/// information" RFC 5861 §4
#[must_use]
pub fn may_send_on_error(response: &Received, now: HttpDate) -> bool {
    let (lifetime, age) = (lifetime(response).lifetime, current_age(response, now));
    let seconds = once_stale(response).if_error();
    can_be_chosen(response) && seconds > 0 && is_within(lifetime, age, seconds)
}

/// Stored, and about this request. "A stored response with a Vary header field value containing a member "*" always
/// fails to match." §4.1; nor can it be validated then: §4.3.4 takes the responses "that could have been chosen".
fn can_be_chosen(response: &Received) -> bool {
    may_store(response) == Storage::Allowed && !response.varies_on_everything
}

/// Whether the response is stale by less than so many seconds.
fn is_within(lifetime: FreshnessLifetime, age: Age, seconds: u64) -> bool {
    is_fresh(FreshnessLifetime::of_seconds(lifetime.seconds().saturating_add(seconds)), age)
}
