//! `Want-Repr-Digest` and `Repr-Digest` (RFC 9530): a digest of the whole representation, on request.

use http::header::{HeaderMap, HeaderName, HeaderValue};
use sfv::{BareItem, DictSerializer, Dictionary, Integer, ListEntry, Parser, integer, key_ref};

use super::field_value;
use super::representation::Sha256;

/// A request's wish for a digest (RFC 9530 §4).
pub const WANT_REPR_DIGEST: HeaderName = HeaderName::from_static("want-repr-digest");
/// The digest of the selected representation (RFC 9530 §3).
pub const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// Whether the request wants `sha-256`, the one algorithm that an asset's digest is known in.
///
/// A member's value is an integer from 0 to 10, and 0 means that the algorithm is not acceptable (RFC 9530 §4).
/// Anything that is not a dictionary with such a member is no wish.
#[must_use]
pub fn is_wanted(headers: &HeaderMap) -> bool {
    if !headers.contains_key(WANT_REPR_DIGEST) {
        return false;
    }
    let lines = headers.get_all(WANT_REPR_DIGEST).iter().map(HeaderValue::as_bytes);
    let field = lines.collect::<Vec<_>>().join(b", ".as_slice());
    let Ok(wishes) = Parser::new(&field).parse::<Dictionary>() else { return false };
    wishes.get(key_ref("sha-256")).and_then(preference).is_some_and(|weight| weight > integer(0))
}

fn preference(entry: &ListEntry) -> Option<Integer> {
    match entry {
        ListEntry::Item(item) => match item.bare_item {
            BareItem::Integer(weight) if weight <= integer(10) => Some(weight),
            _ => None,
        },
        ListEntry::InnerList(_) => None,
    }
}

/// The value of `Repr-Digest` for a representation with this digest.
#[must_use]
pub fn field(sha256: Sha256) -> HeaderValue {
    let mut dictionary = DictSerializer::new();
    let _parameters = dictionary.bare_item(key_ref("sha-256"), sha256.0.as_slice());
    field_value(dictionary.finish().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(lines: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(WANT_REPR_DIGEST, HeaderValue::from_static(line));
        }
        is_wanted(&headers)
    }

    #[test]
    fn wishes() {
        for (lines, expected) in [
            (&["sha-256=10"][..], true),
            (&["sha-256=1"], true),
            (&["sha-512=10, sha-256=3"], true),
            (&["sha-512=10", "sha-256=3"], true),
            (&["sha-256=0"], false),
            (&["sha-256=11"], false),
            (&["sha-256=-1"], false),
            (&["sha-256=0.5"], false),
            (&["sha-256"], false),
            (&["sha-512=10"], false),
            (&["SHA-256=10"], false),
            (&["sha-256=1 0"], false),
            (&["sha-256=5, sha-256=0"], false),
            (&[""], false),
            (&[], false),
        ] {
            assert_eq!(wanted(lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn the_digest_is_a_byte_sequence() {
        let value = field(Sha256([0; 32]));
        assert_eq!(value, "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:");
    }
}
