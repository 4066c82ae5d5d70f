//! What a running server goes by, and what takes its place when the configuration is read again.

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::Router;

use crate::config::Config;
use crate::control::{self, Lasting};
use crate::origin::Origin;
use crate::server::connections::Front;
use crate::server::http::{ConnectionLimits, Protocol};

/// Bytes of a header section that are neither target nor fields, at most: the gate, which knows how to refuse, is to
/// see what is a little too large.
const HEAD_PUNCTUATION: usize = 4096;

/// What is in force. Whoever begins something looks here once, and goes by what was there until that has ended: a
/// request by its origin, a connection by its front.
pub(super) type InForce = ArcSwap<Current>;

/// Everything that follows from one configuration.
pub(super) struct Current {
    pub(super) config: Config,
    pub(super) origin: Arc<Origin>,
    /// What the operator is answered.
    pub(super) routes: Router,
    /// For connections to any listener.
    pub(super) front: Arc<Front>,
}

impl Current {
    /// What a server begins with.
    pub(super) fn new(config: Config, origin: Origin, lasting: Lasting) -> Self {
        let origin = Arc::new(origin);
        let routes = control::router(Arc::clone(&origin), config.control.token.clone(), lasting);
        Self { front: front(&config), config, origin, routes }
    }

    /// What follows from another configuration. The store, what is counted, and all else that lasts is the same.
    pub(super) fn successor(&self, config: Config, lasting: Lasting) -> Self {
        let origin = self.origin.reconfigured(&config);
        Self::new(config, origin, lasting)
    }
}

fn front(config: &Config) -> Arc<Front> {
    let limits = ConnectionLimits {
        header_timeout: config.limits.header_timeout,
        head: config.limits.headers + config.limits.target + HEAD_PUNCTUATION,
    };
    Arc::new(Front { protocol: Protocol::new(limits) })
}
