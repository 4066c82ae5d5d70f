//! Bringing a slice in: written under another name first, and found only when it is whole.

use std::io;

use bytes::Bytes;

use super::id::SliceId;
use super::index::Draft;
use super::{DiskCache, header, on_disk};
use crate::store::bucket::SliceKey;

/// A slice on its way in, which nobody finds yet. However it ends, no draft is left behind.
pub(super) struct Writing<'a> {
    cache: &'a DiskCache,
    id: SliceId,
    /// Bytes that it will take on the disk.
    bytes: u64,
}

impl<'a> Writing<'a> {
    /// Begins to write a slice, if it is to be written and nobody else writes it.
    pub(super) fn begin(cache: &'a DiskCache, key: &SliceKey, bytes: &Bytes) -> Option<Self> {
        let (id, length) = (SliceId::of(key), bytes.len() as u64);
        let on_disk = on_disk(length + header::LENGTH as u64);
        let begins = length <= key.size && cache.index().begin(id, on_disk);
        // Made only then: to drop one removes its draft.
        begins.then(|| Self { cache, id, bytes: on_disk })
    }

    /// Writes all of it, under a name that nobody looks for.
    pub(super) fn draft(self, key: &SliceKey, bytes: &Bytes) -> io::Result<Self> {
        let header = header::of(key, bytes);
        self.cache.folder.draft(&self.id, [&header, bytes], self.cache.clock.now())?;
        Ok(self)
    }

    /// Lets it be found, unless its asset was purged meanwhile. Others go only now: what could not be written has
    /// cost nothing.
    pub(super) fn publish(self) -> io::Result<()> {
        let _names = self.cache.names();
        if self.cache.index().draft(&self.id) == Some(Draft::Wanted) {
            self.cache.make_room(self.bytes)?;
            self.cache.folder.publish(&self.id)?;
            self.cache.index().insert(self.id, self.bytes, self.cache.clock.now());
        }
        Ok(())
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        // A draft that stays is swept when the folder is opened next.
        let _left_behind = self.cache.folder.discard(&self.id);
        self.cache.index().end(&self.id);
    }
}
