//! The words of a verdict: what is done, for how long, with what.

use super::{Cache, Reuse};
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
            Self::For { seconds, then } => write!(f, "for {}, then {}", span(*seconds), then.checks),
            Self::AfterRevalidation(then) => write!(f, "{} each time", then.checks),
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
            Self::Whole => "fetches all of it",
        })
    }
}

const UNITS: [(u64, &str, &str); 4] =
    [(86_400, "day", "days"), (3_600, "h", "h"), (60, "min", "min"), (1, "s", "s")];

/// A time span as a person says it, exactly: `7 days`, `1 h 30 min`, `10 min`, `0 s`.
pub(in crate::caching) fn span(seconds: u64) -> String {
    let mut rest = seconds;
    let mut words = Vec::new();
    for (size, one, many) in UNITS {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            words.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
    }
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
