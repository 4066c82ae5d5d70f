//! Any `Range` over any length: what is selected lies inside, apart, and in at most 16 parts.
//!
//! An input is the length in decimal, a line feed, and the value.
#![no_main]

use http::HeaderValue;
use libfuzzer_sys::fuzz_target;
use media_origin::semantics::ByteRange;
use media_origin::semantics::byte_range::{Selection, resolve};

fuzz_target!(|input: &str| {
    let Some((complete_length, value)) = input.split_once('\n') else { return };
    let (Ok(complete_length), Ok(value)) = (complete_length.parse(), HeaderValue::from_str(value)) else { return };
    match resolve(&value, complete_length) {
        Selection::Whole | Selection::Unsatisfiable => {}
        Selection::One(range) => assert_inside(range, complete_length),
        Selection::Several(ranges) => {
            assert!((2..=16).contains(&ranges.len()));
            for (index, range) in ranges.iter().enumerate() {
                assert_inside(*range, complete_length);
                let apart = |other: &ByteRange| range.last() + 1 < other.first() || other.last() + 1 < range.first();
                assert!(ranges[index + 1..].iter().all(apart));
            }
        }
    }
});

fn assert_inside(range: ByteRange, complete_length: u64) {
    assert!(range.first() <= range.last() && range.last() < complete_length);
    assert_eq!(range.len(), range.last() - range.first() + 1);
}
