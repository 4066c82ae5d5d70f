//! What everybody counts with, and how it is shown to Prometheus.
//!
//! What is counted stands where it happens: [`crate::origin::metrics`], [`crate::server::metrics`],
//! [`crate::store::MediaStore::register`]. Names follow Prometheus's conventions: base units, `_total` on counters.

pub mod exposition;
mod gauge;
pub mod histogram;
pub mod process;

pub use gauge::gauge_of;
pub use histogram::Histogram;
