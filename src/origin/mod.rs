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
use crate::config::{Config, OnMismatch};
use crate::store::MediaStore;
use gate::Sizes;

/// An origin server (RFC 9110 §3.6): the store and all that is said about its assets.
#[derive(Debug)]
pub struct Origin {
    store: Arc<MediaStore>,
    rules: Rules,
    mount: String,
    on_mismatch: OnMismatch,
    sizes: Sizes,
    metrics: Arc<Metrics>,
    clock: Clock,
}

impl Origin {
    /// The origin that `config` describes, over an open store.
    #[must_use]
    pub fn new(config: &Config, store: Arc<MediaStore>, clock: Clock) -> Self {
        Self {
            store,
            rules: config.rules.clone(),
            mount: config.public_url.mount().to_owned(),
            on_mismatch: config.links.on_mismatch,
            sizes: Sizes {
                target: config.limits.target,
                header_field: config.limits.header_field,
                headers: config.limits.headers,
            },
            metrics: Arc::new(Metrics::new()),
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
}
