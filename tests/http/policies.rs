//! RFC 9111: which caching fields go out with what.

use crate::support::{Site, etag_of, pin_of};

const RULES: &str = r#"
[[rule]]
path = "campaigns/**"
cache-control = "public, max-age=604800"
pinned-cache-control = "public, max-age=31536000, immutable"

[[rule]]
path = "prices/*.txt"
cache-control = "no-cache"

[[rule]]
path = "legacy/**"
send = ["etag"]

[[rule]]
path = "plain/**"
cache-control = "max-age=60"
send = ["cache-control"]

[[rule]]
path = "**/*.txt"
cache-control = "private"
"#;

fn site() -> Site {
    let site = Site::with(RULES);
    for name in ["campaigns/a.txt", "prices/a.txt", "prices/b/a.txt", "legacy/a.txt", "plain/a.txt", "a.bin"]
    {
        site.file(name, "hello");
    }
    site
}

#[tokio::test]
async fn the_first_rule_that_matches_wins() {
    let site = site();
    for (name, cache_control) in [
        ("campaigns/a.txt", "public, max-age=604800"),
        ("prices/a.txt", "no-cache"),
        ("prices/b/a.txt", "private"),
        ("plain/a.txt", "max-age=60"),
    ] {
        site.get(name).await.expect(200).expect_header("cache-control", cache_control);
        site.get(name).range("bytes=0-1").await.expect(206).expect_header("cache-control", cache_control);
    }
}

#[tokio::test]
async fn what_no_rule_names_is_revalidated() {
    let answer = site();
    let answer = answer.get("a.bin").await;
    answer.expect_header("cache-control", "no-cache").expect_header("etag", &etag_of(b"hello"));
    assert!(answer.header("last-modified").is_some());
}

#[tokio::test]
async fn a_rule_says_which_fields_are_sent_at_all() {
    let site = site();
    let legacy = site.get("legacy/a.txt").await;
    legacy.expect_no_header("cache-control").expect_no_header("last-modified");
    legacy.expect_header("etag", &etag_of(b"hello"));
    site.get("legacy/a.txt")
        .if_none_match(&etag_of(b"hello"))
        .await
        .expect(304)
        .expect_no_header("cache-control");
    let plain = site.get("plain/a.txt").await;
    plain.expect_no_header("etag").expect_no_header("last-modified");
}

#[tokio::test]
async fn a_pin_that_matches_is_good_for_longer() {
    let site = site();
    let pin = pin_of(b"hello");
    for query in [format!("v={pin}"), format!("abc&v={pin}&x=1")] {
        let answer = site.get(&format!("campaigns/a.txt?{query}")).await;
        answer.expect_header("cache-control", "public, max-age=31536000, immutable");
    }
    let unpinned = site.get(&format!("prices/a.txt?v={pin}")).await;
    unpinned.expect_header("cache-control", "no-cache");
}

#[tokio::test]
async fn a_pin_that_differs_is_answered_and_never_stored() {
    let site = site();
    let digest = etag_of(b"hello").replace('"', "");
    let (short, long) = (digest.chars().take(15).collect::<String>(), &digest);
    for pin in ["0000000000000000", "2", "", &short, long] {
        for name in ["campaigns/a.txt", "legacy/a.txt", "a.bin"] {
            let answer = site.get(&format!("{name}?v={pin}")).await;
            answer.expect(200).expect_body(b"hello").expect_header("cache-control", "no-store");
        }
    }
    assert!(
        site.origin().metrics().text().contains("media_origin_pin_mismatches_total 30"),
        "GET and HEAD of 15"
    );
}

#[tokio::test]
async fn a_pin_that_differs_can_be_not_found() {
    let site = Site::with("[links]\non-mismatch = \"not-found\"\n");
    site.file("a.txt", "hello");
    site.get("a.txt?v=0000000000000000").await.expect(404).expect_header("cache-control", "no-store");
    site.get("a.txt").await.expect(200);
}

#[tokio::test]
async fn unknown_parameters_are_ignored() {
    let site = site();
    let plain = site.get("campaigns/a.txt").await;
    for query in ["abc123", "x=1&y=2", "utm_source=whatsapp", "v2=1", "%zz", "a=%00"] {
        let answer = site.get(&format!("campaigns/a.txt?{query}")).await;
        assert_eq!(answer.header("cache-control"), plain.header("cache-control"), "{query}");
    }
}
