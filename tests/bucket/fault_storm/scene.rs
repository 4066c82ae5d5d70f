//! A storm from its beginning to its end, what came of it, and what must be true of any.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use super::origin::Origin;
use super::report::{Counts, Report};
use super::storm::{CLIENTS, Storm};
use super::truth::Truth;
use super::writer::Writes;
use crate::buckets::bucket::Bucket;

/// Keys of `[store]`.
const STORE: &str = "fresh-for = \"1s\"\nmissing-for = \"1s\"\nstale-if-error = \"4s\"\ntimeout = \"2s\"\n\
                     slice = \"1 MiB\"\n";

/// What is known of an object is used so long, fresh and stale together.
pub const USABLE: Duration = Duration::from_secs(5);

/// Not all of the assets fit.
const MEMORY: &str = "[memory]\nhot = \"4 MiB\"\nlargest = \"1 MiB\"\n";

/// Once the bucket is well, every client has bytes again after `fresh-for` and a moment on a busy machine.
const RECOVERY: Duration = Duration::from_secs(3);

/// MiB that the program may take at most: four slices for each client, all that are fetched at a time, and itself.
const MOST_MEMORY: u64 = 256;

/// Files that may be open at the end beside those of the beginning: connections to the bucket that wait to be used,
/// as many as slices are fetched at a time, and one for each client.
const SPARE_FILES: usize = 64 + CLIENTS;

/// A storm over a bucket.
pub struct Scene {
    pub storm: Storm,
    origin: Origin,
    files: usize,
}

/// What came of it.
pub struct Outcome {
    report: Report,
    writes: Writes,
    /// How long after the last fault every client was served again.
    recovered: Option<Duration>,
    /// The most that the program took, in MiB.
    memory: u64,
    /// Open files, before and after.
    files: (usize, usize),
}

impl Scene {
    /// Fills the bucket, starts the program before it, by way of that address, and lets the storm begin.
    pub fn set(bucket: Bucket, endpoint: SocketAddr) -> Self {
        let truth = Truth::begin(&bucket);
        let origin = Origin::start(&bucket.again().behind(endpoint).with(STORE).toml(), MEMORY);
        let files = origin.open_files();
        let storm = Storm::begin("calm", &origin, bucket, truth);
        lasts(1000);
        Self { storm, origin, files }
    }

    /// Waits until all is well, and ends the storm.
    pub fn end(mut self) -> Outcome {
        self.storm.settle();
        self.storm.wait_for_bucket();
        self.storm.enter("mended");
        std::thread::sleep(RECOVERY);
        self.storm.enter("well again");
        lasts(1500);
        let aftermath = self.storm.end();
        Outcome {
            report: Report::of(&aftermath, &self.origin.log_of(aftermath.sent.len())),
            recovered: aftermath.recovered_after("mended"),
            writes: aftermath.writes,
            memory: self.origin.peak_memory(),
            files: (self.files, self.origin.open_files()),
        }
    }
}

/// Lets so many milliseconds go by.
pub fn lasts(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

impl Outcome {
    /// The counts, in which all is as it must be of any storm.
    #[track_caller]
    pub fn sound(self) -> Report {
        let Self { report, recovered, memory, files: (before, after), .. } = self;
        let Counts { whole, ranges, stale, cut, hung, wrong, unlogged, missing, .. } = report.total();
        assert_eq!((wrong, hung, unlogged, report.strays), (0, 0, 0, 0), "wrong, hung, unlogged, strays");
        assert!(whole > 100 && ranges > 100 && missing > 10, "the storm was one");
        assert!(stale > 0 && cut > 0, "the bucket was missed");
        let Counts { cut, bad_gateway, gateway_timeout, busy, .. } = report.of_phase("well again");
        assert_eq!((*cut, *bad_gateway, *gateway_timeout, *busy), (0, 0, 0, 0), "all is well");
        assert!(recovered.is_some_and(|recovered| recovered <= RECOVERY), "served again after {recovered:?}");
        assert!(memory <= MOST_MEMORY, "{memory} MiB");
        assert!(after <= before + SPARE_FILES, "{before} files were open, and {after} are");
        report
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { report, writes, recovered, memory, files: (before, after) } = self;
        let Writes { uploads, failed, purges } = writes;
        writeln!(f, "{report}")?;
        writeln!(f, "{uploads} uploads, {failed} more refused, {purges} purges")?;
        let recovered = recovered.map_or_else(|| "never".to_owned(), |time| format!("after {time:.2?}"));
        writeln!(f, "every client was served again: {recovered}")?;
        write!(f, "at most {memory} MiB of memory; {before} files open before, {after} after")
    }
}
