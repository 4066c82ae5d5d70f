//! How long a client is waited for: decided from what was seen of its connection, and from the time.
//!
//! A client owes us one of two things. Where no request is under way, it owes the next one: the first within
//! `header_timeout`, a later one within `idle_timeout`, and each within `header_timeout` of its first byte. Where there
//! are bytes for it, it owes to take them, at `min_rate` averaged over `send_timeout`. While the server itself has
//! something to do, nothing is owed.

use std::time::Duration;

use tokio::time::Instant;

use super::activity::Seen;
use super::http::Version;
use crate::config::Limits;

/// How long a client may take to read the end of a conversation.
pub const FAREWELL: Duration = Duration::from_secs(10);

/// How long a client is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// For a header section, from its first byte; and for the first one, from the start of the connection.
    pub header: Duration,
    /// For a request, from the end of the one before.
    pub idle: Duration,
    /// The time over which it is judged how fast the client takes what is sent.
    pub send: Duration,
    /// Bytes that it has to take in that time.
    pub taken: u64,
    /// How many requests it may cancel.
    pub resets: u64,
}

impl From<&Limits> for Allowance {
    fn from(limits: &Limits) -> Self {
        let seconds = limits.send_timeout.as_secs().max(1);
        Self {
            header: limits.header_timeout,
            idle: limits.idle_timeout,
            send: limits.send_timeout,
            taken: limits.min_rate.saturating_mul(seconds).max(1),
            resets: limits.resets,
        }
    }
}

/// Why a connection is ended before its client ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overdue {
    /// A header section did not come to its end.
    Header,
    /// No further request came.
    Idle,
    /// The client takes too little of what it asked for.
    Slow,
    /// It cancels what it asks for, again and again.
    Cancelling,
    /// It was told that the conversation is over, and does not let go.
    Lingering,
}

impl Overdue {
    /// The word for it in logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header-timeout",
            Self::Idle => "idle-timeout",
            Self::Slow => "slow-reader",
            Self::Cancelling => "resets",
            Self::Lingering => "lingering",
        }
    }
}

/// What to do about a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Wait, and look again at that time at the latest.
    Wait(Instant),
    /// The same, and find out meanwhile what the client has taken of what the system holds for it.
    Ask(Instant),
    /// End it.
    End(Overdue),
}

/// What is being waited for.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// A request, of which nothing has come: since when, and what had come and begun by then.
    Request { since: Instant, received: u64, begun: u64, awaited: Awaited },
    /// The rest of a header section.
    Header { since: Instant, begun: u64 },
    /// This server.
    Answer,
    /// The client, to take what there is: since when; what it had taken, and how often it had waited for us, when that
    /// began to be counted; and whether that was too little once already. Systems say only in large steps what was taken
    /// of what they hold, so they are asked, and a client is given a second time before it is cut.
    Taking { since: Instant, sent: u64, waits: u64, again: bool },
}

/// Which request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaited {
    /// The first on the connection.
    First,
    /// Another one.
    Next,
    /// None: the client is to close the connection.
    None,
}

/// The patience with one connection.
#[derive(Debug)]
pub struct Patience {
    allowance: Allowance,
    version: Version,
    phase: Phase,
    farewell: bool,
}

impl Patience {
    /// For a connection that was accepted at `since`, on which nothing was received by then.
    #[must_use]
    pub fn new(allowance: Allowance, version: Version, seen: Seen, since: Instant) -> Self {
        // What tells the version has come already, and belongs to the first header section.
        let phase =
            Phase::Request { since, received: seen.received, begun: seen.begun, awaited: Awaited::First };
        Self { allowance, version, phase, farewell: false }
    }

    /// From now on the client is only waited for to take what is under way, and to close the connection.
    pub fn bid_farewell(&mut self, now: Instant) {
        self.farewell = true;
        // It may not have heard of it yet.
        self.allowance.resets = self.allowance.resets.saturating_mul(2);
        if let Phase::Request { since, awaited, .. } = &mut self.phase {
            (*since, *awaited) = (now, Awaited::None);
        }
    }

    /// Judges what was seen by `now`.
    pub fn judge(&mut self, seen: Seen, now: Instant) -> Verdict {
        if seen.cancelled > self.allowance.resets {
            return Verdict::End(Overdue::Cancelling);
        }
        self.phase = self.next(seen, now);
        let Allowance { header, idle, send, taken, .. } = self.allowance;
        match self.phase {
            Phase::Answer => Verdict::Wait(now + idle.min(send)),
            Phase::Taking { since, .. } if now < since + send => Verdict::Wait(since + send),
            Phase::Taking { sent, waits, again, .. } if seen.sent - sent < taken && waits == seen.waits => {
                if again {
                    return Verdict::End(Overdue::Slow);
                }
                self.phase = Phase::Taking { since: now, sent, waits, again: true };
                Verdict::Ask(now + send)
            }
            Phase::Taking { .. } => {
                self.phase = Self::taking(seen, now);
                Verdict::Wait(now + send)
            }
            Phase::Header { since, .. } => until(since + header, now, Overdue::Header),
            Phase::Request { since, awaited, .. } => match awaited {
                Awaited::First => until(since + header, now, Overdue::Header),
                Awaited::Next => until(since + idle, now, Overdue::Idle),
                Awaited::None => until(since + FAREWELL, now, Overdue::Lingering),
            },
        }
    }

    /// What is waited for now.
    fn next(&self, seen: Seen, now: Instant) -> Phase {
        match self.phase {
            Phase::Taking { .. } if seen.owes() => self.phase,
            _ if seen.owes() => Self::taking(seen, now),
            _ if seen.under_way() > 0 => Phase::Answer,
            Phase::Request { begun, .. } | Phase::Header { begun, .. } if begun != seen.begun => {
                self.request(seen, now)
            }
            Phase::Request { received, begun, awaited, .. } if self.is_header(awaited, received, seen) => {
                Phase::Header { since: now, begun }
            }
            Phase::Request { .. } | Phase::Header { .. } => self.phase,
            Phase::Answer | Phase::Taking { .. } => self.request(seen, now),
        }
    }

    fn taking(seen: Seen, now: Instant) -> Phase {
        Phase::Taking { since: now, sent: seen.sent, waits: seen.waits, again: false }
    }

    /// Whether what came is a header section that has begun. The first one has its time from the start of the connection
    /// on; and of HTTP/2 it may be anything.
    fn is_header(&self, awaited: Awaited, received: u64, seen: Seen) -> bool {
        self.version == Version::Http1 && awaited != Awaited::First && received != seen.received
    }

    fn request(&self, seen: Seen, now: Instant) -> Phase {
        let awaited = if self.farewell { Awaited::None } else { Awaited::Next };
        Phase::Request { since: now, received: seen.received, begun: seen.begun, awaited }
    }
}

fn until(deadline: Instant, now: Instant, overdue: Overdue) -> Verdict {
    if now < deadline { Verdict::Wait(deadline) } else { Verdict::End(overdue) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALLOWANCE: Allowance = Allowance {
        header: Duration::from_secs(10),
        idle: Duration::from_secs(75),
        send: Duration::from_mins(1),
        taken: 61_440,
        resets: 5,
    };

    /// A connection, and a clock of its own.
    struct Scene {
        patience: Patience,
        seen: Seen,
        start: Instant,
    }

    impl Scene {
        fn of(version: Version) -> Self {
            let start = Instant::now();
            let seen = Seen::default();
            Self { patience: Patience::new(ALLOWANCE, version, seen, start), seen, start }
        }

        fn at(&mut self, seconds: u64) -> Verdict {
            self.patience.judge(self.seen, self.start + Duration::from_secs(seconds))
        }

        #[track_caller]
        fn asks(&mut self, now: u64, until: u64) {
            let until = self.start + Duration::from_secs(until);
            assert_eq!(self.at(now), Verdict::Ask(until), "at {now} s");
        }

        #[track_caller]
        fn waits(&mut self, now: u64, until: u64) {
            let until = self.start + Duration::from_secs(until);
            assert_eq!(self.at(now), Verdict::Wait(until), "at {now} s");
        }
    }

    #[test]
    fn the_first_header_section_has_its_time_from_the_start_whatever_drips_in() {
        let mut scene = Scene::of(Version::Http1);
        scene.waits(0, 10);
        scene.seen.received = 1;
        scene.waits(9, 10);
        assert_eq!(scene.at(10), Verdict::End(Overdue::Header));
    }

    #[test]
    fn a_later_one_has_it_from_its_first_byte() {
        let mut scene = Scene::of(Version::Http1);
        (scene.seen.received, scene.seen.begun, scene.seen.ended) = (100, 1, 1);
        scene.waits(1, 76);
        scene.waits(2, 76);
        scene.seen.received = 101;
        scene.waits(50, 60);
        scene.seen.received = 102;
        scene.waits(59, 60);
        assert_eq!(scene.at(60), Verdict::End(Overdue::Header));
    }

    #[test]
    fn a_connection_without_requests_is_kept_for_a_while() {
        for version in [Version::Http1, Version::Http2] {
            let mut scene = Scene::of(version);
            (scene.seen.begun, scene.seen.ended) = (1, 1);
            scene.at(5);
            scene.waits(79, 80);
            assert_eq!(scene.at(80), Verdict::End(Overdue::Idle), "{version:?}");
        }
    }

    #[test]
    fn a_client_has_to_take_what_it_asked_for() {
        let mut scene = Scene::of(Version::Http1);
        (scene.seen.begun, scene.seen.blocked) = (1, true);
        scene.waits(5, 65);
        scene.seen.sent = 61_440;
        scene.waits(65, 125);
        scene.seen.sent += 61_439;
        scene.waits(124, 125);
        scene.asks(125, 185);
        assert_eq!(scene.at(185), Verdict::End(Overdue::Slow), "a byte too few, twice");
    }

    #[test]
    fn who_takes_it_in_large_steps_is_not_cut_between_two_of_them() {
        let mut scene = Scene::of(Version::Http1);
        (scene.seen.begun, scene.seen.blocked) = (1, true);
        scene.waits(0, 60);
        for step in 0..5 {
            scene.asks(60 + step * 120, 120 + step * 120);
            scene.seen.sent += 61_440;
            scene.waits(120 + step * 120, 180 + step * 120);
        }
    }

    #[test]
    fn a_server_that_is_slow_itself_cuts_nobody() {
        let mut scene = Scene::of(Version::Http2);
        (scene.seen.begun, scene.seen.waiting) = (1, 1);
        for minute in 1..100 {
            assert!(matches!(scene.at(minute * 60), Verdict::Wait(_)));
        }
        scene.seen.waiting = 0;
        scene.waits(6000, 6060);
        scene.seen.waits += 1;
        scene.waits(6060, 6120);
        scene.asks(6120, 6180);
        assert_eq!(scene.at(6180), Verdict::End(Overdue::Slow));
    }

    #[test]
    fn who_was_told_goodbye_has_to_go() {
        let mut scene = Scene::of(Version::Http2);
        (scene.seen.begun, scene.seen.ended) = (1, 1);
        scene.at(1);
        scene.patience.bid_farewell(scene.start + Duration::from_secs(80));
        scene.waits(80, 90);
        assert_eq!(scene.at(90), Verdict::End(Overdue::Lingering));
    }

    #[test]
    fn cancelling_has_an_end() {
        let mut scene = Scene::of(Version::Http2);
        (scene.seen.begun, scene.seen.ended, scene.seen.cancelled) = (5, 5, 5);
        assert!(matches!(scene.at(1), Verdict::Wait(_)));
        scene.seen.cancelled = 6;
        assert_eq!(scene.at(1), Verdict::End(Overdue::Cancelling));
        scene.patience.bid_farewell(scene.start);
        assert!(matches!(scene.at(2), Verdict::Wait(_)), "what is under way is finished");
        scene.seen.cancelled = 11;
        assert_eq!(scene.at(3), Verdict::End(Overdue::Cancelling));
    }
}
