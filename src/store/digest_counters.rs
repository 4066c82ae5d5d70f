//! What is counted of the reading of files from end to end.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

/// The counters of digests, all at zero to begin with. Their quotients are the speed of the disk and of SHA-256.
#[derive(Debug, Default)]
pub struct DigestCounters {
    computed: Counter,
    bytes: Counter,
    seconds: Counter<f64, AtomicU64>,
}

impl DigestCounters {
    /// Counts a digest of so many bytes, and what it took.
    pub(super) fn computed(&self, bytes: u64, took: Duration) {
        self.computed.inc();
        self.bytes.inc_by(bytes);
        self.seconds.inc_by(took.as_secs_f64());
    }

    /// Shows them.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "digests",
            "Digests computed by reading a file from end to end",
            self.computed.clone(),
        );
        registry.register(
            "digested_bytes",
            "Bytes of files that digests were computed of",
            self.bytes.clone(),
        );
        registry.register(
            "digest_seconds",
            "Time that computing digests took, reading included, all files together",
            self.seconds.clone(),
        );
    }
}
