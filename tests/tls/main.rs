//! HTTPS as clients see it: the program itself, with certificates that the tests make.
#![expect(unreachable_pub, reason = "one crate: what the harness offers is public in it")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests set the scene: they write files, and wait by the clock"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod support;

mod acme;
mod drain;
mod files;
mod handshake;
mod metrics;
mod plain;
mod renewal;
mod semantics;
