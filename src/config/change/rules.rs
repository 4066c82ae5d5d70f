//! Rules that changed: by their patterns, since that is how whoever wrote them knows them.

use super::{Change, Changes};
use crate::caching::rules::{Rule, Rules};
use std::collections::BTreeSet;

impl Changes {
    /// The new rules; also where they say the same, for the lines at which they stand.
    pub(super) fn rules(&mut self, old: &Rules, new: Rules) -> Rules {
        let patterns: BTreeSet<_> = old.iter().chain(new.iter()).map(Rule::pattern).collect();
        let changed = patterns.into_iter().filter_map(|pattern| {
            Change::between(&format!("rule \"{pattern}\""), &first(old, pattern), &first(&new, pattern))
        });
        let before = self.applied.len();
        self.applied.extend(changed);
        if before == self.applied.len() && *old != new {
            self.applied.push(Change { key: "rule".to_owned(), old: order(old), new: order(&new) });
        }
        new
    }
}

/// The first rule of this pattern. No other of the same pattern has an effect.
fn first<'a>(rules: &'a Rules, pattern: &str) -> Option<&'a Rule> {
    rules.iter().find(|rule| rule.pattern() == pattern)
}

fn order(rules: &Rules) -> String {
    rules.iter().map(Rule::pattern).collect::<Vec<_>>().join(", ")
}
