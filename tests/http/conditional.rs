//! RFC 9110 §13, through HTTP. The whole truth table is in the unit tests; here each field is seen to arrive.

use crate::support::{Site, etag_of};

#[tokio::test]
async fn if_none_match_answers_304_for_the_current_tag() {
    let site = Site::new();
    site.file("a.txt", "hello");
    let tag = etag_of(b"hello");
    for value in [tag.as_str(), "*", &format!("\"x\", {tag}"), &format!("W/{tag}")] {
        site.get("a.txt").if_none_match(value).await.expect(304);
    }
    site.get("a.txt").if_none_match("\"x\"").await.expect(200).expect_body(b"hello");
    site.get("a.txt").if_none_match("\"x\"").if_none_match(&tag).await.expect(304);
}

#[tokio::test]
async fn if_match_answers_412_for_another_tag() {
    let site = Site::new();
    site.file("a.txt", "hello");
    let tag = etag_of(b"hello");
    site.get("a.txt").header("if-match", &tag).await.expect(200);
    for other in ["\"x\"".to_owned(), format!("W/{tag}"), String::new()] {
        let answer = site.get("a.txt").header("if-match", &other).await;
        answer.expect(412).expect_header("cache-control", "no-store");
    }
}

#[tokio::test]
async fn dates_are_compared_in_whole_seconds() {
    let site = Site::new();
    site.file("a.txt", "hello");
    let modified = site.get("a.txt").await.header("last-modified").unwrap();
    site.get("a.txt").header("if-modified-since", &modified).await.expect(304);
    site.get("a.txt").header("if-unmodified-since", &modified).await.expect(200);
    let long_ago = "Sun, 06 Nov 1994 08:49:37 GMT";
    site.get("a.txt").header("if-modified-since", long_ago).await.expect(200);
    site.get("a.txt").header("if-unmodified-since", long_ago).await.expect(412);
}

#[tokio::test]
async fn a_stale_date_beside_a_matching_tag_is_not_looked_at() {
    let site = Site::new();
    site.file("a.txt", "hello");
    let tag = etag_of(b"hello");
    let long_ago = "Sun, 06 Nov 1994 08:49:37 GMT";
    let both = site.get("a.txt").if_none_match(&tag).header("if-modified-since", long_ago);
    both.await.expect(304);
    let both = site.get("a.txt").header("if-match", &tag).header("if-unmodified-since", long_ago);
    both.await.expect(200);
}

#[tokio::test]
async fn preconditions_come_before_ranges_and_after_errors() {
    let site = Site::new();
    site.file("a.txt", "hello");
    let tag = etag_of(b"hello");
    site.get("a.txt").if_none_match(&tag).range("bytes=0-1").await.expect(304);
    site.get("a.txt").if_none_match(&tag).range("bytes=99-").await.expect(304);
    site.get("a.txt").header("if-match", "\"x\"").range("bytes=99-").await.expect(412);
    site.get("none.txt").header("if-match", "*").await.expect(404);
}

#[tokio::test]
async fn if_range_decides_between_the_range_and_the_whole() {
    let site = Site::new();
    site.file("a.txt", "hello");
    let tag = etag_of(b"hello");
    let modified = site.get("a.txt").await.header("last-modified").unwrap();
    for (validator, status) in [
        (tag.as_str(), 206),
        (modified.as_str(), 206),
        ("\"x\"", 200),
        (&format!("W/{tag}"), 200),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 200),
        ("*", 200),
    ] {
        site.get("a.txt").range("bytes=1-2").header("if-range", validator).await.expect(status);
    }
}

#[tokio::test]
async fn a_file_written_back_has_its_old_tag_again() {
    let site = Site::new();
    site.file("a.txt", "one");
    let first = site.get("a.txt").await.etag();
    site.file("a.txt", "two!");
    // A hot body is looked at once a second.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    site.get("a.txt").if_none_match(&first).await.expect(200).expect_body(b"two!");
    site.file("a.txt", "one");
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    site.get("a.txt").if_none_match(&first).await.expect(304);
}
