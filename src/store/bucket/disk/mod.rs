//! Slices on a local disk: by the gigabyte, over a restart, and never trusted without their version and checksum.
//!
//! Each slice is a file. What the folder holds is known in memory, so that a miss touches no disk and a purge finds its
//! files; the files alone are the truth, and are listed anew when the folder is opened. Everything here waits for the
//! disk: call it away from the threads that serve.
//!
//! The cache is a memory, not a source of truth: whatever goes wrong with it costs a fetch from the bucket and nothing
//! else.
//!
//! | file | holds |
//! |---|---|
//! | `folder` | the files, and the right to them |
//! | `id` | their names |
//! | `header` | what they begin with: whose bytes, and the checksum |
//! | `index` | which there are, and the order of their use |
//! | `writing` | bringing one in |
//! | `trouble` | what went wrong, counted |
//! | `error` | why a folder cannot be opened |
//! | `collector` | what is to be seen of it at `/metrics` |

mod collector;
mod error;
mod folder;
mod header;
mod id;
mod index;
mod trouble;
mod writing;

#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

pub use error::OpenCacheError;

use super::SliceKey;
use crate::clock::Clock;
use crate::store::{AssetPath, Purged};
use folder::{Folder, Found, Read};
use id::{AssetId, SliceId};
use index::{Hit, Index};
use trouble::Trouble;
use writing::Writing;

/// Bytes that file systems give out at a time.
const BLOCK: u64 = 4096;

/// Slices in a folder, bounded by the bytes they take there; what was used least recently goes first.
pub struct DiskCache {
    folder: Folder,
    /// Never held while the disk is waited for.
    index: Mutex<Index>,
    /// Held while files come to a slice's name or go from it, and never while one is read or written: so the index and
    /// the folder say the same to whoever holds it. Take it before the index.
    names: Mutex<()>,
    clock: Clock,
    damaged: Trouble,
    failed: Trouble,
}

impl DiskCache {
    /// Opens `folder`, or makes it and those above it, for at most `capacity` bytes of the disk. What is there is
    /// kept, as far as it fits; its files are listed and not read. Files that are not of this cache are left alone.
    ///
    /// # Errors
    /// See [`OpenCacheError`].
    pub fn open(folder: &Path, capacity: u64, clock: Clock) -> Result<Self, OpenCacheError> {
        let refuse = |error| OpenCacheError::Io { place: folder.to_owned(), error };
        let cache = Self {
            folder: Folder::open(folder)?,
            index: Mutex::new(Index::new(capacity)),
            names: Mutex::new(()),
            clock,
            damaged: Trouble::default(),
            failed: Trouble::default(),
        };
        cache.adopt(cache.folder.scan().map_err(refuse)?);
        cache.make_room(0).map_err(refuse)?;
        Ok(cache)
    }

    /// The bytes of a slice, if they are here and are what they should be. Files that are not are removed.
    #[must_use]
    pub fn get(&self, key: &SliceKey) -> Option<Bytes> {
        let (id, now) = (SliceId::of(key), self.clock.now());
        let hit = self.index().hit(&id, now)?;
        let most = key.size.saturating_add(header::LENGTH as u64);
        match self.folder.read(&id, most, hit.stamp.then_some(now)) {
            Read::Whole(file) => header::verified(key, file).or_else(|| self.found_damaged(&id, hit)),
            Read::Damaged => self.found_damaged(&id, hit),
            Read::Gone => {
                self.forget(&id, hit);
                None
            }
            Read::Failed(error) => {
                self.note_failure(&error);
                None
            }
        }
    }

    /// Keeps the bytes of a slice, unless they are here, cannot fit, or are longer than the key says. That they cannot
    /// be kept is counted, and told at most once a minute.
    pub fn put(&self, key: &SliceKey, bytes: &Bytes) {
        let Some(writing) = Writing::begin(self, key, bytes) else { return };
        if let Err(error) = writing.draft(key, bytes).and_then(Writing::publish) {
            self.note_failure(&error);
        }
    }

    /// Forgets every slice of every version of an asset, those that are being written too. After it has returned, none
    /// is found. A file that the disk does not let go is counted as a failure, and found again after a restart.
    pub fn purge(&self, path: &AssetPath) -> Purged {
        let _names = self.names();
        let slices = self.index().purge(AssetId::of(path));
        let mut purged = Purged::default();
        for id in slices {
            if let Err(error) = self.folder.remove(&id) {
                self.note_failure(&error);
            }
            purged.slices += 1;
            purged.bytes += self.index().remove(&id).unwrap_or_default();
        }
        purged
    }

    /// Bytes that the slices take on the disk, in whole blocks.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.index().bytes()
    }

    /// How many slices there are.
    #[must_use]
    pub fn slices(&self) -> u64 {
        self.index().slices() as u64
    }

    /// How many files were not what they should have been.
    #[must_use]
    pub fn damaged(&self) -> u64 {
        self.damaged.count()
    }

    /// How often the disk said no.
    #[must_use]
    pub fn failures(&self) -> u64 {
        self.failed.count()
    }

    /// Takes over what was found, in the order in which it was used.
    fn adopt(&self, mut found: Vec<Found>) {
        found.sort_unstable_by_key(|slice| (slice.modified, slice.id));
        // What a wrong clock stamped with a time to come must not be the last to go for ever.
        let now = self.clock.now();
        let mut index = self.index();
        for slice in found {
            index.insert(slice.id, on_disk(slice.length), slice.modified.min(now));
        }
    }

    /// Removes what was used least recently until so many bytes fit. Call it with the names held.
    fn make_room(&self, bytes: u64) -> io::Result<()> {
        loop {
            // A statement of its own, so that the index is free while the disk is waited for.
            let oldest = self.index().in_the_way_of(bytes);
            let Some(oldest) = oldest else { return Ok(()) };
            self.folder.remove(&oldest)?;
            self.index().remove(&oldest);
        }
    }

    /// Counts a damaged file, once, however many found it so.
    fn found_damaged(&self, id: &SliceId, hit: Hit) -> Option<Bytes> {
        if self.forget(id, hit) {
            let folder = self.folder.path();
            self.damaged.note(self.clock.now(), |damaged| {
                tracing::warn!(?folder, damaged, "a slice on the disk was damaged; it is fetched again");
            });
        }
        None
    }

    /// Removes a file that was hit and is of no use, unless it is another by now. Returns whether it was there.
    fn forget(&self, id: &SliceId, hit: Hit) -> bool {
        let _names = self.names();
        let held = self.index().holds(id, hit);
        if held {
            if let Err(error) = self.folder.remove(id) {
                self.note_failure(&error);
            }
            self.index().remove(id);
        }
        held
    }

    fn note_failure(&self, error: &io::Error) {
        let folder = self.folder.path();
        self.failed.note(self.clock.now(), |failures| {
            tracing::warn!(?folder, %error, failures, "the disk cannot keep or give back slices; they are fetched again");
        });
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn names(&self) -> MutexGuard<'_, ()> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for DiskCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DiskCache").field("folder", &self.folder.path()).finish_non_exhaustive()
    }
}

/// About how many bytes of the disk a file takes: whole blocks, at least one.
fn on_disk(length: u64) -> u64 {
    (length / BLOCK + 1).saturating_mul(BLOCK)
}
