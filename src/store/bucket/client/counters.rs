//! What is counted of the conversation with the bucket.

use std::fmt::{self, Write as _};

use http::StatusCode;
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// The counters of one client, all at zero to begin with.
#[derive(Debug, Default)]
pub struct Counters {
    requests: Family<Attempted, Counter>,
    received_bytes: Counter,
    cut_bodies: Counter,
}

/// What a request to the bucket is for.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Operation {
    /// What an object is.
    Head,
    /// Some of its bytes.
    Read,
    /// A page of keys.
    List,
    /// The versions of a key.
    Versions,
    /// Whether the bucket can be used.
    Probe,
    /// A token or key to sign the others with.
    Credentials,
}

/// What came of one attempt.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Outcome {
    /// An answer with this status.
    Status(StatusCode),
    /// No connection.
    Connect,
    /// No answer in time.
    Timeout,
    /// A connection that broke before the answer.
    Reset,
    /// Nobody waited for the answer any longer.
    Abandoned,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Attempted {
    operation: Operation,
    outcome: Outcome,
}

impl Counters {
    /// Shows them in `registry`, under names that begin with `bucket_`.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "bucket_requests",
            "Requests sent to the bucket, by operation and outcome; every attempt counts",
            Family::clone(&self.requests),
        );
        let mut counter =
            |name: &str, help: &str, counter: &Counter| registry.register(name, help, counter.clone());
        counter("bucket_received_bytes", "Bytes of bodies received from the bucket", &self.received_bytes);
        counter(
            "bucket_cut_bodies",
            "Bodies from the bucket that ended before they should",
            &self.cut_bodies,
        );
    }

    /// How many attempts of `operation` came to `outcome`.
    #[must_use]
    pub fn attempts(&self, operation: Operation, outcome: Outcome) -> u64 {
        self.requests.get(&Attempted { operation, outcome }).map_or(0, |counter| counter.get())
    }

    /// Bytes of bodies received, of refusals and of bodies that were cut too.
    #[must_use]
    pub fn received_bytes(&self) -> u64 {
        self.received_bytes.get()
    }

    pub(super) fn attempted(&self, operation: Operation, outcome: Outcome) {
        self.requests.get_or_create(&Attempted { operation, outcome }).inc();
    }

    pub(super) fn received(&self, bytes: usize) {
        self.received_bytes.inc_by(bytes as u64);
    }

    pub(super) fn cut(&self) {
        self.cut_bodies.inc();
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Head => "head",
            Self::Read => "read",
            Self::List => "list",
            Self::Versions => "versions",
            Self::Probe => "probe",
            Self::Credentials => "credentials",
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => f.write_str(status.as_str()),
            Self::Connect => f.write_str("connect"),
            Self::Timeout => f.write_str("timeout"),
            Self::Reset => f.write_str("reset"),
            Self::Abandoned => f.write_str("abandoned"),
        }
    }
}

impl EncodeLabelValue for Operation {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        write!(encoder, "{self}")
    }
}

impl EncodeLabelValue for Outcome {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        write!(encoder, "{self}")
    }
}
