//! What the parts of a bucket store share, and how an object becomes an asset.

use std::io::BufReader;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;

use super::client::Client;
use super::counters::{CacheCounters, Tier};
use super::objects::Objects;
use super::slices::Slices;
use super::{Object, SliceKey, SlicedObject};
use crate::caching::received::cache_control_field;
use crate::semantics::{Representation, Validators};
use crate::store::content::{Content, Pieces};
use crate::store::media_type::{Agreement, settle_declared};
use crate::store::sniff::{Format, sniff};
use crate::store::{Asset, AssetPath, CacheStatus, OpenError, Reader, blocking};

/// The caches of a bucket, and the way to it.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) client: Arc<Client>,
    pub(super) slices: Arc<Slices>,
    pub(super) objects: Arc<Objects>,
    /// Bytes of a slice.
    pub(super) slice_size: u64,
    pub(super) counters: Arc<CacheCounters>,
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
    /// Asks the bucket how the object is. What was known `before` is still known if nothing has changed.
    pub(super) async fn look(
        self: Arc<Self>,
        path: AssetPath,
        before: Option<Arc<Known>>,
    ) -> Result<Arc<Known>, OpenError> {
        let object = self.client.head(&path, None).await?;
        match before {
            Some(before) if *before.object == object => Ok(before),
            _ => self.learn(&path, Arc::new(object)).await,
        }
    }

    /// Settles what goes out for an object, reading as much of it as tells its type.
    pub(super) async fn learn(
        self: &Arc<Self>,
        path: &AssetPath,
        object: Arc<Object>,
    ) -> Result<Arc<Known>, OpenError> {
        let (format, sniffed) = self.sniff(path, &object).await?;
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
            version: object.version(),
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
    ) -> Result<(Format, Option<Tier>), OpenError> {
        if object.complete_length == 0 {
            return Ok((Format::Empty, None));
        }
        let sliced = SlicedObject::new(Arc::clone(self), path.clone(), Arc::clone(object));
        // Here, so that a bucket that fails is seen as what it is, and not as a file that cannot be read.
        let (first, tier) = sliced.read(0).await?;
        // Passed on, because memory that is full of what is asked for more often does not keep it.
        let reader = Reader::with_first(Pieces::Object(Arc::new(sliced)), first, object.complete_length);
        let format = blocking(move || sniff(BufReader::new(reader))).await?;
        Ok((format, Some(tier)))
    }

    /// The asset, with its bytes where all of them are in one slice that is in memory.
    pub(super) fn asset(self: &Arc<Self>, path: &AssetPath, known: &Known, status: CacheStatus) -> Asset {
        Asset {
            representation: Arc::clone(&known.representation),
            content: self.content(path, known),
            agreement: known.agreement.clone(),
            stored_cache_control: known.cache_control.clone(),
            cache: Some(status),
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
                let sliced = SlicedObject::new(Arc::clone(self), path.clone(), Arc::clone(&known.object));
                Content::Pieces(Pieces::Object(Arc::new(sliced)))
            }
        }
    }
}
