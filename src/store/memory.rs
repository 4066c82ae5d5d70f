//! Hot bodies: small assets whole in memory, bounded by bytes, with their prepared field values beside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use moka::future::Cache;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::directory::Fingerprint;
use super::{Asset, AssetPath, CheckedFile, Content, OpenError, blocking};

/// How long a hot body is taken for current without a look at its file.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The unit in which memory for bodies on their way in is counted.
const KIB: u64 = 1024;

/// The assets that are in memory.
#[derive(Debug)]
pub struct Memory {
    bodies: Cache<AssetPath, Arc<Hot>>,
    /// The largest body that is kept, in bytes.
    largest: u64,
    /// One permit per KiB that may be on its way from the disk at a time: as much again as is kept.
    incoming: Semaphore,
    start: Instant,
}

/// An asset in memory.
#[derive(Debug)]
pub struct Hot {
    /// The asset; its content is in memory.
    pub asset: Asset,
    fingerprint: Fingerprint,
    /// When its file was last looked at, in milliseconds since the start of the store.
    looked: AtomicU64,
}

impl Memory {
    /// Room for `bytes` in all, none larger than `largest`.
    #[must_use]
    pub fn new(bytes: u64, largest: u64) -> Self {
        let weight = |_: &AssetPath, hot: &Arc<Hot>| {
            u32::try_from(hot.asset.representation.complete_length.saturating_add(KIB)).unwrap_or(u32::MAX)
        };
        let permits = usize::try_from(bytes / KIB).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Self {
            bodies: Cache::builder().max_capacity(bytes).weigher(weight).build(),
            largest: largest.min(bytes),
            incoming: Semaphore::new(permits),
            start: Instant::now(),
        }
    }

    /// Room for a body of that length on its way in, if it may be kept and there is room now. Hold it until the
    /// body is kept or dropped.
    #[must_use]
    pub fn room_for(&self, length: u64) -> Option<SemaphorePermit<'_>> {
        let permits = u32::try_from(length.div_ceil(KIB)).ok()?;
        (length <= self.largest).then(|| self.incoming.try_acquire_many(permits).ok())?
    }

    /// The asset of that name, if it is in memory, however long ago its file was looked at.
    pub async fn get(&self, path: &AssetPath) -> Option<Arc<Hot>> {
        self.bodies.get(path).await
    }

    /// Whether the file behind it was looked at within the last second.
    #[must_use]
    pub fn is_current(&self, hot: &Hot) -> bool {
        let looked = Duration::from_millis(hot.looked.load(Ordering::Relaxed));
        self.start.elapsed().saturating_sub(looked) < LOOK_EVERY
    }

    /// Notes that the file was looked at, and whether it is still the one that is in memory.
    #[must_use]
    pub fn confirm(&self, hot: &Hot, found: &Fingerprint) -> bool {
        let same = hot.fingerprint == *found;
        if same {
            hot.looked.store(self.elapsed(), Ordering::Relaxed);
        }
        same
    }

    /// Keeps an asset whose content is in memory, if its fingerprint will stand for it.
    pub async fn keep(&self, path: &AssetPath, asset: &Asset) {
        if let (Content::Memory(_), Some(fingerprint)) = (&asset.content, asset.fingerprint) {
            self.bodies.insert(path.clone(), self.hot(asset.clone(), fingerprint)).await;
        }
    }

    /// The asset with its content brought into memory, if it may be and if there is room for it on the way;
    /// otherwise as it is. Several requests for one asset bring it in once.
    ///
    /// # Errors
    /// If the file cannot be read, or is no longer what it was.
    pub async fn warm(&self, path: &AssetPath, asset: Asset) -> Result<Asset, OpenError> {
        let (Content::File(file), Some(fingerprint)) = (&asset.content, asset.fingerprint) else {
            return Ok(asset);
        };
        let length = asset.representation.complete_length;
        let Some(_room) = self.room_for(length) else { return Ok(asset) };
        if self.bodies.get(path).await.is_some_and(|hot| hot.fingerprint != fingerprint) {
            self.drop(path).await;
        }
        let bring_in = self.bring_in(Arc::clone(file), asset.clone(), fingerprint);
        let hot = self.bodies.try_get_with_by_ref(path, bring_in).await;
        let hot = hot.map_err(|error| OpenError::clone(&error))?;
        Ok(if hot.fingerprint == fingerprint { hot.asset.clone() } else { asset })
    }

    /// Bytes of the bodies kept, once what is due to go has gone.
    #[cfg(test)]
    pub(super) async fn kept(&self) -> u64 {
        self.bodies.run_pending_tasks().await;
        self.bodies.weighted_size()
    }

    /// Keeps it no longer.
    pub async fn drop(&self, path: &AssetPath) {
        self.bodies.invalidate(path).await;
    }

    async fn bring_in(
        &self,
        file: Arc<CheckedFile>,
        asset: Asset,
        fingerprint: Fingerprint,
    ) -> Result<Arc<Hot>, OpenError> {
        let bytes: Bytes = blocking(move || file.read()).await?;
        Ok(self.hot(Asset { content: Content::Memory(bytes), ..asset }, fingerprint))
    }

    fn hot(&self, asset: Asset, fingerprint: Fingerprint) -> Arc<Hot> {
        Arc::new(Hot { asset, fingerprint, looked: AtomicU64::new(self.elapsed()) })
    }

    fn elapsed(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
