//! When a link is over.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// 31 December 9999, 23:59:59: the last second that a date is written of.
const LATEST: u64 = 253_402_300_799;

const HOUR: u64 = 3600;
const DAY: Duration = Duration::from_hours(24);

/// The first second at which a link is not good any more, counted from 1970.
///
/// As `exp` of RFC 7519 §4.1.4 is: "the expiration time on or after which the JWT MUST NOT be accepted for processing".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiry(u64);

impl Expiry {
    /// So many seconds after the beginning of 1970.
    #[must_use]
    pub fn from_unix(seconds: u64) -> Self {
        Self(seconds)
    }

    /// At this moment; within a second, at its beginning.
    #[must_use]
    pub fn at(moment: SystemTime) -> Self {
        Self(moment.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
    }

    /// So long after `now`. At most a second less, since links count whole ones.
    #[must_use]
    pub fn after(now: SystemTime, lifetime: Duration) -> Self {
        Self(Self::at(now).0.saturating_add(lifetime.as_secs()))
    }

    /// The same for a link that need not end to the second: a lifetime of a day or more ends with the hour.
    ///
    /// Caches go by the link. So all links to one asset that are made within an hour are one, and it is fetched once for
    /// all of their messages.
    #[must_use]
    pub fn on_the_hour(now: SystemTime, lifetime: Duration) -> Self {
        let Self(exact) = Self::after(now, lifetime);
        if lifetime < DAY { Self(exact) } else { Self(exact.div_ceil(HOUR).saturating_mul(HOUR)) }
    }

    /// Seconds after the beginning of 1970.
    #[must_use]
    pub fn unix(self) -> u64 {
        self.0
    }

    /// Whether a link that ends then is over.
    #[must_use]
    pub fn is_over(self, now: SystemTime) -> bool {
        Self::at(now) >= self
    }

    /// That moment; the end of the year 9999 for what is later.
    #[must_use]
    pub fn moment(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.0.min(LATEST))
    }

    /// How long a link is still good; nothing if it is over.
    #[must_use]
    pub fn left(self, now: SystemTime) -> Duration {
        Duration::from_secs(self.0.saturating_sub(Self::at(now).0))
    }
}

impl fmt::Display for Expiry {
    /// [`Self::moment`] as RFC 3339 has it, in UTC.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_rfc3339_seconds(self.moment()).fmt(f)
    }
}
