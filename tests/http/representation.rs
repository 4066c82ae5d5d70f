//! RFC 9110 §8: what is said of an asset.

use std::time::{Duration, SystemTime};

use crate::support::{Site, etag_of, knows_sha256, pattern};

#[tokio::test]
async fn an_asset_has_its_type_length_validators_and_ranges() {
    let site = Site::new();
    site.file("a.txt", "hello");
    let answer = site.get("a.txt").await;
    answer.expect(200).expect_body(b"hello");
    answer.expect_header("content-type", "text/plain").expect_header("content-length", "5");
    answer.expect_header("etag", &etag_of(b"hello")).expect_header("accept-ranges", "bytes");
    let modified = httpdate::parse_http_date(&answer.header("last-modified").unwrap()).unwrap();
    let age = SystemTime::now().duration_since(modified).unwrap();
    let expected = site.backend().age();
    assert!((expected..expected + Duration::from_mins(1)).contains(&age), "{age:?}");
}

#[tokio::test]
async fn every_length_arrives_whole_from_memory_and_from_disk() {
    let piece = 128 * 1024;
    for toml in ["", "[memory]\nhot = \"0\"\nlargest = \"0\"\n"] {
        let site = Site::with(toml);
        for length in [0, 1, piece - 1, piece, piece + 1, 5 * piece, 5 * piece + 3] {
            let bytes = pattern(length, 9);
            let name = format!("{length}.bin");
            site.file(&name, &bytes);
            // Cold, and again.
            for _ in 0..2 {
                let answer = site.get(&name).await;
                answer.expect(200).expect_body(&bytes).expect_header("content-length", &length.to_string());
                answer.expect_header("etag", &etag_of(&bytes));
            }
        }
    }
}

#[tokio::test]
async fn repr_digest_comes_when_it_is_known_and_wanted() {
    let site = Site::new();
    site.file("a.txt", "hello");
    site.get("a.txt").await.expect_no_header("repr-digest");
    let digest = knows_sha256().then_some("sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:");
    let wanted = site.get("a.txt").header("want-repr-digest", "sha-512=3, sha-256=10").await;
    assert_eq!(wanted.expect(200).header("repr-digest").as_deref(), digest);
    let part = site.get("a.txt").header("want-repr-digest", "sha-256=1").range("bytes=0-1").await;
    assert_eq!(part.expect(206).header("repr-digest").as_deref(), digest);
    site.get("a.txt").header("want-repr-digest", "sha-256=0").await.expect_no_header("repr-digest");
}

#[tokio::test]
async fn what_a_browser_would_run_is_a_download() {
    let site = Site::new();
    site.file("é.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")
        .file("page.jpg", "<!doctype html><html></html>");
    let svg = site.get("%C3%A9.svg").await;
    svg.expect_header("content-type", "application/octet-stream");
    svg.expect_header("content-disposition", "attachment; filename=\"_.svg\"; filename*=UTF-8''%C3%A9.svg");
    let page = site.get("page.jpg").await;
    page.expect_header("content-type", "application/octet-stream");
    page.expect_header("content-disposition", "attachment; filename=\"page.jpg\"");
}

/// An object was modified when it was uploaded, and no other time can be chosen.
mod directory_only {
    use std::time::{Duration, UNIX_EPOCH};

    use media_origin::clock::Clock;

    use crate::buckets::backend::set_modified;
    use crate::support::Site;

    #[tokio::test]
    async fn a_date_in_the_future_is_sent_as_now() {
        let now = UNIX_EPOCH + Duration::from_hours(500_000);
        let site = Site::with_clock("", Clock::new(move || now));
        site.file("a.txt", "hello");
        set_modified(&site.path("a.txt"), now + Duration::from_hours(24));
        let answer = site.get("a.txt").await;
        answer.expect_header("last-modified", "Fri, 15 Jan 2027 08:00:00 GMT");
        answer.expect_header("date", "Fri, 15 Jan 2027 08:00:00 GMT");
    }

    #[tokio::test]
    async fn dates_at_the_edges_of_what_http_can_say() {
        let site = Site::new();
        for (name, seconds, expected) in [
            ("epoch.txt", 0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("first.txt", 1, "Thu, 01 Jan 1970 00:00:01 GMT"),
            ("y2k.txt", 946_684_800, "Sat, 01 Jan 2000 00:00:00 GMT"),
        ] {
            site.file(name, "x");
            set_modified(&site.path(name), UNIX_EPOCH + Duration::from_secs(seconds));
            site.get(name).await.expect_header("last-modified", expected);
        }
        site.file("before.txt", "x");
        set_modified(&site.path("before.txt"), UNIX_EPOCH - Duration::from_secs(1));
        site.get("before.txt").await.expect_header("last-modified", "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
