//! What was found, as a person or a program reads it.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::census::Census;
use crate::caching::policy::Policy;
use crate::caching::rules::{Access, Rule};
use crate::config::Loaded;

/// What was found.
#[derive(Serialize)]
pub(super) struct Report {
    file: PathBuf,
    rules: Vec<Row>,
    pub(super) warnings: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// A rule and the assets it governs. The last row is for those that no rule names.
#[derive(Serialize)]
struct Row {
    /// The glob, `null` for what no rule names.
    pattern: Option<String>,
    line: Option<usize>,
    /// How many there are, `null` if nobody counted them.
    assets: Option<usize>,
    cache_control: Option<String>,
    pinned_cache_control: Option<String>,
    last_modified: bool,
    etag: bool,
    access: Access,
}

impl Report {
    /// What the file says, and what is there.
    pub(super) fn new(file: &Path, loaded: &Loaded, certificates: Vec<String>, census: Census) -> Self {
        let counts = census.counts.as_ref();
        let of_rule = |index| counts.and_then(|counts| counts.of_rules.get(index).copied());
        let rule = |(index, rule): (usize, &Rule)| {
            let row = Row::new(Some((rule.pattern(), rule.place().line)), rule.policy(), of_rule(index));
            Row { access: rule.access(), ..row }
        };
        let unnamed = Row::new(None, &Policy::default(), counts.map(|counts| counts.unnamed));
        let rules = loaded.config.rules.iter().enumerate().map(rule).chain([unnamed]).collect();
        let warnings = loaded.warnings.iter().map(ToString::to_string);
        let warnings = warnings.chain(certificates).chain(census.warnings).collect();
        Self { file: file.to_owned(), rules, warnings, note: census.note }
    }
}

impl Row {
    fn new(place: Option<(&str, usize)>, policy: &Policy, assets: Option<usize>) -> Self {
        Self {
            pattern: place.map(|(pattern, _)| pattern.to_owned()),
            line: place.map(|(_, line)| line),
            assets,
            cache_control: policy.send.cache_control.then(|| policy.cache_control.to_string()),
            pinned_cache_control: policy.pinned_cache_control.as_ref().map(ToString::to_string),
            last_modified: policy.send.last_modified,
            etag: policy.send.etag,
            access: Access::Public,
        }
    }

    /// What goes out, in a few words.
    fn sent(&self) -> String {
        let validators = match (self.last_modified, self.etag) {
            (true, true) => "",
            (true, false) => " (no ETag)",
            (false, true) => " (no Last-Modified)",
            (false, false) => " (no validator)",
        };
        let bare = self.cache_control.as_deref().unwrap_or("no Cache-Control");
        let pinned = self.pinned_cache_control.iter().map(|value| format!("; pinned: {value}"));
        let access = if self.access == Access::Signed { "; to signed links alone" } else { "" };
        format!("{bare}{validators}{}{access}", pinned.collect::<String>())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |row: &Row| match (&row.pattern, row.line) {
            (Some(pattern), Some(line)) => (pattern.clone(), format!("line {line}")),
            _ => ("(no rule)".to_owned(), String::new()),
        };
        let width = self.rules.iter().map(|row| place(row).0.chars().count()).max().unwrap_or(0);
        writeln!(f, "{} is valid\n", self.file.display())?;
        writeln!(f, "{:width$}  {:8}  assets  sends", "rule", "")?;
        for row in &self.rules {
            let (pattern, line) = place(row);
            let assets = row.assets.map_or_else(|| "-".to_owned(), |assets| assets.to_string());
            let none = if row.assets == Some(0) && row.pattern.is_some() { "  (no file now)" } else { "" };
            writeln!(f, "{pattern:width$}  {line:8}  {assets:>6}  {}{none}", row.sent())?;
        }
        self.note.iter().try_for_each(|note| writeln!(f, "\n{note}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caching::policy::Promise;

    #[test]
    fn a_rule_that_leaves_it_to_the_store_says_so() {
        let policy = Policy { cache_control: Promise::FromStore, ..Policy::default() };
        let row = Row::new(Some(("**", 7)), &policy, None);
        assert_eq!(row.sent(), "from-store");
        let json = serde_json::to_value(&row).expect("a row is JSON");
        assert_eq!(json["cache_control"], "from-store");
        assert_eq!(json["assets"], serde_json::Value::Null);
    }
}
