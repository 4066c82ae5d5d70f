//! What is known of an asset before its bytes are read: its representation metadata (RFC 9110 §8).
//!
//! Field values are prepared once and kept, so that a request for a hot asset formats nothing.

use std::fmt;

use http::HeaderValue;
use sha2::Digest;

use super::{EntityTag, HttpDate, field_value};

/// SHA-256 of the bytes of a representation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sha256(pub [u8; 32]);

impl fmt::Display for Sha256 {
    /// Hex, in lower case, as `sha256sum` prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// What a pin is cut from: the name of one version of an asset's bytes, the same wherever they are served from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version([u8; 32]);

impl Version {
    /// The version of bytes whose digest is known.
    #[must_use]
    pub fn of_digest(sha256: Sha256) -> Self {
        Self(sha256.0)
    }

    /// The version of bytes of which no more is known than their strong entity tag and how many they are. The length
    /// takes part because some servers leave a tag as it is when bytes are appended.
    #[must_use]
    pub fn of_tag(opaque: &str, complete_length: u64) -> Self {
        // No opaque-tag has a quote in it, so no two pairs are one text (RFC 9110 §8.8.3).
        Self(sha2::Sha256::digest(format!("{opaque}\"{complete_length}")).into())
    }

    /// The value of `?v=` in a link to these bytes: 16 hex digits, in lower case.
    #[must_use]
    pub fn pin(&self) -> String {
        hex::encode(self.head())
    }

    /// Whether `pin` is this version's pin, to the letter.
    #[must_use]
    pub fn is_pinned_by(&self, pin: &str) -> bool {
        let mut digits = [0; 16];
        hex::encode_to_slice(self.head(), &mut digits).is_ok_and(|()| digits == *pin.as_bytes())
    }

    /// All of it.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 64 bits.
    fn head(&self) -> &[u8] {
        &self.0[..8]
    }
}

/// The validators of a representation (§8.8). The entity tag is always there. A file has a date too; of an object the
/// bucket may not say when it was modified.
#[derive(Clone, Debug)]
pub struct Validators {
    etag: HeaderValue,
    modified: Option<Modified>,
}

/// When a representation was last modified, and that as it is sent.
#[derive(Clone, Debug)]
struct Modified {
    date: HttpDate,
    field: HeaderValue,
}

impl Validators {
    /// The strong validators of bytes with this digest, last modified then.
    #[must_use]
    pub fn new(sha256: Sha256, modified: Option<HttpDate>) -> Self {
        Self::with_tag(&sha256.to_string(), modified)
    }

    /// The validators of bytes that somebody else's strong entity tag stands for. `opaque` is what stands between its
    /// quotes.
    #[must_use]
    pub fn with_tag(opaque: &str, modified: Option<HttpDate>) -> Self {
        Self {
            etag: field_value(format!("\"{opaque}\"")),
            modified: modified.map(|date| Modified { date, field: date.field() }),
        }
    }

    /// The strong entity tag, for comparison.
    #[must_use]
    pub fn etag(&self) -> EntityTag<'_> {
        let quoted = self.etag.as_bytes();
        EntityTag::strong(&quoted[1..quoted.len() - 1])
    }

    /// The strong entity tag, as the value of `ETag`.
    #[must_use]
    pub fn etag_field(&self) -> &HeaderValue {
        &self.etag
    }

    /// "An origin server with a clock (as defined in Section 5.6.7) MUST NOT generate a Last-Modified date
    /// that is later than the server's time of message origination (Date, Section 6.6.1)." §8.8.2.1
    #[must_use]
    pub fn last_modified(&self, now: HttpDate) -> Option<HttpDate> {
        self.modified.as_ref().map(|modified| modified.date.min(now))
    }

    /// The value of `Last-Modified` in a message originated `now`.
    #[must_use]
    pub fn last_modified_field(&self, now: HttpDate) -> Option<HeaderValue> {
        let modified = self.modified.as_ref()?;
        Some(if modified.date <= now { modified.field.clone() } else { now.field() })
    }
}

/// The metadata of the one representation that an asset has: no content coding, no negotiation.
#[derive(Clone, Debug)]
pub struct Representation {
    /// The value of `Content-Type` (§8.3).
    pub content_type: HeaderValue,
    /// The value of `Content-Disposition` (RFC 6266), where the asset must not be shown in place.
    pub content_disposition: Option<HeaderValue>,
    /// How many bytes the representation has.
    pub complete_length: u64,
    /// The version that a pinned link to these bytes names.
    pub version: Version,
    /// SHA-256 of those bytes, where it is known.
    pub sha256: Option<Sha256>,
    /// The values of `ETag` and `Last-Modified`.
    pub validators: Validators,
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: Sha256 = Sha256([0xab; 32]);

    #[test]
    fn the_etag_is_the_hex_digest_in_quotes() {
        let validators = Validators::new(DIGEST, None);
        assert_eq!(validators.etag_field(), &format!("\"{}\"", "ab".repeat(32)));
    }

    #[test]
    fn a_modification_in_the_future_is_clamped_to_the_date_of_the_message() {
        let validators = Validators::new(DIGEST, Some(HttpDate::from_unix(2_000)));
        for (now, expected) in [(1_000, 1_000), (2_000, 2_000), (3_000, 2_000)] {
            let (now, expected) = (HttpDate::from_unix(now), HttpDate::from_unix(expected));
            assert_eq!(validators.last_modified(now), Some(expected));
            assert_eq!(validators.last_modified_field(now), Some(expected.field()));
        }
    }

    #[test]
    fn a_tag_of_another_length_is_another_version() {
        let versions =
            [("1", 23), ("12", 3), ("1", 2), ("1", 3)].map(|(tag, length)| Version::of_tag(tag, length));
        for (index, version) in versions.iter().enumerate() {
            assert!(!versions[..index].contains(version), "{index}");
        }
        assert_eq!(versions[0], Version::of_tag("1", 23));
    }

    #[test]
    fn a_pin_is_the_first_sixteen_digits_and_nothing_else() {
        let version = Version::of_digest(DIGEST);
        assert_eq!(version.pin(), "abababababababab");
        assert!(version.is_pinned_by("abababababababab"));
        for wrong in
            ["", "2", "ABABABABABABABAB", "ababababababababab", "abababababababa", "abababababababac"]
        {
            assert!(!version.is_pinned_by(wrong), "{wrong}");
        }
    }
}
