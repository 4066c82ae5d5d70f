//! Links that are good, and every way in which one can be bad.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use proptest::prelude::*;

use super::*;

const OLD: &str = "0000000000000000000000000000000000000000000000000000000000000001";
const NEW: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
const PATH: &str = "invoices/café 0042.pdf";
const PIN: &str = "1f274003e10f8735";
const END: u64 = 1_767_225_600;

fn keys(text: &str) -> Keys {
    Keys::parse(text).expect(text)
}

fn old() -> Keys {
    keys(&format!("2026-01:{OLD}"))
}

fn grant<'a>(path: &'a str, pin: Option<&'a str>) -> Grant<'a> {
    Grant { path, pin, expiry: Expiry::from_unix(END) }
}

/// The query of a link that grants this.
fn query(keys: &Keys, grant: &Grant<'_>) -> String {
    let pin = grant.pin.map(|pin| format!("v={pin}&")).unwrap_or_default();
    format!("{pin}{}", keys.sign(grant).expect("a key"))
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// What is to be said of a link with this query to the asset at `path`, at a time when it is not over.
fn judged(keys: &Keys, path: &str, query: &str) -> Result<(), Fault> {
    Claim::of(Some(query)).and_then(|claim| keys.verify(path, &claim, at(END - 1)))
}

/// The signatures are what OpenSSL makes of the text that [`Grant::text`] describes:
/// `printf … | openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary | basenc --base64url`.
#[test]
fn a_signature_is_what_others_make_of_the_same_text() {
    for (pin, expected) in [
        (
            Some(PIN),
            "v=1f274003e10f8735&expires=1767225600&key=2026-01&signature=up51wzXI5CKHSkE9VgUTFfswtH6liuNchYyS5-WjJP0",
        ),
        (None, "expires=1767225600&key=2026-01&signature=fQyrNKoETr4L0K3729f6vp-YuMH-JO2DtUULBkvsOns"),
    ] {
        let signed = query(&old(), &grant(PATH, pin));
        assert_eq!(signed, expected);
        assert_eq!(judged(&old(), PATH, &signed), Ok(()));
    }
}

#[test]
fn what_is_no_part_of_a_link_does_not_matter() {
    let signed = query(&old(), &grant(PATH, Some(PIN)));
    let (pin, rest) = signed.split_once('&').expect("a pin");
    for query in [
        format!("{rest}&{pin}"),
        format!("abc123&{signed}"),
        format!("{signed}&utm_source=a&Signature=b&sig=c&vv=1&x=v=2&v&expires&key&signature"),
        format!("&&{signed}&"),
    ] {
        assert_eq!(judged(&old(), PATH, &query), Ok(()), "{query}");
    }
}

#[test]
fn what_is_missing_or_not_of_its_form() {
    let signed = query(&old(), &grant(PATH, Some(PIN)));
    let without = |name: &str| {
        let rest = signed.split('&').filter(|pair| !pair.starts_with(&format!("{name}=")));
        rest.collect::<Vec<_>>().join("&")
    };
    let with = |name: &str, value: &str| format!("{}&{name}={value}", without(name));
    for (query, fault) in [
        (String::new(), Fault::Missing),
        (format!("v={PIN}"), Fault::Missing),
        ("signature&expires&key".into(), Fault::Missing),
        ("Signature=a&EXPIRES=1&sig=b".into(), Fault::Missing),
        (without("expires"), Fault::Malformed),
        (without("key"), Fault::Malformed),
        (without("signature"), Fault::Malformed),
        (with("expires", ""), Fault::Malformed),
        (with("expires", "01767225600"), Fault::Malformed),
        (with("expires", "+1767225600"), Fault::Malformed),
        (with("expires", "-1"), Fault::Malformed),
        (with("expires", "1767225600.0"), Fault::Malformed),
        (with("expires", "18446744073709551616"), Fault::Malformed),
        (with("key", ""), Fault::Malformed),
        (with("key", "2026%2D01"), Fault::Malformed),
        (with("key", &"a".repeat(33)), Fault::Malformed),
        (with("signature", ""), Fault::Malformed),
        (with("signature", "up51wzXI5CKHSkE9VgUTFfswtH6liuNchYyS5-WjJP"), Fault::Malformed),
        (with("signature", "up51wzXI5CKHSkE9VgUTFfswtH6liuNchYyS5-WjJP0="), Fault::Malformed),
        (with("signature", "up51wzXI5CKHSkE9VgUTFfswtH6liuNchYyS5-WjJP1"), Fault::Malformed), // the same bytes
        (with("signature", "up51wzXI5CKHSkE9VgUTFfswtH6liuNchYyS5+WjJP0"), Fault::Malformed),
        (format!("{signed}&v={PIN}"), Fault::Malformed),
        (format!("{signed}&v="), Fault::Malformed),
        (format!("{signed}&expires={END}"), Fault::Malformed),
        (format!("{signed}&key=2026-01"), Fault::Malformed),
        (format!("{signed}&signature="), Fault::Malformed),
    ] {
        assert_eq!(judged(&old(), PATH, &query), Err(fault), "{query}");
    }
    assert_eq!(Claim::of(None), Err(Fault::Missing));
}

#[test]
fn whatever_is_changed_is_found() {
    let signed = query(&old(), &grant(PATH, Some(PIN)));
    for (path, query, fault) in [
        ("invoices/café 0043.pdf", signed.clone(), Fault::Wrong),
        ("invoices/caf\u{65}\u{301} 0042.pdf", signed.clone(), Fault::Wrong),
        (PATH, signed.replace("v=1f27", "v=1f28"), Fault::Wrong),
        (PATH, signed.replace("v=1f27", "v=1F27"), Fault::Wrong),
        (PATH, signed.replace("v=1f274003e10f8735&", ""), Fault::Wrong),
        (PATH, signed.replace("v=1f274003e10f8735", "v="), Fault::Wrong),
        (PATH, signed.replace("1767225600", "1767225601"), Fault::Wrong),
        (PATH, signed.replace("1767225600", "18446744073709551615"), Fault::Wrong),
        (PATH, signed.replace("2026-01", "2026-02"), Fault::UnknownKey),
        (PATH, signed.replace("signature=u", "signature=v"), Fault::Wrong),
    ] {
        assert_eq!(judged(&old(), path, &query), Err(fault), "{path} {query}");
    }
    let unpinned = query(&old(), &grant(PATH, None));
    assert_eq!(
        judged(&old(), PATH, &format!("v={PIN}&{unpinned}")),
        Err(Fault::Wrong),
        "a pin that was added"
    );
    assert_eq!(
        judged(&old(), PATH, &format!("v=&{unpinned}")),
        Err(Fault::Wrong),
        "no pin is not an empty one"
    );
}

#[test]
fn a_link_is_over_at_the_second_that_it_names() {
    let signed = query(&old(), &grant(PATH, None));
    let claim = Claim::of(Some(&signed)).expect("a claim");
    for (now, verdict) in [
        (UNIX_EPOCH - Duration::from_secs(1), Ok(())),
        (at(END - 1), Ok(())),
        (at(END) - Duration::from_nanos(1), Ok(())),
        (at(END), Err(Fault::Expired)),
        (at(END + 1), Err(Fault::Expired)),
    ] {
        assert_eq!(old().verify(PATH, &claim, now), verdict, "{now:?}");
    }
    let forged = signed.replace("signature=f", "signature=g");
    let claim = Claim::of(Some(&forged)).expect("a claim");
    assert_eq!(old().verify(PATH, &claim, at(END)), Err(Fault::Wrong), "it never was good");
}

#[test]
fn the_first_key_signs_and_all_verify() {
    let (before, after) = (old(), keys(&format!("2026-02:{NEW}")));
    let between = keys(&format!("2026-02:{NEW}\n2026-01:{OLD}"));
    assert_eq!(between.names().next().map(KeyId::as_str), Some("2026-02"));
    let [first, second] = [&before, &between].map(|keys| query(keys, &grant(PATH, None)));
    for (keys, of_first, of_second) in [
        (&before, Ok(()), Err(Fault::UnknownKey)),
        (&between, Ok(()), Ok(())),
        (&after, Err(Fault::UnknownKey), Ok(())),
        (&Keys::default(), Err(Fault::UnknownKey), Err(Fault::UnknownKey)),
    ] {
        assert_eq!([judged(keys, PATH, &first), judged(keys, PATH, &second)], [of_first, of_second]);
    }
    let replaced = keys(&format!("2026-01:{NEW}"));
    assert_eq!(judged(&replaced, PATH, &first), Err(Fault::Wrong), "another secret under the same name");
    let renamed = keys(&format!("2026-02:{OLD}"));
    let other_name = first.replace("2026-01", "2026-02");
    assert_eq!(judged(&renamed, PATH, &other_name), Err(Fault::Wrong), "the name is signed too");
    assert_eq!(Keys::default().sign(&grant(PATH, None)), None);
}

#[test]
fn lists_of_keys() {
    let upper = NEW.to_ascii_uppercase();
    let long = format!("a:{OLD}{NEW}");
    for (text, names) in [
        (format!("a:{OLD}"), &["a"][..]),
        (format!("\n# the new one\r\n  a:{upper}  \r\n\nb_-9:{OLD}\n"), &["a", "b_-9"]),
        (format!("a:{OLD} b:{NEW}\tc:{NEW}"), &["a", "b", "c"]),
        (long, &["a"]),
        (format!("{}:{OLD}", "k".repeat(32)), &["kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"]),
    ] {
        let found = keys(&text);
        let found: Vec<_> = found.names().map(KeyId::as_str).collect();
        assert_eq!(found, names, "{text}");
    }
    for (text, reason) in [
        (String::new(), "there is no key"),
        ("\n# a:b\n".into(), "there is no key"),
        (OLD.into(), "line 1: there is no colon between a name and a secret"),
        (
            format!("# x\n:{OLD}"),
            "line 2: what stands before the colon is no name: 1 to 32 letters, digits, `-` and `_`",
        ),
        (
            format!("ü:{OLD}"),
            "line 1: what stands before the colon is no name: 1 to 32 letters, digits, `-` and `_`",
        ),
        (
            format!("{OLD}:a"),
            "line 1: what stands before the colon is no name: 1 to 32 letters, digits, `-` and `_`",
        ),
        (format!("a:{OLD}g0"), "line 1: the secret is not an even number of hex digits"),
        (format!("a:{OLD}0"), "line 1: the secret is not an even number of hex digits"),
        (
            format!("a:{}", OLD.strip_prefix("00").expect("zeros")),
            "line 1: the secret has 62 hex digits, and 64 are the fewest",
        ),
        ("a:".into(), "line 1: the secret has 0 hex digits, and 64 are the fewest"),
        (format!("a:{OLD}\na:{NEW}"), "line 2: another key is called `a`"),
    ] {
        assert_eq!(Keys::parse(&text).expect_err(&text).to_string(), reason);
    }
}

#[test]
fn keys_are_compared_and_never_shown() {
    assert_eq!(old(), old());
    assert_ne!(old(), keys(&format!("2026-01:{NEW}")));
    assert_ne!(old(), keys(&format!("2026-02:{OLD}")));
    assert_eq!(format!("{:?}", old()), "Keys([Key(2026-01, …)])");
}

#[test]
fn an_expiry_is_counted_in_whole_seconds_and_links_for_long_end_with_the_hour() {
    let day = Duration::from_hours(24);
    let now = at(END) + Duration::from_millis(999);
    for (lifetime, exact, on_the_hour) in [
        (Duration::from_secs(1), END + 1, END + 1),
        (Duration::from_secs(86_399), END + 86_399, END + 86_399),
        (day, END + 86_400, END + 86_400), // END is midnight
        (day + Duration::from_secs(1), END + 86_401, END + 86_400 + 3600),
        (Duration::MAX, u64::MAX, u64::MAX),
    ] {
        assert_eq!(Expiry::after(now, lifetime).unix(), exact, "{lifetime:?}");
        assert_eq!(Expiry::on_the_hour(now, lifetime).unix(), on_the_hour, "{lifetime:?}");
    }
    for (expiry, shown) in
        [(END, "2026-01-01T00:00:00Z"), (0, "1970-01-01T00:00:00Z"), (u64::MAX, "9999-12-31T23:59:59Z")]
    {
        assert_eq!(Expiry::from_unix(expiry).to_string(), shown);
    }
    assert_eq!(Expiry::from_unix(END).left(at(END - 5)), Duration::from_secs(5));
    assert_eq!(Expiry::from_unix(END).left(at(END + 5)), Duration::ZERO);
}

type Parts = (String, Option<String>, u64);

fn parts() -> impl Strategy<Value = Parts> {
    // Few letters, so that two of them are alike often, and what the text is made of among them.
    let text = "[a\n=v&%/0A]{0,4}";
    (text, prop::option::of(text), 0..3u64)
}

fn of_parts((path, pin, expires): &Parts) -> Grant<'_> {
    Grant { path, pin: pin.as_deref(), expiry: Expiry::from_unix(*expires) }
}

proptest! {
    #[test]
    fn two_grants_never_have_one_text(one in parts(), other in parts(), names in ["[ab]", "[ab]"]) {
        let [first, second] = names.map(|name| KeyId::parse(&name).expect("a name"));
        let alike = one == other && first == second;
        prop_assert_eq!(of_parts(&one).text(&first) == of_parts(&other).text(&second), alike);
    }

    #[test]
    fn a_good_link_is_good_and_no_other(path: String, pin in prop::option::of("[^&#]{0,20}"), end in 1..=u64::MAX,
                                        other: String, byte in 0..32_usize, bit in 0..8_u8) {
        let granted = Grant { path: &path, pin: pin.as_deref(), expiry: Expiry::from_unix(end) };
        let signed = query(&old(), &granted);
        let claim = Claim::of(Some(&signed)).expect("it was just made");
        prop_assert_eq!(old().verify(&path, &claim, UNIX_EPOCH), Ok(()));
        if other != path {
            prop_assert_eq!(old().verify(&other, &claim, UNIX_EPOCH), Err(Fault::Wrong));
        }
        let mut forged = claim.clone();
        forged.signature[byte] ^= 1 << bit;
        prop_assert_eq!(old().verify(&path, &forged, UNIX_EPOCH), Err(Fault::Wrong));
        let longer = Claim { expiry: Expiry::from_unix(end.wrapping_add(1)), ..claim.clone() };
        prop_assert_eq!(old().verify(&path, &longer, UNIX_EPOCH), Err(Fault::Wrong));
    }

    #[test]
    fn any_query_is_read_and_none_is_good(query: String, path: String) {
        prop_assert_ne!(Claim::of(Some(&query)).and_then(|claim| old().verify(&path, &claim, UNIX_EPOCH)), Ok(()));
    }

    #[test]
    fn any_list_is_read(text: String) {
        let _keys = Keys::parse(&text);
    }
}
