//! What was learnt of each file, remembered by fingerprint: in memory, in the ledger, or by reading it now.
//!
//! Several requests for a file that nobody has read yet read it once. What was read while the file could still
//! change unseen is used for those requests and not remembered.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use moka::future::Cache as Flights;
use moka::sync::Cache;
use tokio::sync::Semaphore;

use super::directory::{Fingerprint, Opened};
use super::inspection::{Inspection, Keep};
use super::ledger::Ledger;
use super::{OpenError, blocking};
use crate::clock::Clock;

/// Bytes of memory for what was learnt: about 200,000 small files, or 3 TB of large ones.
const MEMORY: u64 = 64 * 1024 * 1024;

/// How often a file that changes while it is read is read again before it is taken as it is.
const ATTEMPTS: u32 = 3;

/// Remembers inspections.
#[derive(Debug)]
pub struct Inspector {
    known: Cache<Fingerprint, Arc<Inspection>>,
    /// Inspections under way. None outlives the requests that wait for it.
    flights: Flights<Fingerprint, Arc<Inspected>>,
    ledger: Option<Ledger>,
    clock: Clock,
    /// One permit per file that may be read at a time.
    readers: Semaphore,
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
    /// The file changed shortly before or while it was read: for the requests at hand only.
    Momentary,
}

impl Inspector {
    /// An inspector that keeps what it learns in `ledger` too, if there is one.
    #[must_use]
    pub fn new(ledger: Option<Ledger>, clock: Clock) -> Self {
        let weight = |_: &Fingerprint, known: &Arc<Inspection>| known.digest.weight();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            known: Cache::builder().max_capacity(MEMORY).weigher(weight).build(),
            flights: Flights::builder().time_to_live(Duration::ZERO).build(),
            ledger,
            clock,
            readers: Semaphore::new(2 * cores),
        }
    }

    /// What is known of the open file, reading it if need be.
    ///
    /// # Errors
    /// [`OpenError::KeepsChanging`] if the file became shorter at each attempt to read it, [`OpenError::Io`] if it
    /// cannot be read.
    pub async fn inspect(self: &Arc<Self>, opened: Arc<Opened>, keep: Keep) -> Result<Inspected, OpenError> {
        let fingerprint = *opened.fingerprint();
        if let Some(inspection) = self.known.get(&fingerprint) {
            return Ok(Inspected { inspection, bytes: None, trust: Trust::Lasting });
        }
        let read = self.read(opened, keep);
        let inspected =
            self.flights.try_get_with(fingerprint, read).await.map_err(|e| OpenError::clone(&e))?;
        self.flights.invalidate(&fingerprint).await;
        Ok(Inspected::clone(&inspected))
    }

    /// Forgets what is known of a fingerprint that turned out not to stand for its bytes.
    pub fn forget(&self, fingerprint: &Fingerprint) {
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

    /// Asks the ledger, or reads the file, away from the threads that serve. Goes on to the end and remembers
    /// what it learnt even when the request that asked for it is gone.
    async fn read(self: &Arc<Self>, opened: Arc<Opened>, keep: Keep) -> Result<Arc<Inspected>, OpenError> {
        let _turn = self.readers.acquire().await;
        let inspector = Arc::clone(self);
        blocking(move || inspector.recall(&opened).map_or_else(|| inspector.read_now(&opened, keep), Ok))
            .await
            .map(Arc::new)
    }

    fn recall(&self, opened: &Opened) -> Option<Inspected> {
        let inspection = Arc::new(self.ledger.as_ref()?.recall(opened.fingerprint())?);
        self.known.insert(*opened.fingerprint(), Arc::clone(&inspection));
        Some(Inspected { inspection, bytes: None, trust: Trust::Lasting })
    }

    fn read_now(&self, opened: &Opened, keep: Keep) -> Result<Inspected, OpenError> {
        let mut attempts = 1;
        let inspected = loop {
            let outcome = self.read_once(opened, keep);
            let steady = outcome.as_ref().is_ok_and(|(_, steady)| *steady);
            if steady || attempts == ATTEMPTS {
                break outcome?.0;
            }
            attempts += 1;
        };
        if inspected.trust == Trust::Lasting {
            self.remember(*opened.fingerprint(), &inspected.inspection);
        }
        Ok(inspected)
    }

    /// Reads the file once. The second part is whether it stayed as it was meanwhile.
    fn read_once(&self, opened: &Opened, keep: Keep) -> Result<(Inspected, bool), OpenError> {
        let begun = self.clock.now();
        let (inspection, bytes) = Inspection::of(opened, keep)?;
        let steady = opened.is_unchanged()?;
        let lasting = steady && !opened.fingerprint().is_racy(begun);
        let trust = if lasting { Trust::Lasting } else { Trust::Momentary };
        Ok((Inspected { inspection: Arc::new(inspection), bytes, trust }, steady))
    }

    fn remember(&self, fingerprint: Fingerprint, inspection: &Arc<Inspection>) {
        self.known.insert(fingerprint, Arc::clone(inspection));
        if let Some(ledger) = &self.ledger {
            ledger.record(fingerprint, Arc::clone(inspection));
        }
    }
}
