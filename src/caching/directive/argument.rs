//! What stands after a directive's `=`.

use http::HeaderName;
use std::fmt;

/// A time span as caches count it: whole seconds, 0 to [`DeltaSeconds::MAX`] (RFC 9111 §1.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeltaSeconds(u32);

/// The field names that a qualified `no-cache="…"` or `private="…"` is about. None means the whole response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldNames(pub(super) Vec<HeaderName>);

impl DeltaSeconds {
    /// 2^31 seconds, 68 years: a cache takes anything longer for this (RFC 9111 §1.2.2).
    pub const MAX: Self = Self(1 << 31);

    /// `seconds` as a cache counts them, or `None` past [`Self::MAX`].
    #[must_use]
    pub fn new(seconds: u64) -> Option<Self> {
        let seconds = u32::try_from(seconds).ok().map(Self)?;
        (seconds <= Self::MAX).then_some(seconds)
    }

    /// The number of seconds.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for DeltaSeconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FieldNames {
    /// Whether no field is named, so that the directive is about all of the response.
    #[must_use]
    pub fn is_whole_response(&self) -> bool {
        self.0.is_empty()
    }

    /// The named fields in the order in which they were written.
    #[must_use]
    pub fn as_slice(&self) -> &[HeaderName] {
        &self.0
    }
}

impl fmt::Display for FieldNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [] => Ok(()),
            names => {
                let names: Vec<_> = names.iter().map(HeaderName::as_str).collect();
                write!(f, "=\"{}\"", names.join(", "))
            }
        }
    }
}
