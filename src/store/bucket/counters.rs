//! What is counted of the caches.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::store::{CacheStatus, Tier};

/// The counters of a bucket's caches.
#[derive(Debug, Default)]
pub struct CacheCounters {
    slices: Family<Found, Counter>,
    looks: Family<Looked, Counter>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Found {
    tier: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Looked {
    outcome: &'static str,
}

impl CacheCounters {
    /// Counts a slice.
    pub fn found(&self, tier: Tier) {
        self.slices.get_or_create(&Found { tier: tier.as_str() }).inc();
    }

    /// Counts how an asset was come by.
    pub fn looked(&self, status: CacheStatus) {
        self.looks.get_or_create(&Looked { outcome: status.as_str() }).inc();
    }

    /// Shows them, all that there can be.
    pub fn register(&self, registry: &mut Registry) {
        for tier in Tier::ALL {
            drop(self.slices.get_or_create(&Found { tier: tier.as_str() }));
        }
        for status in CacheStatus::ALL {
            drop(self.looks.get_or_create(&Looked { outcome: status.as_str() }));
        }
        registry.register("slices", "Slices of objects used, by where they were found", self.slices.clone());
        registry.register(
            "objects",
            "Objects opened, by whether the cache knew them; stale ones were served because the bucket could not be asked",
            self.looks.clone(),
        );
    }
}
