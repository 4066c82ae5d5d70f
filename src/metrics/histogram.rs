//! How long things take: a histogram without a lock, for what happens with every request.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

/// Time spans, counted by how long they are. Clones count together.
#[derive(Clone, Debug)]
pub struct Histogram(Arc<Buckets>);

#[derive(Debug)]
struct Buckets {
    /// The longest time span of each bucket but the last, ascending.
    bounds: &'static [Duration],
    counts: Box<[AtomicU64]>,
    nanoseconds: AtomicU64,
}

impl Histogram {
    /// Nothing counted yet. `bounds` ascend; what is longer than the last of them is counted, too.
    #[must_use]
    pub fn new(bounds: &'static [Duration]) -> Self {
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self(Arc::new(Buckets { bounds, counts, nanoseconds: AtomicU64::new(0) }))
    }

    /// Counts a time span.
    pub fn observe(&self, span: Duration) {
        let Buckets { bounds, counts, nanoseconds } = &*self.0;
        let bucket = bounds.partition_point(|bound| *bound < span);
        if let Some(count) = counts.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
            let span = u64::try_from(span.as_nanos()).unwrap_or(u64::MAX);
            nanoseconds.fetch_add(span, Ordering::Relaxed);
        }
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.counts.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }
}

impl TypedMetric for Histogram {
    const TYPE: MetricType = MetricType::Histogram;
}

impl EncodeMetric for Histogram {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), fmt::Error> {
        let bounds = self.0.bounds.iter().map(Duration::as_secs_f64).chain([f64::INFINITY]);
        let counts = self.0.counts.iter().map(|count| count.load(Ordering::Relaxed));
        let buckets: Vec<_> = bounds.zip(counts).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let sum = Duration::from_nanos(self.0.nanoseconds.load(Ordering::Relaxed)).as_secs_f64();
        encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        Self::TYPE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus_client::encoding::text::encode;
    use prometheus_client::registry::Registry;

    #[test]
    fn a_time_span_is_counted_in_every_bucket_that_is_long_enough() {
        const BOUNDS: [Duration; 2] = [Duration::from_millis(10), Duration::from_secs(1)];
        let histogram = Histogram::new(&BOUNDS);
        for milliseconds in [0, 10, 11, 1000, 1001, 60_000] {
            histogram.observe(Duration::from_millis(milliseconds));
        }
        let (mut registry, mut text) = (Registry::default(), String::new());
        registry.register("took_seconds", "How long it took", histogram);
        encode(&mut text, &registry).unwrap();
        let expected = "# HELP took_seconds How long it took.\n# TYPE took_seconds histogram\n\
            took_seconds_sum 62.022\ntook_seconds_count 6\ntook_seconds_bucket{le=\"0.01\"} 2\n\
            took_seconds_bucket{le=\"1.0\"} 4\ntook_seconds_bucket{le=\"+Inf\"} 6\n# EOF\n";
        assert_eq!(text, expected);
    }
}
