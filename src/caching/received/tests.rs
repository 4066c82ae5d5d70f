use super::*;
use crate::caching::directive::Name;
use http::header::HeaderName;
use proptest::prelude::*;

const NOW: i64 = 1_700_000_000;

fn read(fields: &[(&'static str, &str)]) -> Received {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    }
    let now = HttpDate::from_unix(NOW);
    Received::read(StatusCode::OK, &headers, now, now)
}

fn directives(lines: &[&str]) -> Directives {
    let fields: Vec<_> = lines.iter().map(|line| ("cache-control", *line)).collect();
    read(&fields).cache_control
}

#[test]
fn directives_are_read_over_all_lines_and_without_regard_to_case() {
    for lines in [
        &["no-store, max-age=60"][..],
        &["no-store", "max-age=60"],
        &[" , NO-STORE,,Max-Age=\"60\" ,"],
        &["x=\"a, no-cache\", no-store", "", "max-age=60, y=\\\"z"],
        &["max-age=060, max-age=60\t,no-store=yes"],
    ] {
        let directives = directives(lines);
        assert!(directives.has(Name::NoStore) && !directives.has(Name::NoCache), "{lines:?}");
        assert_eq!(
            directives.seconds(Name::MaxAge),
            Given::Valid(DeltaSeconds::new(60).unwrap()),
            "{lines:?}"
        );
    }
}

#[test]
fn what_is_no_number_of_seconds_is_there_and_has_no_value() {
    for value in [
        "max-age",
        "max-age=",
        "max-age=1h",
        "max-age=-1",
        "max-age=1.5",
        "max-age=+1",
        "max-age = 60",
        "max-age= 60",
        "max-age=\"60",
        "max-age=\"60\"0",
        "max-age=60, max-age=61",
        "max-age=60, max-age",
        "max-age=60;public",
    ] {
        let directives = directives(&[value]);
        assert!(directives.has(Name::MaxAge), "{value}");
        assert_eq!(directives.seconds(Name::MaxAge), Given::Invalid, "{value}");
    }
    assert_eq!(directives(&["public"]).seconds(Name::MaxAge), Given::Absent);
}

#[test]
fn a_number_too_long_is_the_longest() {
    for digits in ["2147483648", "2147483649", "4294967296", &"9".repeat(400)] {
        let directives = directives(&[&format!("max-age={digits}")]);
        assert_eq!(directives.seconds(Name::MaxAge), Given::Valid(DeltaSeconds::MAX), "{digits}");
    }
}

#[test]
fn what_names_no_fields_is_about_everything() {
    let fields =
        |names: &[&'static str]| Scope::Fields(names.iter().copied().map(HeaderName::from_static).collect());
    for (value, scope) in [
        ("public", Scope::Nothing),
        ("private", Scope::Everything),
        ("private=\"set-cookie\"", fields(&["set-cookie"])),
        ("private=Set-Cookie", fields(&["set-cookie"])),
        ("private=\"a, b\", private=\"c\"", fields(&["a", "b", "c"])),
        ("private=\"a\\-b\"", fields(&["a-b"])),
        ("private=\"a\", private", Scope::Everything),
        ("private=\"\"", Scope::Everything),
        ("private=\" , \"", Scope::Everything),
        ("private=", Scope::Everything),
        ("private=\"a b\"", Scope::Everything),
        ("private=\"set-cookie", Scope::Everything),
    ] {
        assert_eq!(directives(&[value]).scope(Name::Private), scope, "{value}");
    }
}

#[test]
fn what_is_unknown_is_ignored_but_not_nothing() {
    assert!(directives(&[]).is_empty() && directives(&["", " ,, "]).is_empty());
    let unknown = directives(&["x-a=1, max-stale, maxage=60, =, \"no-store\""]);
    assert!(!unknown.is_empty());
    assert_eq!(unknown.names().count(), 0);
}

#[test]
fn a_date_is_when_it_came_where_it_is_missing_or_no_date() {
    let now = HttpDate::from_unix(NOW);
    assert_eq!(read(&[]).date, now);
    assert_eq!(read(&[("date", "today")]).date, now);
    assert_eq!(read(&[("date", "Tue, 14 Nov 2023 22:13:00 GMT")]).date, HttpDate::from_unix(NOW - 20));
}

#[test]
fn of_ages_the_first_counts_and_what_is_no_number_is_none() {
    for (lines, age) in [
        (&[][..], 0),
        (&["60"], 60),
        (&[" 60 "], 60),
        (&["60, 30"], 60),
        (&["60", "30"], 60),
        (&["x, 30"], 0),
        (&["-5"], 0),
        (&["1.5"], 0),
        (&["99999999999"], 1 << 31),
    ] {
        let fields: Vec<_> = lines.iter().map(|line| ("age", *line)).collect();
        assert_eq!(read(&fields).age, age, "{lines:?}");
    }
}

#[test]
fn dates_and_tags_have_one_value_or_none() {
    let date = "Tue, 14 Nov 2023 22:13:00 GMT";
    // 22 February 2025 was a Saturday.
    for (lines, given) in [
        (&[][..], Given::Absent),
        (&[date], Given::Valid(HttpDate::from_unix(NOW - 20))),
        (&[date, date], Given::Valid(HttpDate::from_unix(NOW - 20))),
        (&[date, "0"], Given::Invalid),
        (&["0"], Given::Invalid),
        (&["Tue, 22 Feb 2025 22:22:22 GMT"], Given::Invalid),
    ] {
        for name in ["expires", "last-modified"] {
            let fields: Vec<_> = lines.iter().map(|line| (name, *line)).collect();
            let response = read(&fields);
            let read = if name == "expires" { response.expires } else { response.last_modified };
            assert_eq!(read, given, "{name}: {lines:?}");
        }
    }
    assert_eq!(read(&[("etag", "\"a\"")]).etag, Given::Valid(HeaderValue::from_static("\"a\"")));
    assert_eq!(read(&[("etag", "a")]).etag, Given::Invalid);
}

#[test]
fn a_star_among_the_members_of_vary_is_everything() {
    for (value, everything) in [("*", true), ("accept, *", true), ("accept", false), ("a*", false)] {
        assert_eq!(read(&[("vary", value)]).varies_on_everything, everything, "{value}");
    }
}

proptest! {
    #[test]
    fn any_fields_are_read(
        lines in prop::collection::vec((0..7_usize, prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b" ,=\"\\09-amxge".to_vec())], 0..40)), 0..6),
    ) {
        let names = [CACHE_CONTROL, EXPIRES, AGE, DATE, LAST_MODIFIED, ETAG, VARY];
        let mut headers = HeaderMap::new();
        for (name, bytes) in lines {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                headers.append(&names[name], value);
            }
        }
        let now = HttpDate::from_unix(NOW);
        let response = Received::read(StatusCode::OK, &headers, now, now);
        for name in Name::ALL {
            let there = response.cache_control.has(name);
            prop_assert_eq!(there, response.cache_control.scope(name) != Scope::Nothing);
            prop_assert_eq!(there, !response.cache_control.seconds(name).is_absent());
        }
        prop_assert!(response.age <= 1 << 31);
    }

    /// What the strict reader takes, this one takes for the same.
    #[test]
    fn what_an_operator_may_write_is_read_as_it_was_meant(
        seconds in 0..=1_u32 << 31,
        some in prop::sample::subsequence(Name::ALL.to_vec(), 1..=Name::ALL.len()),
    ) {
        let timed = [Name::MaxAge, Name::SMaxAge, Name::StaleWhileRevalidate, Name::StaleIfError];
        let written: Vec<_> = some
            .iter()
            .map(|name| if timed.contains(name) { format!("{name}={seconds}") } else { name.to_string() })
            .collect();
        let strict = crate::caching::directive::CacheControl::parse(&written.join(", ")).unwrap();
        let lenient = directives(&[strict.header_value().to_str().unwrap()]);
        for name in Name::ALL {
            prop_assert_eq!(lenient.has(name), strict.has(name));
            prop_assert_eq!(timed.contains(&name).then(|| lenient.seconds(name).valid()).flatten(), strict.seconds(name));
        }
    }
}
