//! HTTP, as clients see it, whether assets are in a directory or a bucket: `MEDIA_ORIGIN_TEST_STORE` says which. Each
//! file is named by what it defends; each test names the clause.
#![expect(unreachable_pub, reason = "one crate: what the harness offers is public in it")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests set the scene: they write files, and wait by the clock"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![expect(clippy::cast_possible_truncation, reason = "small numbers, cut to make patterns")]

#[expect(dead_code, reason = "what spoils a bucket's answers is for the tests of buckets")]
#[path = "../buckets/mod.rs"]
mod buckets;
mod support;

mod conditional;
mod etag_storm;
mod paths;
mod policies;
mod ranges;
mod refusals;
mod representation;
mod samples;
mod signed;
mod wire;
