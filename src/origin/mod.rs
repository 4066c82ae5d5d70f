//! The public listener: it reads, and nothing else.
//!
//! One request, top to bottom:
//!
//! ```text
//! gate     sizes, Host, method                              → 4xx, 501
//! target   below the mount? which asset, pinned to what?    → 400, 404
//! store    open the asset                                   → 404, 500, 503
//! caching  which rule governs it                            pure
//! semantics  read the conditions, select the outcome        pure
//! reply    status, fields and body: the only writer
//! record   one line in the log when the body has ended
//! ```

pub mod body;
pub mod gate;
mod media;
pub mod metrics;
pub mod record;
pub mod refusal;
pub mod reply;
pub mod target;

use std::sync::Arc;

pub use body::ResponseBody;
pub use metrics::Metrics;
pub use refusal::Refusal;
pub use target::{Pin, Target};

use crate::caching::rules::Rules;
use crate::clock::Clock;
use crate::config::{Config, Links, PublicUrl};
use crate::semantics::representation::Version;
use crate::store::{AssetPath, MediaStore};
use gate::Sizes;

/// An origin server (RFC 9110 §3.6): the store and all that is said about its assets.
#[derive(Debug)]
pub struct Origin {
    store: Arc<MediaStore>,
    rules: Rules,
    public_url: PublicUrl,
    links: Links,
    sizes: Sizes,
    metrics: Arc<Metrics>,
    clock: Clock,
}

impl Origin {
    /// The origin that `config` describes, over an open store.
    #[must_use]
    pub fn new(config: &Config, store: Arc<MediaStore>, clock: Clock) -> Self {
        let metrics = Metrics::new(|registry| store.register(registry));
        Self {
            store,
            rules: config.rules.clone(),
            public_url: config.public_url.clone(),
            links: config.links,
            sizes: Sizes {
                target: config.limits.target,
                header_field: config.limits.header_field,
                headers: config.limits.headers,
            },
            metrics: Arc::new(metrics),
            clock,
        }
    }

    /// Where the assets come from.
    #[must_use]
    pub fn store(&self) -> &Arc<MediaStore> {
        &self.store
    }

    /// What is counted.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// The rules that govern the assets.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The prefix of every link.
    #[must_use]
    pub fn public_url(&self) -> &PublicUrl {
        &self.public_url
    }

    /// The clock that its answers are dated by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The link to that version of an asset: absolute, in ASCII, pinned unless the configuration says otherwise.
    #[must_use]
    pub fn link(&self, path: &AssetPath, version: &Version) -> String {
        let bare = self.bare_link(path);
        if self.links.pin { format!("{bare}?v={}", version.pin()) } else { bare }
    }

    /// The link to an asset, whatever its version.
    #[must_use]
    pub fn bare_link(&self, path: &AssetPath) -> String {
        format!("{}/{}", self.public_url, path.encoded())
    }
}
