//! What people read.

use super::*;
use proptest::prelude::*;

#[test]
fn what_the_page_does_not_speak_of_is_mentioned() {
    let fields = ["cache-control: public, max-age=60, immutable", "expires: 0", "age: 5"];
    let [_, documented, _] = judge(200, &fields, Link::Bare);
    assert_eq!(
        documented.because,
        "360dialog's page says `max-age=60` keeps it for 1 min, and nothing of `public`, `immutable`, `Expires` and `Age`"
    );
}

#[test]
fn the_reason_of_a_shared_cache_is_one_idea() {
    for (fields, because) in [
        (&["cache-control: max-age=31536000"][..], "`max-age=31536000` lets every cache use it for 1 year"),
        (&["cache-control: max-age=2147483648"], "`max-age=2147483648` lets every cache use it for 68 years"),
        (&["cache-control: max-age=0"], "`max-age=0` lets no cache use it without asking"),
        (&["cache-control: s-maxage=60"], "`s-maxage=60` lets shared caches use it for 1 min"),
        (&["cache-control: s-maxage=0"], "`s-maxage=0` lets no shared cache use it without asking"),
        (&["cache-control: max-age=1h"], "`max-age` cannot be read as one number, so its time is over"),
        (&["expires: 0"], "`Expires` cannot be read as one date, so it counts as past"),
        (&["expires: Tue, 14 Nov 2023 22:13:20 GMT"], "`Expires` was past when this was sent"),
        (&["expires: Tue, 14 Nov 2023 23:13:20 GMT"], "`Expires` lets every cache use it for 1 h"),
        (&[ETAG], "no header says for how long it may be used"),
        (&["cache-control: no-cache"], "`no-cache` makes caches ask before each use"),
        (&["cache-control: private"], "`private` forbids caches that serve many people to keep it"),
        (&["vary: *"], "`Vary: *` says that this answers no other request"),
    ] {
        let [.., shared] = judge(200, fields, Link::Bare);
        assert_eq!(shared.because, because, "{fields:?}");
    }
}

#[test]
fn a_second_idea_follows_where_one_would_mislead() {
    let minute = "`max-age=60` lets every cache use it for 1 min";
    let ask = "`no-cache` makes caches ask before each use";
    let obey = "caches that do not know `must-understand` obey `no-store` instead";
    for (value, first, second) in [
        ("max-age=60, stale-if-error=60", minute, "1 min more if the server fails"),
        ("max-age=60, stale-while-revalidate=60", minute, "1 min more while it is fetched anew"),
        ("no-cache, private=\"x\"", ask, "many caches read `private=…` as `private`"),
        ("max-age=60, no-cache=\"x\"", minute, "many caches read `no-cache=…` as `no-cache`"),
        ("max-age=60, no-store, must-understand", minute, obey),
        ("no-cache, no-store, must-understand", ask, obey),
    ] {
        let [.., shared] = judge(200, &[&format!("cache-control: {value}")], Link::Bare);
        assert_eq!(shared.because, format!("{first}; {second}"), "{value}");
    }
    let [.., shared] = judge(200, &["cache-control: max-age=60", "age: 20"], Link::Bare);
    assert_eq!(shared.because, format!("{minute}; it was 20 s old when it came"));
    let [.., shared] = judge(200, &["cache-control: max-age=60, must-understand"], Link::Bare);
    assert_eq!(shared.because, minute);
}

#[test]
fn a_shared_cache_says_which_answers_it_does_not_keep() {
    let understand = "`must-understand` lets only caches keep it that know the status 299";
    for (status, cache_control, because) in [
        (404, "x", "errors are not kept unless a header says for how long"),
        (500, "x", "errors are not kept unless a header says for how long"),
        (301, "x", "redirects are not kept unless a header says for how long"),
        (302, "x", "redirects are not kept unless a header says for how long"),
        (204, "x", "answers with status 204 are not kept unless a header says for how long"),
        (206, "max-age=60", "a 206 brings a part of a file, and most caches keep whole ones only"),
        (304, "max-age=60", "a 304 is news about a copy, and there is none"),
        (299, "must-understand, max-age=60", understand),
        (299, "no-store, must-understand", understand),
    ] {
        let [.., shared] = judge(status, &[&format!("cache-control: {cache_control}")], Link::Bare);
        assert_eq!(shared.because, because, "{status} {cache_control}");
    }
}

#[test]
fn a_span_is_said_as_a_person_says_it() {
    for (seconds, words) in [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (86_400, "1 day"),
        (31_535_999, "364 days 23 h"),
        (31_536_000, "1 year"),
        (47_304_000, "1 year 182 days"),
        (93_784, "1 day 2 h"),
        (400, "6 min 40 s"),
        (315_360_000 - 1, "9 years 364 days"),
        (315_360_000 + 86_400, "10 years"),
        (1 << 31, "68 years"),
    ] {
        assert_eq!(words::span(seconds), words);
    }
}

proptest! {
    /// `because` and `summary` meet people as they are.
    #[test]
    fn any_response_is_judged_in_sentences(
        status in 100..600_u16,
        lines in prop::collection::vec((prop::sample::select(vec!["cache-control", "expires", "age", "date", "vary"]), "[ -~]{0,30}"), 0..4),
    ) {
        let fields: Vec<_> = lines.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let fields: Vec<_> = fields.iter().map(String::as_str).collect();
        for verdict in judge(status, &fields, Link::Bare) {
            prop_assert!(!verdict.because.is_empty() && !verdict.because.ends_with('.'));
            prop_assert!(!matches!(verdict.reuse, Reuse::For { seconds: 0, .. }), "{:?}", verdict.reuse);
        }
    }
}
