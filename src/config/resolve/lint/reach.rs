//! Rules that can never govern an asset, and what their authors meant.

use crate::caching::reachability::{Because, Unreachable};
use crate::caching::rules::Rules;
use crate::config::error::Problem;
use crate::config::file::{RuleTable, Text};
use crate::config::report::Report;

/// Rules that can never govern an asset. `tables` are those of `rules`, in the same order.
pub(in crate::config::resolve) fn unreachable(rules: &Rules, tables: &[&RuleTable], report: &Report) {
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
