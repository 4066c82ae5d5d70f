//! How much of a response the system holds for a client, beside what is on its way to it.
//!
//! Little, at first: what it holds is memory. A client that has shown that it takes what there is at once is given more,
//! which spares a wake-up for every few pieces.

use std::time::Duration;

/// Bytes that are held for a client of which nothing is known.
pub const USUAL: u32 = 128 << 10;

/// Bytes that are held for one that is quick.
pub const AMPLE: u32 = 2 << 20;

/// A client is quick that makes room again within this time, so many times in a row.
const QUICK: Duration = Duration::from_millis(20);
const TIMES: u8 = 3;

/// What is known of how quickly a client takes what it is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// How many times in a row it was quick, until that was enough.
    quick: u8,
}

impl Pace {
    /// Notes that there is room again after so long. Tells how much is to be held from now on, if that is another amount.
    pub fn made_room(&mut self, after: Duration) -> Option<u32> {
        if self.quick == TIMES {
            return None;
        }
        self.quick = if after < QUICK { self.quick + 1 } else { 0 };
        (self.quick == TIMES).then_some(AMPLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_quick_is_given_more() {
        let mut pace = Pace::default();
        for (after, held) in
            [(1, None), (1, None), (500, None), (1, None), (1, None), (1, Some(AMPLE)), (1, None)]
        {
            assert_eq!(pace.made_room(Duration::from_millis(after)), held, "{after} ms");
        }
    }
}
