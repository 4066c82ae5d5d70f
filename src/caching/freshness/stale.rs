//! What may be done with a response that is not fresh any more: RFC 9111 §4.2.4 and RFC 5861.

use crate::caching::directive::Name;
use crate::caching::received::{Received, Scope};
use serde::Serialize;
use utoipa::ToSchema;

/// Whether, and for how long, a response may be sent after it became stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Stale {
    /// Not at all: "A cache MUST NOT generate a stale response if it is prohibited by an explicit in-protocol directive
    /// (e.g., by a no-cache response directive, a must-revalidate response directive, or an applicable s-maxage or
    /// proxy-revalidate response directive …)." §4.2.4
    Never,
    /// "A cache MUST NOT generate a stale response unless it is disconnected or doing so is explicitly permitted …"
    /// §4.2.4
    Disconnected,
    /// So long, in two circumstances, counted from when it became stale; from when it was received if it was stale then.
    Within {
        /// Seconds for which it may be sent while a new one is fetched (RFC 5861 §3).
        while_revalidating: u64,
        /// Seconds for which it may be sent if none can be fetched (RFC 5861 §4).
        if_error: u64,
    },
}

/// What the response says of the time after it became stale.
#[must_use]
pub fn once_stale(response: &Received) -> Stale {
    let directives = &response.cache_control;
    let must_ask =
        [Name::MustRevalidate, Name::ProxyRevalidate, Name::SMaxAge].iter().any(|name| directives.has(*name));
    // `s-maxage` "incorporates the semantics of the proxy-revalidate response directive … for a shared cache" §5.2.2.10
    if must_ask || directives.scope(Name::NoCache) == Scope::Everything {
        return Stale::Never;
    }
    // One that gives no number of seconds permits nothing.
    let seconds = |name| directives.seconds(name).valid().map_or(0, |seconds| seconds.get().into());
    Stale::within(seconds(Name::StaleWhileRevalidate), seconds(Name::StaleIfError))
}

impl Stale {
    fn within(while_revalidating: u64, if_error: u64) -> Self {
        if while_revalidating == 0 && if_error == 0 {
            return Self::Disconnected;
        }
        Self::Within { while_revalidating, if_error }
    }

    /// What is left of it when the response has been stale for so many seconds.
    pub(super) fn after(self, seconds: u64) -> Self {
        let rest = |permitted: u64| permitted.saturating_sub(seconds);
        match self {
            Self::Within { while_revalidating, if_error } => {
                Self::within(rest(while_revalidating), rest(if_error))
            }
            Self::Never | Self::Disconnected => self,
        }
    }

    /// Seconds for which a stale response may be sent while a new one is fetched.
    #[must_use]
    pub fn while_revalidating(self) -> u64 {
        match self {
            Self::Within { while_revalidating, .. } => while_revalidating,
            Self::Never | Self::Disconnected => 0,
        }
    }

    /// Seconds for which a stale response may be sent where the origin fails.
    #[must_use]
    pub fn if_error(self) -> u64 {
        match self {
            Self::Within { if_error, .. } => if_error,
            Self::Never | Self::Disconnected => 0,
        }
    }
}
