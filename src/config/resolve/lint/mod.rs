//! Rules that are well formed and will not do what whoever wrote them believes: warnings.

mod promise;
mod reach;

pub(super) use reach::unreachable;

use super::rules::inside;
use crate::caching::directive::CacheControl;
use crate::caching::rules::Rule;
use crate::config::error::Problem;
use crate::config::file::{RuleTable, Text};
use crate::config::report::Report;
use toml::Spanned;

/// What is odd about one rule by itself; `pin` is whether links are pinned to a version.
pub(super) fn rule(rule: &Rule, table: &RuleTable, pin: bool, report: &Report) {
    let policy = rule.policy();
    if let (Some(value), Some(text)) = (policy.cache_control.written(), &table.cache_control) {
        contradictions(value, text, report);
    }
    if let (Some(value), Some(text)) = (&policy.pinned_cache_control, &table.pinned_cache_control) {
        contradictions(value, text, report);
    }
    if table.send.as_ref().is_some_and(|names| !is_understood(rule, names)) {
        return; // A name was refused: what is sent is not known.
    }
    if let Some(names) = &table.send {
        what_is_sent(rule, table, names, report);
    }
    promise::undefined(rule, table, report);
    promise::immutable(rule, table, report);
    promise::shared(rule, table, report);
    if !pin {
        promise::unpinned(rule, table, report);
    }
}

fn is_understood(rule: &Rule, names: &Spanned<Vec<Text>>) -> bool {
    let send = rule.policy().send;
    let chosen = [send.cache_control, send.last_modified, send.etag].iter().filter(|sent| **sent).count();
    chosen == names.get_ref().len()
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
    if names.get_ref().is_empty() {
        report.add(nothing_sent(names));
    }
    if rule.policy().send.cache_control {
        return;
    }
    let [written, pinned] = [table.cache_control.as_ref(), table.pinned_cache_control.as_ref()];
    let unsent = [("cache-control", written), ("pinned-cache-control", pinned)];
    for (key, text) in unsent.into_iter().filter_map(|(key, text)| Some((key, text?))) {
        report.add(never_sent(key, text, names));
    }
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
