//! What is known of objects, for a bounded time: how they are, or that they are not there.
//!
//! ```text
//! looked at  ──fresh-for──▶ to be asked again ──stale-if-error──▶ unknown
//! ```
//!
//! Of an object that is to be asked again, what was known is served if the bucket cannot be asked (RFC 5861 §4), and
//! is waited for a moment only: whoever has a copy does not hang on an ill bucket.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::sync::Cache;
use tokio::time::{Instant, timeout};

use super::{Known, Object, UpstreamError};
use crate::config;
use crate::store::flights::{Flight, Flights};
use crate::store::{AssetPath, CacheStatus, OpenError};

/// Bytes that what is known of objects takes at most: some 200,000 of them, or fewer with long names. Anybody may ask
/// for names that are not there, as long as a target may be.
const MOST: u64 = 200 << 20;

/// Bytes counted for an object, beside its name: what goes out for it, and the cache's own.
const EACH: usize = 900;

/// How long whoever has a copy waits for the bucket.
const PATIENCE: Duration = Duration::from_secs(1);

/// What was looked at so short a time ago is not looked at again, whoever doubts it: anybody may.
const DOUBTED: Duration = Duration::from_millis(100);

/// For so long after it failed the bucket is not asked again for what there is a copy of: one that is overloaded gets
/// no better by more questions than it was asked when it was well.
const BREATHER: Duration = Duration::from_secs(2);

/// What is known of objects.
#[derive(Debug)]
pub(super) struct Objects {
    known: Cache<AssetPath, Arc<Entry>>,
    flights: Arc<Flights<AssetPath, Looked>>,
    lifetimes: Lifetimes,
    start: Instant,
    /// How often anything was purged: what was asked before that is not kept.
    purges: AtomicU64,
}

/// For how long what is known of an object is used.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lifetimes {
    /// Without asking, where it is there.
    pub(super) fresh: Duration,
    /// Without asking, where it is missing.
    pub(super) missing: Duration,
    /// After that, while the bucket cannot be asked.
    pub(super) stale: Duration,
}

impl Lifetimes {
    pub(super) fn of(bucket: &config::Bucket) -> Self {
        Self { fresh: bucket.fresh_for, missing: bucket.missing_for, stale: bucket.stale_if_error }
    }
}

/// What is known of an object, and how it was come by.
pub(super) type Current = Result<(Arc<Known>, CacheStatus), OpenError>;

/// Asking the bucket how an object is.
pub(super) type Looking = Pin<Box<dyn Future<Output = Result<Arc<Known>, OpenError>> + Send>>;

/// What came of asking the bucket, and whether that was anything new.
type Looked = Result<(State, CacheStatus), OpenError>;

/// What the bucket said, and when.
#[derive(Debug)]
struct Entry {
    state: State,
    looked: Instant,
    /// When the bucket last failed to say it again: milliseconds since the start, 0 for never.
    failed: AtomicU64,
}

#[derive(Clone, Debug)]
enum State {
    Found(Arc<Known>),
    Missing,
}

/// What an entry is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// It is the answer.
    Fresh,
    /// It is the answer if the bucket has none.
    IfError,
    /// Nothing.
    None,
}

/// About how many bytes an entry takes.
fn weight(path: &AssetPath) -> u32 {
    u32::try_from(EACH + path.as_str().len()).unwrap_or(u32::MAX)
}

/// Decides what an entry of that age is good for.
fn usable(state: &State, age: Duration, lifetimes: Lifetimes) -> Use {
    match state {
        State::Found(_) if age < lifetimes.fresh => Use::Fresh,
        State::Found(_) if age < lifetimes.fresh + lifetimes.stale => Use::IfError,
        State::Missing if age < lifetimes.missing => Use::Fresh,
        State::Found(_) | State::Missing => Use::None,
    }
}

impl Objects {
    pub(super) fn new(lifetimes: Lifetimes) -> Self {
        Self {
            known: Cache::builder().max_capacity(MOST).weigher(|path, _| weight(path)).build(),
            flights: Arc::default(),
            lifetimes,
            start: Instant::now(),
            purges: AtomicU64::new(0),
        }
    }

    /// What is known of an object, if the bucket need not be asked.
    pub(super) fn fresh(&self, path: &AssetPath) -> Option<Current> {
        let entry = self.known.get(path)?;
        (self.usable(&entry) == Use::Fresh).then(|| entry.state.found(CacheStatus::Hit))
    }

    /// What is known of an object. `look` asks the bucket, given what was known before.
    ///
    /// # Errors
    /// [`OpenError::NotFound`] if there is no such object; otherwise as `look` says, if nothing is known that could be
    /// used.
    pub(super) async fn current(
        self: &Arc<Self>,
        path: &AssetPath,
        look: impl FnOnce(Option<Arc<Known>>) -> Looking,
    ) -> Current {
        let Some(entry) = self.known.get(path) else { return self.asked(path, None, look).await };
        match self.usable(&entry) {
            Use::Fresh => entry.state.found(CacheStatus::Hit),
            Use::IfError => self.if_possible(path, &entry, look).await,
            Use::None => self.asked(path, Some(&entry), look).await,
        }
    }

    /// The same for somebody who has reason to doubt what is known, fresh or not.
    ///
    /// # Errors
    /// As [`current`](Self::current).
    pub(super) async fn doubted(
        self: &Arc<Self>,
        path: &AssetPath,
        look: impl FnOnce(Option<Arc<Known>>) -> Looking,
    ) -> Current {
        match self.known.get(path) {
            Some(entry) if entry.looked.elapsed() < DOUBTED => entry.state.found(CacheStatus::Hit),
            Some(entry) if entry.state.known().is_some() => self.if_possible(path, &entry, look).await,
            entry => self.asked(path, entry.as_ref(), look).await,
        }
    }

    /// Asks the bucket.
    async fn asked(
        self: &Arc<Self>,
        path: &AssetPath,
        before: Option<&Arc<Entry>>,
        look: impl FnOnce(Option<Arc<Known>>) -> Looking,
    ) -> Current {
        let (state, status) = landed(self.join(path, before, look)).await?;
        state.found(status)
    }

    /// Asks the bucket, and makes do with what is known.
    async fn if_possible(
        self: &Arc<Self>,
        path: &AssetPath,
        entry: &Arc<Entry>,
        look: impl FnOnce(Option<Arc<Known>>) -> Looking,
    ) -> Current {
        if self.is_recent(entry.failed.load(Ordering::Relaxed)) {
            return entry.state.found(CacheStatus::Stale);
        }
        let looked = timeout(PATIENCE, landed(self.join(path, Some(entry), look))).await;
        match looked.unwrap_or(Err(OpenError::Upstream(UpstreamError::TimedOut))) {
            Ok((state, status)) => state.found(status),
            // It is being replaced: whoever asked is to look again.
            Err(OpenError::KeepsChanging) => Err(OpenError::KeepsChanging),
            Err(error) => {
                // Said once, however many wait for the same answer.
                if !self.is_recent(entry.failed.swap(self.now(), Ordering::Relaxed)) {
                    tracing::warn!(asset = ?path.as_str(), "{error}; what is cached of it is served");
                }
                entry.state.found(CacheStatus::Stale)
            }
        }
    }

    fn join(
        self: &Arc<Self>,
        path: &AssetPath,
        before: Option<&Arc<Entry>>,
        look: impl FnOnce(Option<Arc<Known>>) -> Looking,
    ) -> Flight<Looked> {
        // One that landed since has left what it learnt.
        let landed = || {
            let is_new = |now: &Arc<Entry>| !before.is_some_and(|before| Arc::ptr_eq(now, before));
            let newer = self.known.get(path).filter(is_new)?;
            (self.usable(&newer) == Use::Fresh).then(|| Ok((newer.state.clone(), CacheStatus::Hit)))
        };
        let before = before.and_then(|entry| entry.state.known());
        self.flights.join(path, landed, || {
            let (objects, path, purges) =
                (Arc::clone(self), path.clone(), self.purges.load(Ordering::Acquire));
            let (looked, asked) = (Instant::now(), look(before.clone()));
            async move {
                let state = match asked.await {
                    Ok(known) => State::Found(known),
                    Err(OpenError::NotFound) => State::Missing,
                    Err(error) => return Err(error),
                };
                objects.keep(&path, state.clone(), looked, purges);
                let status = match (&before, state.known()) {
                    (Some(before), Some(now)) if Arc::ptr_eq(before, &now) => CacheStatus::Revalidated,
                    _ => CacheStatus::Miss,
                };
                Ok((state, status))
            }
        })
    }

    fn keep(&self, path: &AssetPath, state: State, looked: Instant, purges: u64) {
        self.known.insert(path.clone(), Arc::new(Entry { state, looked, failed: AtomicU64::new(0) }));
        // To forget what was never purged costs a look; to keep what was breaks a promise.
        if purges != self.purges.load(Ordering::Acquire) {
            self.known.invalidate(path);
        }
    }

    /// Forgets that the asset is that version.
    pub(super) fn forget(&self, path: &AssetPath, object: &Object) {
        let is_it = |entry: Arc<Entry>| entry.state.known().is_some_and(|known| *known.object == *object);
        if self.known.get(path).is_some_and(is_it) {
            self.known.invalidate(path);
        }
    }

    /// Forgets what is known of an asset.
    pub(super) fn purge(&self, path: &AssetPath) {
        self.purges.fetch_add(1, Ordering::AcqRel);
        self.known.invalidate(path);
    }

    /// What an entry is good for now.
    fn usable(&self, entry: &Entry) -> Use {
        usable(&entry.state, entry.looked.elapsed(), self.lifetimes)
    }

    fn is_recent(&self, failed: u64) -> bool {
        failed > 0 && u128::from(self.now().saturating_sub(failed)) < BREATHER.as_millis()
    }

    /// Milliseconds since the start, never 0.
    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1)
    }
}

impl State {
    fn known(&self) -> Option<Arc<Known>> {
        match self {
            Self::Found(known) => Some(Arc::clone(known)),
            Self::Missing => None,
        }
    }

    fn found(&self, status: CacheStatus) -> Current {
        self.known().map(|known| (known, status)).ok_or(OpenError::NotFound)
    }
}

async fn landed(flight: Flight<Looked>) -> Looked {
    let failed = || Err(OpenError::Upstream(UpstreamError::Unreachable("asking it failed".into())));
    flight.landed().await.unwrap_or_else(failed)
}

#[cfg(test)]
pub(super) mod tests;
