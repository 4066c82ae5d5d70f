//! What was learnt of each file, remembered by fingerprint: in memory, in the ledger, or by reading it now.
//!
//! Several requests for a file that nobody has read yet read it once, and the reading goes on when the request that
//! asked for it is gone. What was read while the file could still change unseen is used for those requests and not
//! remembered; what was read while the file did change is not used at all.

use std::sync::Arc;

use bytes::Bytes;
use moka::sync::Cache;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::digest_counters::DigestCounters;
use super::directory::{Fingerprint, Opened};
use super::flights::{Flight, Flights};
use super::inspection::{Inspection, Keep};
use super::ledger::Ledger;
use super::{OpenError, blocking};
use crate::clock::Clock;

/// Bytes of memory for what was learnt: about 200,000 small files, or 500 GB of large ones.
const MEMORY: u64 = 64 * 1024 * 1024;

/// How many fingerprints that turned out to be wrong are kept in mind.
const DISTRUSTED: u64 = 10_000;

/// Files up to so many bytes do not wait for larger ones to be read.
const SMALL: u64 = 32 * 1024 * 1024;

/// Bytes of a file that is read on the same way to another thread on which the ledger is asked: the way costs about as
/// much as both.
const QUICK: u64 = 1024 * 1024;

/// Remembers inspections.
#[derive(Debug)]
pub struct Inspector {
    known: Cache<Fingerprint, Arc<Inspection>>,
    /// Fingerprints whose entry in the ledger is not to be believed.
    distrusted: Cache<Fingerprint, ()>,
    /// Readings under way.
    flights: Arc<Flights<Fingerprint, Result<Inspected, OpenError>>>,
    ledger: Option<Ledger>,
    clock: Clock,
    counters: DigestCounters,
    /// One permit per small file, and per large one, that may be read at a time.
    small_readers: Semaphore,
    large_readers: Semaphore,
}

/// An inspection, and what became of the bytes it was made from.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// What was learnt.
    pub inspection: Arc<Inspection>,
    /// The bytes, if they were just read and kept.
    pub bytes: Option<Bytes>,
    /// Whether the fingerprint stands for these bytes from now on.
    pub trust: Trust,
}

/// Whether a fingerprint stands for the bytes that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// As long as the fingerprint is the same, so are the bytes.
    Lasting,
    /// The file changed shortly before it was read: for the requests at hand only.
    Momentary,
}

impl Inspected {
    /// What was learnt at another time.
    fn remembered(inspection: Arc<Inspection>) -> Self {
        Self { inspection, bytes: None, trust: Trust::Lasting }
    }
}

impl Inspector {
    /// An inspector that keeps what it learns in `ledger` too, if there is one.
    #[must_use]
    pub fn new(ledger: Option<Ledger>, clock: Clock) -> Self {
        let weight = |_: &Fingerprint, known: &Arc<Inspection>| known.digest.weight();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            known: Cache::builder().max_capacity(MEMORY).weigher(weight).build(),
            distrusted: Cache::new(DISTRUSTED),
            flights: Arc::default(),
            ledger,
            clock,
            counters: DigestCounters::default(),
            small_readers: Semaphore::new(2 * cores),
            large_readers: Semaphore::new(cores),
        }
    }

    /// The time by which files are judged to have changed recently.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// What is known of the open file, reading it if need be.
    ///
    /// # Errors
    /// [`OpenError::KeepsChanging`] if the file changed while it was read, [`OpenError::Io`] if it cannot be read.
    pub async fn inspect(self: &Arc<Self>, opened: Arc<Opened>, keep: Keep) -> Result<Inspected, OpenError> {
        if let Some(known) = self.known(opened.fingerprint()) {
            return Ok(known);
        }
        let failed = || Err(OpenError::Io(Arc::new(std::io::Error::other("reading it failed"))));
        self.join(opened, keep).landed().await.unwrap_or_else(failed)
    }

    /// Forgets what is known of a fingerprint that turned out not to stand for its bytes.
    pub fn forget(&self, fingerprint: &Fingerprint) {
        self.distrusted.insert(*fingerprint, ());
        self.known.invalidate(fingerprint);
        if let Some(ledger) = &self.ledger {
            ledger.erase(*fingerprint);
        }
    }

    /// The ledger, if there is one.
    #[must_use]
    pub fn ledger(&self) -> Option<&Ledger> {
        self.ledger.as_ref()
    }

    /// The reading of that file which is under way, or a new one.
    fn join(self: &Arc<Self>, opened: Arc<Opened>, keep: Keep) -> Flight<Result<Inspected, OpenError>> {
        let fingerprint = *opened.fingerprint();
        // One that landed since it was asked for has left what it learnt.
        let landed = || self.known(&fingerprint).map(Ok);
        let inspector = Arc::clone(self);
        self.flights.join(&fingerprint, landed, || async move { inspector.read(opened, keep).await })
    }

    fn known(&self, fingerprint: &Fingerprint) -> Option<Inspected> {
        self.known.get(fingerprint).map(Inspected::remembered)
    }

    /// What is counted of the reading.
    #[must_use]
    pub fn counters(&self) -> &DigestCounters {
        &self.counters
    }

    /// Asks the ledger, or reads the file, away from the threads that serve.
    async fn read(self: &Arc<Self>, opened: Arc<Opened>, keep: Keep) -> Result<Inspected, OpenError> {
        let (inspector, length) = (Arc::clone(self), opened.fingerprint().length());
        if length <= QUICK {
            let _turn = self.small_readers.acquire().await;
            let recall_or_read =
                move || inspector.recall(&opened).map_or_else(|| inspector.read_now(&opened, keep), Ok);
            return blocking(recall_or_read).await;
        }
        let file = Arc::clone(&opened);
        if let Some(recalled) = blocking(move || inspector.recall(&file)).await {
            return Ok(recalled);
        }
        let readers = if length <= SMALL { &self.small_readers } else { &self.large_readers };
        let _turn = readers.acquire().await;
        let inspector = Arc::clone(self);
        blocking(move || inspector.read_now(&opened, keep)).await
    }

    fn recall(&self, opened: &Opened) -> Option<Inspected> {
        let fingerprint = opened.fingerprint();
        if self.distrusted.contains_key(fingerprint) {
            return None;
        }
        let inspection = Arc::new(self.ledger.as_ref()?.recall(fingerprint)?);
        self.known.insert(*fingerprint, Arc::clone(&inspection));
        Some(Inspected::remembered(inspection))
    }

    fn read_now(&self, opened: &Opened, keep: Keep) -> Result<Inspected, OpenError> {
        let begun = self.clock.now();
        let reading = Instant::now();
        let (inspection, bytes) = Inspection::of(opened, keep)?;
        self.counters.computed(inspection.digest.complete_length(), reading.elapsed());
        let inspection = Arc::new(inspection);
        if opened.fingerprint().racy_for(begun).is_some() {
            return Ok(Inspected { inspection, bytes, trust: Trust::Momentary });
        }
        self.remember(*opened.fingerprint(), &inspection);
        Ok(Inspected { inspection, bytes, trust: Trust::Lasting })
    }

    fn remember(&self, fingerprint: Fingerprint, inspection: &Arc<Inspection>) {
        self.known.insert(fingerprint, Arc::clone(inspection));
        if let Some(ledger) = &self.ledger {
            ledger.record(fingerprint, Arc::clone(inspection));
        }
    }
}
