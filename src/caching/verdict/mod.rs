//! What caches will do with a response, and why, for a person who never heard of RFC 9111.
//!
//! Three caches are asked, because three things are said of how Meta keeps what a link answers:
//!
//! | file | cache |
//! |---|---|
//! | `meta` | Meta's own, as Meta describes it since 10 September 2024 |
//! | [`documented`] | the same, by the header rules that Meta withdrew and that partners' pages still print |
//! | `shared` | any other on the way, such as a content delivery network: RFC 9111 |
//!
//! Each decides first, as an enum; the words come last. What is no asset at all (`asset`) neither of the first two keeps.

mod asset;
pub mod documented;
mod meta;
mod shared;
#[cfg(test)]
mod tests;
mod words;

use self::asset::NoAsset;
use super::freshness::{How, Stale};
use super::received::Received;
use crate::semantics::HttpDate;
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

/// A GET and its answer.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The status code of the answer.
    pub status: StatusCode,
    /// Its header fields.
    pub headers: &'a HeaderMap,
    /// When the request was sent.
    pub requested: HttpDate,
    /// When the answer came; what the verdicts say counts from here.
    pub received: HttpDate,
    /// What kind of link was asked for.
    pub link: Link,
}

/// Whether the same link can come to mean other bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It can: it names an asset, whatever its bytes are.
    Bare,
    /// It cannot: it names one version, and other bytes get another link.
    Pinned,
}

/// Whose cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cache {
    /// Meta's, as Meta describes it.
    Meta,
    /// Meta's, by the header rules of 2022 to 2024.
    Documented,
    /// A shared cache by RFC 9111.
    Shared,
}

/// How a cache uses a response for later requests of the same link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Reuse {
    /// As it is, and without a question, for some time.
    For {
        /// How long, from when the response was received; at least 1.
        seconds: u64,
        /// What happens afterwards.
        #[serde(flatten)]
        then: Then,
    },
    /// Not before the origin was asked, each time.
    AfterRevalidation(Then),
    /// Never.
    Never,
    /// For a time that its operator keeps to itself.
    Undisclosed,
    /// Nobody can tell: the rules do not say.
    Undefined,
}

/// What a cache does with a response that it may not send without a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Then {
    /// What it compares to learn whether its copy is still right.
    pub checks: How,
    /// Whether it may send the copy nevertheless.
    pub stale: Stale,
}

/// What one cache will do with a response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verdict {
    /// Whose cache.
    pub cache: Cache,
    /// What it does.
    pub reuse: Reuse,
    /// Why: a sentence, without a full stop at its end.
    pub because: String,
    /// Where that is written.
    pub source: &'static str,
}

/// What each of the three caches will do, in the order of [`Cache`].
#[must_use]
pub fn verdicts(exchange: &Exchange<'_>) -> [Verdict; 3] {
    let Exchange { status, headers, requested, received, link } = *exchange;
    let response = Received::read(status, headers, requested, received);
    let [meta, documented] = match NoAsset::of(status, headers) {
        Some(what) => [Cache::Meta, Cache::Documented].map(|cache| what.verdict(cache)),
        None => [meta::verdict(link), documented::verdict(&response)],
    };
    [meta, documented, shared::verdict(&response)]
}

impl Verdict {
    /// What the cache does, in a few words: `for 7 days, then checks ETag`.
    #[must_use]
    pub fn summary(&self) -> String {
        self.reuse.to_string()
    }
}

impl Cache {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Documented => "documented",
            Self::Shared => "shared",
        }
    }
}

impl Reuse {
    /// Reuse for so many seconds; none of them means that the origin is asked each time.
    fn lasting(seconds: u64, then: Then) -> Self {
        if seconds == 0 { Self::AfterRevalidation(then) } else { Self::For { seconds, then } }
    }
}
