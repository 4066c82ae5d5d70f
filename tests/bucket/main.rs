//! Assets in a bucket: what is asked of it for an answer, what differs from a directory, and what becomes of an answer
//! when the bucket is ill. What is the same over both is in `tests/http`.
#![expect(
    clippy::disallowed_methods,
    reason = "tests set the scene: they write files, and wait by the clock"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![expect(unreachable_pub, reason = "one crate: what the harness offers is public in it")]

#[expect(dead_code, reason = "what chooses a store is for the tests that run over each")]
#[path = "../buckets/mod.rs"]
mod buckets;
mod scene;
#[expect(dead_code, reason = "the harness serves the tests of the public listener too")]
#[path = "../http/support/server.rs"]
mod server;

mod away;
mod changes;
mod fault_storm;
mod faults;
mod fetches;
mod google;
mod instruments;
mod objects;
mod others;
