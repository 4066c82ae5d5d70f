//! Whether the loops of a server still turn: what a supervisor wants to know, who ends a server that hangs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use tokio::sync::watch;

/// What beats for all loops.
#[derive(Debug)]
pub struct Heart {
    beats: watch::Sender<u64>,
    loops: Vec<Weak<AtomicU64>>,
}

/// What a loop feels of it. A loop that is over is not missed.
#[derive(Debug)]
pub struct Pulse {
    beats: watch::Receiver<u64>,
    felt: Arc<AtomicU64>,
}

impl Default for Heart {
    fn default() -> Self {
        Self { beats: watch::Sender::new(0), loops: Vec::new() }
    }
}

impl Heart {
    /// The pulse of one more loop.
    pub fn pulse(&mut self) -> Pulse {
        let felt = Arc::new(AtomicU64::new(*self.beats.borrow()));
        self.loops.push(Arc::downgrade(&felt));
        Pulse { beats: self.beats.subscribe(), felt }
    }

    /// Beats once more, if every loop that goes on has felt the beat before.
    ///
    /// # Errors
    /// How many have not.
    pub fn beat(&mut self) -> Result<(), usize> {
        self.loops.retain(|felt| felt.strong_count() > 0);
        let last = *self.beats.borrow();
        let felt =
            |felt: &Weak<AtomicU64>| felt.upgrade().is_none_or(|at| at.load(Ordering::Acquire) == last);
        let hanging = self.loops.iter().filter(|pulse| !felt(pulse)).count();
        if hanging > 0 {
            return Err(hanging);
        }
        self.beats.send_replace(last + 1);
        Ok(())
    }
}

impl Pulse {
    /// Feels each beat; never resolves. For one arm of the loop's `select!`, so that it can be dropped at any time.
    pub async fn feel(&mut self) {
        while self.beats.changed().await.is_ok() {
            self.felt.store(*self.beats.borrow_and_update(), Ordering::Release);
        }
        std::future::pending::<()>().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::yield_now;

    #[tokio::test]
    async fn a_loop_that_hangs_is_found_and_one_that_is_over_is_not_missed() {
        let mut heart = Heart::default();
        assert_eq!(heart.beat(), Ok(()), "no loop hangs");
        let (mut one, mut other) = (heart.pulse(), heart.pulse());
        assert_eq!(heart.beat(), Ok(()), "both have just begun");
        let turning = tokio::spawn(async move { one.feel().await });
        yield_now().await;
        assert_eq!(heart.beat(), Err(1), "the other hangs");
        tokio::select! {
            biased;
            () = other.feel() => {}
            () = yield_now() => {}
        }
        assert_eq!(heart.beat(), Ok(()), "and turns again");
        drop(other);
        yield_now().await;
        assert_eq!(heart.beat(), Ok(()), "it is over");
        turning.abort();
    }
}
