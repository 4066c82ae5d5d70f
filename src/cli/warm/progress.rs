//! How far it is, on standard error: one line that is rewritten on a terminal, and otherwise a line now and then.

use std::io::{IsTerminal, Write, stderr};
use std::time::Duration;

use bytesize::ByteSize;
use tokio::time::Instant;

use super::summary::Summary;

/// How often a line is written where none can be rewritten.
const EVERY: Duration = Duration::from_secs(5);

/// Takes the cursor to the beginning of the line, and wipes it.
const WIPE: &str = "\r\u{1b}[K";

/// A person, or a log, that is told. Dropped, it leaves no half line behind.
pub(super) struct Progress {
    is_terminal: bool,
    began: Instant,
    said: Instant,
}

impl Progress {
    /// Begins now.
    pub(super) fn begin() -> Self {
        let now = Instant::now();
        Self { is_terminal: stderr().is_terminal(), began: now, said: now }
    }

    /// Says how far it is, if it is time to.
    pub(super) fn show(&mut self, summary: &Summary) {
        let line = line(summary.done(), summary.matched(), summary.bytes(), self.began.elapsed());
        // A reader that has gone away is no reason to stop.
        if self.is_terminal {
            let _gone = write!(stderr(), "{WIPE}{line}").and_then(|()| stderr().flush());
        } else if self.said.elapsed() >= EVERY {
            self.said = Instant::now();
            let _gone = writeln!(stderr(), "{line}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_terminal {
            let _gone = write!(stderr(), "{WIPE}").and_then(|()| stderr().flush());
        }
    }
}

fn line(done: u64, of: u64, bytes: u64, took: Duration) -> String {
    let rate = u128::from(bytes) * 1000 / took.as_millis().max(1);
    let rate = ByteSize(u64::try_from(rate).unwrap_or(u64::MAX));
    format!("warming: {done} of {of} assets, {}, {rate}/s", ByteSize(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_it_is_and_how_fast() {
        for (done, of, bytes, millis, said) in [
            (0, 3, 0, 0, "warming: 0 of 3 assets, 0 B, 0 B/s"),
            (1, 3, 3 << 20, 1500, "warming: 1 of 3 assets, 3.0 MiB, 2.0 MiB/s"),
            (2, 3, u64::MAX, 1, "warming: 2 of 3 assets, 16.0 EiB, 16.0 EiB/s"),
        ] {
            assert_eq!(line(done, of, bytes, Duration::from_millis(millis)), said);
        }
    }
}
