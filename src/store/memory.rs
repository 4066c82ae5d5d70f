//! Hot bodies: small assets whole in memory, bounded by bytes, with their prepared field values beside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use moka::sync::Cache;
use prometheus_client::registry::Registry;
use tokio::time::Instant;

use super::buffers::{Buffers, Room};
use super::content::Pieces;
use super::directory::Fingerprint;
use super::flights::Flights;
use super::{Asset, AssetPath, CheckedFile, Content, OpenError, Tier, blocking};
use crate::metrics::gauge_of;

/// How long a hot body is taken for current without a look at its file.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Bytes counted for a body beside its own.
const KIB: u64 = 1024;

/// The gauge of what is kept in memory, of a directory and of a bucket alike.
pub(super) const MEMORY_CACHE_BYTES: &str = "memory_cache_bytes";
pub(super) const MEMORY_CACHE_HELP: &str = "Bytes of bodies, or of slices of them, that are kept in memory";

/// The assets that are in memory.
#[derive(Debug)]
pub struct Memory {
    bodies: Cache<AssetPath, Arc<Hot>>,
    /// The largest body that is kept, in bytes.
    largest: u64,
    /// Those on their way into it.
    flights: Arc<Flights<AssetPath, Result<Arc<Hot>, OpenError>>>,
    /// What is kept, and as much again that is on its way from the disk, or not kept any more and still being sent.
    room: Buffers,
    start: Instant,
}

/// An asset in memory.
#[derive(Debug)]
pub struct Hot {
    /// The asset; its content is in memory.
    pub asset: Asset,
    fingerprint: Fingerprint,
    /// When its file was last looked at.
    looked: AtomicU64,
}

/// A moment: milliseconds since the start of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u64);

/// What a file was when it was looked at, and when that was.
#[derive(Clone, Copy, Debug)]
pub struct Sighting {
    /// What it was.
    pub fingerprint: Fingerprint,
    /// A moment before the look.
    pub at: Moment,
}

impl Memory {
    /// Room for `bytes` in all, none larger than `largest`.
    #[must_use]
    pub fn new(bytes: u64, largest: u64) -> Self {
        let weight = |_: &AssetPath, hot: &Arc<Hot>| {
            u32::try_from(hot.asset.representation.complete_length.saturating_add(KIB)).unwrap_or(u32::MAX)
        };
        Self {
            bodies: Cache::builder().max_capacity(bytes).weigher(weight).build(),
            largest: largest.min(bytes),
            flights: Arc::default(),
            room: Buffers::new(bytes.saturating_mul(2)),
            start: Instant::now(),
        }
    }

    /// Room for a body of that length, if it may be kept and there is room now. The body is to hold it.
    #[must_use]
    pub fn room_for(&self, length: u64) -> Option<Room> {
        (length <= self.largest).then(|| self.room.room_now(length))?
    }

    /// The asset of that name, if it is in memory, however long ago its file was looked at.
    #[must_use]
    pub fn get(&self, path: &AssetPath) -> Option<Arc<Hot>> {
        self.bodies.get(path)
    }

    /// Now. Take it before a look at a file, never after.
    #[must_use]
    pub fn now(&self) -> Moment {
        Moment(u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// Whether the file behind it was looked at within the last second.
    #[must_use]
    pub fn is_current(&self, hot: &Hot) -> bool {
        let looked = hot.looked.load(Ordering::Relaxed);
        u128::from(self.now().0.saturating_sub(looked)) < LOOK_EVERY.as_millis()
    }

    /// Notes that the file was looked at, and whether it is still the one that is in memory.
    #[must_use]
    pub fn confirm(&self, hot: &Hot, seen: Sighting) -> bool {
        let same = hot.fingerprint == seen.fingerprint;
        if same {
            hot.looked.fetch_max(seen.at.0, Ordering::Relaxed);
        }
        same
    }

    /// Keeps an asset whose content is in memory, if its fingerprint will stand for it. One that was seen later stays.
    pub fn keep(&self, path: &AssetPath, asset: &Asset) {
        let (Content::Memory(_), Some(seen)) = (&asset.content, asset.seen) else { return };
        let newer = |hot: &Arc<Hot>| hot.looked.load(Ordering::Relaxed) > seen.at.0;
        if !self.bodies.get(path).is_some_and(|hot| newer(&hot)) {
            self.bodies.insert(path.clone(), hot(asset.clone(), seen));
        }
    }

    /// The asset with its content brought into memory, if it may be and if there is room for it on the way;
    /// otherwise as it is. Several requests for one asset bring it in once.
    ///
    /// # Errors
    /// If the file cannot be read, or is no longer what it was.
    pub async fn warm(&self, path: &AssetPath, asset: Asset) -> Result<Asset, OpenError> {
        let (Content::Pieces(Pieces::File(file)), Some(seen)) = (&asset.content, asset.seen) else {
            return Ok(asset);
        };
        let Some(room) = self.room_for(asset.representation.complete_length) else { return Ok(asset) };
        if self.bodies.get(path).is_some_and(|hot| hot.fingerprint != seen.fingerprint) {
            self.drop(path);
        }
        let landed = || self.bodies.get(path).map(Ok);
        let (bodies, name, file, cold) = (self.bodies.clone(), path.clone(), Arc::clone(file), asset.clone());
        let flight = self.flights.join(path, landed, || async move {
            let hot = bring_in(file, cold, seen, room).await?;
            bodies.insert(name, Arc::clone(&hot));
            Ok(hot)
        });
        let failed = || Err(OpenError::Io(Arc::new(std::io::Error::other("reading it failed"))));
        let hot = flight.landed().await.unwrap_or_else(failed)?;
        let tier = asset.tier;
        Ok(if hot.fingerprint == seen.fingerprint { Asset { tier, ..hot.asset.clone() } } else { asset })
    }

    /// Bytes of the bodies kept, once what is due to go has gone.
    #[cfg(test)]
    pub(super) fn kept(&self) -> u64 {
        self.bodies.run_pending_tasks();
        self.bodies.weighted_size()
    }

    /// Shows how much is kept.
    pub fn register(&self, registry: &mut Registry) {
        let bodies = self.bodies.clone();
        gauge_of(registry, MEMORY_CACHE_BYTES, MEMORY_CACHE_HELP, move || bodies.weighted_size());
    }

    /// Keeps it no longer.
    pub fn drop(&self, path: &AssetPath) {
        self.bodies.invalidate(path);
    }
}

/// Reads a file into memory. The room it takes is given back when nobody holds it any more.
async fn bring_in(
    file: Arc<CheckedFile>,
    asset: Asset,
    seen: Sighting,
    room: Room,
) -> Result<Arc<Hot>, OpenError> {
    let bytes: Bytes = blocking(move || file.read().map(|bytes| room.hold(bytes))).await?;
    Ok(hot(Asset { content: Content::Memory(bytes), ..asset }, seen))
}

fn hot(asset: Asset, seen: Sighting) -> Arc<Hot> {
    let asset = Asset { tier: Some(Tier::Memory), ..asset };
    Arc::new(Hot { asset, fingerprint: seen.fingerprint, looked: AtomicU64::new(seen.at.0) })
}
