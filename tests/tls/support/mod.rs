//! What all tests of HTTPS need.

pub mod authority;
pub mod client;
pub mod server;

use std::time::{Duration, Instant};

/// How long what must come is waited for.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until it is true.
#[track_caller]
pub fn eventually(what: &str, is_true: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_true() {
        assert!(Instant::now() < deadline, "it never came true: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
