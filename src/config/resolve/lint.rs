//! Rules that are well formed and will not do what whoever wrote them believes: warnings.

use super::rules::inside;
use crate::caching::directive::{CacheControl, Name};
use crate::caching::reachability::{Because, Unreachable};
use crate::caching::rules::{Rule, Rules};
use crate::config::error::Problem;
use crate::config::file::{RuleTable, Text};
use crate::config::report::Report;
use toml::Spanned;

/// What is odd about one rule by itself.
pub(super) fn rule(rule: &Rule, table: &RuleTable, report: &Report) {
    let policy = rule.policy();
    if let Some(text) = &table.cache_control {
        contradictions(&policy.cache_control, text, report);
    }
    if let (Some(value), Some(text)) = (&policy.pinned_cache_control, &table.pinned_cache_control) {
        contradictions(value, text, report);
    }
    if let Some(names) = &table.send {
        what_is_sent(rule, table, names, report);
    }
}

fn contradictions(value: &CacheControl, text: &Text, report: &Report) {
    for found in value.contradictions() {
        let problem = Problem::warning(found.to_string())
            .at(inside(text, found.range(), report))
            .label(format!("{} ({})", found.because(), found.section()))
            .help(found.remedy());
        let in_vain = found.in_vain().iter().map(|part| inside(text, part.clone(), report));
        // Where the value is written with escapes, all places are that of the whole string: once is enough.
        let in_vain = in_vain.filter(|range| *range != text.span());
        report.add(in_vain.fold(problem, |problem, range| problem.beside(range, "written in vain")));
    }
}

fn what_is_sent(rule: &Rule, table: &RuleTable, names: &Spanned<Vec<Text>>, report: &Report) {
    let send = rule.policy().send;
    let chosen = [send.cache_control, send.last_modified, send.etag].iter().filter(|sent| **sent).count();
    if chosen != names.get_ref().len() {
        return; // A name was refused: what it stands for is not known.
    }
    if names.get_ref().is_empty() {
        report.add(nothing_sent(names));
    }
    let [written, pinned] = [table.cache_control.as_ref(), table.pinned_cache_control.as_ref()];
    if !send.cache_control {
        let unsent = [("cache-control", written), ("pinned-cache-control", pinned)];
        for (key, text) in unsent.into_iter().filter_map(|(key, text)| Some((key, text?))) {
            report.add(never_sent(key, text, names));
        }
    } else if let Some(text) = written.filter(|_| nothing_to_compare(rule)) {
        report.add(needs_last_modified(text, names));
    }
}

/// WhatsApp's documented rule for `no-cache` compares `Last-Modified`, and no other field.
fn nothing_to_compare(rule: &Rule) -> bool {
    let policy = rule.policy();
    policy.cache_control.has_unqualified(Name::NoCache) && !policy.send.last_modified
}

fn nothing_sent(names: &Spanned<Vec<Text>>) -> Problem {
    Problem::warning("no caching field goes out for this rule")
        .at(names.span())
        .label("each cache decides for itself what to do")
        .help("to have nothing kept, write `cache-control = \"no-store\"` and remove `send`")
}

fn never_sent(key: &str, text: &Text, names: &Spanned<Vec<Text>>) -> Problem {
    Problem::warning(format!("this `{key}` is never sent"))
        .at(text.span())
        .label("written in vain")
        .beside(names.span(), "leaves `cache-control` out")
        .help(format!("add \"cache-control\" to `send`, or remove `{key}`"))
}

fn needs_last_modified(text: &Text, names: &Spanned<Vec<Text>>) -> Problem {
    Problem::warning("`no-cache` without `last-modified`")
        .at(text.span())
        .label("WhatsApp's documented rule compares `Last-Modified`")
        .beside(names.span(), "leaves `last-modified` out")
        .help("add \"last-modified\" to `send`")
}

/// Rules that can never govern an asset. `tables` are those of `rules`, in the same order.
pub(super) fn unreachable(rules: &Rules, tables: &[&RuleTable], report: &Report) {
    let paths: Vec<_> = tables.iter().filter_map(|table| table.path.as_ref()).collect();
    for Unreachable { rule, because } in rules.unreachable() {
        let Some(path) = paths.get(rule) else {
            continue;
        };
        report.add(match because {
            Because::NeverAnAssetPath => never_a_path(path),
            Because::CoveredBy(earlier) => {
                let earlier: Vec<_> = earlier.iter().filter_map(|index| paths.get(*index).copied()).collect();
                covered(path, &earlier, report)
            }
        });
    }
}

fn never_a_path(path: &Text) -> Problem {
    Problem::warning("no asset can ever have this path")
        .at(path.span())
        .label("this rule never applies")
        .help(path_meant(path.get_ref()))
}

/// What keeps a pattern from matching, in the order in which people get it wrong.
fn path_meant(glob: &str) -> String {
    let hidden = |segment: &str| segment.starts_with('.');
    if let Some(relative) = glob.strip_prefix('/') {
        return format!("paths are relative to the root: write \"{relative}\"");
    }
    if glob.ends_with('/') {
        return format!("to name all assets below it, write \"{glob}**\"");
    }
    if glob.split('/').any(hidden) {
        return "files and folders whose name begins with a dot are never served".into();
    }
    "paths are relative to the root, in UTF-8, with `/` between names that do not begin with a dot".into()
}

fn covered(path: &Text, earlier: &[&Text], report: &Report) -> Problem {
    let line = |text: &Text| report.source().line(text.span().start);
    let lines: Vec<_> = earlier.iter().map(|text| line(text).to_string()).collect();
    let by = match lines.as_slice() {
        [line] => format!("the rule on line {line}"),
        lines => format!("the rules on lines {}", lines.join(", ")),
    };
    let same = earlier.iter().any(|text| text.get_ref() == path.get_ref());
    let found = if same { "this pattern is given twice" } else { "this rule never applies" };
    let problem = Problem::warning(found)
        .at(path.span())
        .label(format!("all that it matches goes to {by}"))
        .help(if same {
            "remove one of the two rules"
        } else {
            "move it further up: the first rule that matches wins"
        });
    earlier.iter().fold(problem, |problem, text| problem.beside(text.span(), "matches first"))
}
