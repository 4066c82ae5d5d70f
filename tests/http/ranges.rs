//! RFC 9110 §14, through HTTP: the bytes that arrive are the bytes of the file, from memory and from disk alike.

use crate::support::{Answer, Site, pattern};

/// Bodies are read from disk in pieces of 128 KiB; this is a little over three of them.
const LENGTH: usize = 3 * 128 * 1024 + 77;

/// A site that keeps bodies in memory, and one that reads them from disk each time.
fn sites(bytes: &[u8]) -> [Site; 2] {
    ["", "[memory]\nhot = \"0\"\nlargest = \"0\"\n"].map(|toml| {
        let site = Site::with(toml);
        site.file("a.bin", bytes);
        site
    })
}

#[tokio::test]
async fn a_range_is_that_slice_of_the_file() {
    let bytes = pattern(LENGTH, 1);
    let piece = 128 * 1024;
    for site in sites(&bytes) {
        for (first, last) in [
            (0, 0),
            (0, LENGTH - 1),
            (1, LENGTH - 2),
            (piece - 1, piece),
            (piece, 2 * piece - 1),
            (piece + 5, 3 * piece + 5),
            (LENGTH - 1, LENGTH - 1),
            (3 * piece, LENGTH + 1000),
        ] {
            let answer = site.get("a.bin").range(&format!("bytes={first}-{last}")).await;
            let last = last.min(LENGTH - 1);
            answer.expect(206).expect_body(&bytes[first..=last]);
            answer.expect_header("content-range", &format!("bytes {first}-{last}/{LENGTH}"));
            answer.expect_header("content-length", &(last - first + 1).to_string());
        }
    }
}

#[tokio::test]
async fn two_halves_are_the_whole() {
    let bytes = pattern(LENGTH, 2);
    for site in sites(&bytes) {
        for cut in [1, 100, 131_071, 131_072, 131_073, 300_000, LENGTH - 1] {
            let head = site.get("a.bin").range(&format!("bytes=0-{}", cut - 1)).await.body.unwrap();
            let tail = site.get("a.bin").range(&format!("bytes={cut}-")).await.body.unwrap();
            assert!([head, tail].concat() == bytes, "cut at {cut}");
        }
    }
}

#[tokio::test]
async fn a_partial_answer_has_the_fields_of_the_whole() {
    let site = Site::new();
    site.file("a.txt", "hello, world");
    let whole = site.get("a.txt").await;
    let part = site.get("a.txt").range("bytes=-5").await;
    part.expect(206).expect_body(b"world").expect_header("content-range", "bytes 7-11/12");
    for name in ["cache-control", "etag", "last-modified", "content-type", "accept-ranges"] {
        assert_eq!(part.header(name), whole.header(name), "§15.3.7: {name}");
    }
}

#[tokio::test]
async fn several_ranges_are_parts_in_the_order_asked_for() {
    let bytes = pattern(LENGTH, 3);
    for site in sites(&bytes) {
        let answer = site.get("a.bin").range("bytes=131070-131075, 0-9, 5-20, -4, 999999-").await;
        answer.expect(206).expect_no_header("content-range");
        let expected = [(131_070, 131_075), (0, 20), (LENGTH - 4, LENGTH - 1)];
        let parts = parts(&answer);
        assert_eq!(parts.len(), expected.len());
        for ((head, content), (first, last)) in parts.iter().zip(expected) {
            let field = format!("Content-Range: bytes {first}-{last}/{LENGTH}");
            assert_eq!(head.lines().nth(1), Some(field.as_str()));
            assert!(head.starts_with("Content-Type: "), "Content-Type goes first: {head}");
            assert!(content == &bytes[first..=last], "{field}");
        }
    }
}

/// Reads a multipart body as RFC 2046 §5.1.1 has it, without the code under test.
fn parts(answer: &Answer) -> Vec<(String, Vec<u8>)> {
    let media_type = answer.header("content-type").unwrap();
    let boundary = media_type.strip_prefix("multipart/byteranges; boundary=").expect("a boundary");
    let body = answer.body.as_ref().unwrap();
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    // The first delimiter has no line before it.
    let text = [b"\r\n", &body[..]].concat();
    let mut starts: Vec<_> = (0..text.len())
        .filter(|&at| text[at..].starts_with(&delimiter))
        .map(|at| at + delimiter.len())
        .collect();
    let end = starts.pop().expect("a closing delimiter");
    assert_eq!(&text[end..], b"--\r\n");
    let bounds = starts.iter().copied().zip(starts.iter().skip(1).copied().chain([end]));
    bounds
        .map(|(start, next)| {
            let part = &text[start + 2..next - delimiter.len()];
            let blank = part.windows(4).position(|window| window == b"\r\n\r\n").expect("a blank line");
            (String::from_utf8(part[..blank].to_vec()).unwrap(), part[blank + 4..].to_vec())
        })
        .collect()
}

#[tokio::test]
async fn what_cannot_be_satisfied_says_how_long_the_asset_is() {
    let site = Site::new();
    site.file("a.txt", "hello");
    let answer = site.get("a.txt").range("bytes=5-").await;
    answer.expect(416).expect_header("content-range", "bytes */5").expect_header("cache-control", "no-store");
    site.get("a.txt").range("bytes=-0").await.expect(416);
}

#[tokio::test]
async fn what_is_no_range_is_ignored() {
    let site = Site::new();
    site.file("a.txt", "hello").file("empty.txt", "");
    for value in ["bytes=2-1", "bytes=", "items=0-1", "bytes=a-b", "0-1"] {
        site.get("a.txt").range(value).await.expect(200).expect_body(b"hello");
    }
    site.get("empty.txt").range("bytes=0-").await.expect(200).expect_header("content-length", "0");
}

#[tokio::test]
async fn more_parts_than_sixteen_are_the_whole() {
    let bytes = pattern(LENGTH, 4);
    let [site, _] = sites(&bytes);
    let set = |n: usize| (0..n).map(|i| format!("{0}-{0}", i * 9)).collect::<Vec<_>>().join(",");
    assert_eq!(parts(&site.get("a.bin").range(&format!("bytes={}", set(16))).await).len(), 16);
    site.get("a.bin").range(&format!("bytes={}", set(17))).await.expect(200).expect_body(&bytes);
}
