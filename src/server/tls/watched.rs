//! Certificate files that change: seen by reading them every few seconds, which no way of replacing files escapes:
//! neither `rename`, nor a link that is set anew far up the path, as certbot and Kubernetes do it.
//!
//! New contents are judged only when they were read twice alike, so that files which are just being written are left
//! alone; and used only if certificate and key belong together. Until then the old ones stay.

use std::convert::Infallible;
use std::time::{Duration, SystemTime};

use super::certificates::Certificates;
use super::files::{self, Contents, FileError, Fingerprint, Warning};
use super::identity::{Facts, Identity};
use crate::clock::Clock;
use crate::config::CertificateFiles;

/// How often files are read.
const PERIOD: Duration = Duration::from_secs(2);

/// How often the log says what is odd about the time for which a certificate is good.
const REMINDER: Duration = Duration::from_hours(24);

/// A pair of files, and what is known of it.
#[derive(Debug)]
pub(super) struct Watched {
    files: CertificateFiles,
    sight: Sight,
    reminded: SystemTime,
}

/// What was seen of a pair of files.
#[derive(Debug)]
struct Sight {
    /// What was last judged: used or refused.
    judged: Seen,
    /// What was last read.
    read: Seen,
}

/// What one look at a pair of files gives.
type Seen = Result<Fingerprint, FileError>;

impl Watched {
    /// A pair of files of which these contents are in use.
    /// What is odd about them has been said at that time.
    pub(super) fn new(files: CertificateFiles, used: Fingerprint, now: SystemTime) -> Self {
        Self { files, sight: Sight { judged: Ok(used), read: Ok(used) }, reminded: now }
    }

    /// Looks once more; the new certificate, if there is one.
    fn look(&mut self) -> Option<Identity> {
        let contents = Contents::read(&self.files);
        let seen = contents.as_ref().map(Contents::fingerprint).map_err(Clone::clone);
        if !self.sight.is_to_be_judged(seen) {
            return None;
        }
        match contents.and_then(|contents| contents.identity(&self.files)) {
            Ok(identity) => Some(identity),
            Err(error) => {
                tracing::warn!(help = error.help(), "the certificate in use stays: {}", error.sentence());
                None
            }
        }
    }

    /// What there is to say of the time for which it is good: once a day at most.
    fn reminder(&mut self, facts: &Facts, now: SystemTime) -> Option<Warning> {
        if now.duration_since(self.reminded).is_ok_and(|age| age < REMINDER) {
            return None;
        }
        let warning = files::of_time(&self.files, facts, now)?;
        self.reminded = now;
        Some(warning)
    }
}

impl Sight {
    /// Takes another look into account: whether it shows something new that has settled.
    fn is_to_be_judged(&mut self, seen: Seen) -> bool {
        let settled = seen == self.read;
        let is_new = seen != self.judged;
        self.read = seen;
        if settled && is_new {
            self.judged = self.read.clone();
        }
        settled && is_new
    }
}

/// Uses what changes, for as long as it is polled.
pub(super) async fn watch(mut pairs: Vec<Watched>, certificates: &Certificates, clock: &Clock) -> Infallible {
    loop {
        tokio::time::sleep(PERIOD).await;
        // A disk that is slow stops no connection.
        let looked = tokio::task::spawn_blocking(move || {
            let new: Vec<_> = pairs.iter_mut().map(Watched::look).collect();
            (pairs, new)
        });
        let Ok((looked, new)) = looked.await else { std::future::pending().await };
        pairs = looked;
        for (index, identity) in new.into_iter().enumerate() {
            let Some(identity) = identity else { continue };
            let facts = identity.facts.clone();
            certificates.replace(index, identity);
            tracing::info!("a new certificate is in use: {facts}");
        }
        let now = clock.now();
        for (pair, facts) in pairs.iter_mut().zip(certificates.facts()) {
            if let Some(warning) = pair.reminder(&facts, now) {
                warning.log();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_is_near_is_said_once_a_day() {
        let files = CertificateFiles { certificate: "a".into(), key: "b".into() };
        let hour = |hours| SystemTime::UNIX_EPOCH + Duration::from_hours(hours);
        let mut pair = Watched::new(files, [0; 32], hour(0));
        let facts = Facts { names: Vec::new(), not_before: hour(0), not_after: hour(30 * 24) };
        let said: Vec<_> = (0..550).filter(|now| pair.reminder(&facts, hour(*now)).is_some()).collect();
        assert_eq!(said, [481, 505, 529], "when less than a third of its 720 hours is left");
    }

    #[test]
    fn what_was_read_twice_alike_is_judged_once() {
        let (old, new, half) = ([1; 32], [2; 32], [3; 32]);
        let mut sight = Sight { judged: Ok(old), read: Ok(old) };
        let looks = [
            (old, false),
            (half, false),
            (new, false),
            (new, true),
            (new, false),
            (half, false),
            (new, false),
            (new, false),
            (old, false),
            (old, true),
        ];
        for (at, (seen, judged)) in looks.into_iter().enumerate() {
            assert_eq!(sight.is_to_be_judged(Ok(seen)), judged, "look {at}");
        }
    }
}
