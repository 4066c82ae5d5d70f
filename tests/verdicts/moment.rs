//! What our side says of a response at one moment, for deviations that matter at some moments only.

use media_origin::caching::directive::Name;
use media_origin::caching::freshness::{Use, current_age, lifetime, on_request};
use media_origin::caching::received::{Received, Scope};
use media_origin::semantics::HttpDate;

/// What is so of a response at one moment, if nothing forbade to send it stale.
pub(crate) struct Moment {
    pub(crate) age: u64,
    /// We would send it as it is.
    pub(crate) sent: bool,
    /// For how many seconds it is stale.
    pub(crate) past: u64,
    pub(crate) while_revalidating: u64,
    pub(crate) if_error: u64,
    /// Something changes within this second.
    pub(crate) turns: bool,
}

impl Moment {
    pub(crate) fn of(response: &Received, after: u64) -> Self {
        let received = response.received.seconds_since(HttpDate::from_unix(0));
        let now = HttpDate::from_unix((received + after).cast_signed());
        let age = current_age(response, now).seconds();
        // The other model gives `no-cache` a lifetime of 0.
        let no_cache = response.cache_control.scope(Name::NoCache) == Scope::Everything;
        let lifetime = if no_cache { 0 } else { lifetime(response).lifetime.seconds() };
        let seconds =
            |name| response.cache_control.seconds(name).valid().map_or(0, |seconds| seconds.get().into());
        let (while_revalidating, if_error) =
            (seconds(Name::StaleWhileRevalidate), seconds(Name::StaleIfError));
        let past = age.saturating_sub(lifetime);
        Self {
            age,
            sent: on_request(response, now) == Use::Send,
            past,
            while_revalidating,
            if_error,
            turns: age >= lifetime && [0, while_revalidating, if_error].contains(&past),
        }
    }
}
