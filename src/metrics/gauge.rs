//! A gauge that is read whenever somebody looks.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

struct Gauge<F> {
    name: &'static str,
    help: &'static str,
    read: F,
}

/// Shows what `read` returns, under that name, which ends with its unit.
pub fn gauge_of(
    registry: &mut Registry,
    name: &'static str,
    help: &'static str,
    read: impl Fn() -> u64 + Send + Sync + 'static,
) {
    registry.register_collector(Box::new(Gauge { name, help, read }));
}

impl<F> fmt::Debug for Gauge<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gauge").field(&self.name).finish()
    }
}

impl<F: Fn() -> u64 + Send + Sync + 'static> Collector for Gauge<F> {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let gauge = ConstGauge::new((self.read)());
        let kind = gauge.metric_type();
        // The library ends every help with a full stop.
        gauge.encode(encoder.encode_descriptor(self.name, &format!("{}.", self.help), None, kind)?)
    }
}
