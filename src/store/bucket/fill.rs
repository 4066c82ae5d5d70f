//! Bringing all slices of an object into the caches before anybody asks for them.

use std::sync::Arc;

use tokio::task::{JoinError, JoinSet};

use super::{Bucket, SlicedObject, UpstreamError};
use crate::store::content::{Content, Pieces};
use crate::store::{Asset, AssetPath, OpenError, Tier};

/// So many slices of one object are on their way at a time.
const AHEAD: usize = 4;

impl Bucket {
    /// Opens an asset and brings in all of its slices. Returns with it how many of its bytes came from the bucket.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub(in crate::store) async fn fill(&self, path: &AssetPath) -> Result<(Asset, u64), OpenError> {
        let (asset, first) = self.open_anew(path).await?;
        let length = asset.representation.complete_length;
        let fetched = match &asset.content {
            Content::Pieces(Pieces::Object(object)) => fill(object, length, first).await?,
            Content::Pieces(Pieces::File(_)) | Content::Memory(_) => first.fetched(length),
        };
        Ok((asset, fetched))
    }
}

/// Brings in the slices of an object of that length, in their order. `first` is where opening it found the first.
async fn fill(object: &Arc<SlicedObject>, length: u64, first: First) -> Result<u64, OpenError> {
    let size = object.slice_size();
    let mut left = 0..length.div_ceil(size);
    let mut on_the_way = JoinSet::new();
    let mut fetched = 0;
    loop {
        let room = AHEAD.saturating_sub(on_the_way.len());
        for index in left.by_ref().take(room) {
            let object = Arc::clone(object);
            on_the_way.spawn(async move { (index, object.read(index).await) });
        }
        let Some(brought) = on_the_way.join_next().await else { return Ok(fetched) };
        let (index, read) = brought.map_err(|error| lost(&error))?;
        let (slice, tier) = read?;
        let bytes = slice.len() as u64;
        fetched += match (index, tier) {
            (_, Tier::Bucket) => bytes,
            (0, Tier::Memory | Tier::Disk) => first.fetched(bytes),
            (_, Tier::Memory | Tier::Disk) => 0,
        };
    }
}

/// Where the first slice was found, which is read to tell the type of an object that was not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    /// In the bucket, just now.
    Fetched,
    /// It was here, or was not read.
    Here,
}

impl First {
    fn fetched(self, bytes: u64) -> u64 {
        match self {
            Self::Fetched => bytes,
            Self::Here => 0,
        }
    }
}

/// A slice whose task has ended without it.
fn lost(error: &JoinError) -> OpenError {
    OpenError::from(UpstreamError::Unreachable(error.to_string().into()))
}
