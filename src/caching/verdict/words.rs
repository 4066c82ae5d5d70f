//! The words of a verdict: what is done, for how long, with what.

use super::{Cache, Reuse, Then};
use crate::caching::freshness::How;
use std::fmt;

impl fmt::Display for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Reuse {
    /// A few words: `for 7 days, then checks ETag`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::For { seconds, then: Then { checks: How::Whole, .. } } => {
                write!(f, "for {}, then fetches it again", span(*seconds))
            }
            Self::For { seconds, then } => write!(f, "for {}, then {}", span(*seconds), then.checks),
            Self::AfterRevalidation(then) => match then.stale.while_revalidating() {
                0 => write!(f, "{} each time", then.checks),
                seconds => write!(f, "for {}, while it {}", span(seconds), then.checks),
            },
            Self::Never => f.write_str("never"),
            Self::Undisclosed => f.write_str("for an undisclosed time"),
            Self::Undefined => f.write_str("undefined"),
        }
    }
}

impl fmt::Display for How {
    /// What the cache does then: `checks ETag`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EtagAndLastModified => "checks ETag and Last-Modified",
            Self::Etag => "checks ETag",
            Self::LastModified => "checks Last-Modified",
            Self::Whole => "fetches it",
        })
    }
}

/// From the longest; a year is one of 365 days, as in `max-age=31536000`.
const UNITS: [(u64, &str, &str); 5] = [
    (31_536_000, "year", "years"),
    (86_400, "day", "days"),
    (3_600, "h", "h"),
    (60, "min", "min"),
    (1, "s", "s"),
];

/// A time span as a person says it: `7 days`, `1 h 30 min`, `68 years`, `0 s`. Two units at most, and from ten years on
/// only these: what is left out is less than a tenth.
pub(super) fn span(seconds: u64) -> String {
    let mut rest = seconds;
    let mut words = Vec::new();
    for (size, one, many) in UNITS {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            words.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    }
    words.truncate(if seconds < 10 * UNITS[0].0 { 2 } else { 1 });
    if words.is_empty() { "0 s".to_owned() } else { words.join(" ") }
}

/// `` `a`, `b` and `c` ``; empty of nothing.
pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
