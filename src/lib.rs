//! media-origin: placeholder for the map of the crate.
pub mod semantics;
