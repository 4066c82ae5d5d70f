//! A shared cache by RFC 9111: the decision is [`freshness`]'s, the words are here.

use super::asset::is_redirect;
use super::words::span;
use super::{Cache, Reuse, Then, Verdict};
use crate::caching::directive::Name;
use crate::caching::freshness::{self, Basis, How, Lifetime, Stale, Unstorable, reuse};
use crate::caching::received::{Received, Scope};
use http::StatusCode;

pub(super) fn verdict(response: &Received) -> Verdict {
    let decision = reuse(response);
    let (because, source) = reason(decision, response);
    let because = because + &elsewhere(decision, response);
    Verdict { cache: Cache::Shared, reuse: told(decision, How::of(response)), because, source }
}

fn told(decision: freshness::Reuse, checks: How) -> Reuse {
    match decision {
        freshness::Reuse::Unstorable(_) | freshness::Reuse::MatchesNoRequest => Reuse::Never,
        freshness::Reuse::OnceValidated => Reuse::AfterRevalidation(Then { checks, stale: Stale::Never }),
        freshness::Reuse::WhileFresh { fresh_for, stale, .. } => {
            Reuse::lasting(fresh_for, Then { checks, stale })
        }
    }
}

fn reason(decision: freshness::Reuse, response: &Received) -> (String, &'static str) {
    match decision {
        freshness::Reuse::Unstorable(why) => unstorable(why, response.status),
        freshness::Reuse::MatchesNoRequest => {
            ("`Vary: *` says that this answers no other request".to_owned(), "RFC 9111 §4.1")
        }
        freshness::Reuse::OnceValidated => {
            ("`no-cache` makes caches ask before each use".to_owned(), "RFC 9111 §5.2.2.4")
        }
        freshness::Reuse::WhileFresh { lifetime, age, stale, .. } => {
            let (because, source) = fresh(lifetime, response);
            ([because, aged(age.seconds()), afterwards(stale)].concat(), source)
        }
    }
}

fn unstorable(why: Unstorable, status: StatusCode) -> (String, &'static str) {
    match why {
        Unstorable::NotFinal => ("the answer is not final: another one follows".to_owned(), "RFC 9111 §3"),
        Unstorable::NotUnderstood => (not_understood(status), "RFC 9111 §3"),
        Unstorable::NoStore => ("`no-store` forbids caches to keep it".to_owned(), "RFC 9111 §5.2.2.5"),
        Unstorable::Private => {
            let because = "`private` forbids caches that serve many people to keep it";
            (because.to_owned(), "RFC 9111 §5.2.2.7")
        }
        Unstorable::NothingSaysSo => (silence(status), "RFC 9111 §3"),
    }
}

fn not_understood(status: StatusCode) -> String {
    match status.as_u16() {
        206 => "a 206 brings a part of a file, and most caches keep whole ones only".to_owned(),
        304 => "a 304 is news about a copy, and there is none".to_owned(),
        code => format!("`must-understand` lets only caches keep it that know the status {code}"),
    }
}

fn fresh(Lifetime { lifetime, basis }: Lifetime, response: &Received) -> (String, &'static str) {
    let seconds = lifetime.seconds();
    let long = span(seconds);
    match basis {
        Basis::SMaxAge if seconds == 0 => {
            ("`s-maxage=0` lets no shared cache use it without asking".to_owned(), "RFC 9111 §5.2.2.10")
        }
        Basis::SMaxAge => {
            (format!("`s-maxage={seconds}` lets shared caches use it for {long}"), "RFC 9111 §5.2.2.10")
        }
        Basis::MaxAge if seconds == 0 => {
            ("`max-age=0` lets no cache use it without asking".to_owned(), "RFC 9111 §5.2.2.1")
        }
        Basis::MaxAge => {
            (format!("`max-age={seconds}` lets every cache use it for {long}"), "RFC 9111 §5.2.2.1")
        }
        Basis::Expires if !response.expires.is_valid() => {
            ("`Expires` cannot be read as one date, so it counts as past".to_owned(), "RFC 9111 §5.3")
        }
        Basis::Expires if seconds == 0 => {
            ("`Expires` was past when this was sent".to_owned(), "RFC 9111 §5.3")
        }
        Basis::Expires => (format!("`Expires` lets every cache use it for {long}"), "RFC 9111 §5.3"),
        Basis::Heuristic => (
            "no header says for how long; caches guess, often a tenth of the time since `Last-Modified`"
                .to_owned(),
            "RFC 9111 §4.2.2",
        ),
        Basis::Invalid(name) => {
            (format!("`{name}` cannot be read as one number, so its time is over"), "RFC 9111 §4.2.1")
        }
        Basis::Nothing => (silence(response.status), "RFC 9111 §4.2.2"),
    }
}

/// Of an answer whose headers do not say for how long it may be used.
fn silence(status: StatusCode) -> String {
    let unless = "unless a header says for how long";
    match status.as_u16() {
        200 => "no header says for how long it may be used".to_owned(),
        _ if is_redirect(status) => format!("redirects are not kept {unless}"),
        400..=599 => format!("errors are not kept {unless}"),
        code => format!("answers with status {code} are not kept {unless}"),
    }
}

fn aged(seconds: u64) -> String {
    if seconds == 0 { String::new() } else { format!("; it was {} old when it came", span(seconds)) }
}

fn afterwards(stale: Stale) -> String {
    match (stale.while_revalidating(), stale.if_error()) {
        (0, 0) => String::new(),
        (0, error) => format!("; {} more if the server fails", span(error)),
        (meanwhile, 0) => format!("; {} more while it is fetched anew", span(meanwhile)),
        (meanwhile, error) => {
            format!("; {} more while it is fetched anew, {} if that fails", span(meanwhile), span(error))
        }
    }
}

/// What other caches make of what this one could keep.
///
/// "Note: The qualified form of the directive is often handled by caches as if an unqualified no-cache directive was
/// received; that is, the special handling for the qualified form is not widely implemented." §5.2.2.4, and alike
/// §5.2.2.7. As for `must-understand`, the `no-store` beside it is there for those that do not implement it: §5.2.2.3.
fn elsewhere(decision: freshness::Reuse, response: &Received) -> String {
    if matches!(decision, freshness::Reuse::Unstorable(_) | freshness::Reuse::MatchesNoRequest) {
        return String::new();
    }
    let directives = &response.cache_control;
    let qualified = |name: &Name| {
        matches!(directives.scope(*name), Scope::Fields(_))
            .then(|| format!("; many caches read `{name}=…` as `{name}`"))
    };
    let mut caveats: Vec<_> = [Name::NoCache, Name::Private].iter().filter_map(qualified).collect();
    if directives.has(Name::NoStore) {
        caveats.push("; caches that do not know `must-understand` obey `no-store` instead".to_owned());
    }
    caveats.concat()
}
