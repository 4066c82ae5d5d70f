//! What the bucket says of an object, before any of its bytes are read.

use crate::semantics::HttpDate;
use crate::semantics::representation::{Sha256, Version};

/// One version of an object, as a HEAD request describes it.
///
/// Two are equal when nothing that goes out has changed: a new `Cache-Control` on the same bytes is another object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// How many bytes it has.
    pub complete_length: u64,
    /// The opaque part of its strong entity tag, without the quotes.
    pub tag: Box<str>,
    /// When it was last modified, if the bucket says so.
    pub modified: Option<HttpDate>,
    /// Its `Content-Type`, if it has one.
    pub content_type: Option<Box<str>>,
    /// Its `Cache-Control`, if it has one.
    pub cache_control: Option<Box<str>>,
    /// SHA-256 of all its bytes, if the bucket reports it of the whole object.
    pub sha256: Option<Sha256>,
    /// The bucket's name for this version (S3 version id, GCS generation), if it keeps versions.
    pub version_id: Option<Box<str>>,
}

impl Object {
    /// The version that a pinned link names: the same on every replica, because all of it comes from the bucket.
    #[must_use]
    pub fn version(&self) -> Version {
        let of_tag = || Version::of_tag(&self.tag, self.complete_length);
        self.sha256.map_or_else(of_tag, Version::of_digest)
    }
}
