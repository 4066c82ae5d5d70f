//! Why an answer did not come to its end.

use std::io;

use crate::store::OpenError;

/// The ways in which an answer is cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abort {
    /// The connection ended before all of the body was taken: the client left, or was too slow, or the server stopped.
    Connection,
    /// The connection ended before there was an answer.
    Unanswered,
    /// The asset became another while it was sent.
    Changed,
    /// The bucket failed.
    Bucket,
    /// The file could not be read.
    Read,
}

impl Abort {
    /// Every way there is.
    pub const ALL: [Self; 5] = [Self::Connection, Self::Unanswered, Self::Changed, Self::Bucket, Self::Read];

    /// A word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Unanswered => "unanswered",
            Self::Changed => "changed",
            Self::Bucket => "bucket",
            Self::Read => "read",
        }
    }
}

/// As the reading of the bytes tells it.
impl From<&io::Error> for Abort {
    fn from(error: &io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<OpenError>()) {
            Some(OpenError::NotFound | OpenError::KeepsChanging) => Self::Changed,
            Some(OpenError::Upstream(_)) => Self::Bucket,
            None if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) => {
                Self::Changed
            }
            Some(OpenError::Overloaded | OpenError::Io(_)) | None => Self::Read,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::bucket::UpstreamError;
    use std::sync::Arc;

    #[test]
    fn each_error_has_its_reason() {
        let io = || Arc::new(io::Error::other("the disk is broken"));
        for (error, reason) in [
            (OpenError::NotFound.into(), Abort::Changed),
            (OpenError::KeepsChanging.into(), Abort::Changed),
            (OpenError::Upstream(UpstreamError::TimedOut).into(), Abort::Bucket),
            (OpenError::Io(io()).into(), Abort::Read),
            (io::Error::new(io::ErrorKind::InvalidData, "the file changed"), Abort::Changed),
            (io::ErrorKind::UnexpectedEof.into(), Abort::Changed),
            (io::ErrorKind::PermissionDenied.into(), Abort::Read),
        ] {
            assert_eq!(Abort::from(&error), reason, "{error:?}");
        }
    }
}
