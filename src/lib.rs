//! media-origin: placeholder for the map of the crate.
pub mod caching;
pub mod config;
pub mod semantics;
mod spelling;
