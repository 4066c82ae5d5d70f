//! What the parts of a bucket store share, and how an object becomes an asset.

use std::io::BufReader;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use moka::future::Cache;
use tokio::sync::Semaphore;

use super::client::{Client, Misconfigured};
use super::counters::CacheCounters;
use super::objects::{Lifetimes, Looking, Objects};
use super::slices::Slices;
use super::upstream::{UpstreamError, turn};
use super::{Object, SliceKey, SlicedObject};
use crate::caching::received::cache_control_field;
use crate::config;
use crate::semantics::representation::Version;
use crate::semantics::{Representation, Validators};
use crate::store::content::{Content, Pieces};
use crate::store::media_type::{Agreement, settle_declared};
use crate::store::sniff::{Format, sniff};
use crate::store::{Asset, AssetPath, CacheStatus, OpenError, Reader, Tier, blocking};

/// For how long the answer to whether the bucket can be reached is believed.
const REACH_EVERY: Duration = Duration::from_secs(5);

/// This part of the room for answers is for slices that are read ahead of clients, all together. Clients that read slowly
/// and each another object cost the slice that they are at, and no more once these are gone.
const READ_AHEAD: u64 = 2;

/// So many objects are asked for at a time.
const LOOKS_AT_A_TIME: usize = 128;

/// So many objects are looked into at a time. Each keeps a thread waiting for slices, which may need one of the same
/// threads to come from the disk: there must be some left.
const SNIFFS_AT_A_TIME: usize = 64;

/// The caches of a bucket, and the way to it.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) client: Arc<Client>,
    pub(super) slices: Arc<Slices>,
    pub(super) objects: Arc<Objects>,
    /// Bytes of a slice.
    pub(super) slice_size: u64,
    pub(super) counters: Arc<CacheCounters>,
    /// Whether the bucket answered, when it was last asked that.
    reached: Cache<(), Result<(), Misconfigured>>,
    /// One permit per slice that may be on its way ahead of the client that will want it, all clients together.
    pub(super) read_ahead: Arc<Semaphore>,
    looks: Semaphore,
    sniffs: Semaphore,
    /// How long anything waits for its turn.
    patience: Duration,
}

fn slices_of(bytes: u64, slice: u64) -> usize {
    usize::try_from(bytes / slice.max(1)).unwrap_or(Semaphore::MAX_PERMITS).clamp(1, Semaphore::MAX_PERMITS)
}

/// What is known of one version of an object: all of the asset but its bytes.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) object: Arc<Object>,
    pub(super) representation: Arc<Representation>,
    pub(super) agreement: Agreement,
    pub(super) cache_control: Option<HeaderValue>,
    /// Where the slice was found that told its type; `None` of an object without bytes.
    pub(super) sniffed: Option<Tier>,
}

impl Shared {
    pub(super) fn new(
        client: Arc<Client>,
        slices: Slices,
        counters: Arc<CacheCounters>,
        (config, memory): (&config::Bucket, config::Memory),
    ) -> Self {
        Self {
            client,
            slices: Arc::new(slices),
            objects: Arc::new(Objects::new(Lifetimes::of(config))),
            slice_size: config.slice,
            counters,
            reached: Cache::builder().time_to_live(REACH_EVERY).build(),
            read_ahead: Arc::new(Semaphore::new(slices_of(memory.buffers / READ_AHEAD, config.slice))),
            looks: Semaphore::new(LOOKS_AT_A_TIME),
            sniffs: Semaphore::new(SNIFFS_AT_A_TIME),
            patience: config.timeout,
        }
    }

    /// Whether the bucket answers, or did a moment ago.
    pub(super) async fn reach(&self) -> Result<(), Misconfigured> {
        let probe = async { self.client.probe().await.map(|_access| ()) };
        self.reached.get_with((), probe).await
    }

    /// Asks the bucket how the object is. What was known `before` is still known if nothing has changed.
    async fn look(
        self: Arc<Self>,
        path: AssetPath,
        before: Option<Arc<Known>>,
    ) -> Result<Arc<Known>, OpenError> {
        let object = self.head(&path).await?;
        match before {
            Some(before) if *before.object == object => Ok(before),
            _ => self.learn(&path, Arc::new(object)).await,
        }
    }

    /// The same, to be handed on.
    pub(super) fn looking(self: &Arc<Self>, path: &AssetPath, before: Option<Arc<Known>>) -> Looking {
        Box::pin(Arc::clone(self).look(path.clone(), before))
    }

    /// How the object is. An answer to HEAD has no body, so a bucket that is gone looks like an object that is: that an
    /// object is missing is believed of a bucket that is there.
    async fn head(&self, path: &AssetPath) -> Result<Object, UpstreamError> {
        let _turn = turn(&self.looks, self.patience).await?;
        match self.client.head(path, None).await {
            Err(UpstreamError::NotFound) if self.client.can_name(path) => match self.reach().await {
                Ok(()) => Err(UpstreamError::NotFound),
                Err(why) => Err(UpstreamError::Unreachable(why.sentence.into())),
            },
            looked => looked,
        }
    }

    /// Settles what goes out for an object, reading as much of it as tells its type.
    pub(super) async fn learn(
        self: &Arc<Self>,
        path: &AssetPath,
        object: Arc<Object>,
    ) -> Result<Arc<Known>, OpenError> {
        let version = object.version();
        let (format, sniffed) = self.sniff(path, &object, version).await?;
        let media = settle_declared(&format, path.file_name(), object.content_type.as_deref());
        if let Some(warning) = media.agreement.warning() {
            tracing::warn!(asset = ?path.as_str(), "{warning}");
        }
        let cache_control = object.cache_control.as_deref().and_then(|value| {
            let field = cache_control_field(value);
            if field.is_none() {
                tracing::warn!(asset = ?path.as_str(), value, "its Cache-Control in the bucket is none; as if it had none");
            }
            field
        });
        let representation = Representation {
            content_type: media.content_type,
            content_disposition: media.content_disposition,
            complete_length: object.complete_length,
            version,
            sha256: object.sha256,
            validators: match object.sha256 {
                Some(sha256) => Validators::new(sha256, object.modified),
                None => Validators::with_tag(&object.tag, object.modified),
            },
        };
        let (representation, agreement) = (Arc::new(representation), media.agreement);
        Ok(Arc::new(Known { object, representation, agreement, cache_control, sniffed }))
    }

    async fn sniff(
        self: &Arc<Self>,
        path: &AssetPath,
        object: &Arc<Object>,
        version: Version,
    ) -> Result<(Format, Option<Tier>), OpenError> {
        if object.complete_length == 0 {
            return Ok((Format::Empty, None));
        }
        let sliced = SlicedObject::new(Arc::clone(self), path.clone(), Arc::clone(object), version);
        // Here, so that a bucket that fails is seen as what it is, and not as a file that cannot be read.
        let (first, tier) = sliced.read(0).await?;
        // Passed on, because memory that is full of what is asked for more often does not keep it.
        let reader = Reader::with_first(Pieces::Object(Arc::new(sliced)), first, object.complete_length);
        let _turn = turn(&self.sniffs, self.patience).await?;
        let format = blocking(move || sniff(BufReader::new(reader))).await?;
        Ok((format, Some(tier)))
    }

    /// The asset, with its bytes where all of them are in one slice that is in memory.
    pub(super) fn asset(self: &Arc<Self>, path: &AssetPath, known: &Known, status: CacheStatus) -> Asset {
        let content = self.content(path, known);
        let looked_into = known.sniffed.filter(|_| status == CacheStatus::Miss);
        let tier = looked_into.or(matches!(content, Content::Memory(_)).then_some(Tier::Memory));
        Asset {
            representation: Arc::clone(&known.representation),
            content,
            agreement: known.agreement.clone(),
            stored_cache_control: known.cache_control.clone(),
            cache: Some(status),
            tier,
            seen: None,
        }
    }

    fn content(self: &Arc<Self>, path: &AssetPath, known: &Known) -> Content {
        let length = known.object.complete_length;
        if length == 0 {
            return Content::Memory(Bytes::new());
        }
        let (version, size) = (known.representation.version, self.slice_size);
        let first = SliceKey { path: path.clone(), version, size, index: 0 };
        match self.slices.at_hand(&first) {
            Some(slice) if length <= size => Content::Memory(slice),
            _ => {
                let object = Arc::clone(&known.object);
                let sliced = SlicedObject::new(Arc::clone(self), path.clone(), object, version);
                Content::Pieces(Pieces::Object(Arc::new(sliced)))
            }
        }
    }
}
