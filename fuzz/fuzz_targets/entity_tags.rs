//! Any `If-None-Match`: read without a panic, and a tag that matches strongly matches weakly too.
//!
//! Each line of an input is a field line.
#![no_main]

use http::header::{HeaderMap, HeaderValue, IF_NONE_MATCH};
use libfuzzer_sys::fuzz_target;
use media_origin::semantics::EntityTag;
use media_origin::semantics::entity_tag::TagList;

fuzz_target!(|input: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in input.split(|&byte| byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(IF_NONE_MATCH, value);
        }
    }
    let current = EntityTag::parse(b"\"abc\"").expect("a tag");
    if let Some(list) = TagList::of(&headers, &IF_NONE_MATCH) {
        assert!(list.tags().all(|tag| !tag.strong_eq(current) || tag.weak_eq(current)));
        assert!(!list.is_any() || list.tags().next().is_none());
    }
});
