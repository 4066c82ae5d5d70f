//! What happens on a connection, noted where it happens, and read by whoever judges it.
//!
//! The stream notes bytes, the requests note themselves; [`patience`](super::patience) decides from both how long the
//! client is waited for. All is counted and nothing is locked: a note may be seen a moment late, never torn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What happens on one connection.
#[derive(Debug, Default)]
pub struct Activity {
    received: AtomicU64,
    sent: AtomicU64,
    blocked: AtomicBool,
    begun: AtomicU64,
    ended: AtomicU64,
    waiting: AtomicU64,
    waits: AtomicU64,
    cancelled: AtomicU64,
    asked: AtomicBool,
}

/// What had happened at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Bytes that came.
    pub received: u64,
    /// Bytes that the system took for the client.
    pub sent: u64,
    /// Whether the system took no more, the last time it was offered some.
    pub blocked: bool,
    /// Requests that came.
    pub begun: u64,
    /// Those of them that have been answered, to the last byte of the body, or were given up.
    pub ended: u64,
    /// Those under way for which this server still has something to do before there is another byte to send.
    pub waiting: u64,
    /// How often an answer that had begun had to wait for this server.
    pub waits: u64,
    /// Those that the client cancelled.
    pub cancelled: u64,
}

impl Seen {
    /// Requests under way.
    #[must_use]
    pub fn under_way(&self) -> u64 {
        self.begun.saturating_sub(self.ended)
    }

    /// Whether there are bytes that the client could take, and does not.
    #[must_use]
    pub fn owes(&self) -> bool {
        self.blocked || self.under_way() > self.waiting
    }
}

impl Activity {
    /// What has happened up to now.
    #[must_use]
    pub fn seen(&self) -> Seen {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Seen {
            received: read(&self.received),
            sent: read(&self.sent),
            blocked: self.blocked.load(Ordering::Relaxed),
            begun: read(&self.begun),
            ended: read(&self.ended),
            waiting: read(&self.waiting),
            waits: read(&self.waits),
            cancelled: read(&self.cancelled),
        }
    }

    /// Notes bytes that came.
    pub fn receive(&self, bytes: usize) {
        self.received.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Notes bytes that the system took for the client: `None` if it took none, for want of room.
    pub fn send(&self, bytes: Option<usize>) {
        self.blocked.store(bytes.is_none(), Ordering::Relaxed);
        self.sent.fetch_add(bytes.unwrap_or(0) as u64, Ordering::Relaxed);
    }

    /// Asks how much the client has taken of what the system holds for it. The answer is what it takes next.
    pub fn ask(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    /// Whether that was asked, and is not answered yet.
    #[must_use]
    pub fn take_question(&self) -> bool {
        self.asked.load(Ordering::Relaxed) && self.asked.swap(false, Ordering::Relaxed)
    }

    /// Notes a request, which is under way until what is returned is told otherwise or dropped.
    #[must_use]
    pub fn begin(self: &Arc<Self>) -> UnderWay {
        self.begun.fetch_add(1, Ordering::Relaxed);
        // That it is new is no excuse for others on the connection, so it does not count as a wait.
        self.waiting.fetch_add(1, Ordering::Relaxed);
        UnderWay { activity: Arc::clone(self), waits: true, whole: false }
    }
}

/// A request that is under way. One that is dropped before it is [`whole`](Self::whole) was cancelled.
#[derive(Debug)]
pub struct UnderWay {
    activity: Arc<Activity>,
    waits: bool,
    whole: bool,
}

impl UnderWay {
    /// Notes whether it waits for this server.
    pub fn wait(&mut self, waits: bool) {
        match (self.waits, waits) {
            (false, true) => {
                self.activity.waiting.fetch_add(1, Ordering::Relaxed);
                self.activity.waits.fetch_add(1, Ordering::Relaxed);
            }
            (true, false) => _ = self.activity.waiting.fetch_sub(1, Ordering::Relaxed),
            _ => {}
        }
        self.waits = waits;
    }

    /// Notes that all of its answer has been handed over.
    pub fn whole(&mut self) {
        self.whole = true;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.wait(false);
        if !self.whole {
            self.activity.cancelled.fetch_add(1, Ordering::Relaxed);
        }
        self.activity.ended.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_owes_what_it_could_take() {
        let activity = Arc::new(Activity::default());
        assert!(!activity.seen().owes(), "nothing is there");
        let mut request = activity.begin();
        assert_eq!((activity.seen().under_way(), activity.seen().owes()), (1, false), "we are at it");
        request.wait(false);
        assert!(activity.seen().owes());
        request.wait(true);
        assert!(!activity.seen().owes(), "the disk is slow, not the client");
        activity.send(None);
        assert!(activity.seen().owes(), "its socket is full");
        activity.send(Some(5));
        request.whole();
        drop(request);
        let seen = activity.seen();
        assert_eq!((seen.under_way(), seen.owes(), seen.sent, seen.cancelled), (0, false, 5, 0));
        drop(activity.begin());
        assert_eq!(activity.seen().cancelled, 1);
        assert_eq!(activity.seen().waiting, 0);
    }
}
