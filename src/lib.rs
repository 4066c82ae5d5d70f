//! media-origin: placeholder for the map of the crate.
pub mod caching;
pub mod clock;
pub mod config;
pub mod semantics;
mod spelling;
pub mod store;
pub mod whatsapp;
