//! Fetches a link the way a careful fetcher would, and says what would make a message with it fail.
//!
//! The link may be of any server: ours, a bucket's, another's. Each step is a room's own business:
//!
//! | file | holds |
//! |---|---|
//! | `target` | the link, as a client takes it apart |
//! | `connection` | looking up, connecting, TLS: each timed, each failure told from the others |
//! | `trust`, `certificate` | whose certificates are trusted, and what is wrong with one that is not |
//! | `session` | the requests, on one connection while the server keeps it |
//! | `spool` | the body: hashed, and kept in a file without a name |
//! | `follow_ups` | what is asked besides |
//! | `judge` | what follows from the answers: pure |
//! | `examination`, `unreachable` | what is told: the answer, or why there is none |
//!
//! The requests, in their order: a GET on a new connection, since that is how Meta's fetcher comes, and a HEAD before it
//! would warm a slow server up; then, if that was answered with a 200 and a whole body, HEAD, a conditional GET, a
//! range, and a range of a version that does not exist. No redirect is followed, no cookie kept, no content coding
//! offered, no proxy of the environment asked.

mod certificate;
mod connection;
mod examination;
mod follow_ups;
mod judge;
mod session;
mod spool;
mod target;
mod trust;
mod unreachable;

use std::time::Duration;

pub use certificate::CertificateFault;
pub use examination::{Body, Ending, Examination, Timings};
pub use target::HostAndPort;
pub use trust::Trust;
pub use unreachable::{Step, Unreachable};

use crate::clock::Clock;
use follow_ups::FollowUps;
use judge::Observed;
use session::Session;
use target::Target;

/// What an examination may take of time and disk.
#[derive(Clone, Debug)]
pub struct Limits {
    /// For looking up the name, connecting, and TLS together.
    pub connect: Duration,
    /// From a request to the end of the header section of its answer.
    pub first_byte: Duration,
    /// For the GET that brings the file, from its beginning to the end of the body.
    pub whole: Duration,
    /// For each of the requests after it, from its beginning to the end of what is read of the body.
    pub again: Duration,
    /// For all of it. A request that would not have its time is not made.
    pub all: Duration,
    /// A body of so many bytes or more is not read further, and one that is announced to be is only sampled.
    pub bytes: u64,
}

impl Default for Limits {
    /// 5 s, 10 s, 60 s, 5 s, 75 s; and a byte more than 100 MiB, above which WhatsApp takes no file, whichever way one reads its
    /// "100 MB".
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_secs(10),
            whole: Duration::from_mins(1),
            again: Duration::from_secs(5),
            all: Duration::from_secs(75),
            bytes: 100 * 1024 * 1024 + 1,
        }
    }
}

/// Examines a link, trusting whom the public web trusts.
///
/// Whatever the link names is fetched, on this machine's own network too: let only those ask who may reach it anyway.
///
/// # Errors
/// If there is no answer at all: [`Unreachable`]. Any answer, also a 404, is an [`Examination`].
pub async fn examine(url: &str, limits: &Limits, clock: &Clock) -> Result<Examination, Unreachable> {
    examine_trusting(&Trust::public_web(), url, limits, clock).await
}

/// The same, trusting certificates of others: what a test, or a network with an authority of its own, has.
///
/// # Errors
/// As [`examine`].
pub async fn examine_trusting(
    trust: &Trust,
    url: &str,
    limits: &Limits,
    clock: &Clock,
) -> Result<Examination, Unreachable> {
    let target = Target::parse(url, clock.now()).map_err(Unreachable::Link)?;
    let mut session = Session::new(&target, trust, limits, clock);
    let first = session.fetch().await?;
    let again = FollowUps::of(&mut session, &first).await;
    let findings = judge::judge(&Observed { target: &target, limits, first: &first, again });
    Ok(Examination::new(first, findings))
}
