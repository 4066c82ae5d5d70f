//! Slices: the name of one, and the object that is read in them.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use super::shared::Shared;
use super::{Object, UpstreamError};
use crate::semantics::representation::Version;
use crate::store::{AssetPath, OpenError, Tier};

/// The bytes from `index × size` up to and without `(index + 1) × size`, or the end of the object.
///
/// The bytes of a version never change, so what is kept under a key is right for ever.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SliceKey {
    /// The asset.
    pub path: AssetPath,
    /// The version of its bytes.
    pub version: Version,
    /// Bytes of a full slice.
    pub size: u64,
    /// The number of the slice, counted from 0.
    pub index: u64,
}

impl SliceKey {
    /// The positions of its bytes in an object of that length.
    #[must_use]
    pub fn range(&self, complete_length: u64) -> Range<u64> {
        let start = self.index * self.size;
        start..(start + self.size).min(complete_length)
    }
}

/// One version of an object, read slice by slice.
#[derive(Debug)]
pub struct SlicedObject {
    shared: Arc<Shared>,
    path: AssetPath,
    object: Arc<Object>,
    version: Version,
}

impl SlicedObject {
    /// `version` is the object's, which whoever knows the object has computed.
    pub(super) fn new(shared: Arc<Shared>, path: AssetPath, object: Arc<Object>, version: Version) -> Self {
        Self { shared, path, object, version }
    }

    /// Bytes of each slice but the last.
    #[must_use]
    pub fn slice_size(&self) -> u64 {
        self.shared.slice_size
    }

    /// Whether all of it is in one slice.
    #[must_use]
    pub fn is_one_slice(&self) -> bool {
        self.object.complete_length <= self.slice_size()
    }

    /// Room for a slice that nobody needs yet, if there is any now. Hold it until it is needed.
    pub(in crate::store) fn room_ahead(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.shared.read_ahead).try_acquire_owned().ok()
    }

    /// Slice number `index`, if it is in memory.
    #[must_use]
    pub fn at_hand(&self, index: u64) -> Option<Bytes> {
        self.shared.slices.at_hand(&self.key(index))
    }

    /// Slice number `index`, counted from 0.
    ///
    /// # Errors
    /// If the bucket does not give it; where that is because the object was replaced, what is known of it is forgotten.
    pub async fn slice(&self, index: u64) -> io::Result<Bytes> {
        let read = self.read(index).await;
        read.map(|(slice, _)| slice).map_err(|error| OpenError::from(error).into())
    }

    /// The same, and where it was found.
    pub(super) async fn read(&self, index: u64) -> Result<(Bytes, Tier), UpstreamError> {
        let read = self.shared.slices.slice(self.key(index), &self.object).await;
        if let Err(UpstreamError::Changed | UpstreamError::NotFound) = read {
            self.shared.objects.forget(&self.path, &self.object);
        }
        read
    }

    fn key(&self, index: u64) -> SliceKey {
        SliceKey { path: self.path.clone(), version: self.version, size: self.slice_size(), index }
    }
}
