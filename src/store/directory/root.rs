//! Opening beneath the root, and nowhere else.
//!
//! The kernel resolves the whole path (`openat2` with `RESOLVE_BENEATH`): a link that leaves the root, or that is
//! swapped for one between two system calls, cannot be followed out. A link that stays inside is followed.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use cap_std::ambient_authority;
use cap_std::fs::{Dir, FileExt, Metadata, MetadataExt, OpenOptions, OpenOptionsExt};
use rustix::fs::OFlags;

use super::{Fingerprint, at_hand};
use crate::store::digest::PIECE;
use crate::store::spare::Spare;
use crate::store::{AssetPath, OpenError};

/// Neither waits for the other end of a FIFO nor takes a terminal.
pub(super) const NEVER_BLOCK: OFlags = OFlags::NONBLOCK.union(OFlags::NOCTTY);

/// The directory whose files are the assets. It is opened anew for each look, so that a root which is swapped for
/// another, as deployments do, is the other from then on.
#[derive(Debug)]
pub struct Root {
    path: PathBuf,
    /// Whether it was on a file system of this machine at the start.
    is_local: bool,
}

/// A regular file beneath the root, open, and what it was when it was opened.
#[derive(Debug)]
pub struct Opened {
    file: cap_std::fs::File,
    fingerprint: Fingerprint,
}

impl Root {
    /// Opens the root itself.
    ///
    /// # Errors
    /// If `path` is no directory that can be listed.
    pub fn open(path: &Path) -> io::Result<Self> {
        let root = Self { path: path.to_owned(), is_local: at_hand::is_local(path) };
        root.dir()?.entries()?;
        Ok(root)
    }

    fn dir(&self) -> io::Result<Dir> {
        Dir::open_ambient_dir(&self.path, ambient_authority())
    }

    /// The root, for a look at an asset. That the root itself cannot be opened is no reason to call the asset missing.
    fn dir_of_assets(&self) -> Result<Dir, OpenError> {
        self.dir().map_err(|error| OpenError::Io(Arc::new(error)))
    }

    /// Opens the regular file of that name.
    ///
    /// # Errors
    /// [`OpenError::NotFound`] if there is none: no such name, a directory, a FIFO, a socket, a device, or a link
    /// that leaves the root. [`OpenError::Io`] if it is there and cannot be read.
    pub fn asset(&self, path: &AssetPath) -> Result<Opened, OpenError> {
        // To open a FIFO or a device has effects even when it does not block, so look first.
        let dir = self.dir_of_assets()?;
        regular(&dir.metadata(path.as_str())?)?;
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(NEVER_BLOCK.bits().cast_signed());
        let file = dir.open_with(path.as_str(), &options)?;
        let metadata = file.metadata()?;
        regular(&metadata)?;
        Ok(Opened { file, fingerprint: Fingerprint::of(&metadata) })
    }

    /// The same where that needs no wait for the disk.
    #[must_use]
    pub fn asset_at_hand(&self, path: &AssetPath) -> Option<Result<Opened, OpenError>> {
        let opened = self.is_local.then(|| at_hand::open(&self.path, path.as_str()))??;
        Some(opened.map(|(file, fingerprint)| {
            let file = cap_std::fs::File::from_std(File::from(file));
            Opened { file, fingerprint }
        }))
    }

    /// Where the root is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a path, relative to the root, leads to something inside it.
    #[must_use]
    pub fn contains(&self, path: &Path) -> bool {
        self.dir().and_then(|dir| dir.metadata(path)).is_ok()
    }

    /// What the file of that name is now, without opening it.
    ///
    /// # Errors
    /// As [`asset`](Self::asset).
    pub fn fingerprint(&self, path: &AssetPath) -> Result<Fingerprint, OpenError> {
        let metadata = self.dir_of_assets()?.metadata(path.as_str())?;
        regular(&metadata)?;
        Ok(Fingerprint::of(&metadata))
    }

    /// The same where that can be told without waiting for the disk.
    #[must_use]
    pub fn fingerprint_at_hand(&self, path: &AssetPath) -> Option<Result<Fingerprint, OpenError>> {
        self.is_local.then(|| at_hand::fingerprint(&self.path, path.as_str()))?
    }
}

fn regular(metadata: &Metadata) -> Result<(), OpenError> {
    if metadata.is_file() { Ok(()) } else { Err(OpenError::NotFound) }
}

impl Opened {
    /// What the file was when it was opened.
    #[must_use]
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// Whether the file is still what it was when it was opened. That another was renamed over it meanwhile changes
    /// its change time, and not its bytes.
    ///
    /// # Errors
    /// If the open file cannot be looked at.
    pub fn is_unchanged(&self) -> io::Result<bool> {
        let metadata = self.file.metadata()?;
        let now = Fingerprint::of(&metadata);
        Ok(now == self.fingerprint || metadata.nlink() == 0 && now.is_but_for_changed(&self.fingerprint))
    }

    /// The same file as the standard library knows it, for readers that seek.
    ///
    /// # Errors
    /// If the process has no file descriptor left.
    pub fn reader(&self) -> io::Result<File> {
        Ok(self.file.try_clone()?.into_std())
    }

    /// Reads piece number `index`, counted from 0, as long as it was when the file was opened.
    ///
    /// # Errors
    /// `UnexpectedEof` if the file has become shorter; otherwise as the file system says.
    pub fn read_piece(&self, index: u64) -> io::Result<Bytes> {
        let (start, mut piece) = self.space_for(index);
        self.file.read_exact_at(piece.as_mut(), start)?;
        Ok(piece.into_bytes())
    }

    /// The same where that needs no wait for the disk.
    #[must_use]
    pub fn piece_at_hand(&self, index: u64) -> Option<Bytes> {
        let (start, mut piece) = self.space_for(index);
        at_hand::read(&self.file, piece.as_mut(), start).then(|| piece.into_bytes())
    }

    /// Where a piece starts, and memory for it.
    fn space_for(&self, index: u64) -> (u64, Spare) {
        let start = index * PIECE as u64;
        let left = self.fingerprint.length().saturating_sub(start);
        (start, Spare::take(usize::try_from(left).unwrap_or(PIECE)))
    }

    /// How many pieces it has.
    #[must_use]
    pub fn pieces(&self) -> u64 {
        self.fingerprint.length().div_ceil(PIECE as u64)
    }
}
