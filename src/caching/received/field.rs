//! Whether a text can go out as `Cache-Control`, whoever wrote it.

use super::directives::{elements, unquoted};
use crate::caching::directive::is_token;
use http::HeaderValue;

/// The field value that `text` is, if it is one: `#cache-directive` (RFC 9111 §5.2) with at least one member. `None`
/// says nothing, or nothing that may be sent.
///
/// ```text
/// cache-directive = token [ "=" ( token / quoted-string ) ]
/// ```
///
/// What the directives are is no matter: "A cache MUST ignore unrecognized cache directives." §5.2.3. The members are
/// joined anew, since a recipient must take empty ones and "a sender MUST NOT generate empty list elements" (RFC 9110
/// §5.6.1.1).
#[must_use]
pub fn cache_control_field(text: &str) -> Option<HeaderValue> {
    let members: Vec<_> = elements(text.as_bytes()).collect();
    let well_formed = !members.is_empty() && members.iter().all(|member| is_directive(member));
    // What quoted strings may not hold, no field value may: control characters but tabs.
    well_formed.then(|| HeaderValue::from_bytes(&members.join(&b", "[..])).ok()).flatten()
}

fn is_directive(member: &[u8]) -> bool {
    let mut parts = member.splitn(2, |byte| *byte == b'=');
    let name = parts.next().unwrap_or_default();
    is_all_token(name) && parts.next().is_none_or(is_argument)
}

fn is_argument(text: &[u8]) -> bool {
    match text.strip_prefix(b"\"") {
        Some(quoted) => unquoted(quoted).is_some(),
        None => is_all_token(text),
    }
}

/// `token = 1*tchar` (RFC 9110 §5.6.2)
fn is_all_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| is_token(char::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caching::directive::{CacheControl, Name};
    use crate::caching::received::Directives;
    use proptest::prelude::*;

    #[test]
    fn a_list_of_directives_goes_out_as_it_was_written() {
        for text in [
            "no-cache",
            "public, max-age=3600",
            "Public, Max-Age=\"60\"",
            "max-age",
            "max-age=1h",
            "x-mine, y=z, z=\"a, b\", w=\"a\\\"b\\\\\", v=\"\"",
            "private=\"set-cookie, x-a\"",
            "x=\"a\tb é\"",
        ] {
            let field = cache_control_field(text);
            assert_eq!(field.as_ref().map(HeaderValue::as_bytes), Some(text.as_bytes()));
        }
    }

    #[test]
    fn empty_members_and_space_are_left_out() {
        for text in [" no-store,max-age=60 ", ",no-store ,, max-age=60,", "no-store\t,\tmax-age=60"] {
            assert_eq!(cache_control_field(text).expect(text), "no-store, max-age=60", "{text:?}");
        }
    }

    #[test]
    fn what_is_no_list_of_directives_is_nothing() {
        for text in [
            "",
            " , ",
            "max-age=60; public",
            "max-age = 60",
            "max-age=",
            "=60",
            "public max-age=60",
            "x=\"a",
            "x=\"a\"b",
            "x=a\"b\"",
            "\"no-store\"",
            "x=\"a\nb\"",
            "x=\"a\u{7f}\"",
            "no-store\r\nset-cookie: a=b",
            "privé",
            "x=é",
            "max-age=1,000s=(",
        ] {
            assert_eq!(cache_control_field(text), None, "{text:?}");
        }
    }

    proptest! {
        /// What goes out can go out again, and is read as the same directives as the text that it was made of.
        #[test]
        fn a_field_says_what_its_text_says(text in "([a-z]{1,2}|max-age|no-store|[ \t,=\"\\\\é0-9]){0,12}") {
            let Some(field) = cache_control_field(&text) else { return Ok(()) };
            prop_assert_eq!(cache_control_field(str::from_utf8(field.as_bytes()).unwrap()), Some(field.clone()));
            let raw = HeaderValue::from_bytes(text.as_bytes()).unwrap();
            let [raw, sent] = [raw, field].map(|value| Directives::read([&value]));
            for name in Name::ALL {
                prop_assert_eq!((raw.has(name), raw.seconds(name)), (sent.has(name), sent.seconds(name)));
            }
        }

        /// What an operator may write in a rule, a bucket may say as well.
        #[test]
        fn every_value_of_a_rule_is_one(some in prop::sample::subsequence(Name::ALL.to_vec(), 1..=Name::ALL.len())) {
            let timed = [Name::MaxAge, Name::SMaxAge, Name::StaleWhileRevalidate, Name::StaleIfError];
            let words = some.iter().map(|name| if timed.contains(name) { format!("{name}=60") } else { name.to_string() });
            let value = CacheControl::parse(&words.collect::<Vec<_>>().join(",")).unwrap();
            prop_assert_eq!(cache_control_field(&value.to_string()), Some(value.header_value().clone()));
        }
    }
}
