//! What the origin promises caches about an asset: what its `Cache-Control` says, and which fields go out at all.

use super::directive::CacheControl;
use http::HeaderValue;
use std::fmt;

/// What a `Cache-Control` is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Promise {
    /// These directives, of every asset.
    Written(CacheControl),
    /// What the store says of each: an object in a bucket may have a `Cache-Control` of its own.
    FromStore,
}

/// Which of the three fields that steer caches go out with an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Send {
    /// `Cache-Control` (RFC 9111 §5.2).
    pub cache_control: bool,
    /// `Last-Modified` (RFC 9110 §8.8.2).
    pub last_modified: bool,
    /// `ETag` (RFC 9110 §8.8.3).
    pub etag: bool,
}

/// What the origin promises caches about an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The `Cache-Control` of a response.
    pub cache_control: Promise,
    /// The `Cache-Control` of a response to a link that is pinned to the very bytes sent; `None` if it is the same.
    pub pinned_cache_control: Option<CacheControl>,
    /// Which fields are sent at all.
    pub send: Send,
}

impl Promise {
    /// How [`Self::FromStore`] is written in a configuration.
    pub const FROM_STORE: &str = "from-store";

    /// The directives, if it does not depend on the asset.
    #[must_use]
    pub fn written(&self) -> Option<&CacheControl> {
        match self {
            Self::Written(value) => Some(value),
            Self::FromStore => None,
        }
    }

    /// The field value for an asset of which the store says `stored`.
    ///
    /// An asset of which it says nothing gets `no-cache`, as one that no rule names: to forget costs a request, never a
    /// wrong answer.
    fn field(&self, stored: Option<&HeaderValue>) -> HeaderValue {
        match self {
            Self::Written(value) => value.header_value().clone(),
            Self::FromStore => stored.cloned().unwrap_or(HeaderValue::from_static("no-cache")),
        }
    }
}

impl Policy {
    /// `Cache-Control` for a link without a pin, where it is sent; `stored` is what the store says of the asset.
    #[must_use]
    pub fn bare_field(&self, stored: Option<&HeaderValue>) -> HeaderValue {
        self.cache_control.field(stored)
    }

    /// The same for a link that is pinned to the very bytes sent.
    #[must_use]
    pub fn pinned_field(&self, stored: Option<&HeaderValue>) -> HeaderValue {
        match &self.pinned_cache_control {
            Some(value) => value.header_value().clone(),
            None => self.bare_field(stored),
        }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Written(value) => value.fmt(f),
            Self::FromStore => f.write_str(Self::FROM_STORE),
        }
    }
}

impl Default for Send {
    /// All three: every cache finds the field that it goes by.
    fn default() -> Self {
        Self { cache_control: true, last_modified: true, etag: true }
    }
}

impl Default for Policy {
    /// `no-cache` with both validators: caches may store the asset and must ask before each use. To forget a rule
    /// costs a request, never a wrong answer.
    fn default() -> Self {
        Self {
            cache_control: Promise::Written(CacheControl::no_cache()),
            pinned_cache_control: None,
            send: Send::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_store_says_goes_out_where_a_rule_leaves_it_to_the_store() {
        let written = |text: &str| CacheControl::parse(text).expect(text);
        let [an_hour, a_year] = ["max-age=3600", "max-age=31536000, immutable"].map(written);
        let stored = HeaderValue::from_static("public, x=1");
        for (promise, pinned, stored, bare, of_pinned) in [
            (Promise::Written(an_hour.clone()), None, Some(&stored), "max-age=3600", "max-age=3600"),
            (Promise::FromStore, None, Some(&stored), "public, x=1", "public, x=1"),
            (Promise::FromStore, None, None, "no-cache", "no-cache"),
            (Promise::FromStore, Some(&a_year), Some(&stored), "public, x=1", "max-age=31536000, immutable"),
            (Promise::FromStore, Some(&a_year), None, "no-cache", "max-age=31536000, immutable"),
        ] {
            let send = Send::default();
            let policy = Policy { cache_control: promise, pinned_cache_control: pinned.cloned(), send };
            let fields = [policy.bare_field(stored), policy.pinned_field(stored)];
            assert_eq!(fields, [bare, of_pinned], "{policy:?} {stored:?}");
        }
    }
}
