//! Keys: what an asset is called in the bucket.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::store::AssetPath;

/// "`UriEncode()` must enforce the following rules: URI encode every byte except the unreserved characters: 'A'-'Z',
/// 'a'-'z', '0'-'9', '-', '.', '_', and '~'." (Signature Version 4.)
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// "Encode the forward slash character, '/', everywhere except in the object key name." (The same.)
const RESERVED_IN_PATH: &AsciiSet = &RESERVED.remove(b'/');

/// Bytes of a key at most, for S3 and for GCS.
const LONGEST: usize = 1024;

/// The key of an object that there may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key(String);

impl Key {
    /// The key of an asset; the reason, if no object can have it.
    pub(super) fn of(prefix: &str, path: &AssetPath) -> Result<Self, &'static str> {
        let key = format!("{prefix}{path}");
        nameable(&key).map(|()| Self(key))
    }

    /// As the bucket knows it.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// As it stands in the path of a request.
    pub(super) fn encoded(&self) -> String {
        utf8_percent_encode(&self.0, RESERVED_IN_PATH).to_string()
    }
}

/// A value in the query of a request.
pub(super) fn encoded_value(value: &str) -> String {
    utf8_percent_encode(value, RESERVED).to_string()
}

/// The asset that a key below `prefix` stands for; the reason, if no link can name it.
pub(super) fn asset(prefix: &str, key: &str) -> Result<AssetPath, &'static str> {
    let path = key.strip_prefix(prefix).ok_or("it is not below the prefix")?;
    if path.is_empty() || path.ends_with('/') {
        return Err("it ends with a slash, as the markers of empty folders do");
    }
    nameable(key)?;
    AssetPath::try_from(path.to_owned())
        .map_err(|_| "a part of it is empty or begins with a dot, or it has a backslash")
}

fn nameable(key: &str) -> Result<(), &'static str> {
    if key.len() > LONGEST {
        return Err("it is longer than 1024 bytes");
    }
    // They survive no listing in XML, and GCS refuses line ends in a name.
    if key.contains(|c: char| c.is_ascii_control()) {
        return Err("it has a control character");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> AssetPath {
        AssetPath::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn a_key_is_encoded_as_it_is_signed() {
        for (prefix, name, encoded) in [
            ("", "a.jpg", "a.jpg"),
            ("shop/2025/", "a/b.jpg", "shop/2025/a/b.jpg"),
            ("", "a b+c%.jpg", "a%20b%2Bc%25.jpg"),
            ("", "100%25?x=1#y.jpg", "100%2525%3Fx%3D1%23y.jpg"),
            ("", "it's \"(1)\"*~.jpg", "it%27s%20%22%281%29%22%2A~.jpg"),
            ("", "夏/🍋.webp", "%E5%A4%8F/%F0%9F%8D%8B.webp"),
        ] {
            let key = Key::of(prefix, &path(name)).unwrap();
            assert_eq!(key.encoded(), encoded);
            assert_eq!(asset(prefix, key.as_str()), Ok(path(name)));
        }
    }

    #[test]
    fn what_no_object_can_be_called() {
        Key::of("", &path("a\u{1}b")).unwrap_err();
        Key::of("", &path("a\nb")).unwrap_err();
        Key::of("12345678/", &path(&"x".repeat(1016))).unwrap_err();
        Key::of("12345678/", &path(&"x".repeat(1015))).unwrap();
    }

    #[test]
    fn what_no_link_can_name() {
        for (prefix, key) in [
            ("", ""),
            ("", "a//b"),
            ("", "dir/"),
            ("p/", "p/"),
            ("p/", "q/a.jpg"),
            ("p/", "p/../a"),
            ("", "/a"),
            ("", "./a"),
            ("", ".hidden"),
            ("", "a\\b"),
            ("", "a\tb"),
        ] {
            asset(prefix, key).unwrap_err();
        }
    }
}
