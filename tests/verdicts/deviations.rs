//! Where http-cache-semantics 4.3.0 departs from RFC 9111, or takes the other of two ways that it allows.

use crate::case::Case;
use crate::moment::Moment;
use media_origin::caching::directive::{DeltaSeconds, Name};
use media_origin::caching::freshness::{Basis, Stale, Storage, lifetime, may_store, stale::once_stale};
use media_origin::caching::received::{Given, Received, Scope};

/// What both models are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    Storable,
    Lifetime,
    Conditions,
    Age,
    Use,
    OnError,
}

impl Answer {
    pub(crate) const ALL: [Self; 6] =
        [Self::Storable, Self::Lifetime, Self::Conditions, Self::Age, Self::Use, Self::OnError];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deviation {
    /// Statuses beyond a list are never stored; they need to be understood only where they are 206, 304 or beside
    /// `must-understand`.
    UnlistedStatus,
    /// `must-understand` is not known, so that the `no-store` beside it counts.
    MustUnderstand,
    /// `private` and `no-cache` with field names count for the whole response. The RFC lets a cache leave the fields out
    /// instead, and remarks that few do.
    FieldNames,
    /// Names of directives in capitals are not recognised.
    Capitals,
    /// Commas in quoted strings end a directive.
    QuotedCommas,
    /// A response with `must-revalidate` is asked for although it is fresh; the directive is about stale ones.
    MustRevalidateWhileFresh,
    /// `proxy-revalidate` makes a response stale at once; the directive is about stale ones.
    ProxyRevalidate,
    /// Stale responses are sent although `s-maxage`, `no-cache` or such a directive forbids it.
    ForbiddenStale,
    /// `Set-Cookie` makes a response stale at once.
    SetCookie,
    /// `Pragma` in a response counts as `no-cache`.
    Pragma,
    /// What `Date` says of the age is not looked at.
    ApparentAge,
    /// Nor is the time that the request took.
    ResponseDelay,
    /// `Age` is read as far as it is a number, negative ones too.
    LenientAge,
    /// Seconds are read as far as they are a number, and of several values the last counts; or the first, of fields. We
    /// take the other way of §4.2.1, and hold the response for stale.
    DoubtfulFreshness,
    /// Numbers of seconds have no bound.
    Overflow,
    /// A tenth of a number of seconds is not cut to whole seconds. Both are heuristics.
    FractionalHeuristic,
    /// Any `ETag` and `Last-Modified` is a validator, malformed or not, and dates are read however they are written.
    MalformedValidator,
    /// A response that matches no request is sent if the origin fails, and `Vary: *` makes the lifetime 0.
    VaryOnEverything,
}

impl Deviation {
    pub(crate) const ALL: [Self; 18] = [
        Self::UnlistedStatus,
        Self::MustUnderstand,
        Self::FieldNames,
        Self::Capitals,
        Self::QuotedCommas,
        Self::MustRevalidateWhileFresh,
        Self::ProxyRevalidate,
        Self::ForbiddenStale,
        Self::SetCookie,
        Self::Pragma,
        Self::ApparentAge,
        Self::ResponseDelay,
        Self::LenientAge,
        Self::DoubtfulFreshness,
        Self::Overflow,
        Self::FractionalHeuristic,
        Self::MalformedValidator,
        Self::VaryOnEverything,
    ];

    /// Those that concern this response.
    pub(crate) fn of(case: &Case, response: &Received) -> Vec<Self> {
        Self::ALL.into_iter().filter(|deviation| deviation.concerns(case, response)).collect()
    }

    /// Who is right.
    pub(crate) fn clause(self) -> &'static str {
        match self {
            Self::UnlistedStatus => "RFC 9111 §3",
            Self::MustUnderstand => "RFC 9111 §5.2.2.3",
            Self::FieldNames => "RFC 9111 §5.2.2.4, §5.2.2.7: either",
            Self::Capitals | Self::QuotedCommas => "RFC 9111 §5.2",
            Self::MustRevalidateWhileFresh => "RFC 9111 §5.2.2.2",
            Self::ProxyRevalidate => "RFC 9111 §5.2.2.8",
            Self::ForbiddenStale => "RFC 9111 §4.2.4",
            Self::SetCookie => "RFC 9111 §7.3",
            Self::Pragma => "RFC 9111 §5.4",
            Self::ApparentAge | Self::ResponseDelay => "RFC 9111 §4.2.3",
            Self::LenientAge => "RFC 9111 §5.1",
            Self::DoubtfulFreshness => "RFC 9111 §4.2.1: either",
            Self::Overflow => "RFC 9111 §1.2.2: either",
            Self::FractionalHeuristic => "RFC 9111 §4.2.2: either",
            Self::MalformedValidator => "RFC 9110 §8.8.3, §5.6.7",
            Self::VaryOnEverything => "RFC 9111 §4.1",
        }
    }

    fn concerns(self, case: &Case, response: &Received) -> bool {
        let directives = &response.cache_control;
        let fields = |name| matches!(directives.scope(name), Scope::Fields(_));
        let listed = [200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501];
        match self {
            Self::UnlistedStatus => may_store(response) == Storage::Allowed && !listed.contains(&case.status),
            Self::MustUnderstand => directives.has(Name::MustUnderstand) && directives.has(Name::NoStore),
            Self::FieldNames => fields(Name::NoCache) || fields(Name::Private),
            Self::Capitals => case.values("cache-control").any(|line| line.contains(char::is_uppercase)),
            Self::QuotedCommas => case.values("cache-control").any(|line| line.contains("\"a, max-age=7")),
            Self::MustRevalidateWhileFresh => directives.has(Name::MustRevalidate),
            Self::ProxyRevalidate => directives.has(Name::ProxyRevalidate),
            Self::ForbiddenStale => {
                let permits = [Name::StaleWhileRevalidate, Name::StaleIfError];
                once_stale(response) == Stale::Never && permits.into_iter().any(|name| directives.has(name))
            }
            Self::SetCookie => case.values("set-cookie").next().is_some(),
            Self::Pragma => case.values("pragma").next().is_some() && directives.is_empty(),
            Self::ApparentAge => response.received.seconds_since(response.date) > response.age,
            Self::ResponseDelay => case.delay > 0,
            Self::LenientAge => {
                case.values("age").next().is_some_and(|age| !is_number(age.split(',').next()))
            }
            Self::DoubtfulFreshness => {
                // Both hold what is no date at all for past.
                let dates = case.values("expires").any(|value| value.ends_with("GMT"));
                let timed = [Name::MaxAge, Name::SMaxAge, Name::StaleWhileRevalidate, Name::StaleIfError];
                timed.into_iter().any(|name| is_doubtful(response, name))
                    || response.expires == Given::Invalid && dates
            }
            Self::Overflow => {
                case.values("cache-control").any(|line| line.contains("999") || line.contains("4294967296"))
                    || case.values("age").any(|age| age.contains("4294967296"))
            }
            Self::FractionalHeuristic => lifetime(response).basis == Basis::Heuristic,
            Self::MalformedValidator => {
                response.etag == Given::Invalid || response.last_modified == Given::Invalid
            }
            Self::VaryOnEverything => response.varies_on_everything,
        }
    }

    /// Whether it can change this answer: so narrow that what is left out is what differs, as far as that can be told
    /// from our side.
    pub(crate) fn touches(self, answer: Answer, after: Option<u64>, response: &Received) -> bool {
        let about_use = matches!(answer, Answer::Use | Answer::OnError);
        let about_lifetime = about_use || answer == Answer::Lifetime;
        let moment = after.map(|seconds| Moment::of(response, seconds));
        let at = |question: fn(&Moment) -> bool| moment.as_ref().is_some_and(question);
        match self {
            Self::UnlistedStatus | Self::MustUnderstand | Self::Capitals | Self::QuotedCommas => {
                answer != Answer::Age
            }
            Self::FieldNames => match response.cache_control.scope(Name::Private) {
                Scope::Fields(_) => answer != Answer::Age,
                _ => about_lifetime,
            },
            Self::MustRevalidateWhileFresh => answer == Answer::Use && at(|moment| moment.sent),
            Self::ProxyRevalidate | Self::SetCookie | Self::Pragma => about_lifetime,
            Self::ForbiddenStale => match answer {
                Answer::Use => at(|moment| !moment.sent && moment.past < moment.while_revalidating),
                Answer::OnError => at(|moment| moment.past < moment.if_error),
                _ => false,
            },
            Self::ApparentAge | Self::ResponseDelay | Self::LenientAge => about_use || answer == Answer::Age,
            Self::DoubtfulFreshness => match answer {
                _ if about_lifetime && has_doubtful_lifetime(response) => true,
                Answer::Use => is_doubtful(response, Name::StaleWhileRevalidate),
                Answer::OnError => is_doubtful(response, Name::StaleIfError),
                _ => false,
            },
            Self::Overflow => match answer {
                Answer::Lifetime | Answer::Age => true,
                _ => about_use && at(|moment| moment.age >= DeltaSeconds::MAX.get().into()),
            },
            Self::FractionalHeuristic => about_use && at(|moment| moment.turns),
            Self::MalformedValidator => {
                let guessed =
                    response.last_modified == Given::Invalid && lifetime(response).basis == Basis::Nothing;
                answer == Answer::Conditions || guessed && about_lifetime
            }
            Self::VaryOnEverything => matches!(answer, Answer::OnError | Answer::Lifetime),
        }
    }
}

fn is_doubtful(response: &Received, name: Name) -> bool {
    response.cache_control.seconds(name) == Given::Invalid
}

/// Whether the lifetime comes from something that has no one meaning.
fn has_doubtful_lifetime(response: &Received) -> bool {
    match lifetime(response).basis {
        Basis::Invalid(_) => true,
        basis => basis == Basis::Expires && response.expires == Given::Invalid,
    }
}

fn is_number(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.trim().parse::<u64>().is_ok())
}
