//! What goes wrong often when it goes wrong: counted each time, told once a minute.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

/// How long nothing more is told.
const TELL_EVERY: Duration = Duration::from_mins(1);

/// One kind of trouble.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    count: AtomicU64,
    told: Mutex<Option<SystemTime>>,
}

impl Trouble {
    /// Counts it, and lets `tell` tell how often it came so far, unless it did less than a minute ago.
    pub(super) fn note(&self, now: SystemTime, tell: impl FnOnce(u64)) {
        let count = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        if self.is_due(now) {
            tell(count);
        }
    }

    /// How often it came.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    fn is_due(&self, now: SystemTime) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was put back must not keep it silent for longer.
        let is_recent = |told| now.duration_since(told).is_ok_and(|since| since < TELL_EVERY);
        let due = !told.is_some_and(is_recent);
        if due {
            *told = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_counts_and_one_a_minute_is_told() {
        let (trouble, mut told) = (Trouble::default(), Vec::new());
        for seconds in [1_000, 1_000, 1_059, 1_060, 1_061, 500, 501] {
            trouble.note(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds), |count| told.push(count));
        }
        assert_eq!((trouble.count(), told), (7, vec![1, 4, 6]), "the clock was put back before the sixth");
    }
}
