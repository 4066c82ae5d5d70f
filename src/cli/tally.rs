//! What there may be very many of: how many, and the first few by name.

use std::fmt;

use serde::Serialize;

use super::printable;

/// So many are named.
const NAMED: usize = 10;

/// Assets, or keys, that are counted for a reason of each.
#[derive(Debug, Default, Serialize)]
pub(super) struct Tally {
    /// How many there are.
    pub(super) count: u64,
    /// The first of them.
    first: Vec<Named>,
}

#[derive(Debug, Serialize)]
struct Named {
    path: String,
    why: String,
}

impl Tally {
    /// Counts one more.
    pub(super) fn add(&mut self, path: &str, why: impl fmt::Display) {
        self.count += 1;
        if self.first.len() < NAMED {
            self.first.push(Named { path: path.to_owned(), why: why.to_string() });
        }
    }

    /// A line for each of the first, and one for the rest.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let named = self.first.iter().map(Named::line);
        let rest = self.count - self.first.len() as u64;
        named.chain((rest > 0).then(|| format!("and {rest} more")))
    }
}

impl Named {
    fn line(&self) -> String {
        let why: Vec<_> = self.why.lines().map(printable).collect();
        format!("{}: {}", printable(&self.path), why.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_are_named_and_the_rest_counted() {
        let mut tally = Tally::default();
        assert_eq!(tally.lines().count(), 0);
        for n in 1..=10 {
            tally.add(&n.to_string(), "it is\n  odd\u{1b}");
        }
        let lines: Vec<_> = tally.lines().collect();
        assert_eq!((lines.len(), lines[9].as_str()), (10, "10: it is\n  odd\\u{1b}"));
        tally.add("11", "");
        tally.add("12", "");
        assert_eq!((tally.lines().count(), tally.lines().last()), (11, Some("and 2 more".to_owned())));
        assert_eq!(tally.count, 12);
    }
}
