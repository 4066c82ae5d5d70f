//! The folder on the disk: the one place that touches it.
//!
//! All files lie side by side in one directory, which is held open: a name has no slash in it, so nothing that lies
//! about in the folder, no link either, leads elsewhere.

use std::fs::{File, FileTimes, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, DirBuilder, DirBuilderExt, DirEntry, OpenOptions, OpenOptionsExt};
use rustix::fs::OFlags;

use super::error::OpenCacheError;
use super::id::{Named, SliceId};

/// Where the slices are. The number goes up when names are made differently.
const SLICES: &str = "slices-1";

/// Held by the process that uses the folder.
const LOCK: &str = "media-origin.lock";

/// Media may be private: nobody else looks into the folder, or reads a file in it.
const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// A link is no file of ours, and nothing waits for the other end of a FIFO.
const PLAIN: OFlags = OFlags::NOFOLLOW.union(OFlags::NONBLOCK);

/// The folder, and the right to it.
pub(super) struct Folder {
    path: PathBuf,
    slices: Dir,
    /// Let go when it is closed, by the kernel too when the process dies.
    _lock: File,
}

/// The file of a slice as it was found when the folder was opened.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: SliceId,
    /// Bytes of the file.
    pub(super) length: u64,
    pub(super) modified: SystemTime,
}

/// What came of reading a file.
#[derive(Debug)]
pub(super) enum Read {
    /// All of it, and nobody has said yet that it is right.
    Whole(Vec<u8>),
    /// It cannot be right.
    Damaged,
    /// There is none.
    Gone,
    /// It could not be opened, which says nothing of the file.
    Failed(io::Error),
}

impl Folder {
    /// Opens the folder, or makes it and those above it.
    pub(super) fn open(path: &Path) -> Result<Self, OpenCacheError> {
        let refuse = |place: PathBuf| move |error| OpenCacheError::Io { place, error };
        let folder = make_and_open(path).map_err(refuse(path.to_owned()))?;
        let lock = lock(&folder).map_err(|error| match error {
            TryLockError::WouldBlock => OpenCacheError::InUse(path.to_owned()),
            TryLockError::Error(error) => refuse(path.join(LOCK))(error),
        })?;
        let slices = slices(&folder).map_err(refuse(path.join(SLICES)))?;
        Ok(Self { path: path.to_owned(), slices, _lock: lock })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Every file of a slice, and an end to what was being written when a process died. Opens no file.
    pub(super) fn scan(&self) -> io::Result<Vec<Found>> {
        let mut all = Vec::new();
        for entry in self.slices.entries()? {
            let entry = entry?;
            match entry.file_name().to_str().map_or(Named::Foreign, Named::read) {
                Named::Slice(id) => all.extend(found(&entry, id)?),
                Named::Draft => removed(entry.remove_file())?,
                Named::Foreign => {}
            }
        }
        Ok(all)
    }

    /// Reads the file of a slice, of at most so many bytes, and stamps it with the time of that use if there is one.
    pub(super) fn read(&self, id: &SliceId, most: u64, stamp: Option<SystemTime>) -> Read {
        match self.open_slice(id) {
            Ok(Some(file)) => {
                if let Some(used) = stamp {
                    // Where it cannot be stamped, the order over a restart is less right, and no more.
                    let _unstamped = file.set_times(FileTimes::new().set_modified(used));
                }
                read_whole(file, most).map_or(Read::Damaged, Read::Whole)
            }
            Ok(None) => Read::Damaged,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Read::Gone,
            Err(error) => Read::Failed(error),
        }
    }

    /// Opens the file of a slice, `None` if it is no regular file.
    fn open_slice(&self, id: &SliceId) -> io::Result<Option<File>> {
        // To open a FIFO or a device has effects even when it does not block, so look first.
        if !self.slices.symlink_metadata(id.name())?.is_file() {
            return Ok(None);
        }
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(PLAIN.bits().cast_signed());
        Ok(Some(self.slices.open_with(id.name(), &options)?.into_std()))
    }

    /// Writes the file of a slice under the name of a draft. Not waited for until it is on the disk: a power failure
    /// that cuts it short shows in its checksum.
    pub(super) fn draft(&self, id: &SliceId, parts: [&[u8]; 2], now: SystemTime) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(FILE_MODE);
        options.custom_flags(PLAIN.bits().cast_signed());
        let mut file = self.slices.open_with(id.draft_name(), &options)?.into_std();
        parts.into_iter().try_for_each(|part| file.write_all(part))?;
        file.set_times(FileTimes::new().set_modified(now))
    }

    /// Gives a draft the name of its slice.
    pub(super) fn publish(&self, id: &SliceId) -> io::Result<()> {
        self.slices.rename(id.draft_name(), &self.slices, id.name())
    }

    /// Removes a draft, if there is one.
    pub(super) fn discard(&self, id: &SliceId) -> io::Result<()> {
        removed(self.slices.remove_file(id.draft_name()))
    }

    /// Removes the file of a slice, if there is one.
    pub(super) fn remove(&self, id: &SliceId) -> io::Result<()> {
        removed(self.slices.remove_file(id.name()))
    }
}

fn make_and_open(path: &Path) -> io::Result<Dir> {
    let mut builder = std::fs::DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(builder.recursive(true), FOLDER_MODE).create(path)?;
    Dir::open_ambient_dir(path, ambient_authority())
}

fn lock(folder: &Dir) -> Result<File, TryLockError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(FILE_MODE).custom_flags(PLAIN.bits().cast_signed());
    let file = folder.open_with(LOCK, &options).map_err(TryLockError::Error)?.into_std();
    file.try_lock()?;
    Ok(file)
}

fn slices(folder: &Dir) -> io::Result<Dir> {
    let mut builder = DirBuilder::new();
    builder.mode(FOLDER_MODE);
    match folder.create_dir_with(SLICES, &builder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    if !folder.symlink_metadata(SLICES)?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is there, and is no folder"));
    }
    folder.open_dir(SLICES)
}

/// Reads an open file. One that is too long is not read, and one that cannot be read is no better than a damaged one.
fn read_whole(file: File, most: u64) -> Option<Vec<u8>> {
    let metadata = file.metadata().ok()?;
    let length = metadata.len();
    if !metadata.is_file() || length > most {
        return None;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).ok()?);
    file.take(length).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The file of a slice, if it is a regular file and still there.
fn found(entry: &DirEntry, id: SliceId) -> io::Result<Option<Found>> {
    match entry.metadata() {
        Ok(metadata) if metadata.is_file() => {
            Ok(Some(Found { id, length: metadata.len(), modified: metadata.modified()?.into_std() }))
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(None),
    }
}

/// A file that is gone is removed. A directory was never one of ours.
fn removed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::IsADirectory) => Ok(()),
        result => result,
    }
}
