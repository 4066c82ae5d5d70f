//! Where bytes come from. All reading of assets happens in this room.
//!
//! In a request's path it comes after the rule and before the decision: [`MediaStore::open`] turns an
//! [`AssetPath`] into an [`Asset`], whose representation says all that the decision needs;
//! [`MediaStore::warm`] brings the bytes nearer when the answer carries any.
//!
//! | file | holds |
//! |---|---|
//! | [`asset_path`] | the name of an asset, decoded once |
//! | [`asset`] | an asset, opened |
//! | [`directory`] | the files of a directory: opened beneath the root, told apart by fingerprint |
//! | [`bucket`] | the objects of a bucket: asked for, cached, served while the bucket is ill |
//! | [`inspection`], [`digest`], [`sniff`] | what is learnt by reading a file once |
//! | [`digest_counters`] | what is counted of that |
//! | [`inspector`], [`ledger`] | remembering it, by fingerprint, over a restart |
//! | [`media_type`] | which `Content-Type` follows from it |
//! | [`content`] | the bytes to send: from memory, or checked piece by piece |
//! | `flights` | work that several wait for, done once |
//! | `meant` | which asset was meant by a path that names none |
//! | [`reader`] | the same bytes in any order, for what looks inside them |
//! | [`fault`] | what is wrong with an asset before anybody asks for it |
//! | [`facts`] | what is inside, remembered per version |
//! | [`memory`] | hot bodies |
//! | [`buffers`] | room for the bytes of answers under way |
//! | `spare` | memory for the pieces on their way |
//! | [`warm_up`] | reading every digest ahead of the first request |
//! | [`fill`] | bringing an asset nearer ahead of the first request |

pub mod asset;
pub mod asset_path;
pub mod bucket;
pub mod buffers;
pub mod content;
pub mod digest;
pub mod digest_counters;
pub mod directory;
pub mod error;
pub mod facts;
pub mod fault;
pub mod fill;
mod flights;
pub mod inspection;
pub mod inspector;
pub mod ledger;
mod meant;
pub mod media_type;
pub mod memory;
pub mod reader;
pub mod sniff;
mod spare;
pub mod warm_up;

#[cfg(test)]
mod tests;

use std::panic::resume_unwind;
use std::sync::Arc;

use prometheus_client::registry::Registry;

pub use asset::{Asset, CacheStatus, Need, Purged, Tier};
pub use asset_path::{AssetPath, NotAnAssetPath};
pub use bucket::Bucket;
pub use buffers::Buffers;
pub use content::{CheckedFile, Content};
pub use directory::Directory;
pub use error::OpenError;
pub use facts::Explored;
pub use fault::Fault;
pub use fill::Filled;
pub use inspection::Inspection;
pub use inspector::Inspector;
pub use ledger::Ledger;
pub use media_type::Agreement;
pub use reader::Reader;

use facts::KnownFacts;

/// How often a file that is being written is looked at before whoever asked is told to come again.
pub const LOOKS: u32 = 3;

/// The assets of a directory, or of a bucket.
#[derive(Debug)]
pub struct MediaStore {
    backend: Backend,
    facts: KnownFacts,
}

/// What a store is.
#[derive(Debug)]
pub enum Backend {
    /// A directory of this machine.
    Directory(Arc<Directory>),
    /// A bucket elsewhere.
    Bucket(Box<Bucket>),
}

impl MediaStore {
    /// Serves a directory.
    #[must_use]
    pub fn of_directory(directory: Directory) -> Self {
        Self { backend: Backend::Directory(Arc::new(directory)), facts: KnownFacts::new() }
    }

    /// Serves a bucket.
    #[must_use]
    pub fn of_bucket(bucket: Bucket) -> Self {
        Self { backend: Backend::Bucket(Box::new(bucket)), facts: KnownFacts::new() }
    }

    /// What it is.
    #[must_use]
    pub fn backend(&self) -> &Backend {
        &self.backend
    }

    /// The directory, if it is one.
    #[must_use]
    pub fn directory(&self) -> Option<&Arc<Directory>> {
        match &self.backend {
            Backend::Directory(directory) => Some(directory),
            Backend::Bucket(_) => None,
        }
    }

    /// The bucket, if it is one.
    #[must_use]
    pub fn bucket(&self) -> Option<&Bucket> {
        match &self.backend {
            Backend::Directory(_) => None,
            Backend::Bucket(bucket) => Some(bucket),
        }
    }

    /// Opens an asset. A hot one costs a look at its file once a second, and no system call otherwise.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(&self, path: &AssetPath) -> Result<Asset, OpenError> {
        match self.hot(path) {
            Some(asset) => Ok(asset),
            // On the heap, as all that is not for what is hot: most answers need no room for it.
            None => Box::pin(self.find(path)).await,
        }
    }

    /// An asset that is known without asking anybody.
    fn hot(&self, path: &AssetPath) -> Option<Asset> {
        match &self.backend {
            Backend::Directory(directory) => directory.hot(path),
            Backend::Bucket(_) => None,
        }
    }

    async fn find(&self, path: &AssetPath) -> Result<Asset, OpenError> {
        match &self.backend {
            Backend::Directory(directory) => directory.open(path).await,
            Backend::Bucket(bucket) => bucket.open(path).await,
        }
    }

    /// Opens an asset again that turned out not to be what a link says of it, `opened` before. What is known of an
    /// object may be as old as `fresh-for`, and another replica may have written the link since; a file was looked at a
    /// second ago at most.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn reopen(
        &self,
        path: &AssetPath,
        opened: Result<Asset, OpenError>,
    ) -> Result<Asset, OpenError> {
        match &self.backend {
            Backend::Directory(_) => opened,
            Backend::Bucket(bucket) => Box::pin(bucket.reopen(path)).await,
        }
    }

    /// The version of an asset that `pin` names, where it is not the current one; `None` if no such version is kept.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_version(&self, path: &AssetPath, pin: &str) -> Result<Option<Asset>, OpenError> {
        match &self.backend {
            Backend::Directory(_) => Ok(None),
            Backend::Bucket(bucket) => Box::pin(bucket.open_version(path, pin)).await,
        }
    }

    /// Opens an asset and looks inside it, again if it changes meanwhile.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn explore(&self, path: &AssetPath) -> Result<Explored, OpenError> {
        steadily(|| self.explore_now(path)).await
    }

    async fn explore_now(&self, path: &AssetPath) -> Result<Explored, OpenError> {
        let asset = self.open(path).await?;
        let facts = self.facts.of(path, &asset).await?;
        Ok(Explored { asset, facts })
    }

    /// Brings the bytes that an answer begins with nearer: a small asset into memory, to be sent from there now and
    /// later; of a large one in a bucket the first slice that is needed.
    ///
    /// # Errors
    /// [`OpenError::KeepsChanging`] if they are no longer what the representation says; [`OpenError::Overloaded`] if there
    /// is no memory left for them; otherwise, if they cannot be read.
    pub async fn warm(&self, path: &AssetPath, asset: Asset, need: Need) -> Result<Asset, OpenError> {
        match &asset.content {
            Content::Memory(_) => Ok(asset),
            Content::Pieces(_) => Box::pin(self.bring_nearer(path, asset, need)).await,
        }
    }

    async fn bring_nearer(&self, path: &AssetPath, asset: Asset, need: Need) -> Result<Asset, OpenError> {
        match &self.backend {
            Backend::Directory(directory) if need.most => directory.send(directory.warm(path, asset).await?),
            Backend::Directory(directory) => directory.send(asset),
            Backend::Bucket(bucket) => bucket.warm(asset, need.first).await,
        }
    }

    /// Whether the store can be reached: readiness.
    ///
    /// # Errors
    /// If it cannot; the sentence says why.
    pub async fn reach(&self) -> Result<(), String> {
        match &self.backend {
            Backend::Directory(directory) if directory.is_reachable().await => Ok(()),
            Backend::Directory(_) => Err("the media directory cannot be reached".to_owned()),
            Backend::Bucket(bucket) => bucket.reach().await,
        }
    }

    /// Whether there is such an asset now.
    async fn has(&self, path: &AssetPath) -> bool {
        match &self.backend {
            Backend::Directory(directory) => directory.look(path).await.is_ok(),
            Backend::Bucket(bucket) => bucket.open(path).await.is_ok(),
        }
    }

    /// The name that people may put before an asset's path by mistake.
    fn name(&self) -> &str {
        match &self.backend {
            Backend::Directory(directory) => directory.name(),
            Backend::Bucket(bucket) => bucket.name(),
        }
    }

    /// Forgets what is cached of an asset, so that the next request for it asks where it comes from.
    pub async fn purge(&self, path: &AssetPath) -> Purged {
        match &self.backend {
            Backend::Directory(directory) => directory.purge(path),
            Backend::Bucket(bucket) => bucket.purge(path).await,
        }
    }

    /// Shows what it counts.
    pub fn register(&self, registry: &mut Registry) {
        match &self.backend {
            Backend::Directory(directory) => directory.register(registry),
            Backend::Bucket(bucket) => bucket.register(registry),
        }
    }

    /// Waits until all that was learnt is written down.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Directory(directory) => directory.close().await,
            Backend::Bucket(_) => {}
        }
    }
}

/// Looks again while the asset changes under the look, [`LOOKS`] times in all.
async fn steadily<T, F>(mut look: impl FnMut() -> F) -> Result<T, OpenError>
where
    F: Future<Output = Result<T, OpenError>>,
{
    let mut looked = look().await;
    for _ in 1..LOOKS {
        if !matches!(looked, Err(OpenError::KeepsChanging)) {
            break;
        }
        looked = look().await;
    }
    looked
}

/// Runs work that waits for the disk away from the threads that serve.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is shutting down: nothing waits for the answer any more.
            Err(_cancelled) => std::future::pending().await,
        },
    }
}
