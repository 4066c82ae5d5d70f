//! HTTP, as clients see it. Each file is named by what it defends; each test names the clause.
#![expect(unreachable_pub, reason = "one crate: what the harness offers is public in it")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests set the scene: they write files, and wait by the clock"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![expect(clippy::cast_possible_truncation, reason = "small numbers, cut to make patterns")]

mod support;

mod conditional;
mod etag_storm;
mod paths;
mod policies;
mod ranges;
mod refusals;
mod representation;
mod samples;
mod wire;
