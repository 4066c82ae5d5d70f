//! Hostile input, byte by byte, against the program itself: what no client should send, what no client should be able to
//! take, and what everyone else sees of it meanwhile. Each limit of the configuration has its test here, and each table
//! names the clause.
#![expect(unreachable_pub, reason = "one crate: what the harness offers is public in it")]
#![expect(
    clippy::disallowed_methods,
    reason = "tests set the scene: they write files, and wait by the clock"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[expect(dead_code, reason = "most of what buckets need is for the tests of buckets")]
#[path = "../buckets/mod.rs"]
mod buckets;
#[expect(dead_code, reason = "the control listener has tests of its own")]
#[path = "../http/support/server.rs"]
mod server;

mod floods;
mod frames;
mod http2;
mod limits;
mod scene;
mod slow;
mod slowhttptest;
mod smuggling;
