//! The name of an asset: what is left of a request's path when the mount is taken off and it is decoded.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// "Characters that are allowed in a URI but do not have a reserved purpose are called unreserved": only
/// these stay as they are in a link (RFC 3986 §2.3). Fetchers are known to stumble over a bare `+`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A relative path below the root of the store, decoded once. Invariants:
///
/// - at least one segment, and no segment is empty: no leading, trailing or double slash;
/// - no segment begins with a dot: nothing hidden, neither `.` nor `..`;
/// - no NUL, which would end the name for the file system, and no backslash, which some take for a slash;
/// - valid UTF-8.
///
/// ```
/// use media_origin::store::AssetPath;
/// assert_eq!(AssetPath::decode("caf%C3%A9/a%2Bb.jpg").unwrap().as_str(), "café/a+b.jpg");
/// AssetPath::decode("campaigns/%2e%2e/secret").unwrap_err();
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AssetPath(Box<str>);

/// Why a text names no asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnAssetPath {
    /// A `%` without two hex digits behind it: "pct-encoded = "%" HEXDIG HEXDIG" (RFC 3986 §2.1).
    MalformedEncoding,
    /// It decodes, but no asset can have that name.
    NoSuchName,
}

impl fmt::Display for NotAnAssetPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MalformedEncoding => "a `%` has no two hex digits behind it: write it as `%25`",
            Self::NoSuchName => {
                "no asset can have such a name: it leaves the media directory, or a part of it is empty or begins with a \
                 dot"
            }
        })
    }
}

impl AssetPath {
    /// Reads the percent-encoded path of a link, below the mount and without a leading slash. Each segment is
    /// decoded once; an encoded slash does not divide segments, and no name contains one.
    ///
    /// # Errors
    /// If a percent-encoding is malformed, or if the decoded text breaks an invariant of the type.
    pub fn decode(encoded: &str) -> Result<Self, NotAnAssetPath> {
        if !encoded.contains('%') {
            return Self::try_from(encoded.to_owned());
        }
        if !is_well_encoded(encoded.as_bytes()) {
            return Err(NotAnAssetPath::MalformedEncoding);
        }
        let decode = |segment| percent_decode_str(segment).decode_utf8().ok().filter(|s| !s.contains('/'));
        let segments: Option<Vec<_>> = encoded.split('/').map(decode).collect();
        segments.map(|segments| segments.join("/")).ok_or(NotAnAssetPath::NoSuchName).and_then(Self::try_from)
    }

    /// The decoded path, without a leading slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The path as it stands in a link: each segment percent-encoded but for unreserved characters.
    #[must_use]
    pub fn encoded(&self) -> String {
        let encode = |segment| utf8_percent_encode(segment, RESERVED).to_string();
        self.0.split('/').map(encode).collect::<Vec<_>>().join("/")
    }
}

impl TryFrom<String> for AssetPath {
    type Error = NotAnAssetPath;

    /// Takes a path that is not encoded, as a person types it.
    fn try_from(path: String) -> Result<Self, NotAnAssetPath> {
        let is_name = |segment: &[u8]| !matches!(segment, [] | [b'.', ..]);
        let is_meant = !path.bytes().any(|byte| matches!(byte, b'\0' | b'\\'));
        if is_meant && path.as_bytes().split(|byte| *byte == b'/').all(is_name) {
            Ok(Self(path.into()))
        } else {
            Err(NotAnAssetPath::NoSuchName)
        }
    }
}

impl fmt::Display for AssetPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether every `%` has its two hex digits.
fn is_well_encoded(text: &[u8]) -> bool {
    text.split(|&b| b == b'%').skip(1).all(|after| {
        let digits = after.get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names() {
        for (encoded, decoded) in [
            ("a.jpg", "a.jpg"),
            ("campaigns/summer.jpg", "campaigns/summer.jpg"),
            ("a%20b.jpg", "a b.jpg"),
            ("a+b.jpg", "a+b.jpg"),
            ("a%2Bb.jpg", "a+b.jpg"),
            ("100%25.jpg", "100%.jpg"),
            ("%2525.jpg", "%25.jpg"),
            ("what%3F%23.jpg", "what?#.jpg"),
            ("caf%C3%A9.jpg", "café.jpg"),
            ("%E5%A4%8F/%F0%9F%8D%8B.webp", "夏/🍋.webp"),
            ("a..b/c.", "a..b/c."),
            ("a;b=c,d'e(f)", "a;b=c,d'e(f)"),
        ] {
            let path = AssetPath::decode(encoded).unwrap_or_else(|e| panic!("{encoded}: {e:?}"));
            assert_eq!(path.as_str(), decoded);
            assert_eq!(AssetPath::decode(&path.encoded()).as_ref(), Ok(&path), "{encoded}");
        }
    }

    #[test]
    fn what_names_nothing() {
        let encoded = [
            "",
            "/",
            "//",
            "a/",
            "/a",
            "a//b",
            ".",
            "..",
            "../a",
            "a/..",
            "a/./b",
            ".hidden",
            "a/.git/config",
            "%2e%2e/a",
            "%2E%2E%2Fa",
            ".%2e/a",
            "%2e/a",
            "a/%2ehidden",
            "%2fetc/passwd",
            "a%2Fb",
            "a%5Cb",
            "..%5c..%5ca",
            "a\\b",
            "a%00.jpg",
            "%00",
            "%c0%ae%c0%ae/a",
            "%ff.jpg",
            "%C3",
            "%ed%a0%80",
        ];
        for path in encoded {
            assert_eq!(AssetPath::decode(path), Err(NotAnAssetPath::NoSuchName), "{path}");
        }
    }

    #[test]
    fn what_is_no_encoding() {
        for path in ["%", "%2", "a%zz", "100%.jpg", "%u002e", "a%2", "%%25", "% 20"] {
            assert_eq!(AssetPath::decode(path), Err(NotAnAssetPath::MalformedEncoding), "{path}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text: String) {
            let _path = AssetPath::decode(&text);
        }

        #[test]
        fn a_link_is_ascii_and_reads_back(text in "[^\0\\\\]{1,20}(/[^\0\\\\]{1,20}){0,3}") {
            if let Ok(path) = AssetPath::try_from(text) {
                let link = path.encoded();
                let plain = |c: char| c.is_ascii_alphanumeric() || "-._~%/".contains(c);
                prop_assert!(link.chars().all(plain), "{link}");
                prop_assert_eq!(AssetPath::decode(&link), Ok(path));
            }
        }

        #[test]
        fn no_decoded_path_leaves_the_root(text in "(%2e|%2E|\\.|%2f|/|a|%5c|%252e){1,12}") {
            if let Ok(path) = AssetPath::decode(&text) {
                prop_assert!(path.as_str().split('/').all(|s| !s.is_empty() && !s.starts_with('.')));
            }
        }
    }
}
