//! The assets of a bucket: asked for, remembered for a bounded time, read slice by slice.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::registry::Registry;
use tokio::time::timeout;

use super::client::{Client, Counters, Misconfigured};
use super::counters::CacheCounters;
use super::disk::DiskCache;
use super::fill::First;
use super::history::History;
use super::shared::Shared;
use super::slices::Slices;
use super::upstream::UpstreamError;
use crate::config;
use crate::store::content::{Content, Pieces};
use crate::store::{Asset, AssetPath, CacheStatus, OpenError, Purged, Tier};

/// So much longer than the bucket has itself is waited for what it comes to: whoever left a moment before would leave
/// its failure to the next.
const GRACE: Duration = Duration::from_millis(250);

/// The assets of one bucket.
#[derive(Debug)]
pub struct Bucket {
    name: String,
    shared: Arc<Shared>,
    /// Old versions, if links to them are answered.
    history: Option<History>,
    timeout: Duration,
    requests: Arc<Counters>,
}

impl Bucket {
    /// The bucket that the configuration describes, with so much memory for slices, and those on `disk`. Nothing
    /// is asked of it yet.
    ///
    /// # Errors
    /// If there is no way to ask it: no credentials that can be read, no region.
    pub fn new(
        config: &config::Bucket,
        memory: config::Memory,
        disk: Option<DiskCache>,
    ) -> Result<Self, Misconfigured> {
        let requests = Arc::new(Counters::default());
        let client = Arc::new(Client::new(config, Arc::clone(&requests))?);
        let counters = Arc::new(CacheCounters::default());
        let disk = disk.map(Arc::new);
        let slices = Slices::new(memory, disk, Arc::clone(&client), config.timeout, Arc::clone(&counters));
        Ok(Self {
            name: config.name.clone(),
            shared: Arc::new(Shared::new(client, slices, counters, (config, memory))),
            history: config.versions.then(|| History::new(config.fresh_for)),
            timeout: config.timeout,
            requests,
        })
    }

    /// Opens an asset.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(&self, path: &AssetPath) -> Result<Asset, OpenError> {
        self.open_anew(path).await.map(|(asset, _first)| asset)
    }

    /// The same, and whether that took its first slice from the bucket.
    pub(super) async fn open_anew(&self, path: &AssetPath) -> Result<(Asset, First), OpenError> {
        let shared = &self.shared;
        let look = |before| shared.looking(path, before);
        let (known, status) = match shared.objects.fresh(path) {
            Some(fresh) => fresh?,
            None => self.in_time(shared.objects.current(path, look)).await?,
        };
        shared.counters.looked(status);
        let first = match (status, known.sniffed) {
            (CacheStatus::Miss, Some(Tier::Bucket)) => First::Fetched,
            _ => First::Here,
        };
        Ok((shared.asset(path, &known, status), first))
    }

    /// Opens an asset of which more is said to be known elsewhere, such as by a link to a version that is not the one
    /// known here: the bucket is asked, however lately it was.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn reopen(&self, path: &AssetPath) -> Result<Asset, OpenError> {
        let shared = &self.shared;
        let look = |before| shared.looking(path, before);
        let (known, status) = self.in_time(shared.objects.doubted(path, look)).await?;
        shared.counters.looked(status);
        Ok(shared.asset(path, &known, status))
    }

    /// The old version of an asset that `pin` names, if the bucket keeps it and such links are answered.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_version(&self, path: &AssetPath, pin: &str) -> Result<Option<Asset>, OpenError> {
        let Some(history) = &self.history else { return Ok(None) };
        let found = self.in_time(history.version(&self.shared, path, pin)).await?;
        Ok(found.map(|(known, status)| self.shared.asset(path, &known, status)))
    }

    /// Brings the slice nearer that has the byte at `first`.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn warm(&self, asset: Asset, first: u64) -> Result<Asset, OpenError> {
        let Content::Pieces(Pieces::Object(object)) = &asset.content else { return Ok(asset) };
        let (slice, tier) = self.in_time(object.read(first / object.slice_size())).await?;
        let cache = match (asset.cache, tier) {
            (Some(CacheStatus::Hit | CacheStatus::Revalidated), Tier::Bucket) => Some(CacheStatus::Miss),
            (status, _) => status,
        };
        let whole = object.is_one_slice().then_some(Content::Memory(slice));
        let tier = asset.tier.max(Some(tier));
        Ok(Asset { cache, tier, content: whole.unwrap_or_else(|| asset.content.clone()), ..asset })
    }

    /// What `work` comes to in the time that a client may be kept waiting. What others wait for too, or will ask for
    /// next, goes on. It is put on the heap: every request has room for what it may wait for, and few wait.
    async fn in_time<T, E: Into<OpenError>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, OpenError> {
        let done = timeout(self.timeout + GRACE, Box::pin(work)).await;
        done.map_err(|_elapsed| OpenError::Upstream(UpstreamError::TimedOut))?.map_err(Into::into)
    }

    /// The bucket's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the bucket answers.
    ///
    /// # Errors
    /// If it does not, or not as it should; the sentence says why.
    pub async fn reach(&self) -> Result<(), String> {
        self.shared.reach().await.map_err(|error| error.to_string())
    }

    /// Forgets what is cached of an asset.
    pub async fn purge(&self, path: &AssetPath) -> Purged {
        self.shared.objects.purge(path);
        if let Some(history) = &self.history {
            history.purge(path).await;
        }
        self.shared.slices.purge(path).await
    }

    /// The way to the bucket.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.shared.client
    }

    /// Shows what is counted.
    pub fn register(&self, registry: &mut Registry) {
        self.requests.register(registry);
        self.shared.counters.register(registry);
        self.shared.slices.register(registry);
        if let Some(disk) = self.shared.slices.disk() {
            registry.register_collector(Box::new(Arc::clone(disk)));
        }
    }
}
