//! What a running server goes by, and what takes its place when the configuration is read again.

use std::sync::Arc;

use arc_swap::ArcSwap;
use axum::Router;

use super::security::{self, Security};
use crate::config::{Config, Listen, Proxies};
use crate::control::{self, Lasting};
use crate::origin::Origin;
use crate::server::admission::Admission;
use crate::server::conversation::Front;
use crate::server::http::{Content, Protocol};
use crate::server::metrics::{CertificateMetrics, ConnectionMetrics};
use crate::server::proxy_protocol::ProxyProtocol;
use crate::server::tls::TlsError;
use crate::server::tls::files::Warning;

/// What is in force. Whoever begins something looks here once, and goes by what was there until that has ended: a
/// request by its origin, a connection by its front.
pub(super) type InForce = ArcSwap<Current>;

/// Everything that follows from one configuration.
pub(super) struct Current {
    pub(super) config: Config,
    pub(super) origin: Arc<Origin>,
    /// What the operator is answered.
    pub(super) routes: Router,
    fronts: Fronts,
    counting: Counting,
    /// TLS, if there is a listener for it.
    security: Option<Arc<Security>>,
}

/// What stands before the requests of connections.
struct Fronts {
    /// Without TLS.
    plain: Arc<Front>,
    /// With it, where it is spoken.
    secured: Arc<Front>,
    /// The operator's.
    control: Arc<Front>,
}

/// Who counts what, whatever the configuration is.
#[derive(Clone)]
pub(super) struct Counting {
    /// How many of the public there may be.
    pub(super) admission: Arc<Admission>,
    /// What is told of them.
    pub(super) connections: ConnectionMetrics,
    /// What is told of certificates.
    pub(super) certificates: CertificateMetrics,
}

impl Current {
    /// What a server begins with.
    pub(super) fn new(
        config: Config,
        origin: Origin,
        security: Option<Arc<Security>>,
        counting: Counting,
        lasting: Lasting,
    ) -> Self {
        let origin = Arc::new(origin);
        let routes = control::router(Arc::clone(&origin), config.control.token.clone(), lasting);
        let fronts = Fronts::new(&config, security.as_deref(), &counting);
        Self { config, origin, routes, fronts, counting, security }
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
            let opened = security::open(&config)?;
            opened.iter().flat_map(|opened| &opened.warnings).for_each(Warning::log);
            opened.map(|opened| Arc::new(Security::begin(opened, &self.counting.certificates)))
        };
        let origin = self.origin.reconfigured(&config);
        let counting = self.counting.clone();
        counting.admission.adjust(&config.limits);
        Ok(Self::new(config, origin, security, counting, lasting))
    }

    /// What stands before the requests of a new connection.
    pub(super) fn front(&self, secured: bool) -> Arc<Front> {
        Arc::clone(if secured { &self.fronts.secured } else { &self.fronts.plain })
    }

    /// The same of the operator's.
    pub(super) fn control_front(&self) -> Arc<Front> {
        Arc::clone(&self.fronts.control)
    }
}

impl Fronts {
    fn new(config: &Config, security: Option<&Security>, counting: &Counting) -> Self {
        let Counting { admission, connections, .. } = counting;
        let protocol = Protocol::new(&config.limits, Content::Refused);
        let first = |listen: &Listen| {
            listen.proxy_protocol.then_some(ProxyProtocol { timeout: config.limits.header_timeout })
        };
        let front = |proxy_protocol, tls| {
            let (admission, protocol, metrics) =
                (Arc::clone(admission), protocol.clone(), connections.clone());
            Arc::new(Front {
                admission,
                proxies: config.proxies.clone(),
                proxy_protocol,
                protocol,
                tls,
                metrics,
            })
        };
        let control = Front {
            admission: Arc::new(Admission::unlimited()),
            proxies: Proxies::default(),
            proxy_protocol: None,
            protocol: Protocol::new(&config.limits, Content::Taken),
            tls: None,
            // The operator's own are not told.
            metrics: ConnectionMetrics::default(),
        };
        let tls = security.map(|security| Arc::clone(&security.tls));
        let secured = config.tls.as_ref().and_then(|tls| first(&tls.listen));
        Self {
            plain: front(first(&config.listen), None),
            secured: front(secured, tls),
            control: Arc::new(control),
        }
    }
}
