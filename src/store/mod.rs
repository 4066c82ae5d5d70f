//! Where bytes come from. All reading of assets happens in this room.
//!
//! In a request's path it comes after the rule and before the decision: [`MediaStore::open`] turns an
//! [`AssetPath`] into an [`Asset`], whose representation says all that the decision needs;
//! [`MediaStore::warm`] brings the bytes nearer when the answer carries any.
//!
//! | file | holds |
//! |---|---|
//! | [`asset_path`] | the name of an asset, decoded once |
//! | [`directory`] | opening beneath the root; fingerprints |
//! | [`inspection`], [`digest`], [`sniff`] | what is learnt by reading a file once |
//! | [`inspector`], [`ledger`] | remembering it, by fingerprint, over a restart |
//! | [`media_type`] | which `Content-Type` follows from it |
//! | [`content`] | the bytes to send: from memory, or checked piece by piece |
//! | `meant` | which asset was meant by a path that names none |
//! | [`reader`] | the same bytes in any order, for what looks inside them |
//! | [`fault`] | what is wrong with an asset before anybody asks for it |
//! | [`facts`] | what is inside, remembered per version |
//! | [`memory`] | hot bodies |
//! | [`warm_up`] | reading every digest ahead of the first request |

pub mod asset_path;
pub mod bucket;
pub mod content;
pub mod digest;
pub mod directory;
pub mod error;
pub mod facts;
pub mod fault;
pub mod inspection;
pub mod inspector;
pub mod ledger;
mod meant;
pub mod media_type;
pub mod memory;
pub mod reader;
pub mod sniff;
pub mod warm_up;

#[cfg(test)]
mod tests;

use std::io;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;

pub use asset_path::{AssetPath, NotAnAssetPath};
pub use content::{CheckedFile, Content};
pub use error::OpenError;
pub use facts::Explored;
pub use fault::Fault;
pub use inspection::Inspection;
pub use inspector::Inspector;
pub use ledger::Ledger;
pub use media_type::Agreement;
pub use reader::Reader;

use http::HeaderValue;

use crate::clock::Clock;
use crate::semantics::representation::Version;
use crate::semantics::{Representation, Validators};
use directory::{COARSE_GRANULARITY, Opened, Root};
use facts::KnownFacts;
use inspection::Keep;
use inspector::{Inspected, Trust};
use memory::{Memory, Moment, Sighting};

/// How often a file that is being written is looked at before whoever asked is told to come again.
pub const LOOKS: u32 = 3;

/// An asset, opened: what is known of it, and its bytes.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its one representation.
    pub representation: Arc<Representation>,
    /// The bytes of that representation, and never of another.
    pub content: Content,
    /// Whether its name and its bytes say the same.
    pub agreement: Agreement,
    /// What the bucket says of how it may be cached; `None` where it says nothing, and of files.
    pub stored_cache_control: Option<HeaderValue>,
    /// What its file was when it was opened, if that will stand for these bytes.
    seen: Option<Sighting>,
}

impl Asset {
    /// Reads the bytes in any order.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader::new(&self.content, self.representation.complete_length)
    }
}

/// The assets of one directory.
#[derive(Debug)]
pub struct MediaStore {
    root: Arc<Root>,
    inspector: Arc<Inspector>,
    memory: Memory,
    facts: KnownFacts,
}

impl MediaStore {
    /// Serves the directory at `root`. `hot` bytes of memory are for bodies of at most `largest` bytes each.
    ///
    /// # Errors
    /// If `root` is no directory that can be read.
    pub fn open_directory(
        root: &Path,
        hot: u64,
        largest: u64,
        ledger: Option<Ledger>,
        clock: Clock,
    ) -> io::Result<Self> {
        Ok(Self {
            root: Arc::new(Root::open(root)?),
            inspector: Arc::new(Inspector::new(ledger, clock)),
            memory: Memory::new(hot, largest),
            facts: KnownFacts::new(),
        })
    }

    /// Opens an asset. A hot one costs a look at its file once a second, and no system call otherwise.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(&self, path: &AssetPath) -> Result<Asset, OpenError> {
        match self.memory.get(path).await {
            Some(hot) if self.memory.is_current(&hot) => Ok(hot.asset.clone()),
            Some(hot) if self.memory.confirm(&hot, self.look(path).await?) => Ok(hot.asset.clone()),
            _ => self.open_file(path).await,
        }
    }

    /// Opens an asset and looks inside it, again if it changes meanwhile.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn explore(&self, path: &AssetPath) -> Result<Explored, OpenError> {
        let mut explored = self.explore_now(path).await;
        for _ in 1..LOOKS {
            if !matches!(explored, Err(OpenError::KeepsChanging)) {
                break;
            }
            explored = self.explore_now(path).await;
        }
        explored
    }

    async fn explore_now(&self, path: &AssetPath) -> Result<Explored, OpenError> {
        let asset = self.open(path).await?;
        let facts = self.facts.of(&asset).await?;
        Ok(Explored { asset, facts })
    }

    /// Brings the bytes of a small asset into memory, to be sent from there now and later.
    ///
    /// # Errors
    /// [`OpenError::KeepsChanging`] if they are no longer what the representation says, [`OpenError::Io`] if they cannot
    /// be read.
    pub async fn warm(&self, path: &AssetPath, asset: Asset) -> Result<Asset, OpenError> {
        self.memory.warm(path, asset).await
    }

    /// Whether the store can be reached: readiness.
    pub async fn is_reachable(&self) -> bool {
        let root = Arc::clone(&self.root);
        blocking(move || root.contains(Path::new("."))).await
    }

    /// Every asset, in the order of names, and what cannot be one. Reads the disk.
    pub fn list(&self) -> impl Iterator<Item = directory::Listed> {
        self.root.list()
    }

    /// Waits until all that was learnt is written down.
    pub async fn close(&self) {
        let inspector = Arc::clone(&self.inspector);
        blocking(move || inspector.ledger().map(Ledger::close)).await;
    }

    /// Looks at the file of a hot asset.
    async fn look(&self, path: &AssetPath) -> Result<Sighting, OpenError> {
        let at = self.memory.now();
        let found = self.at_root(path, Root::fingerprint).await;
        if matches!(found, Err(OpenError::NotFound)) {
            self.memory.drop(path).await;
        }
        found.map(|fingerprint| Sighting { fingerprint, at })
    }

    async fn open_file(&self, path: &AssetPath) -> Result<Asset, OpenError> {
        let (opened, at) = self.open_quiet(path).await?;
        let room = self.memory.room_for(opened.fingerprint().length());
        let keep = room.map_or(Keep::Nothing, Keep::Bytes);
        let inspected = self.inspector.inspect(Arc::clone(&opened), keep).await?;
        let asset = self.asset(path, opened, inspected, at);
        self.memory.keep(path, &asset).await;
        Ok(asset)
    }

    /// Opens a file. One that changed a moment ago is opened once that moment has passed: from then on a write to it is
    /// seen in its fingerprint. (A write through a memory map may be seen late; nobody can tell.) The second part is a moment before it was opened.
    async fn open_quiet(&self, path: &AssetPath) -> Result<(Arc<Opened>, Moment), OpenError> {
        let at = self.memory.now();
        let opened = self.open_now(path).await?;
        match opened.fingerprint().racy_for(self.inspector.clock().now()) {
            Some(left) if left <= COARSE_GRANULARITY => {
                tokio::time::sleep(left).await;
                let at = self.memory.now();
                Ok((self.open_now(path).await?, at))
            }
            _ => Ok((opened, at)),
        }
    }

    async fn open_now(&self, path: &AssetPath) -> Result<Arc<Opened>, OpenError> {
        self.at_root(path, Root::asset).await.map(Arc::new)
    }

    /// Looks at the disk, away from the threads that serve.
    async fn at_root<T: Send + 'static>(
        &self,
        path: &AssetPath,
        look: fn(&Root, &AssetPath) -> Result<T, OpenError>,
    ) -> Result<T, OpenError> {
        let (root, name) = (Arc::clone(&self.root), path.clone());
        blocking(move || look(&root, &name)).await
    }

    fn asset(&self, path: &AssetPath, opened: Arc<Opened>, inspected: Inspected, at: Moment) -> Asset {
        let Inspected { inspection, bytes, trust } = inspected;
        let media = media_type::settle(&inspection.format, path.file_name());
        let fingerprint = *opened.fingerprint();
        let sha256 = inspection.digest.sha256();
        let representation = Arc::new(Representation {
            content_type: media.content_type,
            content_disposition: media.content_disposition,
            complete_length: inspection.digest.complete_length(),
            version: Version::of_digest(sha256),
            sha256: Some(sha256),
            validators: Validators::new(sha256, Some(fingerprint.modified())),
        });
        let checked = || CheckedFile::new(opened, inspection, Arc::clone(&self.inspector));
        Asset {
            representation,
            content: bytes.map_or_else(|| Content::File(Arc::new(checked())), Content::Memory),
            agreement: media.agreement,
            stored_cache_control: None,
            seen: (trust == Trust::Lasting).then_some(Sighting { fingerprint, at }),
        }
    }
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
