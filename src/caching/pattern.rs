//! The glob that says which assets a rule is about.

use globset::{Glob, GlobBuilder, GlobSet};
use std::fmt;

/// A glob over asset paths: `*` and `?` stay within a segment, `**` spans any number of them, `[a-z]` is one of a
/// class, `{a,b}` one of several, and a backslash takes the next character as it is.
///
/// As in ripgrep, `?` and `[…]` stand for one byte: a letter outside ASCII is matched by `*` or by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Glob);

/// Why a text is not a [`Pattern`]. `Display` is the reason, in the glob library's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError(globset::Error);

impl Pattern {
    /// Reads a glob.
    ///
    /// # Errors
    /// An unclosed class or alternative, a range that runs backwards, a backslash at the end, or a glob too large
    /// to be matched.
    pub fn parse(glob: &str) -> Result<Self, PatternError> {
        let glob = GlobBuilder::new(glob).literal_separator(true).backslash_escape(true).build();
        let glob = glob?;
        GlobSet::new([glob.clone()])?;
        Ok(Self(glob))
    }

    /// The glob as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.glob()
    }

    pub(super) fn glob(&self) -> &Glob {
        &self.0
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.kind().fmt(f)
    }
}

impl std::error::Error for PatternError {}

impl From<globset::Error> for PatternError {
    fn from(error: globset::Error) -> Self {
        Self(error)
    }
}
