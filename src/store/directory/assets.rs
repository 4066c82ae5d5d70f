//! The assets of a directory: opened, read once, remembered for as long as their files are the same.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use prometheus_client::registry::Registry;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{COARSE_GRANULARITY, Listed, Opened, Root};
use crate::clock::Clock;
use crate::config;
use crate::semantics::representation::Version;
use crate::semantics::{Representation, Validators};
use crate::store::buffers::{self, Buffers};
use crate::store::content::{CheckedFile, Content, Pieces};
use crate::store::inspection::Keep;
use crate::store::inspector::{Inspected, Inspector, Trust};
use crate::store::media_type;
use crate::store::memory::{Memory, Moment, Sighting};
use crate::store::{Asset, AssetPath, Ledger, OpenError, Purged, Tier, blocking};

/// The assets of one directory.
#[derive(Debug)]
pub struct Directory {
    pub(in crate::store) root: Arc<Root>,
    pub(in crate::store) inspector: Arc<Inspector>,
    pub(in crate::store) memory: Memory,
    buffers: Buffers,
    /// One permit per file that may be open before it is known what is to be sent of it.
    openings: Semaphore,
}

/// How many of those there are. File descriptors are reserved for them: see `server::descriptors`.
const OPENINGS: usize = 256;

/// How long to wait for one of them.
const PATIENCE: Duration = Duration::from_secs(10);

impl Directory {
    /// Serves the directory at `root`, with so much memory.
    ///
    /// # Errors
    /// If `root` is no directory that can be read.
    pub fn new(
        root: &Path,
        memory: config::Memory,
        ledger: Option<Ledger>,
        clock: Clock,
    ) -> io::Result<Self> {
        Ok(Self {
            root: Arc::new(Root::open(root)?),
            inspector: Arc::new(Inspector::new(ledger, clock)),
            memory: Memory::new(memory.hot, memory.largest),
            buffers: Buffers::new(memory.buffers),
            openings: Semaphore::new(OPENINGS),
        })
    }

    /// Opens an asset. A hot one costs a look at its file once a second, and no system call otherwise.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(&self, path: &AssetPath) -> Result<Asset, OpenError> {
        match self.memory.get(path) {
            Some(hot) if self.memory.is_current(&hot) => Ok(hot.asset.clone()),
            Some(hot) if self.memory.confirm(&hot, self.look(path).await?) => Ok(hot.asset.clone()),
            _ => self.open_file(path).await,
        }
    }

    /// An asset that is in memory and was looked at within the last second.
    #[must_use]
    pub(in crate::store) fn hot(&self, path: &AssetPath) -> Option<Asset> {
        let hot = self.memory.get(path).filter(|hot| self.memory.is_current(hot))?;
        Some(hot.asset.clone())
    }

    /// Brings the bytes of a small asset into memory, to be sent from there now and later.
    ///
    /// # Errors
    /// [`OpenError::KeepsChanging`] if they are no longer what the representation says, [`OpenError::Io`] if they cannot
    /// be read.
    pub async fn warm(&self, path: &AssetPath, asset: Asset) -> Result<Asset, OpenError> {
        self.memory.warm(path, asset).await
    }

    /// An asset that is about to be sent: with room for what is held of it meanwhile, if it is not in memory.
    ///
    /// # Errors
    /// [`OpenError::Overloaded`] if there is none.
    pub(in crate::store) fn send(&self, asset: Asset) -> Result<Asset, OpenError> {
        let Content::Pieces(Pieces::File(file)) = &asset.content else { return Ok(asset) };
        let held = asset.representation.complete_length.min(buffers::FILE);
        let room = self.buffers.room_now(held).ok_or(OpenError::Overloaded)?;
        let file = file.with(room);
        Ok(Asset { content: Content::Pieces(Pieces::File(Arc::new(file))), ..asset })
    }

    /// Opens an asset and brings its body into memory, if there is room. Returns with it how many bytes that took from
    /// the disk.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub(in crate::store) async fn fill(&self, path: &AssetPath) -> Result<(Asset, u64), OpenError> {
        let hot = self.memory.get(path).map(|hot| hot.asset.representation.version);
        let opened = self.open(path).await?;
        let asset = self.warm(path, opened).await?;
        let representation = &asset.representation;
        let was_here = hot == Some(representation.version) || matches!(asset.content, Content::Pieces(_));
        let read = if was_here { 0 } else { representation.complete_length };
        Ok((asset, read))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.root.path()
    }

    /// The directory's own name.
    pub(in crate::store) fn name(&self) -> &str {
        self.root.path().file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Forgets the body of an asset. Its digest stays: it is of the file as it was, and a file that is another is read
    /// anew.
    pub fn purge(&self, path: &AssetPath) -> Purged {
        let hot = self.memory.get(path);
        self.memory.drop(path);
        hot.map_or_else(Purged::default, |hot| Purged::one(hot.asset.representation.complete_length))
    }

    /// Whether the directory can be reached: readiness.
    pub async fn is_reachable(&self) -> bool {
        let root = Arc::clone(&self.root);
        blocking(move || root.contains(Path::new("."))).await
    }

    /// Every asset, in the order of names, and what cannot be one. Reads the disk.
    pub fn list(&self) -> impl Iterator<Item = Listed> {
        self.root.list()
    }

    /// Shows what is counted.
    pub fn register(&self, registry: &mut Registry) {
        self.inspector.counters().register(registry);
        self.memory.register(registry);
    }

    /// Waits until all that was learnt is written down.
    pub async fn close(&self) {
        let inspector = Arc::clone(&self.inspector);
        blocking(move || inspector.ledger().map(Ledger::close)).await;
    }

    /// Looks at the file of a hot asset.
    pub(in crate::store) async fn look(&self, path: &AssetPath) -> Result<Sighting, OpenError> {
        let at = self.memory.now();
        let found = match self.root.fingerprint_at_hand(path) {
            Some(found) => found,
            None => self.at_root(path, Root::fingerprint).await,
        };
        if matches!(found, Err(OpenError::NotFound)) {
            self.memory.drop(path);
        }
        found.map(|fingerprint| Sighting { fingerprint, at })
    }

    async fn open_file(&self, path: &AssetPath) -> Result<Asset, OpenError> {
        // Whoever waits for a digest waits with the file open.
        let turn =
            timeout(PATIENCE, self.openings.acquire()).await.map_err(|_elapsed| OpenError::Overloaded)?;
        let (opened, at) = self.open_quiet(path).await?;
        let room = self.memory.room_for(opened.fingerprint().length());
        let keep = room.map_or(Keep::Nothing, Keep::Bytes);
        let inspected = self.inspector.inspect(Arc::clone(&opened), keep).await?;
        let asset = self.asset(path, opened, inspected, at);
        self.memory.keep(path, &asset);
        drop(turn);
        Ok(asset)
    }

    /// Opens a file. One that changed a moment ago is opened once that moment has passed: from then on a write to it is
    /// seen in its fingerprint. (A write through a memory map may be seen late; nobody can tell.) The second part is a
    /// moment before it was opened.
    pub(in crate::store) async fn open_quiet(
        &self,
        path: &AssetPath,
    ) -> Result<(Arc<Opened>, Moment), OpenError> {
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
        let opened = match self.root.asset_at_hand(path) {
            Some(opened) => opened,
            None => self.at_root(path, Root::asset).await,
        };
        opened.map(Arc::new)
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
            content: bytes
                .map_or_else(|| Content::Pieces(Pieces::File(Arc::new(checked()))), Content::Memory),
            agreement: media.agreement,
            stored_cache_control: None,
            cache: None,
            tier: Some(Tier::Disk),
            seen: (trust == Trust::Lasting).then_some(Sighting { fingerprint, at }),
        }
    }
}
