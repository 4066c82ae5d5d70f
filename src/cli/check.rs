//! `media-origin check`: whether the configuration is valid, and which assets each rule governs.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::store::{self, Remember};
use super::{Configured, Exit, answer, answer_json, complain, printable};
use crate::caching::policy::Policy;
use crate::caching::rules::Rules;
use crate::clock::Clock;
use crate::config::Loaded;
use crate::store::directory::Listed;
use crate::store::{AssetPath, Fault};

/// Validate the configuration and list what each rule governs
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  media-origin check --strict\n\n\
                        Exit status: 0 valid, 1 with warnings under --strict, 2 invalid.")]
pub(super) struct Check {
    /// Exit with 1 if there is a warning
    #[arg(long)]
    strict: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    configured: Configured,
}

/// What was found.
#[derive(Serialize)]
struct Report {
    file: PathBuf,
    rules: Vec<Row>,
    warnings: Vec<String>,
}

/// A rule and the assets it governs. The last row is for those that no rule names.
#[derive(Serialize)]
struct Row {
    /// The glob, `null` for what no rule names.
    pattern: Option<String>,
    line: Option<usize>,
    assets: usize,
    cache_control: Option<String>,
    pinned_cache_control: Option<String>,
    last_modified: bool,
    etag: bool,
}

impl Check {
    pub(super) fn run(self) -> Exit {
        let file = self.configured.config.clone();
        let report = match self.configured.load().and_then(|loaded| report(&file, &loaded)) {
            Ok(report) => report,
            Err(exit) => return exit,
        };
        let exit = if self.strict && !report.warnings.is_empty() { Exit::No } else { Exit::Success };
        if self.json {
            return answer_json(&report, exit);
        }
        let exit = answer(report.to_string().trim_end(), exit);
        report.warnings.iter().for_each(|warning| complain(warning));
        exit
    }
}

fn report(file: &Path, loaded: &Loaded) -> Result<Report, Exit> {
    let store = store::open(&loaded.config, Remember::Nothing, Clock::system())?;
    let Some(store) = store.directory() else { return Err(Exit::No) };
    let rules = &loaded.config.rules;
    let mut rows: Vec<Row> =
        rules.iter().map(|rule| Row::new(Some((rule.pattern(), rule.place().line)), rule.policy())).collect();
    let mut unnamed = Row::new(None, &Policy::default());
    let mut warnings: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    for listed in store.list() {
        match listed {
            Listed::Asset(path) => {
                row_of(path.as_str(), rules, &mut rows, &mut unnamed).assets += 1;
                let fault = store.fault(&path);
                warnings.extend(fault.map(|fault| warning(&path, &fault)));
            }
            Listed::Unreachable(path, why) => {
                let path = printable(&path.to_string_lossy());
                warnings.push(format!("warning: no link can name {path}: {why}"));
            }
        }
    }
    rows.push(unnamed);
    Ok(Report { file: file.to_owned(), rules: rows, warnings })
}

fn warning(path: &AssetPath, fault: &Fault) -> String {
    let lines: Vec<_> = fault.to_string().lines().map(printable).collect();
    format!("warning: {}: {}", printable(path.as_str()), lines.join("\n"))
}

/// The row that counts the asset.
fn row_of<'a>(path: &str, rules: &Rules, rows: &'a mut [Row], unnamed: &'a mut Row) -> &'a mut Row {
    let index = rules.govern(path).rule.map(|(index, _)| index);
    index.and_then(|index| rows.get_mut(index)).unwrap_or(unnamed)
}

impl Row {
    fn new(place: Option<(&str, usize)>, policy: &Policy) -> Self {
        Self {
            pattern: place.map(|(pattern, _)| pattern.to_owned()),
            line: place.map(|(_, line)| line),
            assets: 0,
            cache_control: policy.send.cache_control.then(|| policy.cache_control.to_string()),
            pinned_cache_control: policy.pinned_cache_control.as_ref().map(ToString::to_string),
            last_modified: policy.send.last_modified,
            etag: policy.send.etag,
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
        format!("{bare}{validators}{}", pinned.collect::<String>())
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
            let none = if row.assets == 0 && row.pattern.is_some() { "  (no file now)" } else { "" };
            writeln!(f, "{pattern:width$}  {line:8}  {:6}  {}{none}", row.assets, row.sent())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caching::policy::Promise;

    #[test]
    fn a_rule_that_leaves_it_to_the_store_says_so() {
        let policy = Policy { cache_control: Promise::FromStore, ..Policy::default() };
        let row = Row::new(Some(("**", 7)), &policy);
        assert_eq!(row.sent(), "from-store");
        let json = serde_json::to_value(&row).expect("a row is JSON");
        assert_eq!(json["cache_control"], "from-store");
    }
}
