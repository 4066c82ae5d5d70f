//! What a running server tells of itself: its metrics and what is made of them, and its log.
#![expect(
    clippy::disallowed_methods,
    reason = "tests set the scene: they read and write files, and wait by the clock"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![expect(unreachable_pub, reason = "one crate: what the harness offers is public in it")]

#[expect(dead_code, reason = "what spoils a bucket's answers is for the tests of buckets")]
#[path = "../buckets/mod.rs"]
mod buckets;
#[expect(dead_code, reason = "the harness serves the tests of the public listener too")]
#[path = "../http/support/server.rs"]
mod server;

mod counts;
mod lines;
mod names;
mod scrape;
#[cfg(feature = "opentelemetry")]
mod spans;
mod tools;
