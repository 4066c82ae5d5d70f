//! `Content-Disposition: attachment` with a file name (RFC 6266, RFC 8187).

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::field_value;

/// What is not `attr-char` (RFC 8187 §3.2.1).
const NOT_ATTR_CHAR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The field value that has a browser save the content under `file_name`.
///
/// `filename` is what every client reads, in ASCII; `filename*` is the name itself. The plain one goes first, "due
/// to parsing problems in some existing implementations" (RFC 6266 appendix D).
#[must_use]
pub fn attachment(file_name: &str) -> HeaderValue {
    let plain = |c: char| c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ';
    let fallback: String = file_name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let extended = utf8_percent_encode(file_name, NOT_ATTR_CHAR);
    field_value(if fallback == file_name {
        format!("attachment; filename=\"{fallback}\"")
    } else {
        format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{extended}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, expected) in [
            ("a.svg", r#"attachment; filename="a.svg""#),
            ("a b.svg", r#"attachment; filename="a b.svg""#),
            ("é.svg", r#"attachment; filename="_.svg"; filename*=UTF-8''%C3%A9.svg"#),
            ("a\"b\\.svg", r#"attachment; filename="a_b_.svg"; filename*=UTF-8''a%22b%5C.svg"#),
            ("100%.svg", r#"attachment; filename="100_.svg"; filename*=UTF-8''100%25.svg"#),
            ("a\r\nb.svg", r#"attachment; filename="a__b.svg"; filename*=UTF-8''a%0D%0Ab.svg"#),
        ] {
            assert_eq!(attachment(name), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_name_makes_a_field(name: String) {
            proptest::prop_assert!(attachment(&name).to_str().is_ok());
        }
    }
}
