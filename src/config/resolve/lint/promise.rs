//! What a rule promises caches: nothing that WhatsApp's documented rules leave undefined, and nothing that a link
//! cannot keep.

use crate::caching::directive::{CacheControl, Name};
use crate::caching::freshness::{Basis, Reuse, reuse};
use crate::caching::policy::{Policy, Send};
use crate::caching::received::Received;
use crate::caching::rules::{Access, Rule};
use crate::caching::verdict::documented::{self, Documented, Gap};
use crate::config::error::Problem;
use crate::config::file::{RuleTable, Text};
use crate::config::report::Report;
use crate::semantics::HttpDate;
use http::header::{CACHE_CONTROL, ETAG, LAST_MODIFIED};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use toml::Spanned;

/// Reports what the rule sends and the documented rules do not speak of.
pub(super) fn undefined(rule: &Rule, table: &RuleTable, report: &Report) {
    let Policy { cache_control, pinned_cache_control, send } = rule.policy();
    if !send.cache_control {
        if let (Some(gap), Some(names)) = (gap(None, *send), &table.send) {
            let problem = problem(gap).at(names.span());
            report.add(problem.help("add \"cache-control\" to `send`, or leave \"last-modified\" out of it"));
        }
        return;
    }
    let written = [
        (cache_control.written(), &table.cache_control), // What a bucket will say, nobody knows yet.
        (pinned_cache_control.as_ref(), &table.pinned_cache_control),
    ];
    for (value, text) in written {
        if let (Some(gap), Some(text)) = (value.and_then(|value| gap(Some(value), *send)), text) {
            report.add(in_value(gap, text, table));
        }
    }
}

/// What the documented rules leave open, unless [`CacheControl::contradictions`] finds the same fault.
fn gap(cache_control: Option<&CacheControl>, send: Send) -> Option<Gap> {
    let Documented::Undefined(gap) = documented::judge(&sent(cache_control, send)) else { return None };
    let told = match gap {
        Gap::NoCacheOrMaxAge => true,
        Gap::NoneOfTheDirectives => cache_control.is_some_and(is_immutable_for_no_time),
        _ => false,
    };
    (!told).then_some(gap)
}

/// The remedy for it is a `max-age`, and with that nothing is undefined.
fn is_immutable_for_no_time(value: &CacheControl) -> bool {
    value.has(Name::Immutable) && !promises(value)
}

/// A response with these fields. Which bytes it is about, and when they were modified, does not matter.
fn sent(cache_control: Option<&CacheControl>, send: Send) -> Received {
    let now = HttpDate::from_unix(0);
    let field = |name: HeaderName, value: Option<HeaderValue>| value.map(|value| (name, value));
    let headers = [
        field(CACHE_CONTROL, cache_control.map(|value| value.header_value().clone())),
        field(LAST_MODIFIED, send.last_modified.then(|| now.field())),
        field(ETAG, send.etag.then(|| HeaderValue::from_static("\"\""))),
    ];
    let headers: HeaderMap = headers.into_iter().flatten().collect();
    Received::read(StatusCode::OK, &headers, now, now)
}

fn problem(gap: Gap) -> Problem {
    Problem::warning("WhatsApp's documented rules leave this undefined")
        .label(format!("they do not say {gap}"))
}

fn in_value(gap: Gap, text: &Text, table: &RuleTable) -> Problem {
    match (gap, &table.send) {
        (Gap::NothingToCompare, Some(names)) => Problem::warning("`no-cache` without `last-modified`")
            .at(text.span())
            .label("WhatsApp's documented rule compares `Last-Modified`")
            .beside(names.span(), "leaves `last-modified` out")
            .help("add \"last-modified\" to `send`"),
        (Gap::FieldNames(name), _) => {
            problem(gap).at(text.span()).help(format!("write `{name}` without field names, or leave it out"))
        }
        _ => problem(gap).at(text.span()).help("add `max-age`, `no-cache`, `no-store` or `private`"),
    }
}

/// Reports a promise that a link cannot keep which names an asset and not a version of it.
pub(super) fn unpinned(rule: &Rule, table: &RuleTable, report: &Report) {
    let Some((value, text)) = of_bare_links(rule, table) else { return };
    if promises(value) {
        let problem = Problem::warning("this promises freshness, and links are not pinned").at(text.span());
        let problem =
            problem.label("when a file is replaced, caches go on with its old bytes until that time is over");
        report.add(
            problem
                .help("set `pin = true` in `[links]`, or write `no-cache`: caches then ask before each use"),
        );
    } else if let Some(names) = stale(value) {
        let problem = Problem::warning("this permits old bytes, and links are not pinned").at(text.span());
        let problem = problem.label("when a file is replaced, caches may go on with its old bytes");
        report.add(problem.help(format!("set `pin = true` in `[links]`, or remove {names}")));
    }
}

/// Reports that a reload does not help where a link names an asset and not a version of it: "it indicates that the origin
/// server will not update that resource's representation during the freshness lifetime of the response" (RFC 8246 §2).
pub(super) fn immutable(rule: &Rule, table: &RuleTable, report: &Report) {
    let Some((value, text)) = of_bare_links(rule, table) else { return };
    if !(value.has(Name::Immutable) && promises(value)) {
        return;
    }
    let help = if table.pinned_cache_control.is_some() {
        "remove `immutable`: it belongs in `pinned-cache-control`"
    } else {
        "move it to `pinned-cache-control`"
    };
    let problem = Problem::warning("`immutable` for links without a pin").at(text.span());
    report.add(problem.label("when a file is replaced, not even a reload fetches the new one").help(help));
}

/// Reports that caches which serve many people may keep what is not for everybody.
///
/// They go by the link, or by less of it, and know of no signature: such a cache answers after the link is over, and where
/// it leaves out the query, to whoever has no signature at all. One that asks before each use asks with the signature.
pub(super) fn shared(rule: &Rule, table: &RuleTable, report: &Report) {
    if rule.access() == Access::Public {
        return;
    }
    let Policy { cache_control, pinned_cache_control, send } = rule.policy();
    let written = [
        (cache_control.written(), &table.cache_control),
        (pinned_cache_control.as_ref(), &table.pinned_cache_control),
    ];
    let written = written.into_iter().filter_map(|(value, text)| Some((value?, text.as_ref()?.span())));
    let places: Vec<_> = if send.cache_control {
        written.filter(|(value, _)| is_shared(Some(value), *send)).map(|(_, place)| place).collect()
    } else {
        table.send.iter().filter(|_| is_shared(None, *send)).map(Spanned::span).collect()
    };
    for place in places {
        let problem = Problem::warning("shared caches may keep what only signed links are to give").at(place);
        let problem =
            problem.label("they may send it when the link is over, or to a link without a signature");
        report.add(problem.help(if send.cache_control {
            "write `private`, `no-cache` or `no-store`"
        } else {
            "add \"cache-control\" to `send`, and write `cache-control = \"private\"`"
        }));
    }
}

/// Whether a shared cache may answer with it, for however long, without asking.
fn is_shared(value: Option<&CacheControl>, send: Send) -> bool {
    match reuse(&sent(value, send)) {
        Reuse::Unstorable(_) | Reuse::MatchesNoRequest | Reuse::OnceValidated => false,
        Reuse::WhileFresh { lifetime, fresh_for, stale, .. } => {
            let guesses = matches!(lifetime.basis, Basis::Heuristic | Basis::Nothing);
            fresh_for > 0 || guesses || stale.while_revalidating() > 0 || stale.if_error() > 0
        }
    }
}

/// What goes out for links that name an asset and not a version of it, where it is written and not the bucket's.
fn of_bare_links<'a>(rule: &'a Rule, table: &'a RuleTable) -> Option<(&'a CacheControl, &'a Text)> {
    let Policy { cache_control, send, .. } = rule.policy();
    let value = cache_control.written().filter(|_| send.cache_control)?;
    table.cache_control.as_ref().map(|text| (value, text))
}

/// Whether some cache may use it for a time without a question.
fn promises(value: &CacheControl) -> bool {
    let withheld = value.has(Name::NoStore) || value.has_unqualified(Name::NoCache);
    [Name::MaxAge, Name::SMaxAge].into_iter().any(|name| lasts(value, name)) && !withheld
}

/// What lets a cache send it when it is stale, unless [`CacheControl::contradictions`] says that something forbids that.
fn stale(value: &CacheControl) -> Option<String> {
    let forbids = [Name::NoStore, Name::MustRevalidate, Name::ProxyRevalidate, Name::SMaxAge];
    if value.has_unqualified(Name::NoCache) || forbids.into_iter().any(|name| value.has(name)) {
        return None;
    }
    let permits = [Name::StaleWhileRevalidate, Name::StaleIfError].into_iter();
    let permits: Vec<_> =
        permits.filter(|name| lasts(value, *name)).map(|name| format!("`{name}`")).collect();
    (!permits.is_empty()).then(|| permits.join(" and "))
}

fn lasts(value: &CacheControl, name: Name) -> bool {
    value.seconds(name).is_some_and(|seconds| seconds.get() > 0)
}
