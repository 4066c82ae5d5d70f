//! What is to be seen of the cache on disk, read whenever somebody looks.

use std::fmt;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

use super::DiskCache;

impl Collector for DiskCache {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let gauges = [
            ("disk_cache_bytes", "Bytes that slices take on disk", self.bytes()),
            ("disk_cache_slices", "Slices on disk", self.slices()),
        ];
        for (name, help, value) in gauges {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        let counters = [
            ("disk_cache_damaged", "Slices on disk that were not what they should be", self.damaged()),
            ("disk_cache_failures", "Slices that the disk did not take or give", self.failures()),
        ];
        for (name, help, value) in counters {
            let counter = ConstCounter::new(value);
            counter.encode(encoder.encode_descriptor(name, help, None, counter.metric_type())?)?;
        }
        Ok(())
    }
}
