//! Entity tags: how they are written, compared and listed (RFC 9110 §8.8.3).

use http::header::{HeaderMap, HeaderName, HeaderValue};

/// Whether a tag is marked weak: `W/"…"` may stand for several versions of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weakness {
    Strong,
    Weak,
}

/// `[ W/ ] DQUOTE *etagc DQUOTE`, borrowed from the field that carries it.
///
/// Compare with [`strong_eq`](Self::strong_eq) or [`weak_eq`](Self::weak_eq). There is no `==`, because the
/// RFC has none (§8.8.3.2).
#[derive(Clone, Copy, Debug)]
pub struct EntityTag<'a> {
    weakness: Weakness,
    opaque: &'a [u8],
}

impl<'a> EntityTag<'a> {
    /// The strong tag with these characters between its quotes.
    pub(super) fn strong(opaque: &'a [u8]) -> Self {
        Self { weakness: Weakness::Strong, opaque }
    }

    /// Reads one tag and nothing beside it. `None` if the bytes are not exactly an entity-tag: `w/` is case-
    /// sensitive, white space within the quotes is not allowed, and a bare token is no tag.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (weakness, quoted) = match bytes.strip_prefix(b"W/") {
            Some(rest) => (Weakness::Weak, rest),
            None => (Weakness::Strong, bytes),
        };
        let opaque = quoted.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        opaque.iter().all(|&b| is_etagc(b)).then_some(Self { weakness, opaque })
    }

    /// "Two entity tags are equivalent if both are not weak and their opaque-tags match
    /// character-by-character." Used by `If-Match` and `If-Range`.
    #[must_use]
    pub fn strong_eq(self, other: EntityTag<'_>) -> bool {
        let strong = self.weakness == Weakness::Strong && other.weakness == Weakness::Strong;
        strong && self.weak_eq(other)
    }

    /// "Two entity tags are equivalent if their opaque-tags match character-by-character, regardless of
    /// either or both being tagged as \"weak\"." Used by `If-None-Match`.
    #[must_use]
    pub fn weak_eq(self, other: EntityTag<'_>) -> bool {
        self.opaque == other.opaque
    }
}

/// `etagc = %x21 / %x23-7E / obs-text`: visible, and not a double quote.
fn is_etagc(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x7e | 0x80..)
}

/// The value of `If-Match` or `If-None-Match`: `"*" / #entity-tag`, over all its field lines.
///
/// A member that is no entity tag matches nothing; the ones beside it still count. Empty members are allowed
/// (§5.6.1.2), and an empty list is a list that nothing matches.
#[derive(Clone, Copy, Debug)]
pub struct TagList<'a> {
    headers: &'a HeaderMap,
    name: &'a HeaderName,
}

impl<'a> TagList<'a> {
    /// The list that the field `name` carries, `None` where there is no such field.
    #[must_use]
    pub fn of(headers: &'a HeaderMap, name: &'a HeaderName) -> Option<Self> {
        headers.contains_key(name).then_some(Self { headers, name })
    }

    /// Whether the value is `*`, alone: any current representation.
    #[must_use]
    pub fn is_any(self) -> bool {
        let mut members = self.lines().flat_map(|line| members(line.as_bytes()));
        members.next() == Some(b"*".as_slice()) && members.next().is_none()
    }

    /// The tags listed, in their order.
    pub fn tags(self) -> impl Iterator<Item = EntityTag<'a>> {
        self.lines().flat_map(|line| members(line.as_bytes())).filter_map(EntityTag::parse)
    }

    fn lines(self) -> impl Iterator<Item = &'a HeaderValue> {
        self.headers.get_all(self.name).iter()
    }
}

/// The non-empty members of a comma-separated list, without the white space around them. A comma between
/// double quotes belongs to its tag.
fn members(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    line.split(move |&byte| {
        quoted ^= byte == b'"';
        byte == b',' && !quoted
    })
    .map(<[u8]>::trim_ascii)
    .filter(|member| !member.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::IF_NONE_MATCH;

    fn tag(text: &'static str) -> EntityTag<'static> {
        EntityTag::parse(text.as_bytes()).unwrap_or_else(|| panic!("{text} is a tag"))
    }

    #[test]
    fn the_comparison_table_of_section_8_8_3_2() {
        for (a, b, strong, weak) in [
            (r#"W/"1""#, r#"W/"1""#, false, true),
            (r#"W/"1""#, r#"W/"2""#, false, false),
            (r#"W/"1""#, r#""1""#, false, true),
            (r#""1""#, r#""1""#, true, true),
        ] {
            assert_eq!(tag(a).strong_eq(tag(b)), strong, "{a} strong {b}");
            assert_eq!(tag(a).weak_eq(tag(b)), weak, "{a} weak {b}");
        }
    }

    #[test]
    fn what_is_no_tag_is_none() {
        let bad = ["", "x", "\"", "\"x", "x\"", "w/\"x\"", "W/x", "W/", "\"a b\"", "\"a\"b\"", "*"];
        for text in bad {
            assert!(EntityTag::parse(text.as_bytes()).is_none(), "{text}");
        }
        assert!(EntityTag::parse(b"\"\"").is_some(), "an empty opaque-tag is a tag");
        assert!(EntityTag::parse(b"\"\xff\"").is_some(), "obs-text is allowed");
    }

    fn listed(lines: &[&'static str]) -> (bool, Vec<String>) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(IF_NONE_MATCH, HeaderValue::from_static(line));
        }
        let list = TagList::of(&headers, &IF_NONE_MATCH).expect("the field is there");
        let text = |t: EntityTag<'_>| String::from_utf8_lossy(t.opaque).into_owned();
        (list.is_any(), list.tags().map(text).collect())
    }

    #[test]
    fn lists() {
        let rows: &[(&[&str], bool, &[&str])] = &[
            (&["*"], true, &[]),
            (&[" * "], true, &[]),
            (&[", *,"], true, &[]),
            (&["*", "*"], false, &[]),
            (&["*, \"a\""], false, &["a"]),
            (&["\"*\""], false, &["*"]),
            (&[""], false, &[]),
            (&["\"a\""], false, &["a"]),
            (&["\"a\",\"b\" , W/\"c\""], false, &["a", "b", "c"]),
            (&[",, \"a\",\t,\"b\","], false, &["a", "b"]),
            (&["\"a,b\", \"c\""], false, &["a,b", "c"]),
            (&["\"a\"", "\"b\""], false, &["a", "b"]),
            (&["\"a\", bogus, \"b\""], false, &["a", "b"]),
            (&["\"a\" \"b\", \"c\""], false, &["c"]),
        ];
        for (lines, any, tags) in rows {
            let (is_any, found) = listed(lines);
            assert_eq!((is_any, found.as_slice()), (*any, tags.map_vec().as_slice()), "{lines:?}");
        }
    }

    trait MapVec {
        fn map_vec(&self) -> Vec<String>;
    }
    impl MapVec for &[&str] {
        fn map_vec(&self) -> Vec<String> {
            self.iter().map(ToString::to_string).collect()
        }
    }

    #[test]
    fn an_absent_field_is_no_list() {
        assert!(TagList::of(&HeaderMap::new(), &IF_NONE_MATCH).is_none());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>) {
            let _tag = EntityTag::parse(&bytes);
            let _members = members(&bytes).filter_map(EntityTag::parse).count();
        }

        #[test]
        fn what_was_listed_is_found(tags in proptest::collection::vec("[!#-~]{0,12}", 0..8)) {
            let line = tags.iter().map(|t| format!("\"{t}\"")).collect::<Vec<_>>().join(" ,");
            let found: Vec<_> = members(line.as_bytes()).filter_map(EntityTag::parse).collect();
            proptest::prop_assert_eq!(found.len(), tags.len());
            for (tag, text) in found.iter().zip(&tags) {
                proptest::prop_assert_eq!(tag.opaque, text.as_bytes());
            }
        }
    }
}
