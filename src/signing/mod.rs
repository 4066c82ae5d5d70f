//! Signed links: whoever has one may read what it names, in the version that it names, until it is over.
//!
//! A link is signed by a key of this origin. Behind its pin it says when it is over, the name of the key, and the
//! signature over all that:
//!
//! ```text
//! …/invoices/0042.pdf?v=1f274003e10f8735&expires=1767225600&key=2026-01&signature=VNs…
//! ```
//!
//! | file | holds |
//! |---|---|
//! | [`grant`] | what is signed, as the one text that stands for it |
//! | [`expiry`] | when a link is over, to the second |
//! | [`keys`] | the keys: the first signs, all verify, so that they can be changed |
//! | [`claim`] | what a link says of its signature |
//!
//! Nothing here reads a file or a clock: the keys and the time are arguments.

pub mod claim;
pub mod expiry;
pub mod grant;
pub mod keys;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

pub use claim::Claim;
pub use expiry::Expiry;
pub use grant::Grant;
pub use keys::{KeyId, Keys, KeysError};

/// For how long a link can be good, at most: ten years. One that is good for ever could not be taken back.
pub const LONGEST: Duration = Duration::from_hours(87_660);

/// Why a link gives no access. Whoever asked is not told which it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It has no signature.
    Missing,
    /// A part of its signature is missing, given twice, or not of its form.
    Malformed,
    /// It names a key that is not there.
    UnknownKey,
    /// It says something else than what was signed.
    Wrong,
    /// It was good, and is over.
    Expired,
}

impl Fault {
    /// Each of them.
    pub const ALL: [Self; 5] = [Self::Missing, Self::Malformed, Self::UnknownKey, Self::Wrong, Self::Expired];

    /// A word for it, as logs and metrics have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::UnknownKey => "unknown_key",
            Self::Wrong => "wrong",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
