//! HTTP-date: an instant in whole seconds, as HTTP can say it (RFC 9110 §5.6.7).
//!
//! A file's nanoseconds stop here: what was never sent must not take part in a comparison.

use std::cell::RefCell;
use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderValue;

use super::field_value;

/// 31 December 9999, 23:59:59: the last second that a four-digit year can say.
const LATEST: u64 = 253_402_300_799;

thread_local! {
    /// The date that was last asked for, and its field value.
    static LAST: RefCell<Option<(HttpDate, HeaderValue)>> = const { RefCell::new(None) };
}

/// Whole seconds since 1 January 1970, from there to the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpDate(u64);

impl HttpDate {
    /// The date of a Unix timestamp in seconds. What HTTP cannot say is moved to the nearest date it can:
    /// instants before 1970 become 1970, those after 9999 the last second of it.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        Self(u64::try_from(seconds).unwrap_or(0).min(LATEST))
    }

    /// Reads any of the three forms that §5.6.7 obliges a recipient to accept. `None` if it is none of
    /// them: §13.1.3, §13.1.4 and §13.1.5 all say that such a value is no condition at all.
    #[must_use]
    pub fn parse(value: &HeaderValue) -> Option<Self> {
        let instant = httpdate::parse_http_date(value.to_str().ok()?).ok()?;
        Some(Self::from(instant))
    }

    /// Whole seconds from `earlier` to this date; 0 where that is not earlier.
    #[must_use]
    pub fn seconds_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The date as a field value, in the one form that a sender may generate (IMF-fixdate).
    #[must_use]
    pub fn field(self) -> HeaderValue {
        // Every response has the date of its second, so most ask for what the one before had.
        LAST.with_borrow_mut(|last| match last {
            Some((date, field)) if *date == self => field.clone(),
            _ => last.insert((self, field_value(self.to_string()))).1.clone(),
        })
    }
}

impl From<SystemTime> for HttpDate {
    /// Cuts to the whole second before, within the years that HTTP can say.
    fn from(instant: SystemTime) -> Self {
        let seconds = instant.duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        Self(seconds.min(LATEST))
    }
}

impl From<HttpDate> for SystemTime {
    fn from(date: HttpDate) -> Self {
        UNIX_EPOCH + Duration::from_secs(date.0)
    }
}

impl fmt::Display for HttpDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        httpdate::HttpDate::from(UNIX_EPOCH + Duration::from_secs(self.0)).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_forms_of_section_5_6_7_are_one_instant() {
        for form in
            ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
        {
            let date = HttpDate::parse(&HeaderValue::from_static(form));
            assert_eq!(date, Some(HttpDate(784_111_777)), "{form}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for bad in [
            "",
            "yesterday",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
            "784111777",
        ] {
            let value = HeaderValue::from_static(bad);
            assert_eq!(HttpDate::parse(&value), None, "{bad}");
        }
        let latin = HeaderValue::from_bytes(b"Sun, 06 Nov 1994 08:49:37 GMT\xe9").unwrap();
        assert_eq!(HttpDate::parse(&latin), None);
    }

    #[test]
    fn what_http_cannot_say_is_moved_to_what_it_can() {
        assert_eq!(HttpDate::from_unix(-1).to_string(), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(HttpDate::from_unix(i64::MAX).to_string(), "Fri, 31 Dec 9999 23:59:59 GMT");
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(HttpDate::from(before), HttpDate(0));
    }

    #[test]
    fn nanoseconds_are_cut_not_rounded() {
        let instant = UNIX_EPOCH + Duration::new(784_111_777, 999_999_999);
        assert_eq!(HttpDate::from(instant), HttpDate(784_111_777));
    }

    #[test]
    fn seconds_are_counted_forwards_only() {
        for (from, to, seconds) in [(0, 0, 0), (5, 65, 60), (65, 5, 0), (0, i64::MAX, LATEST)] {
            assert_eq!(HttpDate::from_unix(to).seconds_since(HttpDate::from_unix(from)), seconds);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_date_reads_back(seconds in 0..=LATEST) {
            proptest::prop_assert_eq!(HttpDate::parse(&HttpDate(seconds).field()), Some(HttpDate(seconds)));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let _date = HttpDate::parse(&value);
            }
        }
    }
}
