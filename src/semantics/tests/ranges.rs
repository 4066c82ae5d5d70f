//! §14: what a range comes to, as a table, and what holds of every range.

use http::{HeaderMap, HeaderValue, header::RANGE};
use proptest::prelude::*;

use super::{date, representation};
use crate::semantics::byte_range::{Selection, resolve};
use crate::semantics::{Conditions, Outcome, Ranges, ReadMethod, select};

/// `None` is the whole, an empty list is unsatisfiable.
type Expected = Option<&'static [(u64, u64)]>;
const WHOLE: Expected = None;
const UNSATISFIABLE: Expected = Some(&[]);

const CASES: &[(&str, u64, Expected)] = &[
    // §14.1.2: int-range
    ("bytes=0-0", 1000, Some(&[(0, 0)])),
    ("bytes=0-499", 1000, Some(&[(0, 499)])),
    ("bytes=500-", 1000, Some(&[(500, 999)])),
    ("bytes=0-", 1000, Some(&[(0, 999)])),
    ("bytes=999-", 1000, Some(&[(999, 999)])),
    ("bytes=999-5000", 1000, Some(&[(999, 999)])),
    ("bytes=0-99999999999999999999999999", 1000, Some(&[(0, 999)])),
    ("bytes=1000-", 1000, UNSATISFIABLE),
    ("bytes=1000-2000", 1000, UNSATISFIABLE),
    ("bytes=99999999999999999999999999-", 1000, UNSATISFIABLE),
    ("bytes=18446744073709551615-", 1000, UNSATISFIABLE),
    ("bytes=007-008", 1000, Some(&[(7, 8)])),
    // §14.1.2: suffix-range
    ("bytes=-1", 1000, Some(&[(999, 999)])),
    ("bytes=-1000", 1000, Some(&[(0, 999)])),
    ("bytes=-1001", 1000, Some(&[(0, 999)])),
    ("bytes=-99999999999999999999999999", 1000, Some(&[(0, 999)])),
    ("bytes=-0", 1000, UNSATISFIABLE),
    // §14.1.1: invalid, and so ignored whole (§14.2)
    ("bytes=5-4", 1000, WHOLE),
    ("bytes=0-1,5-4", 1000, WHOLE),
    ("bytes=", 1000, WHOLE),
    ("bytes=,", 1000, WHOLE),
    ("bytes=-", 1000, WHOLE),
    ("bytes=--1", 1000, WHOLE),
    ("bytes=1", 1000, WHOLE),
    ("bytes=a-b", 1000, WHOLE),
    ("bytes=+1-2", 1000, WHOLE),
    ("bytes=0x1-2", 1000, WHOLE),
    ("bytes=1 -2", 1000, WHOLE),
    ("bytes=1- 2", 1000, WHOLE),
    ("bytes=1-2-3", 1000, WHOLE),
    ("bytes 0-1", 1000, WHOLE),
    ("bytes =0-1", 1000, WHOLE),
    ("bytes: 0-1", 1000, WHOLE),
    ("0-1", 1000, WHOLE),
    ("", 1000, WHOLE),
    // §14.2: a unit that is not understood
    ("items=0-1", 1000, WHOLE),
    ("bytesx=0-1", 1000, WHOLE),
    // §14.1: "All range unit names are case-insensitive"
    ("Bytes=0-1", 1000, Some(&[(0, 1)])),
    ("BYTES=0-1", 1000, Some(&[(0, 1)])),
    // §5.6.1.2: empty members, optional white space
    ("bytes=0-1,", 1000, Some(&[(0, 1)])),
    ("bytes=,,0-1", 1000, Some(&[(0, 1)])),
    ("bytes= 0-1 \t, 10-11", 1000, Some(&[(0, 1), (10, 11)])),
    // §15.3.7.2: order kept, unsatisfiable left out, overlapping and adjacent coalesced
    ("bytes=10-11,0-1", 1000, Some(&[(10, 11), (0, 1)])),
    ("bytes=0-1,1000-", 1000, Some(&[(0, 1)])),
    ("bytes=0-1,-0", 1000, Some(&[(0, 1)])),
    ("bytes=2000-,-0", 1000, UNSATISFIABLE),
    ("bytes=0-5,3-9", 1000, Some(&[(0, 9)])),
    ("bytes=0-4,5-9", 1000, Some(&[(0, 9)])),
    ("bytes=5-9,0-4", 1000, Some(&[(0, 9)])),
    ("bytes=0-4,6-9", 1000, Some(&[(0, 4), (6, 9)])),
    ("bytes=20-29,0-4,25-39", 1000, Some(&[(20, 39), (0, 4)])),
    ("bytes=0-0,0-0,0-0", 1000, Some(&[(0, 0)])),
    ("bytes=0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-,0-", 1000, Some(&[(0, 999)])),
    // zero-length: the whole answers everything
    ("bytes=0-", 0, WHOLE),
    ("bytes=-5", 0, WHOLE),
    ("bytes=5-", 0, WHOLE),
    ("bytes=0-0", 1, Some(&[(0, 0)])),
];

fn positions(value: &str, length: u64) -> Option<Vec<(u64, u64)>> {
    let ranges = match resolve(&HeaderValue::from_str(value).unwrap(), length) {
        Selection::Whole => return None,
        Selection::Unsatisfiable => Vec::new(),
        Selection::One(range) => vec![range],
        Selection::Several(ranges) => ranges,
    };
    Some(ranges.into_iter().map(|range| (range.first(), range.last())).collect())
}

#[test]
fn ranges() {
    for &(value, length, expected) in CASES {
        assert_eq!(positions(value, length).as_deref(), expected, "{value} of {length}");
    }
}

#[test]
fn sixteen_parts_are_the_most() {
    let set = |n: u64| (0..n).map(|i| format!("{}-{}", i * 10, i * 10)).collect::<Vec<_>>().join(",");
    assert_eq!(positions(&format!("bytes={}", set(16)), 1000).map(|r| r.len()), Some(16));
    assert_eq!(positions(&format!("bytes={}", set(17)), 1000), None);
    let touching = (0..600).map(|i| format!("{i}-{i}")).collect::<Vec<_>>().join(",");
    assert_eq!(positions(&format!("bytes={touching}"), 1000), Some(vec![(0, 599)]));
}

fn outcome(range: &str, length: u64) -> Outcome {
    let headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_str(range).unwrap())]);
    select(ReadMethod::Get, &Conditions::of(&headers), &representation(length), date(60))
}

#[test]
fn parts_that_would_cost_more_than_the_whole_are_the_whole() {
    assert_eq!(outcome("bytes=0-0,5-5", 100), Outcome::Full);
    let Outcome::Partial(Ranges::Several(multipart)) = outcome("bytes=0-0,5-5", 1000) else {
        panic!("two parts of a thousand bytes")
    };
    assert_eq!(multipart.parts().len(), 2);
    let first = String::from_utf8_lossy(&multipart.parts()[0].0).into_owned();
    assert!(first.ends_with("Content-Type: image/jpeg\r\nContent-Range: bytes 0-0/1000\r\n\r\n"), "{first}");
}

#[test]
fn head_ignores_range() {
    let headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_static("bytes=2000-"))]);
    let answer = select(ReadMethod::Head, &Conditions::of(&headers), &representation(9), date(60));
    assert_eq!(
        answer,
        Outcome::Full,
        "§14.2: \"GET is the only method for which range handling is defined\""
    );
}

/// Text that is nearly a range set.
fn nearly_ranges() -> impl Strategy<Value = String> {
    let position = prop_oneof![Just(String::new()), (0u64..40).prop_map(|n| n.to_string()), "[0-9]{18,22}"];
    let spec = (position.clone(), position).prop_map(|(first, last)| format!("{first}-{last}"));
    proptest::collection::vec(spec, 0..24).prop_map(|specs| format!("bytes={}", specs.join(",")))
}

proptest! {
    #[test]
    fn any_value_is_read_without_a_panic(bytes: Vec<u8>, length: u64) {
        if let Ok(value) = HeaderValue::from_bytes(&bytes) {
            let _selection = resolve(&value, length);
        }
    }

    #[test]
    fn what_is_selected_lies_inside_and_apart(value in nearly_ranges(), length in 0u64..50) {
        let ranges = positions(&value, length).unwrap_or_default();
        for (index, (first, last)) in ranges.iter().enumerate() {
            prop_assert!(first <= last && *last < length);
            for (other_first, other_last) in &ranges[index + 1..] {
                prop_assert!(last + 1 < *other_first || other_last + 1 < *first, "{ranges:?}");
            }
        }
        prop_assert!(ranges.len() <= 16);
    }

    /// Each byte of the answer was asked for, and each that was asked for and exists is in the answer.
    #[test]
    fn the_answer_is_the_union_of_what_was_asked(sets in proptest::collection::vec((0u64..60, 0u64..60), 1..12)) {
        let length = 50;
        let specs: Vec<_> = sets.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
        let value = specs.iter().map(|(a, b)| format!("{a}-{b}")).collect::<Vec<_>>().join(",");
        let selected = positions(&format!("bytes={value}"), length);
        prop_assume!(selected.is_some());
        for byte in 0..length {
            let asked = specs.iter().any(|(a, b)| (*a..=*b).contains(&byte));
            let sent = selected.iter().flatten().any(|(a, b)| (*a..=*b).contains(&byte));
            prop_assert_eq!(asked, sent, "byte {} of {}", byte, value);
        }
    }
}
