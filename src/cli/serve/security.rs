//! TLS of a running server: what connections are accepted with, and what keeps its certificates new.

use std::convert::Infallible;
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::config::Config;
use crate::server::metrics::CertificateMetrics;
use crate::server::tls::{Opened, Tls, TlsError};

/// TLS, and its upkeep, which ends with it.
pub(super) struct Security {
    pub(super) tls: Arc<Tls>,
    _upkeep: JoinSet<Infallible>,
}

/// Reads the certificates, if there are to be any.
pub(super) fn open(config: &Config) -> Result<Option<Opened>, TlsError> {
    let of = |tls| Tls::open(tls, &config.public_url, Clock::system());
    config.tls.as_ref().map(of).transpose()
}

impl Security {
    /// Begins the upkeep. To be called within the runtime.
    pub(super) fn begin(Opened { tls, upkeep, .. }: Opened, metrics: &CertificateMetrics) -> Self {
        let mut running = JoinSet::new();
        running.spawn(upkeep.run());
        let (certificates, metrics) = (Arc::clone(tls.certificates()), metrics.clone());
        running.spawn(async move { certificates.follow(|facts| metrics.are(facts)).await });
        Self { tls, _upkeep: running }
    }
}
