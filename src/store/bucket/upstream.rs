//! Why the bucket gave no answer that can be used.

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// What came of asking the bucket, where it is not what was asked for. Several requests may share one failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpstreamError {
    /// There is no such object (or no such version of it).
    NotFound,
    /// The object is no longer the version that was asked for.
    Changed,
    /// The bucket answered with an error, 403 and 503 among them.
    Refused {
        /// Its status.
        status: StatusCode,
        /// The code in its answer, such as `AccessDenied` or `SlowDown`.
        code: Option<Box<str>>,
    },
    /// No connection, or one that broke.
    Unreachable(Box<str>),
    /// It did not answer in time.
    TimedOut,
    /// It was not asked, because there is no room for what it would answer.
    NoRoom,
    /// It answered what no answer to the request can be: other bytes than were asked for, or too few.
    Malformed(Box<str>),
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("the bucket has no such object"),
            Self::Changed => f.write_str("the object was replaced while it was read"),
            Self::Refused { status, code: None } => write!(f, "the bucket answers {status}"),
            Self::Refused { status, code: Some(code) } => write!(f, "the bucket answers {status}: {code}"),
            Self::Unreachable(why) => write!(f, "the bucket cannot be reached: {why}"),
            Self::TimedOut => f.write_str("the bucket does not answer in time"),
            Self::NoRoom => f.write_str("there is no memory left for what the bucket would send"),
            Self::Malformed(what) => write!(f, "the bucket's answer cannot be right: {what}"),
        }
    }
}

impl std::error::Error for UpstreamError {}

/// Waits for a turn to ask the bucket, for so long at most.
///
/// # Errors
/// [`UpstreamError::TimedOut`] if it does not come: to whoever asked, that is the same as a bucket that is too slow.
pub(super) async fn turn(
    turns: &Semaphore,
    patience: Duration,
) -> Result<SemaphorePermit<'_>, UpstreamError> {
    let turn = timeout(patience, turns.acquire()).await.map_err(|_elapsed| UpstreamError::TimedOut)?;
    Ok(turn.expect("turns are never closed"))
}
