//! What is counted, in the text format of Prometheus.

use std::ops::Deref;

use http::StatusCode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::signing::Fault;

/// The counters of the public listener.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    messages: Family<Composed, Counter>,
    signature_failures: Family<Unsigned, Counter>,
    /// Bytes of bodies handed to the transport.
    pub sent_bytes: Counter,
    /// Bodies that were cut short: the client left, or the file changed while it was sent.
    pub cut_bodies: Counter,
    /// Requests whose pin names another version than the asset has.
    pub pin_mismatches: Counter,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Composed {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Unsigned {
    reason: &'static str,
}

impl Metrics {
    /// All at zero, with what `register` adds to them.
    #[must_use]
    pub fn new(register: impl FnOnce(&mut Registry)) -> Self {
        let mut registry = Registry::with_prefix("media_origin");
        register(&mut registry);
        let (requests, messages) = (Family::default(), Family::default());
        let signature_failures = Family::default();
        registry.register(
            "signature_failures",
            "Requests whose link gives no access, by what is wrong with its signature",
            Family::clone(&signature_failures),
        );
        let (sent_bytes, cut_bodies, pin_mismatches) = Default::default();
        registry.register("requests", "Requests answered, by status code", Family::clone(&requests));
        registry.register("messages", "Messages asked for, by outcome", Family::clone(&messages));
        let mut counter =
            |name: &str, help: &str, counter: &Counter| registry.register(name, help, counter.clone());
        counter("sent_bytes", "Bytes of bodies handed to the transport", &sent_bytes);
        counter("cut_bodies", "Bodies cut short by the client or because the file changed", &cut_bodies);
        counter("pin_mismatches", "Requests whose pin names another version", &pin_mismatches);
        let metrics =
            Self { registry, requests, messages, signature_failures, sent_bytes, cut_bodies, pin_mismatches };
        // From the start, so that the first failure is a rise.
        for fault in Fault::ALL {
            drop(metrics.failures(fault));
        }
        metrics
    }

    /// Counts a request whose link gives no access.
    pub fn forbidden(&self, fault: Fault) {
        self.failures(fault).inc();
    }

    fn failures(&self, fault: Fault) -> impl Deref<Target = Counter> {
        self.signature_failures.get_or_create(&Unsigned { reason: fault.as_str() })
    }

    /// Counts an answer.
    pub fn answered(&self, status: StatusCode) {
        self.requests.get_or_create(&Answered { status: status.as_u16() }).inc();
    }

    /// Counts a message that was built, or refused.
    pub fn composed(&self, built: bool) {
        let outcome = if built { "built" } else { "refused" };
        self.messages.get_or_create(&Composed { outcome }).inc();
    }

    /// All of them, as `/metrics` shows them.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _written = encode(&mut text, &self.registry);
        text
    }
}
