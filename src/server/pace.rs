//! How much of a response the system holds for a client, beside what is on its way to it.
//!
//! Little, at first: what it holds is memory, and hides whether the client takes anything. A client that has shown that it
//! takes what there is at once is given more, which spares a wake-up for every few pieces; until it falters.

use std::time::Duration;

/// Bytes that are held for a client of which nothing is known.
pub const USUAL: u32 = 128 << 10;

/// Bytes that are held for one that is quick.
pub const AMPLE: u32 = 2 << 20;

/// A client is quick that makes room again within this time, so many times in a row.
const QUICK: Duration = Duration::from_millis(20);
const TIMES: u8 = 3;

/// It falters when it takes this long.
const FALTERING: Duration = Duration::from_secs(1);

/// What is known of how quickly a client takes what it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// How many times in a row it was quick, as far as that matters.
    quick: u8,
}

impl Pace {
    /// Notes that there is room again after so long. Tells how much is to be held from now on, if that is another amount.
    pub fn made_room(&mut self, after: Duration) -> Option<u32> {
        let was_quick = self.quick == TIMES;
        self.quick = match after {
            _ if after < QUICK => (self.quick + 1).min(TIMES),
            _ if was_quick && after < FALTERING => TIMES,
            _ => 0,
        };
        match (was_quick, self.quick == TIMES) {
            (false, true) => Some(AMPLE),
            (true, false) => Some(USUAL),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_quick_is_given_more_until_he_falters() {
        let mut pace = Pace::default();
        let milliseconds = |ms: u64| Duration::from_millis(ms);
        for (after, held) in [
            (1, None),
            (1, None),
            (500, None),
            (1, None),
            (1, None),
            (1, Some(AMPLE)),
            (1, None),
            (999, None),
            (1000, Some(USUAL)),
            (1, None),
            (1, None),
            (1, Some(AMPLE)),
        ] {
            assert_eq!(pace.made_room(milliseconds(after)), held, "{after} ms");
        }
    }
}
