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

    /// What every path begins with that it matches, as far as the glob says it letter by letter.
    #[must_use]
    pub fn literal_prefix(&self) -> String {
        let mut letters = self.as_str().chars();
        let literal = || match letters.next()? {
            '*' | '?' | '[' | '{' => None,
            '\\' => letters.next(),
            letter => Some(letter),
        };
        std::iter::from_fn(literal).collect()
    }

    pub(super) fn glob(&self) -> &Glob {
        &self.0
    }
}

/// Several patterns, asked at once.
#[derive(Clone, Debug)]
pub struct Patterns {
    globs: GlobSet,
    prefixes: Vec<String>,
}

impl Patterns {
    /// All of these.
    ///
    /// # Errors
    /// They are together too large to be matched in one pass.
    pub fn new(patterns: &[Pattern]) -> Result<Self, PatternError> {
        let globs = GlobSet::new(patterns.iter().map(|pattern| &pattern.0))?;
        let mut prefixes: Vec<_> = patterns.iter().map(Pattern::literal_prefix).collect();
        prefixes.sort_unstable();
        // Sorted, a text stands right behind the ones that it begins with.
        prefixes.dedup_by(|longer, shorter| longer.starts_with(shorter.as_str()));
        Ok(Self { globs, prefixes })
    }

    /// Whether any of them matches the asset at `asset_path`: decoded, relative to the root, segments divided by `/`.
    #[must_use]
    pub fn matches(&self, asset_path: &str) -> bool {
        self.globs.is_match(asset_path)
    }

    /// Every path that any of them matches begins with exactly one of these.
    #[must_use]
    pub fn prefixes(&self) -> &[String] {
        &self.prefixes
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_glob_says_letter_by_letter() {
        for (glob, prefix) in [
            ("campaigns/summer.jpg", "campaigns/summer.jpg"),
            ("campaigns/**", "campaigns/"),
            ("campaigns/**/a.jpg", "campaigns/"),
            ("campaigns*", "campaigns"),
            ("**", ""),
            ("*.jpg", ""),
            ("ü?", "ü"),
            ("a[bc]d", "a"),
            ("a{b,c}d", "a"),
            (r"100\*/a*", "100*/a"),
            (r"a\\b?", r"a\b"),
        ] {
            assert_eq!(Pattern::parse(glob).expect(glob).literal_prefix(), prefix, "{glob}");
        }
    }

    #[test]
    fn no_path_is_below_two_prefixes() {
        for (globs, prefixes) in [
            (&["b/*", "a/*", "a/b/*", "a/*"][..], &["a/", "b/"][..]),
            (&["a*", "a/x", "ab", "b"], &["a", "b"]),
            (&["a/x", "**"], &[""]),
            (&["a-b/*", "a/*", "a"], &["a"]),
        ] {
            let patterns: Vec<_> = globs.iter().map(|glob| Pattern::parse(glob).expect(glob)).collect();
            let patterns = Patterns::new(&patterns).expect("small patterns");
            assert_eq!(patterns.prefixes(), prefixes, "{globs:?}");
        }
    }

    #[test]
    fn what_one_of_several_matches() {
        let globs = ["campaigns/*.jpg", "logos/**"].map(|glob| Pattern::parse(glob).expect(glob));
        let patterns = Patterns::new(&globs).expect("small patterns");
        for (path, matched) in [
            ("campaigns/a.jpg", true),
            ("campaigns/b/a.jpg", false),
            ("logos/b/a.png", true),
            ("logos", false),
            ("other.jpg", false),
        ] {
            assert_eq!(patterns.matches(path), matched, "{path}");
        }
    }
}
