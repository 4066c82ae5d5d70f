//! What an object is, read from the header section of an answer about it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, LAST_MODIFIED};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::Client;
use super::counters::Operation;
use super::exchange::within;
use crate::semantics::HttpDate;
use crate::semantics::representation::Sha256;
use crate::store::AssetPath;
use crate::store::bucket::{Object, UpstreamError};

/// S3's field for a version's name, and Google's.
const VERSION: [HeaderName; 2] =
    [HeaderName::from_static("x-amz-version-id"), HeaderName::from_static("x-goog-generation")];

/// Google's field for the length of an object as it is stored, which is there even where it is sent otherwise.
const STORED_LENGTH: HeaderName = HeaderName::from_static("x-goog-stored-content-length");

/// S3's fields for the digest that was given when the object was put.
const CHECKSUM: HeaderName = HeaderName::from_static("x-amz-checksum-sha256");
const CHECKSUM_TYPE: HeaderName = HeaderName::from_static("x-amz-checksum-type");

/// No object has so many bytes. Below it, positions and lengths can be added up without an overflow.
const LARGEST: u64 = 1 << 62;

impl Client {
    /// What the object of an asset is, or was in the version that is named.
    ///
    /// # Errors
    /// [`UpstreamError::NotFound`] too where no object can have such a key, and [`UpstreamError::Malformed`] where its
    /// entity tag is weak or missing.
    pub async fn head(&self, path: &AssetPath, version_id: Option<&str>) -> Result<Object, UpstreamError> {
        let key = self.key(path)?;
        let question = self.about(Operation::Head, Method::HEAD, &key, version_id);
        let answer = within(self.timeout, self.exchange.ask(&question)).await?;
        object(key.as_str(), answer.headers())
    }
}

/// Reads the fields of an answer to HEAD. What is optional and cannot be read counts as not there: a bucket passes on
/// what somebody wrote years ago.
fn object(key: &str, headers: &HeaderMap) -> Result<Object, UpstreamError> {
    let wrong = |what: &str| UpstreamError::Malformed(format!("{what} of {key}").into());
    let length = [CONTENT_LENGTH, STORED_LENGTH].iter().find_map(|name| text(headers, name)?.parse().ok());
    Ok(Object {
        complete_length: match length.ok_or_else(|| wrong("it does not say the length"))? {
            LARGEST.. => return Err(wrong("what cannot be the length")),
            length => length,
        },
        tag: tag(headers).map_err(|fault| wrong(fault.words()))?,
        modified: modified(headers),
        content_type: text(headers, &CONTENT_TYPE).map(Into::into),
        cache_control: joined(headers, &CACHE_CONTROL),
        sha256: sha256(headers),
        version_id: VERSION.iter().find_map(|name| text(headers, name)).map(Into::into),
    })
}

/// Why there is no entity tag that stands for bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TagFault {
    Missing,
    Weak,
    NoTag,
}

impl TagFault {
    /// To be followed by the name of an object.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Missing => "there is no ETag",
            Self::Weak => "a weak ETag, which may stand for several versions,",
            Self::NoTag => "what is no entity tag stands for the ETag",
        }
    }
}

/// The opaque part of the strong entity tag.
pub(super) fn tag(headers: &HeaderMap) -> Result<Box<str>, TagFault> {
    strong(text(headers, &ETAG).ok_or(TagFault::Missing)?)
}

/// The opaque part of a strong entity tag. Some servers leave the quotes out.
pub(super) fn strong(text: &str) -> Result<Box<str>, TagFault> {
    if text.starts_with("W/") {
        return Err(TagFault::Weak);
    }
    let opaque = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    // etagc = %x21 / %x23-7E / obs-text (RFC 9110 §8.8.3)
    let is_opaque = !opaque.is_empty() && opaque.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x7e));
    if is_opaque { Ok(opaque.into()) } else { Err(TagFault::NoTag) }
}

/// A date that says nothing is written as the epoch by some, so the epoch says nothing.
fn modified(headers: &HeaderMap) -> Option<HttpDate> {
    let date = HttpDate::parse(headers.get(LAST_MODIFIED)?)?;
    (date > HttpDate::from_unix(0)).then_some(date)
}

/// The digest, if it is one of all bytes: that of an object put in parts is a digest of the parts' digests, and ends
/// with their number.
fn sha256(headers: &HeaderMap) -> Option<Sha256> {
    if text(headers, &CHECKSUM_TYPE).is_some_and(|kind| kind != "FULL_OBJECT") {
        return None;
    }
    let digest = BASE64_STANDARD.decode(text(headers, &CHECKSUM)?).ok()?;
    digest.try_into().ok().map(Sha256)
}

/// A field's value, if it is visible ASCII and there is any.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
}

/// "multiple field lines … can be combined into one "field-name: field-value" pair … by appending each subsequent
/// field line value to the initial field line value in order, separated by a comma" (RFC 9110 §5.3).
///
/// Where one line cannot be read there is none: it may be the one that forbids what the others allow.
fn joined(headers: &HeaderMap, name: &HeaderName) -> Option<Box<str>> {
    let lines: Result<Vec<&str>, _> = headers.get_all(name).iter().map(HeaderValue::to_str).collect();
    let value = lines.ok()?.join(", ");
    (!value.trim().is_empty()).then(|| value.into())
}
