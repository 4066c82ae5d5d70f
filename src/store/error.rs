//! Why an asset could not be opened.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustix::io::Errno;

use super::bucket::UpstreamError;

/// The ways in which there is no asset to answer with. Several requests may share one failure.
#[derive(Clone, Debug)]
pub enum OpenError {
    /// There is no asset of that name.
    NotFound,
    /// The asset is no longer what it was when it was opened: it became shorter, or its bytes are others. Somebody is
    /// writing it.
    KeepsChanging,
    /// It is there, and it cannot be read.
    Io(Arc<io::Error>),
    /// The bucket gave no answer that can be used.
    Upstream(UpstreamError),
    /// There is no room for its bytes among those of other answers.
    Overloaded,
}

/// What the system says when a name leads to nothing that can be an asset.
const LEADS_NOWHERE: [Errno; 6] =
    [Errno::NOENT, Errno::NOTDIR, Errno::ISDIR, Errno::LOOP, Errno::NAMETOOLONG, Errno::NXIO];

impl From<UpstreamError> for OpenError {
    fn from(error: UpstreamError) -> Self {
        match error {
            UpstreamError::NotFound => Self::NotFound,
            UpstreamError::Changed => Self::KeepsChanging,
            UpstreamError::NoRoom => Self::Overloaded,
            ill => Self::Upstream(ill),
        }
    }
}

/// As the reading of bytes tells it. [`OpenError::from`] takes it back as it was.
impl From<OpenError> for io::Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NotFound => Self::new(io::ErrorKind::NotFound, error),
            OpenError::KeepsChanging => Self::new(io::ErrorKind::InvalidData, error),
            OpenError::Io(_) | OpenError::Upstream(_) | OpenError::Overloaded => Self::other(error),
        }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        if let Some(known) = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            return known.clone();
        }
        if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData) {
            return Self::KeepsChanging;
        }
        let leads_nowhere = match Errno::from_io_error(&error) {
            Some(errno) => LEADS_NOWHERE.contains(&errno),
            // The library's own error, without a number: the path left the root.
            None => error.kind() == io::ErrorKind::PermissionDenied,
        };
        if leads_nowhere { Self::NotFound } else { Self::Io(Arc::new(error)) }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no such asset"),
            Self::KeepsChanging => f.write_str("it changes while it is read"),
            Self::Io(source) => write!(f, "the file cannot be read: {source}"),
            Self::Upstream(error) => error.fmt(f),
            Self::Overloaded => f.write_str("there is no memory left for its bytes"),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(source) => Some(source),
            Self::Upstream(error) => Some(error),
            Self::NotFound | Self::KeepsChanging | Self::Overloaded => None,
        }
    }
}
