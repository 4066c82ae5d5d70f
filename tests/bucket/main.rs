//! Assets in a bucket: what of a public answer differs from a directory's, what is asked of the bucket for it, and what
//! becomes of it when the bucket is ill. What is the same over both is in `tests/http`.
#![expect(
    clippy::disallowed_methods,
    reason = "tests set the scene: they write files, and wait by the clock"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![expect(unreachable_pub, reason = "one crate: what the harness offers is public in it")]

#[expect(dead_code, reason = "what chooses a store is for the tests that run over each")]
#[path = "../buckets/mod.rs"]
mod buckets;

mod instruments;
