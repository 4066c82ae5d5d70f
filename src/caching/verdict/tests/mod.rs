mod sentences;

use super::*;
use http::HeaderValue;
use http::header::HeaderName;

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
        for (link, because) in [(Link::Bare, "needs a new link"), (Link::Pinned, "has a new link")] {
            let [meta, ..] = judge(200, fields, link);
            assert_eq!(meta.summary(), "for 10 min, then fetches it again");
            assert!(meta.because.contains(because), "{}", meta.because);
        }
    }
}

#[test]
fn what_is_no_asset_is_kept_by_neither_model_of_meta() {
    for (status, why) in [
        (404, "an error"),
        (403, "an error"),
        (500, "an error"),
        (301, "a redirect"),
        (302, "a redirect"),
        (303, "a redirect"),
        (307, "a redirect"),
        (308, "a redirect"),
        (204, "not a whole file"),
        (206, "not a whole file"),
        (300, "not a whole file"),
        (304, "not a whole file"),
    ] {
        let [meta, documented, _] = judge(status, &["cache-control: max-age=60"], Link::Bare);
        for verdict in [meta, documented] {
            assert_eq!(verdict.reuse, Reuse::Never);
            assert!(verdict.because.contains(why) && verdict.because.contains(&status.to_string()));
        }
    }
}

#[test]
fn what_the_fields_show_to_be_no_file_is_kept_by_neither_model_of_meta() {
    for (field, why) in [
        ("content-type: text/html", Some("a web page")),
        ("content-type: Text/HTML ; charset=utf-8", Some("a web page")),
        ("content-length: 0", Some("is empty")),
        ("content-type: text/htmlx", None),
        ("content-type: image/jpeg; x=text/html", None),
        ("content-length: 10", None),
        ("content-length: 00x", None),
    ] {
        let [meta, documented, shared] = judge(200, &["cache-control: max-age=60", field], Link::Pinned);
        for verdict in [meta, documented] {
            assert_eq!(verdict.reuse == Reuse::Never, why.is_some(), "{field}");
            assert!(why.is_none_or(|why| verdict.because.contains(why)), "{field}: {}", verdict.because);
        }
        assert_eq!(shared.summary(), "for 1 min, then fetches it again", "{field}");
    }
}

/// The page's own sentences, then what becomes of the rest: see `documented`.
#[test]
fn the_documented_rules_say_what_the_page_says() {
    let asks = "checks Last-Modified each time";
    for (fields, expected) in [
        (&["cache-control: max-age=604800", ETAG, MODIFIED][..], "for 7 days, then fetches it again"),
        (&["cache-control: no-cache", ETAG, MODIFIED], asks),
        (&["cache-control: no-store"], "never"),
        (&["cache-control: private"], "never"),
        (&[ETAG], "for an undisclosed time"),
        (&[], "never"),
        // What the page does not name changes nothing.
        (&["cache-control: public, immutable, max-age=60"], "for 1 min, then fetches it again"),
        (&["cache-control: max-age=60, s-maxage=600"], "for 1 min, then fetches it again"),
        (
            &["cache-control: max-age=60", "age: 30", "expires: 0", "vary: *"],
            "for 1 min, then fetches it again",
        ),
        (&["cache-control: no-cache, must-revalidate", MODIFIED], asks),
        (&["expires: Tue, 14 Nov 2023 23:00:00 GMT"], "never"),
        // A prohibition wins.
        (&["cache-control: no-store, max-age=60"], "never"),
        (&["cache-control: no-cache, no-store, must-revalidate, max-age=0"], "never"),
        (&["cache-control: private, max-age=300", MODIFIED], "never"),
        (&["cache-control: private, no-cache"], "never"),
        // One meaning, said in two ways.
        (&["cache-control: max-age=0", MODIFIED], "fetches it each time"),
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
            "for 6 min 40 s, then fetches it again",
            "RFC 9111 §5.2.2.1",
        ),
        (&["cache-control: max-age=600", "age: 600"], "fetches it each time", "RFC 9111 §5.2.2.1"),
        (&["cache-control: no-cache", MODIFIED], "checks Last-Modified each time", "RFC 9111 §5.2.2.4"),
        (&["cache-control: no-store"], "never", "RFC 9111 §5.2.2.5"),
        (&["cache-control: private, max-age=60"], "never", "RFC 9111 §5.2.2.7"),
        (&["cache-control: max-age=60", "vary: *"], "never", "RFC 9111 §4.1"),
        (&["expires: Tue, 14 Nov 2023 23:13:20 GMT"], "for 1 h, then fetches it again", "RFC 9111 §5.3"),
        (&[MODIFIED], "for 1 h 1 min, then checks Last-Modified", "RFC 9111 §4.2.2"),
        (&[ETAG], "checks ETag each time", "RFC 9111 §4.2.2"),
    ] {
        let [.., shared] = judge(200, fields, Link::Bare);
        assert_eq!((shared.summary().as_str(), shared.source), (expected, source), "{fields:?}");
    }
}

/// RFC 5861 §3 counts from when it became stale, here 4 seconds before it came.
#[test]
fn what_may_be_sent_while_it_is_fetched_anew_is_no_checking_each_time() {
    let fields = ["cache-control: max-age=60, stale-while-revalidate=10", "age: 64", ETAG];
    let [.., shared] = judge(200, &fields, Link::Bare);
    assert_eq!(shared.summary(), "for 6 s, while it checks ETag");
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
            "because": "`max-age=600` lets every cache use it for 10 min; 1 min more while it is fetched anew, 1 day if \
                        that fails",
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
