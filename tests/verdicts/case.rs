//! The responses: every directive and field with good values and bad ones, and the moments at which each is judged.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use media_origin::caching::received::Received;
use media_origin::caching::verdict::{Exchange, Link, Reuse, verdicts};
use media_origin::semantics::HttpDate;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::time::{Duration, UNIX_EPOCH};

/// When all responses are received: 14 November 2023.
pub(crate) const RECEIVED: u64 = 1_700_000_000;

const STATUSES: &[u16] = &[200, 203, 204, 301, 302, 307, 404, 410];
/// Partial, unknown, not modified, failed: statuses about which caches differ.
const ODD_STATUSES: &[u16] = &[206, 299, 304, 500, 503];

const DIRECTIVES: &[&str] = &[
    "public",
    "private",
    "no-cache",
    "no-store",
    "must-revalidate",
    "no-transform",
    "immutable",
    "x-unknown",
];
/// Ones that are rare, or written as few write them.
const ODD_DIRECTIVES: &[&str] = &[
    "private=\"set-cookie\"",
    "no-cache=\"set-cookie, x-a\"",
    "proxy-revalidate",
    "must-understand",
    "must-understand, no-store",
    "Public",
    "NO-STORE",
    "x-unknown=\"a, max-age=7, b\"",
];

/// Directives that take seconds.
const TIMED: &[&str] = &["max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"];
const SECONDS: &[&str] = &["0", "1", "60", "600", "86400", "604800", "31536000", "\"600\"", "007"];
/// Ones that are too long, or no number.
const ODD_SECONDS: &[&str] = &["4294967296", "99999999999999999999", "1h", "-1", "1.5", "x"];

/// Dates whose day of the week is another.
pub(crate) const WRONG_DAYS: [&str; 2] = ["Thu, 22 Nov 2023 22:13:20 GMT", "Tue, 22 Feb 2025 22:22:22 GMT"];

/// A field line.
type Line = (&'static str, String);

/// A response and the moments at which it is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) status: u16,
    /// The directives of `Cache-Control`.
    pub(crate) directives: Vec<String>,
    pub(crate) layout: Layout,
    /// The lines of all other fields.
    pub(crate) fields: Vec<Line>,
    /// Seconds from the request to the response.
    pub(crate) delay: u64,
    /// Seconds since it was received.
    pub(crate) after: Vec<u64>,
}

/// How directives are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The first one has a line of its own.
    split: bool,
    comma: &'static str,
}

impl Case {
    /// All field lines.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let Layout { split, comma } = self.layout;
        let lines = match self.directives.split_first() {
            Some((first, rest)) if split => vec![first.clone(), rest.join(comma)],
            _ => vec![self.directives.join(comma)],
        };
        let lines = lines.into_iter().filter(|line| !line.is_empty()).map(|line| ("cache-control", line));
        lines.chain(self.fields.iter().cloned()).collect()
    }

    /// The response, as our model reads it.
    pub(crate) fn response(&self) -> Received {
        let (requested, received) = self.times();
        Received::read(self.status(), &self.headers(), requested, received)
    }

    /// What a person is told of a shared cache.
    pub(crate) fn verdict(&self) -> Reuse {
        let (requested, received) = self.times();
        let headers = self.headers();
        let exchange =
            Exchange { status: self.status(), headers: &headers, requested, received, link: Link::Bare };
        let [.., shared] = verdicts(&exchange);
        shared.reuse
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).expect("a status code")
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in self.lines() {
            let value = HeaderValue::from_str(&value).expect("visible ASCII");
            headers.append(HeaderName::from_static(name), value);
        }
        headers
    }

    fn times(&self) -> (HttpDate, HttpDate) {
        (at(RECEIVED - self.delay), at(RECEIVED))
    }

    /// The values of all lines of a field other than `Cache-Control`.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(own, _)| *own == name).map(|(_, value)| value.as_str())
    }
}

/// The same cases each time.
pub(crate) fn cases(count: usize) -> Vec<Case> {
    let mut runner = TestRunner::deterministic();
    let strategy = case();
    std::iter::repeat_with(|| strategy.new_tree(&mut runner).unwrap().current()).take(count).collect()
}

fn at(unix: u64) -> HttpDate {
    HttpDate::from(UNIX_EPOCH + Duration::from_secs(unix))
}

/// Mostly the first; one time in so many, the other.
fn rarely<T: std::fmt::Debug + 'static>(
    one_in: u32,
    odd: impl Strategy<Value = T> + 'static,
    usual: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = T> {
    prop_oneof![one_in - 1 => usual, 1 => odd]
}

fn case() -> impl Strategy<Value = Case> {
    let fields = (cache_control(), date(), expires(), age(), last_modified(), etag(), others());
    let status = rarely(20, select(ODD_STATUSES), select(STATUSES));
    let delay = rarely(20, 1..20_u64, Just(0));
    (status, fields, delay, prop::collection::vec(0..200_000_u64, 3)).prop_map(
        |(status, ((directives, layout), date, expires, age, last_modified, etag, others), delay, some)| {
            let fields = [date, expires, age, last_modified, etag, others].concat();
            let mut case = Case { status, directives, layout, fields, delay, after: Vec::new() };
            case.after = moments(case.verdict(), &some);
            case
        },
    )
}

/// Some at random, and those around which we say that something changes.
fn moments(verdict: Reuse, some: &[u64]) -> Vec<u64> {
    let (fresh, then) = match verdict {
        Reuse::For { seconds, then } => (seconds, Some(then)),
        Reuse::AfterRevalidation(then) => (0, Some(then)),
        _ => (0, None),
    };
    let stale = then.map_or([0, 0], |then| [then.stale.while_revalidating(), then.stale.if_error()]);
    let turns = [fresh, fresh + stale[0], fresh + stale[1]];
    let turns = turns.into_iter().flat_map(|turn| [turn.saturating_sub(1), turn, turn + 1]);
    // Not past the year 9999, which is as far as HTTP can say.
    some.iter().copied().chain(turns).chain([0]).filter(|seconds| *seconds < 1 << 33).collect()
}

fn cache_control() -> impl Strategy<Value = (Vec<String>, Layout)> {
    let usual = prop_oneof![subsequence(DIRECTIVES, 0..=1), subsequence(DIRECTIVES, 0..=2)];
    let plain = rarely(15, subsequence(ODD_DIRECTIVES, 1), usual);
    let twice = select(TIMED).prop_map(|twice| vec![twice, twice]);
    let some = prop_oneof![subsequence(TIMED, 0..=1), subsequence(TIMED, 0..=3)];
    let names = rarely(30, twice, some);
    let timed = names.prop_flat_map(|names| names.into_iter().map(timed).collect::<Vec<_>>());
    let directives = (plain, timed)
        .prop_map(|(plain, timed)| plain.into_iter().map(str::to_owned).chain(timed).collect::<Vec<_>>());
    let layout = (any::<bool>(), select(&[", ", ",", " ,\t", ", ,"][..]));
    (directives.prop_shuffle(), layout.prop_map(|(split, comma)| Layout { split, comma }))
}

fn timed(name: &'static str) -> impl Strategy<Value = String> {
    let name = rarely(80, Just(name.to_uppercase()), Just(name.to_owned()));
    (name, rarely(40, select(ODD_SECONDS), select(SECONDS)))
        .prop_map(|(name, seconds)| format!("{name}={seconds}"))
}

/// No line of a field, one, or rarely two; with odd values rarely.
fn field(
    name: &'static str,
    usual: impl Strategy<Value = String> + Clone + 'static,
    odd: &'static [&'static str],
) -> impl Strategy<Value = Vec<Line>> {
    let value = || rarely(15, select(odd).prop_map(str::to_owned), usual.clone()).boxed();
    let once = value().prop_map(move |value| vec![(name, value)]);
    let twice = (value(), value()).prop_map(move |(first, second)| vec![(name, first), (name, second)]);
    prop_oneof![20 => Just(Vec::new()), 15 => once, 1 => twice]
}

/// A date so many seconds from when the response was received.
fn around(seconds: std::ops::Range<i64>) -> impl Strategy<Value = String> + Clone {
    seconds.prop_map(|seconds| at(RECEIVED.saturating_add_signed(seconds)).to_string())
}

/// The second form and the third that RFC 9110 §5.6.7 allows are odd, too.
fn date() -> impl Strategy<Value = Vec<Line>> {
    let odd = &[
        "now",
        "Tue, 14 Nov 2023 22:13:00 GMT",
        "Tuesday, 14-Nov-23 22:13:20 GMT",
        "Tue Nov 14 22:13:20 2023",
    ];
    let value =
        rarely(10, select(&odd[..]).prop_map(str::to_owned), rarely(10, around(-100..100), around(0..1)));
    prop_oneof![1 => Just(Vec::new()), 3 => value.prop_map(|value| vec![("date", value)])]
}

/// The last one is no Thursday: [`WRONG_DAYS`].
fn expires() -> impl Strategy<Value = Vec<Line>> {
    let odd = &["0", "-1", "never", "Wednesday, 22-Nov-23 22:13:20 GMT", "Thu, 22 Nov 2023 22:13:20 GMT"];
    field("expires", around(-1_000..100_000), odd)
}

fn age() -> impl Strategy<Value = Vec<Line>> {
    let odd = &["60, 30", "x", "-5", "1.5", " 7", "4294967296"];
    field("age", (0..1_000_u64).prop_map(|age| age.to_string()), odd)
}

/// The last one is no Tuesday: [`WRONG_DAYS`].
fn last_modified() -> impl Strategy<Value = Vec<Line>> {
    let odd = &["long ago", "Tuesday, 22-Feb-22 22:22:22 GMT", "Tue, 22 Feb 2025 22:22:22 GMT"];
    field("last-modified", around(-10_000_000..100), odd)
}

fn etag() -> impl Strategy<Value = Vec<Line>> {
    field("etag", select(&["\"a\"", "W/\"b\"", "\"\""][..]).prop_map(str::to_owned), &["bare"])
}

fn others() -> impl Strategy<Value = Vec<Line>> {
    let values = [
        ("pragma", "no-cache"),
        ("set-cookie", "a=b"),
        ("vary", "accept"),
        ("vary", "*"),
        ("vary", "accept, *"),
    ];
    let one = select(values.to_vec()).prop_map(|(name, value)| vec![(name, value.to_owned())]);
    rarely(10, one, Just(Vec::new()))
}
