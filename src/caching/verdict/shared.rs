//! A shared cache by RFC 9111: the decision is [`freshness`](crate::caching::freshness)'s, the words are here.

use super::words::span;
use super::{Cache, Reuse, Then, Verdict};
use crate::caching::directive::Name;
use crate::caching::freshness::stale::once_stale;
use crate::caching::freshness::{
    Basis, How, Lifetime, Stale, Storage, Unstorable, current_age, fresh_for, lifetime, may_store,
};
use crate::caching::received::{Received, Scope};

pub(super) fn verdict(response: &Received) -> Verdict {
    let (reuse, because, source) = decide(response);
    Verdict { cache: Cache::Shared, reuse, because, source }
}

fn decide(response: &Received) -> (Reuse, String, &'static str) {
    if let Storage::Forbidden(why) = may_store(response) {
        let (because, source) = unstorable(why);
        return (Reuse::Never, because.to_owned(), source);
    }
    if response.varies_on_everything {
        let because = "`Vary: *` says that no other request is like the one it answered";
        return (Reuse::Never, because.to_owned(), "RFC 9111 §4.1");
    }
    let then = Then { checks: How::of(response), stale: once_stale(response) };
    if response.cache_control.scope(Name::NoCache) == Scope::Everything {
        let because = "`no-cache` lets caches keep it, but not use it before they asked the origin";
        return (Reuse::AfterRevalidation(then), because.to_owned(), "RFC 9111 §5.2.2.4");
    }
    let Lifetime { lifetime, basis } = lifetime(response);
    let age = current_age(response, response.received);
    let seconds = fresh_for(lifetime, age);
    let (because, source) = reason(basis, lifetime.seconds());
    let because = [because, aged(age.seconds()), afterwards(then.stale), without(response)].concat();
    (Reuse::lasting(seconds, then), because, source)
}

fn unstorable(why: Unstorable) -> (&'static str, &'static str) {
    match why {
        Unstorable::NotFinal => ("the answer is not final: another one follows", "RFC 9111 §3"),
        Unstorable::NotUnderstood => {
            ("the status of the answer is one that needs to be understood", "RFC 9111 §3")
        }
        Unstorable::NoStore => ("`no-store` forbids caches to keep any of it", "RFC 9111 §5.2.2.5"),
        Unstorable::Private => {
            ("`private` forbids caches that serve many people to keep it", "RFC 9111 §5.2.2.7")
        }
        Unstorable::NothingSaysSo => ("nothing lets caches keep an answer of this status", "RFC 9111 §3"),
    }
}

fn reason(basis: Basis, seconds: u64) -> (String, &'static str) {
    let long = span(seconds);
    let because = match basis {
        Basis::SMaxAge => {
            format!("`s-maxage={seconds}` lets caches that serve many people use it for {long}")
        }
        Basis::MaxAge => format!("`max-age={seconds}` lets every cache use it for {long}"),
        Basis::Expires if seconds == 0 => {
            "`Expires` is not later than `Date`, or no date: it is past".to_owned()
        }
        Basis::Expires => format!("`Expires` is {long} after `Date`"),
        Basis::Heuristic => format!(
            "nothing says for how long it may be used, so caches guess: often a tenth of the time since it was last \
             modified, here {long}"
        ),
        Basis::Invalid(name) => format!("`{name}` has no number of seconds, or several, and counts as past"),
        Basis::Nothing => {
            "nothing says for how long it may be used, nor when it was last modified, to guess by".to_owned()
        }
    };
    let source = match basis {
        Basis::SMaxAge => "RFC 9111 §5.2.2.10",
        Basis::MaxAge => "RFC 9111 §5.2.2.1",
        Basis::Expires => "RFC 9111 §5.3",
        Basis::Heuristic | Basis::Nothing => "RFC 9111 §4.2.2",
        Basis::Invalid(_) => "RFC 9111 §4.2.1",
    };
    (because, source)
}

fn aged(seconds: u64) -> String {
    if seconds == 0 { String::new() } else { format!("; it was {} old when it came", span(seconds)) }
}

fn afterwards(stale: Stale) -> String {
    let meanwhile = match stale.while_revalidating() {
        0 => String::new(),
        seconds => format!("; afterwards for {} while a new copy is fetched", span(seconds)),
    };
    match stale.if_error() {
        0 => meanwhile,
        seconds => format!("{meanwhile}; afterwards for {} if none can be had", span(seconds)),
    }
}

/// "Note: The qualified form of the directive is often handled by caches as if an unqualified no-cache directive was
/// received; that is, the special handling for the qualified form is not widely implemented." §5.2.2.4, and alike
/// §5.2.2.7.
fn without(response: &Received) -> String {
    let qualified = |name: &Name| {
        matches!(response.cache_control.scope(*name), Scope::Fields(_))
            .then(|| format!("; many caches take `{name}` with field names for `{name}` alone"))
    };
    [Name::NoCache, Name::Private].iter().filter_map(qualified).collect()
}
