//! Which policy governs which asset: the first rule that matches wins, and what no rule names is revalidated each time,
//! and for everybody.

use super::pattern::{Pattern, PatternError};
use super::policy::Policy;
use super::reachability::{self, Unreachable};
use globset::GlobSet;
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;

/// A policy for the assets that a pattern names.
///
/// Two rules are equal when they say the same; where they say it makes no difference.
#[derive(Clone, Debug)]
pub struct Rule {
    pattern: Pattern,
    policy: Policy,
    access: Access,
    place: Place,
}

/// Who may read an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Everybody.
    #[default]
    Public,
    /// Whoever has a link that this origin signed, until that is over.
    Signed,
}

/// Where a rule is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Place {
    /// The configuration file, as it was named.
    pub file: Box<str>,
    /// The line at which the rule's pattern stands, counted from 1.
    pub line: usize,
}

/// The rules in their order, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    ordered: Vec<Rule>,
    globs: GlobSet,
    unnamed: Policy,
}

/// The policy of one asset, and the rule that says so.
#[derive(Clone, Copy, Debug)]
pub struct Governed<'a> {
    /// The rule and its index, counted from 0; `None` if no rule names the asset.
    pub rule: Option<(usize, &'a Rule)>,
    /// The rule's policy, or [`Policy::default`].
    pub policy: &'a Policy,
}

impl Rule {
    /// A rule as it is written at `place`, for everybody.
    #[must_use]
    pub fn new(pattern: Pattern, policy: Policy, place: Place) -> Self {
        Self { pattern, policy, access: Access::Public, place }
    }

    /// The same rule, for those alone.
    #[must_use]
    pub fn for_access(self, access: Access) -> Self {
        Self { access, ..self }
    }

    /// The glob that names the rule's assets, as it was written.
    #[must_use]
    pub fn pattern(&self) -> &str {
        self.pattern.as_str()
    }

    /// What is promised about them.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Who may read them.
    #[must_use]
    pub fn access(&self) -> Access {
        self.access
    }

    /// Where it is written.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }
}

impl Governed<'_> {
    /// Who may read the asset: everybody, if no rule names it.
    #[must_use]
    pub fn access(&self) -> Access {
        self.rule.map_or(Access::Public, |(_, rule)| rule.access)
    }
}

impl Access {
    /// How it is written in a configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Signed => "signed",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern && self.policy == other.policy && self.access == other.access
    }
}

impl Eq for Rule {}

impl Rules {
    /// The rules in their order of precedence.
    ///
    /// # Errors
    /// All patterns together are too large to be matched in one pass.
    pub fn new(ordered: Vec<Rule>) -> Result<Self, PatternError> {
        let globs = ordered.iter().map(|rule| rule.pattern.glob().clone());
        Ok(Self { globs: GlobSet::new(globs)?, ordered, unnamed: Policy::default() })
    }

    /// What governs the asset at `asset_path`: decoded, relative to the root, segments divided by `/`.
    ///
    /// All patterns are matched in one pass, however many there are.
    #[must_use]
    pub fn govern(&self, asset_path: &str) -> Governed<'_> {
        let first = self.globs.matches(asset_path).into_iter().min();
        let rule = first.and_then(|index| Some((index, self.ordered.get(index)?)));
        Governed { rule, policy: rule.map_or(&self.unnamed, |(_, rule)| &rule.policy) }
    }

    /// The rules in their order of precedence.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.ordered.iter()
    }

    /// The rules that govern no asset, whatever the root may hold.
    ///
    /// Meant for start-up: this may take a good part of a second for hundreds of intricate patterns, and says
    /// nothing of what it cannot decide within that.
    #[must_use]
    pub fn unreachable(&self) -> Vec<Unreachable> {
        let patterns: Vec<_> = self.ordered.iter().map(|rule| &rule.pattern).collect();
        reachability::unreachable(&patterns)
    }
}

impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        self.ordered == other.ordered
    }
}

impl Eq for Rules {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caching::directive::CacheControl;
    use crate::caching::policy::{Promise, Send};

    fn rules(patterns: &[&str]) -> Rules {
        let rule = |(index, glob): (usize, &&str)| {
            let place = Place { file: "a.toml".into(), line: index + 1 };
            Rule::new(Pattern::parse(glob).expect(glob), Policy::default(), place)
        };
        Rules::new(patterns.iter().enumerate().map(rule).collect()).expect("small patterns")
    }

    #[test]
    fn the_first_rule_that_matches_governs() {
        let rules = rules(&["prices/*.pdf", "prices/**", "**/*.{jpg,png}", r"a\*b", "[abc].txt", "ü/?"]);
        for (path, expected) in [
            ("prices/may.pdf", Some(0)),
            ("prices/2025/may.pdf", Some(1)),
            ("prices/logo.png", Some(1)),
            ("logo.png", Some(2)),
            ("logos/deep/down/logo.jpg", Some(2)),
            ("logo.PNG", None),
            ("prices", None),
            ("a*b", Some(3)),
            ("a-b", None),
            ("b.txt", Some(4)),
            ("d.txt", None),
            ("ü/a", Some(5)),
            ("ü/é", None),
        ] {
            let governed = rules.govern(path);
            assert_eq!(governed.rule.map(|(index, _)| index), expected, "{path}");
        }
    }

    #[test]
    fn what_no_rule_names_is_revalidated_and_carries_both_validators() {
        let rules = Rules::default();
        let governed = rules.govern("a.jpg");
        assert_eq!(governed.policy.cache_control, Promise::Written(CacheControl::no_cache()));
        assert_eq!(governed.policy.send, Send { cache_control: true, last_modified: true, etag: true });
        assert!(governed.rule.is_none());
    }

    #[test]
    fn a_bad_glob_says_why() {
        for (glob, reason) in [
            ("a[b", "unclosed character class; missing ']'"),
            ("[z-a]", "invalid range; 'z' > 'a'"),
            ("{a,b", "unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"),
            ("a}", "unopened alternate group; missing '{' (maybe escape '}' with '[}]'?)"),
            (r"a\", r"dangling '\'"),
        ] {
            assert_eq!(Pattern::parse(glob).expect_err(glob).to_string(), reason);
        }
    }
}
