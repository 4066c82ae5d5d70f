//! Why a folder cannot be opened for slices.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a folder cannot be opened for slices. What it says names the place and the remedy.
#[derive(Debug)]
pub enum OpenCacheError {
    /// Another process keeps its slices in this folder.
    InUse(PathBuf),
    /// The file system says no.
    Io {
        /// To what.
        place: PathBuf,
        /// Why.
        error: io::Error,
    },
}

impl fmt::Display for OpenCacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(folder) => write!(
                f,
                "{}: another process keeps its cache in this folder: end that process, or name another folder in \
                 `cache-dir`",
                folder.display()
            ),
            Self::Io { place, error } => write!(
                f,
                "{}: {error}: name a folder in `cache-dir` that this process may make and write to",
                place.display()
            ),
        }
    }
}

impl std::error::Error for OpenCacheError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::InUse(_) => None,
            Self::Io { error, .. } => Some(error),
        }
    }
}
