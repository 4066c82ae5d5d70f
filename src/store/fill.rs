//! Bringing all of an asset nearer before anybody asks for it.

use super::{AssetPath, Backend, Explored, MediaStore, OpenError, steadily};

/// An asset that was brought in.
#[derive(Clone, Debug)]
pub struct Filled {
    /// The asset, and what is inside it.
    pub explored: Explored,
    /// How many of its bytes were not here, and were fetched: from the bucket, or from the disk into memory.
    pub fetched_bytes: u64,
}

impl MediaStore {
    /// Brings all bytes of an asset into the caches, as far as they have room, and looks inside it. It begins again if
    /// the asset changes meanwhile; when it is dropped, nothing more is fetched.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn fill(&self, path: &AssetPath) -> Result<Filled, OpenError> {
        steadily(|| self.fill_now(path)).await
    }

    async fn fill_now(&self, path: &AssetPath) -> Result<Filled, OpenError> {
        let (asset, fetched_bytes) = match &self.backend {
            Backend::Directory(directory) => directory.fill(path).await?,
            Backend::Bucket(bucket) => bucket.fill(path).await?,
        };
        let facts = self.facts.of(path, &asset).await?;
        Ok(Filled { explored: Explored { asset, facts }, fetched_bytes })
    }
}
