//! The slices of objects: from memory, from disk, or from the bucket, each fetched once however many want it.
//!
//! What is kept is named by the version of the bytes, so it needs no validation and never becomes wrong. A slice is
//! fetched on the condition that the object is still that version.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use moka::sync::Cache;
use prometheus_client::registry::Registry;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::client::Client;
use super::counters::CacheCounters;
use super::disk::DiskCache;
use super::upstream::{UpstreamError, turn};
use super::{Object, SliceKey};
use crate::config::Memory;
use crate::metrics::gauge_of;
use crate::store::buffers::Buffers;
use crate::store::flights::{Flight, Flights};
use crate::store::memory::{MEMORY_CACHE_BYTES, MEMORY_CACHE_HELP};
use crate::store::{AssetPath, Purged, Tier, blocking};

/// So many slices are fetched at a time: what they take in memory on their way in is bounded.
const FETCHES: usize = 64;

/// So many slices are written to the disk at a time, or wait for it.
const WRITES: usize = 32;

/// How long a slice waits for the disk. One that is slower keeps less.
const DISK_PATIENCE: Duration = Duration::from_secs(1);

/// Bytes counted for a slice beside its own.
const OVERHEAD: usize = 256;

/// A slice, and where it was found.
type Brought = Result<(Bytes, Tier), UpstreamError>;

/// The slices that are here, and the way to those that are not.
#[derive(Debug)]
pub(super) struct Slices {
    memory: Cache<SliceKey, Bytes>,
    disk: Option<Arc<DiskCache>>,
    client: Arc<Client>,
    flights: Arc<Flights<SliceKey, Brought>>,
    fetches: Semaphore,
    /// What is kept in memory, and what is not kept and held for answers.
    room: Buffers,
    writes: Arc<Semaphore>,
    /// How long a slice may wait for its turn to be fetched.
    patience: Duration,
    /// How often anything was purged: what was on its way then is not kept.
    purges: Arc<AtomicU64>,
    counters: Arc<CacheCounters>,
}

impl Slices {
    /// Room for so much in memory, and what `disk` has.
    pub(super) fn new(
        space: Memory,
        disk: Option<Arc<DiskCache>>,
        client: Arc<Client>,
        patience: Duration,
        counters: Arc<CacheCounters>,
    ) -> Self {
        let weight = |_: &SliceKey, slice: &Bytes| u32::try_from(slice.len() + OVERHEAD).unwrap_or(u32::MAX);
        Self {
            memory: Cache::builder().max_capacity(space.hot).weigher(weight).build(),
            disk,
            client,
            flights: Arc::default(),
            fetches: Semaphore::new(FETCHES),
            room: Buffers::new(space.hot.saturating_add(space.buffers)),
            writes: Arc::new(Semaphore::new(WRITES)),
            patience,
            purges: Arc::default(),
            counters,
        }
    }

    /// The slices on disk, if any are kept.
    pub(super) fn disk(&self) -> Option<&Arc<DiskCache>> {
        self.disk.as_ref()
    }

    /// Shows how much is in memory.
    pub(super) fn register(&self, registry: &mut Registry) {
        let memory = self.memory.clone();
        gauge_of(registry, MEMORY_CACHE_BYTES, MEMORY_CACHE_HELP, move || memory.weighted_size());
    }

    /// The slice, if it is in memory.
    pub(super) fn at_hand(&self, key: &SliceKey) -> Option<Bytes> {
        let slice = self.memory.get(key)?;
        self.counters.found(Tier::Memory);
        Some(slice)
    }

    /// The slice, from wherever it is nearest.
    pub(super) async fn slice(self: &Arc<Self>, key: SliceKey, object: &Arc<Object>) -> Brought {
        if let Some(slice) = self.at_hand(&key) {
            return Ok((slice, Tier::Memory));
        }
        let failed = || Err(UpstreamError::Unreachable("fetching it failed".into()));
        self.join(&key, object).landed().await.unwrap_or_else(failed)
    }

    fn join(self: &Arc<Self>, key: &SliceKey, object: &Arc<Object>) -> Flight<Brought> {
        let landed = || self.memory.get(key).map(|slice| Ok((slice, Tier::Memory)));
        let (slices, object, wanted) = (Arc::clone(self), Arc::clone(object), key.clone());
        self.flights.join(key, landed, || async move { slices.bring(wanted, &object).await })
    }

    /// Brings it into memory from the disk, or from the bucket and onto the disk.
    async fn bring(&self, key: SliceKey, object: &Object) -> Brought {
        let purges = self.purges.load(Ordering::Acquire);
        let range = key.range(object.complete_length);
        let room = self.room.room(range.end.saturating_sub(range.start), self.patience).await;
        let room = room.ok_or(UpstreamError::NoRoom)?;
        if let Some(slice) = self.recall(&key).await {
            let slice = room.hold(slice);
            self.counters.found(Tier::Disk);
            self.keep(&key, slice.clone(), purges);
            return Ok((slice, Tier::Disk));
        }
        let slice = room.hold(self.fetch(&key, object).await?);
        self.counters.found(Tier::Bucket);
        self.record(key.clone(), slice.clone(), purges).await;
        self.keep(&key, slice.clone(), purges);
        Ok((slice, Tier::Bucket))
    }

    async fn recall(&self, key: &SliceKey) -> Option<Bytes> {
        let (disk, key) = (Arc::clone(self.disk.as_ref()?), key.clone());
        blocking(move || disk.get(&key)).await
    }

    async fn fetch(&self, key: &SliceKey, object: &Object) -> Result<Bytes, UpstreamError> {
        let _turn = turn(&self.fetches, self.patience).await?;
        let slice = self.client.read(&key.path, object, key.range(object.complete_length)).await?;
        match object.sha256 {
            Some(sha256) if slice.len() as u64 == object.complete_length => {
                let found: [u8; 32] = Sha256::digest(&slice).into();
                let what = || UpstreamError::Malformed("the bytes are not of the object's SHA-256".into());
                (found == sha256.0).then_some(slice).ok_or_else(what)
            }
            _ => Ok(slice),
        }
    }

    fn keep(&self, key: &SliceKey, slice: Bytes, purges: u64) {
        self.memory.insert(key.clone(), slice);
        // To forget what was never purged costs a fetch; to keep what was breaks a promise.
        if purges != self.purges.load(Ordering::Acquire) {
            self.memory.invalidate(key);
        }
    }

    /// Puts it onto the disk, which nobody waits for unless it is far behind.
    async fn record(&self, key: SliceKey, slice: Bytes, purges: u64) {
        let Some(disk) = self.disk.clone() else { return };
        let turn = timeout(DISK_PATIENCE, Arc::clone(&self.writes).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return };
        let now = Arc::clone(&self.purges);
        drop(tokio::task::spawn_blocking(move || {
            let _turn = turn;
            disk.put(&key, &slice);
            if purges != now.load(Ordering::Acquire) {
                disk.purge(&key.path);
            }
        }));
    }

    /// Forgets every slice of an asset.
    pub(super) async fn purge(&self, path: &AssetPath) -> Purged {
        self.purges.fetch_add(1, Ordering::AcqRel);
        let kept = || self.memory.iter().filter(|(key, _)| key.path == *path);
        let purged: Purged = kept().map(|(_, slice)| Purged::one(slice.len() as u64)).sum();
        for (key, _) in kept() {
            self.memory.invalidate(&*key);
        }
        let Some(disk) = self.disk.clone() else { return purged };
        let path = path.clone();
        purged + blocking(move || disk.purge(&path)).await
    }
}
