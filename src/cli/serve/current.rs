//! What a running server goes by, and what takes its place when the configuration is read again.

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::Router;

use super::security::{self, Security};
use crate::config::Config;
use crate::control::{self, Lasting};
use crate::origin::Origin;
use crate::server::connections::Front;
use crate::server::http::{ConnectionLimits, Protocol};
use crate::server::tls::TlsError;

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
    /// For connections without TLS, and for those with it.
    fronts: [Arc<Front>; 2],
    /// TLS, if there is a listener for it.
    security: Option<Arc<Security>>,
}

impl Current {
    /// What a server begins with.
    pub(super) fn new(
        config: Config,
        origin: Origin,
        security: Option<Arc<Security>>,
        lasting: Lasting,
    ) -> Self {
        let origin = Arc::new(origin);
        let routes = control::router(Arc::clone(&origin), config.control.token.clone(), lasting);
        let fronts = fronts(&config, security.as_deref());
        Self { config, origin, routes, fronts, security }
    }

    /// What follows from another configuration. The store, what is counted, and all else that lasts is the same, and so
    /// are certificates that come from where they came from. To be called within the runtime.
    ///
    /// # Errors
    /// If other certificates cannot be used.
    pub(super) fn successor(&self, config: Config, lasting: Lasting) -> Result<Self, TlsError> {
        let security = if config.tls == self.config.tls {
            self.security.clone()
        } else {
            security::open(&config)?.map(|opened| Arc::new(Security::begin(opened)))
        };
        let origin = self.origin.reconfigured(&config);
        Ok(Self::new(config, origin, security, lasting))
    }

    /// What stands before the requests of a new connection.
    pub(super) fn front(&self, secured: bool) -> Arc<Front> {
        let [plain, with_tls] = &self.fronts;
        Arc::clone(if secured { with_tls } else { plain })
    }
}

fn fronts(config: &Config, security: Option<&Security>) -> [Arc<Front>; 2] {
    let limits = ConnectionLimits {
        header_timeout: config.limits.header_timeout,
        head: config.limits.headers + config.limits.target + HEAD_PUNCTUATION,
    };
    let protocol = Protocol::new(limits);
    let tls = security.map(|security| Arc::clone(&security.tls));
    [None, tls].map(|tls| Arc::new(Front { protocol: protocol.clone(), tls }))
}
