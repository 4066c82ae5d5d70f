use super::*;
use proptest::prelude::*;

/// The errors of `value` as the text they point at and the sentence.
fn errors(value: &str) -> Vec<(&str, String)> {
    let Err(errors) = CacheControl::parse(value) else {
        return Vec::new();
    };
    errors
        .iter()
        .map(|error| (value.get(error.range()).expect("a char boundary"), error.to_string()))
        .collect()
}

fn parsed(value: &str) -> CacheControl {
    CacheControl::parse(value).expect(value)
}

#[test]
fn well_formed_values_are_sent_in_one_spelling() {
    for (written, sent) in [
        ("no-cache", "no-cache"),
        ("No-Store", "no-store"),
        (" public ,\tmax-age=604800 ", "public, max-age=604800"),
        ("public,max-age=31536000,immutable", "public, max-age=31536000, immutable"),
        ("max-age=0", "max-age=0"),
        ("max-age=007", "max-age=7"),
        ("max-age=2147483648", "max-age=2147483648"),
        ("private=\"Set-Cookie\"", "private=\"set-cookie\""),
        ("no-cache=\" age ,ETag\"", "no-cache=\"age, etag\""),
        (
            "s-maxage=60, stale-while-revalidate=30, stale-if-error=86400",
            "s-maxage=60, stale-while-revalidate=30, stale-if-error=86400",
        ),
        (
            "must-revalidate, proxy-revalidate, must-understand, no-store, no-transform",
            "must-revalidate, proxy-revalidate, must-understand, no-store, no-transform",
        ),
    ] {
        assert_eq!(parsed(written).header_value(), sent, "{written}");
        assert_eq!(parsed(written), parsed(sent));
    }
}

#[test]
fn each_error_points_at_its_text() {
    for (value, at, sentence) in [
        ("", "", "the value is empty"),
        (" \t", " \t", "the value is empty"),
        ("public,", ",", "a directive is missing beside this comma"),
        (",public", ",", "a directive is missing beside this comma"),
        ("public,,immutable", ",", "a directive is missing beside this comma"),
        ("max_age=5", "max_age", "unknown directive `max_age`"),
        ("max-stale=5", "max-stale", "`max-stale` is a directive of requests"),
        ("max-age:5", ":", "unexpected character `:`"),
        ("=5", "=", "unexpected character `=`"),
        ("public, é", "é", "unexpected character `é`"),
        ("max-age=5\"", "\"", "unexpected character `\"`"),
        ("public; max-age=5", ";", "directives are separated by `;`"),
        ("public max-age=5", " ", "a comma is missing"),
        ("max-age = 5", " = ", "there is a space beside `=`"),
        ("max-age", "max-age", "`max-age` has no number"),
        ("max-age=", "max-age=", "`max-age` has no number"),
        ("max-age=\"5\"", "\"5\"", "the number of `max-age` is quoted"),
        ("max-age=-5", "-5", "`max-age=-5` is negative"),
        ("s-maxage=1.5", "1.5", "`s-maxage=1.5` has a fraction"),
        ("max-age=7d", "7d", "`max-age=7d` is not a number"),
        ("max-age=é", "é", "`max-age=é` is not a number"),
        ("max-age=2147483649", "2147483649", "`max-age` is longer than a cache can count"),
        (
            "max-age=99999999999999999999",
            "99999999999999999999",
            "`max-age` is longer than a cache can count",
        ),
        ("public=1", "=1", "`public` takes no argument"),
        ("no-store=\"x\"", "=\"x\"", "`no-store` takes no argument"),
        ("private=age", "age", "the argument of `private` is not quoted"),
        ("private=\"age", "\"age", "a quote is not closed"),
        ("private=\"\"", "\"\"", "`private=\"\"` names no field"),
        ("no-cache=\"age, e tag\"", "e tag", "`e tag` is not a field name"),
        ("no-cache=\"age,\"", "", "`` is not a field name"),
        ("max-age=1, Max-Age=2", "Max-Age", "`max-age` is given twice"),
    ] {
        assert_eq!(errors(value), [(at, sentence.to_owned())], "{value:?}");
    }
}

#[test]
fn all_errors_of_a_value_are_reported_at_once() {
    let found = errors("pubic; max-age=1h immutable=yes,, private=x, max-age=2");
    let at: Vec<_> = found.into_iter().map(|(text, _)| text).collect();
    assert_eq!(at, ["pubic", ";", "1h", " ", "=yes", ",", "x", "max-age"]);
}

#[test]
fn remedies_name_what_was_meant() {
    for (value, remedy) in [
        ("max_age=5", None),
        ("max-age=7d", Some("write `max-age=604800`")),
        ("max-age=soon", None),
        ("private=age", Some("write `private=\"age\"`")),
        ("max-age=2147483649", None),
    ] {
        let errors = CacheControl::parse(value).expect_err(value);
        let remedies: Vec<_> = errors.iter().map(DirectiveError::remedy).collect();
        assert_eq!(remedies, [remedy.map(str::to_owned)], "{value}");
    }
}

#[test]
fn a_misspelt_directive_finds_the_one_meant() {
    for (value, expected) in [
        ("max_age=5", "did you mean `max-age=…`?"),
        ("s-max-age=5", "did you mean `s-maxage=…`?"),
        ("Must-Revalidat", "did you mean `must-revalidate`?"),
        ("nocache", "did you mean `no-cache`?"),
        ("expires", "there is no such directive"),
    ] {
        let errors = CacheControl::parse(value).expect_err(value);
        let told: Vec<_> = errors.iter().map(DirectiveError::expected).collect();
        assert_eq!(told, [expected], "{value}");
    }
}

#[test]
fn contradictions_are_those_of_the_text() {
    for (value, expected) in [
        // RFC 9111 §5.2.2.5: no cache stores it.
        ("no-store, max-age=5", &["`no-store` contradicts `max-age`"][..]),
        (
            "no-cache, no-store, must-revalidate, max-age=0",
            &["`no-store` contradicts `no-cache`, `must-revalidate` and `max-age`"],
        ),
        // RFC 9111 §5.2.2.3: `must-understand` takes the place of `no-store`.
        ("must-understand, no-store, max-age=5", &[]),
        ("must-understand, max-age=5", &["`must-understand` without `no-store`"]),
        // RFC 9111 §5.2.2.4: each use is revalidated, unless only some fields are named.
        ("no-cache, max-age=5", &["`no-cache` contradicts `max-age`"]),
        ("no-cache, max-age=0", &[]),
        ("no-cache=\"age\", max-age=5", &[]),
        ("no-cache, immutable", &["`no-cache` contradicts `immutable`"]),
        ("no-cache, private", &[]),
        ("no-cache, must-revalidate", &[]),
        // RFC 9111 §5.2.2.7: shared caches store none of it, or only not the named fields.
        ("private, public", &["`private` contradicts `public`"]),
        ("private, s-maxage=5", &["`private` contradicts `s-maxage`"]),
        ("private=\"age\", public, s-maxage=5", &[]),
        ("private, max-age=5, stale-if-error=5", &[]),
        // RFC 9111 §4.2.4: what forbids stale responses, and RFC 5861, which allows them.
        ("max-age=5, must-revalidate, stale-if-error=5", &["`must-revalidate` contradicts `stale-if-error`"]),
        ("s-maxage=5, stale-while-revalidate=5", &["`s-maxage` contradicts `stale-while-revalidate`"]),
        (
            "max-age=5, proxy-revalidate, stale-while-revalidate=5",
            &["`proxy-revalidate` contradicts `stale-while-revalidate`"],
        ),
        ("max-age=5, stale-while-revalidate=5, stale-if-error=5", &[]),
        // RFC 8246 §2: only during the freshness lifetime.
        ("immutable", &["`immutable` without a time to be fresh"]),
        ("max-age=0, immutable", &["`immutable` without a time to be fresh"]),
        ("s-maxage=5, immutable", &[]),
        ("public, max-age=31536000, immutable", &[]),
    ] {
        let found = parsed(value).contradictions();
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{value}");
    }
}

#[test]
fn contradictions_know_their_places_as_written() {
    let written = "Max-Age=5 ,  NO-STORE";
    let found = parsed(written).contradictions();
    assert_eq!(written.get(found[0].range()), Some("NO-STORE"));
    assert_eq!(written.get(found[0].in_vain()[0].clone()), Some("Max-Age=5"));
}

#[test]
fn made_values_equal_parsed_ones() {
    assert_eq!(CacheControl::no_cache(), parsed("no-cache"));
    assert_eq!(CacheControl::no_store(), parsed("no-store"));
    let value = parsed("private=\"age\", max-age=60");
    assert!(value.has(Name::Private) && !value.has_unqualified(Name::Private));
    assert_eq!(value.seconds(Name::MaxAge), DeltaSeconds::new(60));
    assert_eq!(value.seconds(Name::Private), None);
}

/// Text made of what directives are made of, so that many samples come near to being well formed.
fn nearly() -> impl Strategy<Value = String> {
    const PIECES: [&str; 19] = [
        "max-age",
        "s-maxage",
        "no-cache",
        "private",
        "immutable",
        "=",
        "=5",
        "=\"age\"",
        "\"",
        ",",
        ", ",
        ";",
        " ",
        "\t",
        "-1",
        "1.5",
        "é",
        "\\",
        "\0",
    ];
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12).prop_map(|p| p.concat())
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused(value in prop_oneof![any::<String>(), nearly()]) {
        match CacheControl::parse(&value) {
            Ok(parsed) => {
                let again = CacheControl::parse(&parsed.to_string()).expect("its own text");
                prop_assert_eq!(again.header_value(), parsed.header_value());
                prop_assert!(!parsed.directives().is_empty());
                for contradiction in parsed.contradictions() {
                    prop_assert!(value.get(contradiction.range()).is_some());
                }
            }
            Err(errors) => {
                prop_assert!(errors.iter().count() > 0);
                for error in errors.iter() {
                    prop_assert!(value.get(error.range()).is_some(), "{:?}", error);
                }
            }
        }
    }
}
