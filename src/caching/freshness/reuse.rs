//! RFC 9111 §4: "Constructing Responses from Caches".

use super::stale::once_stale;
use super::{Age, Lifetime, Stale, Storage, Unstorable, fresh_for, initial_age, lifetime, may_store};
use crate::caching::directive::Name;
use crate::caching::received::{Received, Scope};

/// What a shared cache may do with a response, from when it was received. Decided here for everyone who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// Nothing: it must not store it.
    Unstorable(Unstorable),
    /// Nothing: "A stored response with a Vary header field value containing a member "*" always fails to match." §4.1;
    /// nor can it be validated: §4.3.4 takes the responses "that could have been chosen".
    MatchesNoRequest,
    /// It may send it once the origin said that it is still right: "the stored response does not contain the no-cache
    /// directive (Section 5.2.2.4), unless it is successfully validated (Section 4.3)" §4.
    OnceValidated,
    /// It may send it while it is fresh, and perhaps when it is stale.
    WhileFresh {
        /// For how long it is fresh, and why.
        lifetime: Lifetime,
        /// How old it was when it was received.
        age: Age,
        /// Seconds for which it is fresh, from when it was received; 0 if it came stale.
        fresh_for: u64,
        /// What may be done with it afterwards.
        stale: Stale,
    },
}

/// "When presented with a request, a cache MUST NOT reuse a stored response unless: …" §4
#[must_use]
pub fn reuse(response: &Received) -> Reuse {
    if let Storage::Forbidden(why) = may_store(response) {
        return Reuse::Unstorable(why);
    }
    if response.varies_on_everything {
        return Reuse::MatchesNoRequest;
    }
    if response.cache_control.scope(Name::NoCache) == Scope::Everything {
        return Reuse::OnceValidated;
    }
    let (lifetime, age) = (lifetime(response), initial_age(response));
    let stale_since = age.seconds().saturating_sub(lifetime.lifetime.seconds());
    Reuse::WhileFresh {
        lifetime,
        age,
        fresh_for: fresh_for(lifetime.lifetime, age),
        stale: once_stale(response).after(stale_since),
    }
}
