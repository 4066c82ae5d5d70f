//! The public listener: it reads, and nothing else.
//!
//! One request, top to bottom:
//!
//! ```text
//! gate     sizes, Host, method                              → 4xx, 501
//! target   below the mount? which asset, pinned to what?    → 400, 404
//! caching  which rule governs it                            pure
//! link     is the link signed, if the rule wants that?      → 403
//! store    open the asset                                   → 404, 500, 503
//! semantics  read the conditions, select the outcome        pure
//! reply    status, fields and body: the only writer
//! record   counted, and one line in the log, when the body has ended
//! ```

pub mod abort;
pub mod body;
mod fault;
pub mod forwarded;
pub mod gate;
pub mod link;
mod media;
pub mod metrics;
pub mod record;
pub mod refusal;
pub mod reply;
pub mod target;
pub mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use body::ResponseBody;
pub use forwarded::Client;
pub use link::AssetLink;
pub use metrics::Metrics;
pub use refusal::Refusal;
pub use target::{Pin, Target};

use crate::caching::rules::Rules;
use crate::clock::Clock;
use crate::config::{Config, Links, Proxies, PublicUrl, Signing};
use crate::log::AccessLog;
use crate::peer::Peer;
use crate::signing::Keys;
use crate::store::MediaStore;
use forwarded::Asked;
use gate::Sizes;
use http::HeaderMap;
use watch::Watch;

/// An origin server (RFC 9110 §3.6): the store and all that is said about its assets.
#[derive(Debug)]
pub struct Origin {
    store: Arc<MediaStore>,
    rules: Rules,
    public_url: PublicUrl,
    links: Links,
    signing: Signing,
    proxies: Proxies,
    /// Whether it was said that clients ask for another address than links begin with.
    hinted: AtomicBool,
    sizes: Sizes,
    watch: Arc<Watch>,
    clock: Clock,
}

impl Origin {
    /// The origin that `config` describes, over an open store. It counts for itself, and has no log.
    #[must_use]
    pub fn new(config: &Config, store: Arc<MediaStore>, clock: Clock) -> Self {
        let metrics = Metrics::new(|registry| store.register(registry));
        Self::watched(config, store, clock, Arc::new(metrics), AccessLog::off())
    }

    /// The same, which counts in `metrics` and tells `log`.
    #[must_use]
    pub fn watched(
        config: &Config,
        store: Arc<MediaStore>,
        clock: Clock,
        metrics: Arc<Metrics>,
        log: AccessLog,
    ) -> Self {
        Self {
            store,
            rules: config.rules.clone(),
            public_url: config.public_url.clone(),
            links: config.links,
            signing: config.signing.clone(),
            proxies: config.proxies.clone(),
            hinted: AtomicBool::new(false),
            sizes: Sizes {
                target: config.limits.target,
                header_field: config.limits.header_field,
                headers: config.limits.headers,
                fields: config.limits.header_fields,
            },
            watch: Arc::new(Watch::new(&config.rules, metrics, log)),
            clock,
        }
    }

    /// The origin that another configuration describes, over the same store. Its counts go on from those of this one,
    /// and its requests stand in the same log, as that configuration wants them written.
    #[must_use]
    pub fn reconfigured(&self, config: &Config) -> Self {
        let (store, metrics) = (Arc::clone(&self.store), Arc::clone(self.watch.metrics()));
        let log = self.watch.log().formatted(config.log.access);
        Self::watched(config, store, self.clock.clone(), metrics, log)
    }

    /// Where the assets come from.
    #[must_use]
    pub fn store(&self) -> &Arc<MediaStore> {
        &self.store
    }

    /// What is counted.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        self.watch.metrics()
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

    /// The keys that links are signed with.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.signing.keys
    }

    /// Says once if a proxy got a request for an asset under another address than links begin with: then `public-url` is
    /// not where people can fetch them, or the proxy has names of its own. Links themselves always begin with `public-url`:
    /// what a request says of its host is for nobody to choose where a message leads.
    fn hint(&self, peer: Peer, headers: &HeaderMap) {
        if !self.proxies.are_trusted() || self.hinted.load(Ordering::Relaxed) {
            return;
        }
        let Some(asked) = Asked::by(peer, headers, &self.proxies).differs(&self.public_url) else { return };
        if !self.hinted.swap(true, Ordering::Relaxed) {
            let links = self.public_url.as_str();
            tracing::warn!(
                %peer, asked, links, "a proxy is asked for assets at another address than links begin with: is public-url right?"
            );
        }
    }

    /// How long the links in messages are good, at least.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        self.signing.lifetime
    }
}
