//! Opening beneath the root, and nowhere else.
//!
//! The kernel resolves the whole path (`openat2` with `RESOLVE_BENEATH`): a link that leaves the root, or that is
//! swapped for one between two system calls, cannot be followed out. A link that stays inside is followed.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, FileExt, Metadata, OpenOptions, OpenOptionsExt};
use rustix::fs::OFlags;

use super::Fingerprint;
use crate::store::digest::PIECE;
use crate::store::{AssetPath, OpenError};

/// Neither waits for the other end of a FIFO nor takes a terminal.
const NEVER_BLOCK: OFlags = OFlags::NONBLOCK.union(OFlags::NOCTTY);

/// The directory whose files are the assets.
#[derive(Debug)]
pub struct Root {
    dir: Dir,
    /// Where it is, for listing it.
    path: PathBuf,
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
    /// If `path` is no directory that can be read.
    pub fn open(path: &Path) -> io::Result<Self> {
        let dir = Dir::open_ambient_dir(path, ambient_authority())?;
        Ok(Self { dir, path: path.to_owned() })
    }

    /// Opens the regular file of that name.
    ///
    /// # Errors
    /// [`OpenError::NotFound`] if there is none: no such name, a directory, a FIFO, a socket, a device, or a link
    /// that leaves the root. [`OpenError::Io`] if it is there and cannot be read.
    pub fn asset(&self, path: &AssetPath) -> Result<Opened, OpenError> {
        // To open a FIFO or a device has effects even when it does not block, so look first.
        regular(&self.dir.metadata(path.as_str())?)?;
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(NEVER_BLOCK.bits().cast_signed());
        let file = self.dir.open_with(path.as_str(), &options)?;
        let metadata = file.metadata()?;
        regular(&metadata)?;
        Ok(Opened { file, fingerprint: Fingerprint::of(&metadata) })
    }

    /// Where the root is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a path, relative to the root, leads to something inside it.
    #[must_use]
    pub fn contains(&self, path: &Path) -> bool {
        self.dir.metadata(path).is_ok()
    }

    /// What the file of that name is now, without opening it.
    ///
    /// # Errors
    /// As [`asset`](Self::asset).
    pub fn fingerprint(&self, path: &AssetPath) -> Result<Fingerprint, OpenError> {
        let metadata = self.dir.metadata(path.as_str())?;
        regular(&metadata)?;
        Ok(Fingerprint::of(&metadata))
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

    /// Whether the file is still what it was when it was opened.
    ///
    /// # Errors
    /// If the open file cannot be looked at.
    pub fn is_unchanged(&self) -> io::Result<bool> {
        Ok(Fingerprint::of(&self.file.metadata()?) == self.fingerprint)
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
    pub fn read_piece(&self, index: u64) -> io::Result<Vec<u8>> {
        let start = index * PIECE as u64;
        let left = self.fingerprint.length().saturating_sub(start);
        let length = usize::try_from(left).map_or(PIECE, |left| left.min(PIECE));
        let mut piece = vec![0; length];
        self.file.read_exact_at(&mut piece, start)?;
        Ok(piece)
    }

    /// How many pieces it has.
    #[must_use]
    pub fn pieces(&self) -> u64 {
        self.fingerprint.length().div_ceil(PIECE as u64)
    }
}
