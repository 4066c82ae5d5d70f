//! The rules: patterns, policies, and where in the file each word of them stands.

use super::lint;
use super::setting::{Origin, Refused, Setting};
use super::values;
use crate::caching::directive::CacheControl;
use crate::caching::pattern::Pattern;
use crate::caching::policy::{Policy, Promise, Send};
use crate::caching::rules::{Access, Place, Rule, Rules};
use crate::config::error::Problem;
use crate::config::file::{RuleTable, StoreTable, Text};
use crate::config::report::Report;
use std::ops::Range;
use toml::Spanned;

/// The names that `send` takes.
const FIELDS: [&str; 3] = ["cache-control", "last-modified", "etag"];

/// All rules, in the order of the file, with everything that is odd about them reported; `store` is where their assets
/// come from, `pin` is whether links are pinned to a version.
pub(super) fn rules(tables: &[RuleTable], store: &StoreTable, pin: bool, report: &Report) -> Rules {
    let read = tables.iter().filter_map(|table| Some((rule(table, store, report).ok()?, table)));
    let (rules, tables): (Vec<_>, Vec<_>) = read.unzip();
    for (rule, table) in rules.iter().zip(&tables) {
        lint::rule(rule, table, pin, report);
    }
    let rules = Rules::new(rules).unwrap_or_else(|error| {
        report.add(Problem::error(format!("all rules together are too large: {error}")));
        Rules::default()
    });
    lint::unreachable(&rules, &tables, report);
    rules
}

/// A rule, unless something in it was refused.
fn rule(table: &RuleTable, store: &StoreTable, report: &Report) -> Result<Rule, Refused> {
    let send = table.send.as_ref().map(|names| send(names, report)).unwrap_or_default();
    let pattern = pattern(table, report);
    let written = table.cache_control.as_ref().map(|text| promise(text, store, report));
    let pinned = table.pinned_cache_control.as_ref().map(|text| pinned(text, report));
    let access = access(table, report);
    if !table.has_cache_control && send.cache_control && report.is_readable() {
        report.add(no_cache_control(table));
    }
    let policy = Policy {
        // Never sent if `send` leaves it out, and otherwise reported as missing.
        cache_control: written.transpose()?.unwrap_or_else(|| Promise::Written(CacheControl::no_cache())),
        pinned_cache_control: pinned.transpose()?,
        send,
    };
    let (pattern, place) = pattern?;
    let source = report.source();
    let place = Place { file: source.name.as_str().into(), line: source.line(place.start) };
    Ok(Rule::new(pattern, policy, place).for_access(access?))
}

/// Who may read the assets. What cannot be read is refused: a default would open what somebody wanted closed.
fn access(table: &RuleTable, report: &Report) -> Result<Access, Refused> {
    let setting = Setting::of(table.access.as_ref(), Access::Public, values::access, report);
    if matches!(setting.origin, Origin::Refused) { Err(Refused) } else { Ok(setting.value) }
}

fn pattern(table: &RuleTable, report: &Report) -> Result<(Pattern, Range<usize>), Refused> {
    if !table.has_path && report.is_readable() {
        report.add(no_path(table));
    }
    let path = table.path.as_ref().ok_or(Refused)?;
    let pattern = Pattern::parse(path.get_ref()).map_err(|reason| {
        let problem = Problem::error(format!("`{}` is not a pattern", path.get_ref()));
        report.add(problem.at(path.span()).label(reason.to_string()));
        Refused
    })?;
    Ok((pattern, path.span()))
}

/// What `cache-control` promises.
fn promise(text: &Text, store: &StoreTable, report: &Report) -> Result<Promise, Refused> {
    let problem = match text.get_ref().trim() {
        Promise::FROM_STORE if store.is_directory() => nothing_stored(text),
        Promise::FROM_STORE => return Ok(Promise::FromStore),
        _ if mentions_store(text) => not_from_store_alone(text),
        _ => return cache_control(text, report).map(Promise::Written),
    };
    report.add(problem);
    Err(Refused)
}

/// What `pinned-cache-control` promises.
fn pinned(text: &Text, report: &Report) -> Result<CacheControl, Refused> {
    if mentions_store(text) {
        report.add(pinned_from_store(text));
        return Err(Refused);
    }
    cache_control(text, report)
}

/// Whether `from-store` is in it, however it is spelt.
fn mentions_store(text: &Text) -> bool {
    text.get_ref().to_ascii_lowercase().replace('_', "-").contains(Promise::FROM_STORE)
}

/// The directives of a value; each error is reported at its own column.
fn cache_control(text: &Text, report: &Report) -> Result<CacheControl, Refused> {
    CacheControl::parse(text.get_ref()).map_err(|errors| {
        for error in errors.iter() {
            let problem = Problem::error(error.to_string()).at(inside(text, error.range(), report));
            report.add(problem.label(error.expected()).help_if(error.remedy()));
        }
        Refused
    })
}

/// The place in the file of a part of a string's value; the whole string, if it is written with escapes.
pub(super) fn inside(text: &Text, part: Range<usize>, report: &Report) -> Range<usize> {
    match report.source().literal(text.span(), text.get_ref()) {
        Some(start) => start + part.start..start + part.end,
        None => text.span(),
    }
}

fn send(names: &Spanned<Vec<Text>>, report: &Report) -> Send {
    let mut send = Send { cache_control: false, last_modified: false, etag: false };
    for name in names.get_ref() {
        let field = match name.get_ref().as_str() {
            "cache-control" => &mut send.cache_control,
            "last-modified" => &mut send.last_modified,
            "etag" => &mut send.etag,
            _ => {
                report.add(unknown_field(name));
                continue;
            }
        };
        if std::mem::replace(field, true) {
            let problem = Problem::error(format!("`{}` is given twice", name.get_ref()));
            report.add(problem.at(name.span()).label("it is there already").help("remove it"));
        }
    }
    send
}

fn unknown_field(name: &Text) -> Problem {
    let problem = Problem::error(format!("`send` cannot choose `{}`", name.get_ref())).at(name.span());
    match crate::spelling::nearest(name.get_ref(), FIELDS) {
        Some(known) => problem.label(format!("did you mean `{known}`?")),
        None => problem.label("expected `cache-control`, `last-modified` or `etag`"),
    }
}

fn nothing_stored(text: &Text) -> Problem {
    Problem::error("a file has no `Cache-Control` of its own")
        .at(text.span())
        .label("only for the objects of a bucket")
        .help("write the directives that are to be sent, such as \"no-cache\"")
}

fn pinned_from_store(text: &Text) -> Problem {
    Problem::error("`from-store` is for `cache-control` alone")
        .at(text.span())
        .label("expected the directives for links that never mean other bytes")
        .help("write \"public, max-age=31536000, immutable\", or remove it: `cache-control` is for pinned links too")
}

fn not_from_store_alone(text: &Text) -> Problem {
    Problem::error("`from-store` is no directive")
        .at(text.span())
        .label("expected directives, or `from-store` alone")
        .help("write \"from-store\", or leave it out of the directives")
}

fn no_path(table: &RuleTable) -> Problem {
    Problem::error("this rule names no assets")
        .at(table.header.clone())
        .label("expected a `path` in this table")
        .help("add a line such as `path = \"campaigns/**\"`")
}

fn no_cache_control(table: &RuleTable) -> Problem {
    Problem::error("this rule has no `cache-control`")
        .at(table.path.as_ref().map_or_else(|| table.header.clone(), Spanned::span))
        .label("expected a `cache-control` in this table")
        .help("add `cache-control = \"no-cache\"`, or leave the field out with `send = [\"etag\"]`")
}
