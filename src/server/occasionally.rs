//! What would be said of every connection is said once a second, with how often it was left unsaid.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long nothing is said after something was.
const PAUSE: Duration = Duration::from_secs(1);

/// Whether it is time to say something again.
#[derive(Debug, Default)]
pub struct Occasionally {
    said: Mutex<Option<Instant>>,
    unsaid: AtomicU64,
}

impl Occasionally {
    /// How often it happened since it was last said, this time included, if it is to be said now.
    pub fn happens(&self, now: Instant) -> Option<u64> {
        let unsaid = self.unsaid.fetch_add(1, Ordering::Relaxed);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_some_and(|said| now < said + PAUSE) {
            return None;
        }
        *said = Some(now);
        self.unsaid.fetch_sub(unsaid + 1, Ordering::Relaxed);
        Some(unsaid + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_one_line_a_second() {
        let (occasionally, start) = (Occasionally::default(), Instant::now());
        assert_eq!(occasionally.happens(start), Some(1));
        for _ in 0..1000 {
            assert_eq!(occasionally.happens(start + PAUSE / 2), None);
        }
        assert_eq!(occasionally.happens(start + PAUSE), Some(1001));
    }
}
