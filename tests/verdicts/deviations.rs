//! Where http-cache-semantics 4.3.0 departs from RFC 9111, or takes the other of two ways that it allows.
//!
//! It is then asked about a response that means the same by the clause named here, and that it reads rightly. Whether a
//! deviation concerns a response, and what the other response is, is said of the fields as they are written: nothing here
//! asks the code that is tested.

use crate::case::{Case, RECEIVED, WRONG_DAYS};
use std::time::{Duration, UNIX_EPOCH};

/// The longest time that we take: 2³¹ seconds.
const LONGEST: u64 = 1 << 31;

/// Directives with seconds, and whether they say for how long a response is fresh.
const TIMED: [(&str, bool); 4] =
    [("max-age", true), ("s-maxage", true), ("stale-while-revalidate", false), ("stale-if-error", false)];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deviation {
    /// Names of directives in capitals are not recognised.
    Capitals,
    /// Commas in quoted strings end a directive.
    QuotedCommas,
    /// `must-understand` is not known, so that the `no-store` beside it counts.
    MustUnderstand,
    /// Statuses beyond a list are never stored. 299, 500 and 503 are like 302: stored where a header says so.
    UnlistedStatus,
    /// `private` and `no-cache` with field names count for the whole response. The RFC lets a cache leave the fields out
    /// instead, and remarks that few do.
    FieldNames,
    /// Numbers of seconds have no bound.
    Overflow,
    /// Seconds are read as far as they are a number, and of several values the last counts; or the first, of dates. We
    /// take the other way of §4.2.1, and hold the response for stale.
    DoubtfulFreshness,
    /// Stale responses are sent although such a directive forbids it.
    ForbiddenStale,
    /// A response with `must-revalidate` is asked for although it is fresh; the directive is about stale ones.
    MustRevalidateWhileFresh,
    /// `proxy-revalidate` makes a response stale at once; the directive is about stale ones.
    ProxyRevalidate,
    /// `Set-Cookie` makes a response stale at once.
    SetCookie,
    /// `Pragma` in a response counts as `no-cache`.
    Pragma,
    /// `Age` is read as far as it is a number, negative ones too.
    LenientAge,
    /// The time that the request took is not looked at.
    ResponseDelay,
    /// Nor is what `Date` says of the age.
    ApparentAge,
    /// Any `ETag` and `Last-Modified` is a validator, malformed or not, and dates are read however they are written.
    MalformedValidator,
}

impl Deviation {
    /// In the order in which they are put right: what is written first, then what it means.
    pub(crate) const ALL: [Self; 16] = [
        Self::Capitals,
        Self::QuotedCommas,
        Self::MustUnderstand,
        Self::UnlistedStatus,
        Self::FieldNames,
        Self::Overflow,
        Self::DoubtfulFreshness,
        Self::ForbiddenStale,
        Self::MustRevalidateWhileFresh,
        Self::ProxyRevalidate,
        Self::SetCookie,
        Self::Pragma,
        Self::LenientAge,
        Self::ResponseDelay,
        Self::ApparentAge,
        Self::MalformedValidator,
    ];

    /// Who is right.
    pub(crate) fn clause(self) -> &'static str {
        match self {
            Self::Capitals | Self::QuotedCommas => "RFC 9111 §5.2",
            Self::MustUnderstand => "RFC 9111 §5.2.2.3",
            Self::UnlistedStatus => "RFC 9111 §3",
            Self::FieldNames => "RFC 9111 §5.2.2.4, §5.2.2.7: either",
            Self::Overflow => "RFC 9111 §1.2.2: either",
            Self::DoubtfulFreshness => "RFC 9111 §4.2.1: either",
            Self::ForbiddenStale => "RFC 9111 §4.2.4",
            Self::MustRevalidateWhileFresh => "RFC 9111 §5.2.2.2",
            Self::ProxyRevalidate => "RFC 9111 §5.2.2.8",
            Self::SetCookie => "RFC 9111 §7.3",
            Self::Pragma => "RFC 9111 §5.4",
            Self::LenientAge => "RFC 9111 §5.1",
            Self::ResponseDelay | Self::ApparentAge => "RFC 9111 §4.2.3",
            Self::MalformedValidator => "RFC 9110 §8.8.3, §5.6.7",
        }
    }

    /// Makes the response one that the other model reads rightly.
    fn put_right(self, case: &mut Case) {
        match self {
            Self::Capitals => case.directives.iter_mut().for_each(|own| own.make_ascii_lowercase()),
            // "A cache MUST ignore unrecognized cache directives." §5.2.3
            Self::QuotedCommas => case.directives.retain(|own| !own.starts_with("x-unknown=\"")),
            Self::MustUnderstand => {
                let both = case.directives.iter_mut().filter(|own| *own == "must-understand, no-store");
                both.for_each(|own| "must-understand".clone_into(own));
            }
            Self::UnlistedStatus => {
                let known = case.status != 299 || !has(case, "must-understand");
                if [299, 500, 503].contains(&case.status) && known {
                    case.status = 302;
                }
            }
            Self::FieldNames => {
                case.directives.retain(|own| !own.starts_with("private=") && !own.starts_with("no-cache="));
            }
            Self::Overflow => overflow(case),
            Self::DoubtfulFreshness => doubtful_freshness(case),
            Self::ForbiddenStale => {
                let forbids = ["no-cache", "must-revalidate", "proxy-revalidate", "s-maxage"];
                if forbids.into_iter().any(|name| has(case, name)) {
                    case.directives.retain(|own| !own.starts_with("stale-"));
                }
            }
            Self::MustRevalidateWhileFresh => case.directives.retain(|own| own != "must-revalidate"),
            Self::ProxyRevalidate => case.directives.retain(|own| own != "proxy-revalidate"),
            Self::SetCookie => case.fields.retain(|(name, _)| *name != "set-cookie"),
            Self::Pragma => case.fields.retain(|(name, _)| *name != "pragma"),
            Self::LenientAge => {
                let bad = age(case).is_none() && case.values("age").next().is_some();
                case.fields.retain(|(name, _)| !bad || *name != "age");
            }
            Self::ResponseDelay if case.delay > 0 => set_age(case, age(case).unwrap_or(0) + case.delay),
            Self::ResponseDelay => {}
            Self::ApparentAge => {
                let apparent =
                    case.values("date").find_map(unix).map_or(0, |date| RECEIVED.saturating_sub(date));
                if apparent > age(case).unwrap_or(0) {
                    set_age(case, apparent);
                }
            }
            Self::MalformedValidator => {
                let tag = |value: &str| value.ends_with('"').then(|| value.to_owned());
                drop_unless_one(case, "etag", tag);
                drop_unless_one(case, "last-modified", unix);
            }
        }
    }
}

/// The case as it is put to the other model, and the deviations for which it is not the same.
pub(crate) fn put_right(case: &Case) -> (Case, Vec<Deviation>) {
    let mut right = case.clone();
    let mut concerned = Vec::new();
    for deviation in Deviation::ALL {
        let before = right.clone();
        deviation.put_right(&mut right);
        if right != before {
            concerned.push(deviation);
        }
    }
    (right, concerned)
}

fn has(case: &Case, name: &str) -> bool {
    case.directives.iter().any(|own| own == name || own.split('=').next() == Some(name))
}

/// What stands between the quotes, if any, after the name.
fn argument<'a>(directive: &'a str, name: &str) -> Option<&'a str> {
    Some(directive.strip_prefix(name)?.strip_prefix('=')?.trim_matches('"'))
}

fn overflow(case: &mut Case) {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let too_long = |text: &str| digits(text) && text.parse().map_or(true, |seconds: u64| seconds > LONGEST);
    for directive in &mut case.directives {
        for (name, _) in TIMED {
            if argument(directive, name).is_some_and(too_long) {
                *directive = format!("{name}={LONGEST}");
            }
        }
    }
    if age(case).is_some_and(|age| age > LONGEST) {
        set_age(case, LONGEST);
    }
}

/// What has no one meaning is past.
fn doubtful_freshness(case: &mut Case) {
    for (name, fresh) in TIMED {
        let values: Vec<_> = case.directives.iter().filter_map(|own| argument(own, name)).collect();
        if !values.is_empty() && one(values.into_iter().map(|value| value.parse::<u64>().ok())).is_none() {
            case.directives.retain(|own| argument(own, name).is_none());
            case.directives.extend(fresh.then(|| format!("{name}=0")));
        }
    }
    let doubtful = case.values("expires").next().is_some() && one(case.values("expires").map(unix)).is_none();
    if doubtful {
        case.fields.retain(|(name, _)| *name != "expires");
        case.fields.push(("expires", "0".to_owned()));
    }
}

fn drop_unless_one<T: PartialEq>(case: &mut Case, name: &str, read: impl Fn(&str) -> Option<T>) {
    if one(case.values(name).map(read)).is_none() {
        case.fields.retain(|(own, _)| *own != name);
    }
}

/// What all of them are.
fn one<T: PartialEq>(mut values: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = values.next()??;
    values.all(|value| value.as_ref() == Some(&first)).then_some(first)
}

/// The seconds of the first member of the first `Age`.
fn age(case: &Case) -> Option<u64> {
    case.values("age").next()?.split(',').next()?.trim().parse().ok()
}

fn set_age(case: &mut Case, seconds: u64) {
    case.fields.retain(|(name, _)| *name != "age");
    case.fields.push(("age", seconds.to_string()));
}

/// A date in one of the three forms, as Unix time.
fn unix(date: &str) -> Option<u64> {
    let right = Some(date).filter(|date| !WRONG_DAYS.contains(date))?;
    let instant = httpdate::parse_http_date(right).ok()?;
    instant.duration_since(UNIX_EPOCH).ok().as_ref().map(Duration::as_secs)
}
