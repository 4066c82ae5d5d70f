//! What is counted of connections, of certificates, and of the configuration. Handles: clones count together.

use std::sync::atomic::AtomicI64;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::admission::Refusal;
use super::tls::identity::Facts;

/// All of these, for whoever runs a server.
#[derive(Clone, Debug)]
pub struct ServerMetrics {
    /// Connections of the public listener.
    pub connections: ConnectionMetrics,
    /// Certificates.
    pub certificates: CertificateMetrics,
    /// Readings of the configuration.
    pub reloads: ReloadMetrics,
}

impl ServerMetrics {
    /// Those of a server that is started at `now`.
    #[must_use]
    pub fn started(now: SystemTime) -> Self {
        Self {
            connections: ConnectionMetrics::default(),
            certificates: CertificateMetrics::default(),
            reloads: ReloadMetrics::started(now),
        }
    }

    /// Shows them.
    pub fn register(&self, registry: &mut Registry) {
        self.connections.register(registry);
        self.certificates.register(registry);
        self.reloads.register(registry);
    }
}

/// The counters of the public listener's connections, all at zero to begin with.
#[derive(Clone, Debug)]
pub struct ConnectionMetrics {
    accepted: Counter,
    open: Gauge,
    refused: Family<Reason, Counter>,
    /// TLS handshakes that came to nothing.
    pub handshake_failures: Counter,
    /// Streams of HTTP/2 that their clients reset.
    pub h2_resets: Counter,
}

/// A connection that is open. It is counted as such until this is dropped.
#[derive(Debug)]
pub struct OpenConnection(Gauge);

/// Why a connection was closed before anything was answered on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConnectionRefusal {
    /// There are as many as there may be.
    TooMany,
    /// Its address has as many as it may have.
    TooManyOfAddress,
    /// It came through a proxy that did not say from whom, or that is not trusted.
    Proxy,
    /// What arrived is not HTTP.
    NotHttp,
}

impl From<Refusal> for ConnectionRefusal {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full => Self::TooMany,
            Refusal::AddressFull => Self::TooManyOfAddress,
        }
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

impl ConnectionRefusal {
    /// Every reason there is.
    pub const ALL: [Self; 4] = [Self::TooMany, Self::TooManyOfAddress, Self::Proxy, Self::NotHttp];

    /// A word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TooMany => "limit",
            Self::TooManyOfAddress => "limit_per_address",
            Self::Proxy => "proxy",
            Self::NotHttp => "not_http",
        }
    }
}

impl Default for ConnectionMetrics {
    fn default() -> Self {
        let refused = Family::<Reason, Counter>::default();
        for refusal in ConnectionRefusal::ALL {
            drop(refused.get_or_create(&Reason { reason: refusal.as_str() }));
        }
        let (accepted, open, handshake_failures, h2_resets) = Default::default();
        Self { accepted, open, refused, handshake_failures, h2_resets }
    }
}

impl ConnectionMetrics {
    /// Counts a connection that was taken.
    #[must_use]
    pub fn accept(&self) -> OpenConnection {
        self.accepted.inc();
        self.open.inc();
        OpenConnection(self.open.clone())
    }

    /// Counts a connection that was refused.
    pub fn refuse(&self, why: ConnectionRefusal) {
        self.refused.get_or_create(&Reason { reason: why.as_str() }).inc();
    }

    /// Shows them.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("connections_accepted", "Connections taken", self.accepted.clone());
        registry.register("connections_open", "Connections open now", self.open.clone());
        let help = "Connections closed before anything was answered, by reason";
        registry.register("connections_refused", help, self.refused.clone());
        let help = "TLS handshakes that failed";
        registry.register("tls_handshake_failures", help, self.handshake_failures.clone());
        let help = "Streams of HTTP/2 that clients reset";
        registry.register("http2_stream_resets", help, self.h2_resets.clone());
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Until when certificates are valid.
#[derive(Clone, Debug, Default)]
pub struct CertificateMetrics {
    expiry: Family<Named, Gauge>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Named {
    name: String,
}

impl CertificateMetrics {
    /// These are the certificates in use, and no others: each by the first of its names.
    pub fn are(&self, in_use: &[Facts]) {
        self.expiry.clear();
        for Facts { names, not_after, .. } in in_use {
            let name = names.first().cloned().unwrap_or_default();
            self.expiry.get_or_create(&Named { name }).set(unix(*not_after));
        }
    }

    /// Shows them.
    pub fn register(&self, registry: &mut Registry) {
        let help = "When the certificate in use is no longer valid, in Unix time, by its name";
        registry.register("tls_certificate_expiry_timestamp_seconds", help, self.expiry.clone());
    }
}

/// How the configuration was read again.
#[derive(Clone, Debug)]
pub struct ReloadMetrics {
    reloads: Family<Outcome, Counter>,
    last_successful: Gauge,
    last_success: Gauge<i64, AtomicI64>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Outcome {
    result: &'static str,
}

impl ReloadMetrics {
    /// The configuration that the server started with was read at `now`.
    #[must_use]
    pub fn started(now: SystemTime) -> Self {
        let reloads = Family::<Outcome, Counter>::default();
        for result in ["success", "failure"] {
            drop(reloads.get_or_create(&Outcome { result }));
        }
        let metrics = Self { reloads, last_successful: Gauge::default(), last_success: Gauge::default() };
        metrics.last_successful.set(1);
        metrics.last_success.set(unix(now));
        metrics
    }

    /// It was read again, and is in use from `now` on.
    pub fn succeeded(&self, now: SystemTime) {
        self.reloads.get_or_create(&Outcome { result: "success" }).inc();
        self.last_successful.set(1);
        self.last_success.set(unix(now));
    }

    /// It was read again and refused; the one before stays in use.
    pub fn failed(&self) {
        self.reloads.get_or_create(&Outcome { result: "failure" }).inc();
        self.last_successful.set(0);
    }

    /// Shows them.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "config_reloads",
            "Readings of the configuration again, by result",
            self.reloads.clone(),
        );
        let help = "Whether the configuration was in order when it was last read: 1 or 0";
        registry.register("config_last_reload_successful", help, self.last_successful.clone());
        let help = "When the configuration in use was read, in Unix time";
        registry.register("config_last_reload_success_timestamp_seconds", help, self.last_success.clone());
    }
}

fn unix(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus_client::encoding::text::encode;
    use std::time::Duration;

    fn shown(register: impl FnOnce(&mut Registry)) -> String {
        let (mut registry, mut text) = (Registry::default(), String::new());
        register(&mut registry);
        encode(&mut text, &registry).unwrap();
        text
    }

    #[test]
    fn a_connection_is_open_until_it_is_dropped() {
        let metrics = ConnectionMetrics::default();
        let (one, other) = (metrics.accept(), metrics.clone().accept());
        drop(one);
        metrics.refuse(ConnectionRefusal::TooManyOfAddress);
        metrics.handshake_failures.inc();
        let text = shown(|registry| metrics.register(registry));
        for line in [
            "connections_accepted_total 2",
            "connections_open 1",
            "connections_refused_total{reason=\"limit_per_address\"} 1",
            "connections_refused_total{reason=\"limit\"} 0",
            "tls_handshake_failures_total 1",
            "http2_stream_resets_total 0",
        ] {
            assert!(text.lines().any(|shown| shown == line), "{line} is not in\n{text}");
        }
        drop(other);
        assert!(shown(|registry| metrics.register(registry)).contains("connections_open 0"));
    }

    #[test]
    fn a_reload_that_failed_leaves_the_time_of_the_last_that_did_not() {
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let metrics = ReloadMetrics::started(at(100));
        metrics.succeeded(at(200));
        metrics.failed();
        let text = shown(|registry| metrics.register(registry));
        for line in [
            "config_reloads_total{result=\"success\"} 1",
            "config_reloads_total{result=\"failure\"} 1",
            "config_last_reload_successful 0",
            "config_last_reload_success_timestamp_seconds 200",
        ] {
            assert!(text.lines().any(|shown| shown == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn the_certificates_in_use_are_told_and_no_others() {
        let metrics = CertificateMetrics::default();
        let until = |name: &str, seconds| Facts {
            names: vec![name.to_owned(), "other.example.com".to_owned()],
            not_before: UNIX_EPOCH,
            not_after: UNIX_EPOCH + Duration::from_secs(seconds),
        };
        metrics.are(&[until("old.example.com", 100), until("media.example.com", 100)]);
        metrics.are(&[until("media.example.com", 200)]);
        let text = shown(|registry| metrics.register(registry));
        let line = "tls_certificate_expiry_timestamp_seconds{name=\"media.example.com\"} 200";
        assert_eq!(text.matches("name=").count(), 1, "{text}");
        assert!(text.contains(line), "{text}");
    }
}
