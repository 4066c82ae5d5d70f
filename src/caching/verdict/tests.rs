use super::*;
use crate::caching::freshness::{Use, on_request};
use http::HeaderValue;
use http::header::HeaderName;
use proptest::prelude::*;

const NOW: i64 = 1_700_000_000;
const MODIFIED: &str = "last-modified: Tue, 14 Nov 2023 12:00:00 GMT";
const ETAG: &str = "etag: \"a\"";

fn headers(fields: &[&str]) -> HeaderMap {
    let fields = fields.iter().filter_map(|field| field.split_once(": "));
    fields
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse::<HeaderValue>().unwrap()))
        .collect()
}

fn judge(status: u16, fields: &[&str], link: Link) -> [Verdict; 3] {
    let now = HttpDate::from_unix(NOW);
    let status = StatusCode::from_u16(status).unwrap();
    verdicts(&Exchange { status, headers: &headers(fields), requested: now, received: now, link })
}

fn summaries(fields: &[&str]) -> [String; 3] {
    judge(200, fields, Link::Bare).map(|verdict| verdict.summary())
}

#[test]
fn meta_keeps_ten_minutes_by_link_whatever_the_headers_say() {
    for fields in [&[][..], &["cache-control: no-store"], &["cache-control: max-age=604800", ETAG]] {
        for (link, because) in [(Link::Bare, "the old ones"), (Link::Pinned, "this link is pinned")] {
            let [meta, ..] = judge(200, fields, link);
            assert_eq!(meta.summary(), "for 10 min, then fetches all of it");
            assert!(meta.because.contains(because), "{}", meta.because);
        }
    }
}

#[test]
fn what_is_no_asset_is_kept_by_neither_model_of_meta() {
    for (status, why) in
        [(404, "131053"), (403, "131053"), (302, "redirects"), (206, "may fail"), (500, "131053")]
    {
        let [meta, documented, _] = judge(status, &["cache-control: max-age=60"], Link::Bare);
        for verdict in [meta, documented] {
            assert_eq!(verdict.reuse, Reuse::Never);
            assert!(verdict.because.contains(why) && verdict.because.contains(&status.to_string()));
        }
    }
}

/// The page's own sentences, then what becomes of the rest: see `documented`.
#[test]
fn the_documented_rules_say_what_the_page_says() {
    let asks = "checks Last-Modified each time";
    for (fields, expected) in [
        (&["cache-control: max-age=604800", ETAG, MODIFIED][..], "for 7 days, then fetches all of it"),
        (&["cache-control: no-cache", ETAG, MODIFIED], asks),
        (&["cache-control: no-store"], "never"),
        (&["cache-control: private"], "never"),
        (&[ETAG], "for an undisclosed time"),
        (&[], "never"),
        // What the page does not name changes nothing.
        (&["cache-control: public, immutable, max-age=60"], "for 1 min, then fetches all of it"),
        (&["cache-control: max-age=60, s-maxage=600"], "for 1 min, then fetches all of it"),
        (
            &["cache-control: max-age=60", "age: 30", "expires: 0", "vary: *"],
            "for 1 min, then fetches all of it",
        ),
        (&["cache-control: no-cache, must-revalidate", MODIFIED], asks),
        (&["expires: Tue, 14 Nov 2023 23:00:00 GMT"], "never"),
        // A prohibition wins.
        (&["cache-control: no-store, max-age=60"], "never"),
        (&["cache-control: no-cache, no-store, must-revalidate, max-age=0"], "never"),
        (&["cache-control: private, max-age=300", MODIFIED], "never"),
        (&["cache-control: private, no-cache"], "never"),
        // One meaning, said in two ways.
        (&["cache-control: max-age=0", MODIFIED], "fetches all of it each time"),
        (&["cache-control: no-cache, max-age=0", MODIFIED], asks),
        // Two readings, or half of one.
        (&["cache-control: no-cache, max-age=60", MODIFIED], "undefined"),
        (&["cache-control: no-cache", ETAG], "undefined"),
        (&["cache-control: no-cache", "last-modified: Tue, 22 Feb 2025 22:22:22 GMT"], "undefined"),
        (&["cache-control: no-cache=\"x\"", MODIFIED], "undefined"),
        (&["cache-control: private=\"x\", max-age=60"], "undefined"),
        (&["cache-control: max-age=1h"], "undefined"),
        (&["cache-control: public"], "undefined"),
        (&["cache-control: s-maxage=60"], "undefined"),
        (&[MODIFIED], "undefined"),
        (&[MODIFIED, ETAG], "undefined"),
    ] {
        let [_, documented, _] = summaries(fields);
        assert_eq!(documented, expected, "{fields:?}");
    }
}

#[test]
fn what_the_page_does_not_speak_of_is_mentioned() {
    let fields = ["cache-control: public, max-age=60, immutable", "expires: 0", "age: 5"];
    let [_, documented, _] = judge(200, &fields, Link::Bare);
    assert_eq!(
        documented.because,
        "360dialog's page says that `max-age=60` keeps it for 1 min, then it is requested again; it does not speak of `public`, \
         `immutable`, `Expires` and `Age`"
    );
}

#[test]
fn a_shared_cache_goes_by_the_rfc() {
    for (fields, expected, source) in [
        (
            &["cache-control: max-age=604800", ETAG, MODIFIED][..],
            "for 7 days, then checks ETag and Last-Modified",
            "RFC 9111 §5.2.2.1",
        ),
        (
            &["cache-control: max-age=600, s-maxage=5400", ETAG],
            "for 1 h 30 min, then checks ETag",
            "RFC 9111 §5.2.2.10",
        ),
        (
            &["cache-control: max-age=600", "age: 200"],
            "for 6 min 40 s, then fetches all of it",
            "RFC 9111 §5.2.2.1",
        ),
        (&["cache-control: max-age=600", "age: 600"], "fetches all of it each time", "RFC 9111 §5.2.2.1"),
        (&["cache-control: no-cache", MODIFIED], "checks Last-Modified each time", "RFC 9111 §5.2.2.4"),
        (&["cache-control: no-store"], "never", "RFC 9111 §5.2.2.5"),
        (&["cache-control: private, max-age=60"], "never", "RFC 9111 §5.2.2.7"),
        (&["cache-control: max-age=60", "vary: *"], "never", "RFC 9111 §4.1"),
        (&["expires: Tue, 14 Nov 2023 23:13:20 GMT"], "for 1 h, then fetches all of it", "RFC 9111 §5.3"),
        (&[MODIFIED], "for 1 h 1 min 20 s, then checks Last-Modified", "RFC 9111 §4.2.2"),
        (&[ETAG], "checks ETag each time", "RFC 9111 §4.2.2"),
    ] {
        let [.., shared] = judge(200, fields, Link::Bare);
        assert_eq!((shared.summary().as_str(), shared.source), (expected, source), "{fields:?}");
    }
}

#[test]
fn a_verdict_is_json_of_stable_words_and_numbers() {
    let fields = ["cache-control: max-age=600, stale-while-revalidate=60, stale-if-error=86400", ETAG];
    let [meta, _, shared] = judge(200, &fields, Link::Bare);
    assert_eq!(
        serde_json::to_value(&shared).unwrap(),
        serde_json::json!({
            "cache": "shared",
            "reuse": {
                "kind": "for",
                "seconds": 600,
                "checks": "etag",
                "stale": { "kind": "within", "while-revalidating": 60, "if-error": 86400 },
            },
            "because": "`max-age=600` lets every cache use it for 10 min; afterwards for 1 min while a new copy is \
                        fetched; afterwards for 1 day if none can be had",
            "source": "RFC 9111 §5.2.2.1",
        })
    );
    assert_eq!(serde_json::to_value(meta.reuse).unwrap()["stale"]["kind"], "never");
    for (fields, kind) in [
        (&["cache-control: no-cache", MODIFIED][..], "after-revalidation"),
        (&[], "never"),
        (&[ETAG], "undisclosed"),
        (&[MODIFIED], "undefined"),
    ] {
        let [_, documented, _] = judge(200, fields, Link::Bare);
        assert_eq!(serde_json::to_value(documented.reuse).unwrap()["kind"], kind);
    }
}

#[test]
fn a_span_is_said_exactly() {
    for (seconds, words) in [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (86_400, "1 day"),
        (31_536_000, "365 days"),
        (93_784, "1 day 2 h 3 min 4 s"),
    ] {
        assert_eq!(words::span(seconds), words);
    }
}

fn any_fields() -> impl Strategy<Value = Vec<String>> {
    let directives = [
        "public",
        "private",
        "no-cache",
        "no-store",
        "must-revalidate",
        "s-maxage=60",
        "max-age=90",
        "max-age=0",
        "max-age",
        "stale-while-revalidate=10",
        "no-cache=\"x\"",
        "private=\"x\"",
    ];
    let cache_control = prop::sample::subsequence(directives.to_vec(), 0..4)
        .prop_map(|some| some.iter().map(|one| format!("cache-control: {one}")).collect::<Vec<_>>());
    let others = [MODIFIED, ETAG, "age: 20", "vary: *", "expires: Tue, 14 Nov 2023 23:00:00 GMT"];
    let others = prop::sample::subsequence(others.to_vec(), 0..4);
    (cache_control, others)
        .prop_map(|(lines, others)| lines.into_iter().chain(others.into_iter().map(str::to_owned)).collect())
}

proptest! {
    /// The words and the decision are made apart: they must not drift.
    #[test]
    fn the_verdict_of_a_shared_cache_is_what_it_does(fields in any_fields(), status in prop::sample::select(vec![200_u16, 206, 302, 404])) {
        let fields: Vec<_> = fields.iter().map(String::as_str).collect();
        let now = HttpDate::from_unix(NOW);
        let status = StatusCode::from_u16(status).unwrap();
        let response = Received::read(status, &headers(&fields), now, now);
        let later = |seconds: u64| on_request(&response, HttpDate::from_unix(NOW + seconds.cast_signed()));
        match shared::verdict(&response).reuse {
            Reuse::For { seconds, .. } => {
                prop_assert_eq!(later(seconds - 1), Use::Send);
                prop_assert_ne!(later(seconds), Use::Send);
            }
            Reuse::AfterRevalidation(then) => {
                prop_assert!(matches!(later(0), Use::Revalidate(how) | Use::SendAndRevalidate(how) if how == then.checks));
            }
            Reuse::Never => prop_assert_eq!(later(0), Use::Fetch),
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
