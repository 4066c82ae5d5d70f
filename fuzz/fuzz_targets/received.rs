//! Any response of any server: read without a panic, and judged by all three models of a cache in sentences.
//!
//! An input is the status, then field lines, each after a line feed: `200\nCache-Control: max-age=60`.
#![no_main]

use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::StatusCode;
use libfuzzer_sys::fuzz_target;
use media_origin::caching::verdict::{Exchange, Link, Reuse, verdicts};
use media_origin::semantics::HttpDate;

const RECEIVED: i64 = 1_700_000_000;

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|&byte| byte == b'\n');
    let Some(Ok(status)) = lines.next().map(StatusCode::from_bytes) else { return };
    let headers: HeaderMap = lines.filter_map(field).take(100).collect();
    let received = HttpDate::from_unix(RECEIVED);
    for link in [Link::Bare, Link::Pinned] {
        let exchange = Exchange { status, headers: &headers, requested: received, received, link };
        for verdict in verdicts(&exchange) {
            assert!(!verdict.because.is_empty() && !verdict.because.ends_with('.') && !verdict.source.is_empty());
            assert!(!matches!(verdict.reuse, Reuse::For { seconds: 0, .. }), "that is asking each time");
            assert!(!verdict.summary().is_empty());
        }
    }
});

fn field(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let (name, value) = (line.get(..colon)?, line.get(colon + 1..)?);
    Some((HeaderName::from_bytes(name).ok()?, HeaderValue::from_bytes(value.trim_ascii()).ok()?))
}
