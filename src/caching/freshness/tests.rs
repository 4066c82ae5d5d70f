use super::stale::once_stale;
use super::*;
use crate::caching::directive::Name;
use crate::caching::received::Received;
use crate::semantics::HttpDate;
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue, StatusCode};

const NOW: i64 = 1_700_000_000;

/// `a: b|c: d` as fields; `{n}` is the date n seconds from [`NOW`].
fn response(status: u16, fields: &str) -> Received {
    let mut headers = HeaderMap::new();
    for (name, value) in fields.split('|').filter_map(|field| field.split_once(": ")) {
        let date = value.strip_prefix('{').and_then(|value| value.strip_suffix('}'));
        let value = date.map_or_else(|| value.to_owned(), |seconds| at(seconds.parse().unwrap()).to_string());
        headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
    }
    Received::read(StatusCode::from_u16(status).unwrap(), &headers, at(0), at(0))
}

fn at(seconds: i64) -> HttpDate {
    HttpDate::from_unix(NOW + seconds)
}

/// RFC 9111 §3
#[test]
fn what_may_be_stored() {
    use Unstorable::{NoStore, NotFinal, NotUnderstood, NothingSaysSo, Private};
    for (status, fields, forbidden) in [
        (200, "", None),
        (200, "cache-control: no-cache", None),
        (200, "cache-control: private=\"set-cookie\"", None),
        (200, "cache-control: private", Some(Private)),
        (200, "cache-control: private, public", Some(Private)),
        (200, "cache-control: max-age=60, no-store", Some(NoStore)),
        (200, "cache-control: no-store, must-understand", None),
        (299, "cache-control: must-understand, max-age=60", Some(NotUnderstood)),
        (299, "cache-control: max-age=60", None),
        (299, "", Some(NothingSaysSo)),
        (206, "cache-control: max-age=60", Some(NotUnderstood)),
        (304, "cache-control: max-age=60", Some(NotUnderstood)),
        (103, "cache-control: max-age=60", Some(NotFinal)),
        (404, "", None),
        (302, "", Some(NothingSaysSo)),
        (307, "", Some(NothingSaysSo)),
        (302, "cache-control: immutable, must-revalidate|last-modified: {-9}", Some(NothingSaysSo)),
        (302, "cache-control: public", None),
        (302, "cache-control: max-age", None),
        (302, "cache-control: s-maxage=0", None),
        (500, "expires: 0", None),
    ] {
        let expected = forbidden.map_or(Storage::Allowed, Storage::Forbidden);
        assert_eq!(may_store(&response(status, fields)), expected, "{status} {fields}");
    }
}

/// RFC 9111 §4.2.1, §4.2.2
#[test]
fn for_how_long_it_is_fresh() {
    use Basis::{Expires, Heuristic, Invalid, MaxAge, Nothing, SMaxAge};
    for (status, fields, seconds, basis) in [
        (200, "cache-control: s-maxage=5, max-age=6|expires: {7}", 5, SMaxAge),
        (200, "cache-control: max-age=6|expires: {7}", 6, MaxAge),
        (200, "expires: {7}", 7, Expires),
        (200, "expires: {7}|date: {-3}", 10, Expires),
        (200, "expires: {-7}", 0, Expires),
        (200, "expires: 0|last-modified: {-1000}", 0, Expires),
        (200, "expires: {7}|expires: {8}", 0, Expires),
        (200, "last-modified: {-1009}", 100, Heuristic),
        (200, "last-modified: {-1009}|date: {-9}", 100, Heuristic),
        (200, "last-modified: {9}", 0, Heuristic),
        (200, "last-modified: yesterday", 0, Nothing),
        (200, "", 0, Nothing),
        (302, "last-modified: {-1000}", 0, Nothing),
        (302, "cache-control: public|last-modified: {-1000}", 100, Heuristic),
        (200, "cache-control: max-age=1h|last-modified: {-1000}", 0, Invalid(Name::MaxAge)),
        (200, "cache-control: s-maxage, max-age=60", 0, Invalid(Name::SMaxAge)),
        (200, "cache-control: max-age=60, max-age=61", 0, Invalid(Name::MaxAge)),
        (200, "cache-control: immutable", 0, Nothing),
    ] {
        let expected = Lifetime { lifetime: FreshnessLifetime::of_seconds(seconds), basis };
        assert_eq!(lifetime(&response(status, fields)), expected, "{status} {fields}");
    }
}

/// RFC 9111 §4.2.3
#[test]
fn how_old_it_was_when_it_came() {
    for (fields, delay, age) in [
        ("", 0, 0),
        ("age: 60", 0, 60),
        ("age: 60", 3, 63),
        ("date: {-20}", 0, 20),
        ("date: {-20}|age: 60", 0, 60),
        ("date: {-80}|age: 60", 3, 80),
        ("date: {20}", 3, 3),
    ] {
        let response = Received { requested: at(-delay), ..response(200, fields) };
        assert_eq!(initial_age(&response), Age::of_seconds(age), "{fields} {delay}");
    }
}

/// RFC 9111 §4.2.4, RFC 5861
#[test]
fn what_may_be_done_once_it_is_stale() {
    let within = |while_revalidating, if_error| Stale::Within { while_revalidating, if_error };
    for (value, stale) in [
        ("max-age=60", Stale::Disconnected),
        ("max-age=60, must-revalidate", Stale::Never),
        ("max-age=60, proxy-revalidate", Stale::Never),
        ("s-maxage=60, stale-if-error=10", Stale::Never),
        ("no-cache, stale-while-revalidate=10", Stale::Never),
        ("no-cache=\"x\", stale-while-revalidate=10", within(10, 0)),
        ("stale-while-revalidate=10, stale-if-error=20", within(10, 20)),
        ("stale-if-error=20, must-revalidate", Stale::Never),
        ("stale-if-error=soon", Stale::Disconnected),
        // None of these is about what is stale.
        ("public, stale-while-revalidate=10", within(10, 0)),
        ("immutable, no-transform, max-age=60, stale-if-error=10", within(0, 10)),
        ("private=\"x\", must-understand, stale-if-error=10", within(0, 10)),
    ] {
        assert_eq!(once_stale(&response(200, &format!("cache-control: {value}"))), stale, "{value}");
    }
}

/// RFC 9111 §4.3.1
#[test]
fn with_what_the_origin_is_asked() {
    for (fields, how) in [
        ("etag: \"a\"|last-modified: {-9}", How::EtagAndLastModified),
        ("etag: W/\"a\"", How::Etag),
        ("last-modified: {-9}|etag: a", How::LastModified),
        ("last-modified: never", How::Whole),
    ] {
        assert_eq!(How::of(&response(200, fields)), how, "{fields}");
    }
}

/// RFC 9111 §4, from when it came
#[test]
fn what_may_be_done_with_it() {
    use Reuse::{MatchesNoRequest, OnceValidated, Unstorable};
    for (fields, expected) in [
        (
            "cache-control: no-store, max-age=60, stale-if-error=10|vary: *",
            Unstorable(super::Unstorable::NoStore),
        ),
        ("cache-control: no-cache, max-age=60, stale-if-error=10|vary: *", MatchesNoRequest),
        ("cache-control: no-cache, max-age=60, stale-if-error=10", OnceValidated),
    ] {
        assert_eq!(reuse(&response(200, fields)), expected, "{fields}");
    }
}

/// RFC 9111 §4.2: the last second is not fresh. RFC 5861 counts from there, not from when it came.
#[test]
fn for_how_long_it_is_sent_from_when_it_came() {
    let within = |while_revalidating, if_error| Stale::Within { while_revalidating, if_error };
    for (fields, expected) in [
        ("cache-control: max-age=60", (60, Stale::Disconnected)),
        ("cache-control: max-age=60|age: 20", (40, Stale::Disconnected)),
        ("cache-control: max-age=60|age: 60", (0, Stale::Disconnected)),
        ("cache-control: no-cache=\"x\", max-age=60", (60, Stale::Disconnected)),
        ("cache-control: max-age=60, stale-while-revalidate=10|age: 59", (1, within(10, 0))),
        ("cache-control: max-age=60, stale-while-revalidate=10|age: 64", (0, within(6, 0))),
        (
            "cache-control: max-age=60, stale-while-revalidate=10, stale-if-error=30|age: 70",
            (0, within(0, 20)),
        ),
        ("cache-control: max-age=60, stale-while-revalidate=10|age: 70", (0, Stale::Disconnected)),
        ("cache-control: max-age=60, must-revalidate, stale-if-error=10|age: 64", (0, Stale::Never)),
        ("", (0, Stale::Disconnected)),
    ] {
        let Reuse::WhileFresh { fresh_for, stale, .. } = reuse(&response(200, fields)) else {
            panic!("{fields}")
        };
        assert_eq!((fresh_for, stale), expected, "{fields}");
    }
}
