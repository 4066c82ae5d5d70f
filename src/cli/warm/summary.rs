//! What came of it.

use std::fmt;

use bytesize::ByteSize;
use serde::Serialize;

use super::find::Wanted;
use crate::cli::tally::Tally;
use crate::control::Warmed;
use crate::store::AssetPath;

/// What came of warming.
#[derive(Debug, Default, Serialize)]
pub(super) struct Summary {
    /// How many assets matched.
    matched: u64,
    /// How many of them are in the caches.
    warmed: u64,
    /// Their bytes, as far as they are warmed.
    bytes: u64,
    /// Those of them that were fetched.
    fetched_bytes: u64,
    /// Those of them that were there already.
    cached_bytes: u64,
    /// Whether it ended before all were asked for.
    stopped: bool,
    /// Assets that could not be brought in.
    failed: Tally,
    /// Assets that are in the caches, and with which something is wrong.
    faulty: Tally,
    /// Keys, or files, that no link can name.
    odd_keys: Tally,
    /// What else is to be known.
    remarks: Vec<String>,
}

impl Summary {
    /// Nothing was asked for yet.
    pub(super) fn new(assets: &[Wanted], odd_keys: Tally, remarks: Vec<String>) -> Self {
        Self { matched: assets.len() as u64, odd_keys, remarks, ..Self::default() }
    }

    /// Adds what came of one asset.
    pub(super) fn add(&mut self, path: &AssetPath, warmed: Result<Warmed, String>) {
        match warmed {
            Err(why) => self.failed.add(path.as_str(), why),
            Ok(warmed) => {
                self.warmed += 1;
                self.bytes += warmed.bytes;
                self.fetched_bytes += warmed.fetched_bytes;
                self.cached_bytes += warmed.bytes.saturating_sub(warmed.fetched_bytes);
                if let Some(warning) = warmed.warning {
                    self.faulty.add(path.as_str(), warning);
                }
            }
        }
    }

    /// Notes that the rest will not be asked for.
    pub(super) fn stop(&mut self) {
        self.stopped = true;
    }

    /// Whether all that matched is in the caches, and anything did.
    pub(super) fn is_complete(&self) -> bool {
        self.matched > 0 && self.warmed == self.matched
    }

    /// How many assets were asked for to the end.
    pub(super) fn done(&self) -> u64 {
        self.warmed + self.failed.count
    }

    /// How many assets matched.
    pub(super) fn matched(&self) -> u64 {
        self.matched
    }

    /// Bytes of the assets that are warmed.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { warmed, matched, .. } = self;
        let [bytes, fetched, cached] = [self.bytes, self.fetched_bytes, self.cached_bytes].map(ByteSize);
        write!(f, "warmed {warmed} of {matched} assets: {bytes}")?;
        writeln!(f, ", of which {fetched} were fetched and {cached} were there already")?;
        if self.stopped {
            writeln!(f, "stopped: {} were not asked for to the end", matched - self.done())?;
        }
        section(f, "not warmed", &self.failed)?;
        section(f, "faulty", &self.faulty)?;
        section(f, "no link can name", &self.odd_keys)?;
        self.remarks.iter().try_for_each(|remark| writeln!(f, "{remark}"))
    }
}

fn section(f: &mut fmt::Formatter<'_>, what: &str, tally: &Tally) -> fmt::Result {
    if tally.count > 0 {
        writeln!(f, "{what}: {}", tally.count)?;
    }
    tally.lines().try_for_each(|line| writeln!(f, "  {}", line.replace('\n', "\n  ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> AssetPath {
        AssetPath::try_from(name.to_owned()).unwrap()
    }

    fn warmed(bytes: u64, fetched_bytes: u64, warning: Option<&str>) -> Warmed {
        let (content_type, warning) = ("image/jpeg".to_owned(), warning.map(str::to_owned));
        Warmed { path: String::new(), bytes, fetched_bytes, content_type, warning }
    }

    fn of(names: &[&str]) -> Summary {
        let assets: Vec<_> = names.iter().map(|name| Wanted { path: path(name), bytes: 1 }).collect();
        Summary::new(&assets, Tally::default(), vec!["note: it rains".to_owned()])
    }

    #[test]
    fn a_summary_adds_up() {
        let mut summary = of(&["a", "b", "c"]);
        summary.add(&path("a"), Ok(warmed(2048, 1024, None)));
        summary.add(&path("b"), Ok(warmed(1024, 0, Some("it is wrong\n  help: mend it"))));
        summary.add(&path("c"), Err("the bucket fails".to_owned()));
        assert!(!summary.is_complete());
        assert_eq!(
            summary.to_string(),
            "warmed 2 of 3 assets: 3.0 KiB, of which 1.0 KiB were fetched and 2.0 KiB were there already\n\
             not warmed: 1\n  c: the bucket fails\n\
             faulty: 1\n  b: it is wrong\n    help: mend it\n\
             note: it rains\n"
        );
        let json = serde_json::to_value(&summary).unwrap();
        assert_eq!(json["failed"]["first"][0]["path"], "c");
        assert_eq!((&json["fetched_bytes"], &json["cached_bytes"]), (&1024.into(), &2048.into()));
    }

    #[test]
    fn it_is_complete_when_all_that_matched_is_warmed() {
        assert!(!of(&[]).is_complete(), "nothing matched");
        let mut summary = of(&["a", "b"]);
        summary.add(&path("a"), Ok(warmed(1, 1, None)));
        assert!(!summary.is_complete());
        summary.stop();
        assert!(summary.to_string().contains("stopped: 1 were not asked for to the end"), "{summary}");
        summary.add(&path("b"), Ok(warmed(1, 1, Some("a warning is no failure"))));
        assert!(summary.is_complete());
    }
}
