//! Buckets to test against: real servers on this machine, each a value that ends its server when it is dropped.
//!
//! | file | holds |
//! |---|---|
//! | [`backend`] | a directory or a bucket, for tests that run over both |
//! | [`bytes`] | what assets are made of, and the entity tag that it must have |
//! | [`process`] | a server of someone else, which cannot outlive its test |
//! | [`exchange`] | one request and its answer, signed or not: what tests upload with |
//! | [`seaweedfs`] | S3, right in all that was looked at; it can be killed, stopped and started again |
//! | [`bucket`] | a corner of a bucket for one test alone: uploads, and the configuration that leads there |
//! | [`rclone`] | S3 that answers oddly |
//! | [`fake_gcs`] | Google Cloud Storage, for reading; it knows no conditions |
//! | [`gcs_stub`] | what the fake one lacks, by the pages of the vendor: a stub |
//! | [`faulty`] | a proxy before any of them, which does to answers what it is told to |
//!
//! The servers are installed into `.tools/` by `scripts/test`.

pub mod backend;
pub mod bucket;
pub mod bytes;
pub mod exchange;
pub mod fake_gcs;
pub mod faulty;
pub mod gcs_stub;
pub mod process;
pub mod rclone;
pub mod seaweedfs;

use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A file of this repository.
fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Waits until something is true, and says what never came to be.
pub fn wait_until(what: &str, mut is_true: impl FnMut() -> bool) {
    for _ in 0..600 {
        if is_true() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("half a minute has gone by: {what}");
}

/// Waits until something has been true for two seconds without a break: a server that was killed and has come up again
/// finds what it holds, and for a moment may lose sight of it.
pub fn wait_until_steady(what: &str, mut is_true: impl FnMut() -> bool) {
    let mut steady_since = None;
    wait_until(what, || {
        let since = steady_since.take().unwrap_or_else(Instant::now);
        steady_since = is_true().then_some(since);
        steady_since.is_some_and(|since| since.elapsed() >= Duration::from_secs(2))
    });
}

/// A port that is free now, of those that the system gives to clients.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
