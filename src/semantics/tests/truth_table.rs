//! Every combination of the conditional fields, against an oracle written from §13.2.2 as nested ifs.

use http::header::{
    HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, RANGE,
};

use super::{date, representation};
use crate::semantics::{Conditions, Outcome, ReadMethod, select};

/// What a field of the request says of the current representation.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Said {
    Absent,
    True,
    False,
}
use Said::{Absent, False, True};

const SAID: [Said; 3] = [Absent, True, False];

#[derive(Clone, Copy, Debug, PartialEq)]
enum RangeSaid {
    Absent,
    Satisfiable,
    Unsatisfiable,
    Invalid,
}
const RANGES: [RangeSaid; 4] =
    [RangeSaid::Absent, RangeSaid::Satisfiable, RangeSaid::Unsatisfiable, RangeSaid::Invalid];

#[derive(Clone, Copy, Debug)]
struct Row {
    method: ReadMethod,
    if_match: Said,
    if_unmodified_since: Said,
    if_none_match: Said,
    if_modified_since: Said,
    if_range: Said,
    range: RangeSaid,
}

/// RFC 9110 §13.2.2, its six steps, and §14.2 for the range.
fn oracle(row: Row) -> u16 {
    if row.if_match == False {
        return 412;
    }
    if row.if_match == Absent && row.if_unmodified_since == False {
        return 412;
    }
    if row.if_none_match == False {
        return 304;
    }
    if row.if_none_match == Absent && row.if_modified_since == False {
        return 304;
    }
    if row.method == ReadMethod::Head || row.if_range == False {
        return 200;
    }
    match row.range {
        RangeSaid::Absent | RangeSaid::Invalid => 200,
        RangeSaid::Satisfiable => 206,
        RangeSaid::Unsatisfiable => 416,
    }
}

fn rows() -> impl Iterator<Item = Row> {
    let methods = [ReadMethod::Get, ReadMethod::Head];
    (0..2 * 3usize.pow(5) * 4).map(move |index| {
        let mut rest = index;
        let mut digit = |base: usize| {
            let digit = rest % base;
            rest /= base;
            digit
        };
        Row {
            method: methods[digit(2)],
            if_match: SAID[digit(3)],
            if_unmodified_since: SAID[digit(3)],
            if_none_match: SAID[digit(3)],
            if_modified_since: SAID[digit(3)],
            if_range: SAID[digit(3)],
            range: RANGES[digit(4)],
        }
    })
}

/// How a field can say it: each way is tried in every row.
struct Ways {
    strong: [&'static [&'static str]; 2],
    weak: [&'static [&'static str]; 2],
}

/// `{tag}` stands for the current tag. The first list is true of it, the second false.
const WAYS: Ways = Ways {
    strong: [
        &["*", "{tag}", "\"x\", {tag}", "{tag},,\"y\""],
        &["\"x\"", "W/{tag}", "", "\"x\", \"y\"", "bare", "*, \"x\""],
    ],
    weak: [
        &["\"x\"", "W/\"x\", \"y\"", "", "bare"],
        &["*", "{tag}", "W/{tag}", "\"x\", {tag}", "bare, {tag}"],
    ],
};

fn insert(headers: &mut HeaderMap, name: HeaderName, said: Said, ways: [&[&str]; 2], turn: usize) {
    let ways = match said {
        Absent => return,
        True => ways[0],
        False => ways[1],
    };
    let tag = representation(1_000).validators.etag_field().to_str().unwrap().to_owned();
    let text = ways[turn % ways.len()].replace("{tag}", &tag);
    headers.insert(name, HeaderValue::try_from(text).unwrap());
}

fn request(row: Row, turn: usize) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let (old, same, new) = (date(-1).to_string(), date(0).to_string(), date(1).to_string());
    insert(&mut headers, IF_MATCH, row.if_match, WAYS.strong, turn);
    insert(&mut headers, IF_NONE_MATCH, row.if_none_match, WAYS.weak, turn);
    insert(&mut headers, IF_UNMODIFIED_SINCE, row.if_unmodified_since, [&[&same, &new], &[&old]], turn);
    insert(&mut headers, IF_MODIFIED_SINCE, row.if_modified_since, [&[&old], &[&same, &new]], turn);
    let false_ranges: [&str; 6] = ["W/{tag}", "\"x\"", &old, &new, "bare", "*"];
    insert(&mut headers, IF_RANGE, row.if_range, [&["{tag}", &same], &false_ranges], turn);
    let range = match row.range {
        RangeSaid::Absent => return headers,
        RangeSaid::Satisfiable => "bytes=0-9",
        RangeSaid::Unsatisfiable => "bytes=1000-",
        RangeSaid::Invalid => "bytes=9-0",
    };
    headers.insert(RANGE, HeaderValue::from_static(range));
    headers
}

fn status(outcome: &Outcome) -> u16 {
    match outcome {
        Outcome::Full => 200,
        Outcome::Partial(_) => 206,
        Outcome::NotModified => 304,
        Outcome::PreconditionFailed => 412,
        Outcome::RangeNotSatisfiable => 416,
    }
}

#[test]
fn every_combination_is_what_section_13_2_2_says() {
    let mut seen = std::collections::BTreeMap::new();
    for row in rows() {
        for turn in 0..6 {
            let headers = request(row, turn);
            let outcome = select(row.method, &Conditions::of(&headers), &representation(1_000), date(60));
            assert_eq!(status(&outcome), oracle(row), "{row:?}\n{headers:?}");
            *seen.entry(status(&outcome)).or_insert(0) += 1;
        }
    }
    println!("rows by status: {seen:?}");
    assert_eq!(seen.values().sum::<i32>(), 2 * 243 * 4 * 6);
    assert_eq!(seen.len(), 5, "every outcome was seen");
}

fn outcome_of(fields: &[(HeaderName, &str)], now: i64) -> u16 {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    status(&select(ReadMethod::Get, &Conditions::of(&headers), &representation(1_000), date(now)))
}

#[test]
fn a_malformed_date_is_no_condition() {
    let same = date(0).to_string();
    for bad in ["yesterday", "0", "", &format!("{same}, {same}")] {
        assert_eq!(outcome_of(&[(IF_MODIFIED_SINCE, bad)], 60), 200, "§13.1.3 {bad}");
        assert_eq!(outcome_of(&[(IF_UNMODIFIED_SINCE, bad)], 60), 200, "§13.1.4 {bad}");
    }
    let (old, twice) = (date(-1).to_string(), IF_UNMODIFIED_SINCE);
    assert_eq!(outcome_of(&[(twice.clone(), &old), (twice, &old)], 60), 200, "§13.1.4: a list of dates");
}

#[test]
fn if_range_with_a_date_needs_a_strong_one() {
    let same = date(0).to_string();
    let fields = [(RANGE, "bytes=0-9"), (IF_RANGE, same.as_str())];
    assert_eq!(outcome_of(&fields, 0), 200, "§8.8.2.2: modified in the very second of the message");
    assert_eq!(outcome_of(&fields, 1), 206);
    assert_eq!(outcome_of(&[(IF_RANGE, "\"x\"")], 60), 200, "§13.1.5: ignored without a Range");
    let tag = representation(1).validators.etag_field().to_str().unwrap().to_owned();
    let twice = [(RANGE, "bytes=0-9"), (IF_RANGE, tag.as_str()), (IF_RANGE, tag.as_str())];
    assert_eq!(outcome_of(&twice, 60), 200, "two values are no validator");
}

#[test]
fn a_range_given_twice_is_ignored() {
    assert_eq!(outcome_of(&[(RANGE, "bytes=0-9"), (RANGE, "bytes=0-9")], 60), 200);
}
