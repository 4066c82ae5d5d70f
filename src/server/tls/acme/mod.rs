//! Certificates that are obtained from an authority, and renewed, by ACME (RFC 8555).
//!
//! | file | holds |
//! |---|---|
//! | `schedule` | when to renew, and when to try again |
//! | `order` | one certificate, from the order to the chain |
//! | `challenge` | TLS-ALPN-01 (RFC 8737): the answer that proves a name |
//! | `folder` | the account's key and the certificate, over a restart |
//! | `transport` | HTTP to the authority |
//! | `failure` | what went wrong, and what to do about it |
//!
//! Readiness does not wait for the first certificate: a balancer that sends nothing to a server which is not ready would
//! keep the authority's challenge from it too.

mod challenge;
mod failure;
mod folder;
mod order;
mod schedule;
mod transport;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

pub(super) use challenge::{ALPN_CHALLENGE, Challenges};
pub use failure::Unprepared;

use super::certificates::Certificates;
use super::identity::Identity;
use crate::clock::Clock;
use crate::config::{Acme, ListenAddress};
use failure::Failure;
use folder::Folder;
use transport::Transport;

/// How long one attempt may take, all requests and the authority's own checks together.
const ATTEMPT: Duration = Duration::from_mins(5);

/// How long to sleep at most before the clock is asked again: it may be set, and a machine may be suspended.
const NAP: Duration = Duration::from_mins(10);

/// What is needed to ask for certificates.
#[derive(Debug)]
pub(super) struct Obtaining {
    settings: Acme,
    /// Where this server is reached with TLS, for messages.
    address: String,
    folder: Folder,
    transport: Transport,
    challenges: Arc<Challenges>,
}

impl Obtaining {
    /// Opens the folder and gives the certificate in it, if it is for the same names.
    ///
    /// # Errors
    /// If nothing could be kept there, or the authority's own certificates cannot be read.
    pub(super) fn prepare(
        settings: &Acme,
        addresses: &[ListenAddress],
        challenges: Arc<Challenges>,
        clock: &Clock,
    ) -> Result<(Self, Option<Identity>), Unprepared> {
        let folder = Folder::open(&settings.cache_dir, &settings.directory_url)?;
        let transport = Transport::trusting(settings.authority.as_deref())?;
        let kept = folder.certificate().filter(|kept| is_for(kept, &settings.domains));
        let kept = kept.filter(|kept| !kept.facts.remaining(clock.now()).is_zero());
        if let Some(kept) = &kept {
            tracing::info!("the certificate that was obtained before is in use: {}", kept.facts);
        }
        let address = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        Ok((Self { settings: settings.clone(), address, folder, transport, challenges }, kept))
    }

    /// Obtains a certificate when there is none, and another one when it is time, for as long as it is polled.
    pub(super) async fn run(self, certificates: &Certificates, clock: &Clock) -> Infallible {
        let mut failures = 0;
        loop {
            if let Some(facts) = certificates.facts().first() {
                let due = schedule::renewal(facts, fastrand::f64());
                while let Ok(left) = due.duration_since(clock.now()) {
                    if left.is_zero() {
                        break;
                    }
                    tokio::time::sleep(left.min(NAP)).await;
                }
            }
            match self.attempt().await {
                Ok(identity) => {
                    failures = 0;
                    let facts = identity.facts.clone();
                    certificates.replace(0, identity);
                    tracing::info!("a certificate was obtained and is in use: {facts}");
                }
                Err(failure) => {
                    let wait = schedule::backoff(failures, fastrand::f64());
                    failures += 1;
                    self.complain(&failure, certificates, clock, wait);
                    tokio::time::sleep(wait).await;
                }
            }
        }
    }

    async fn attempt(&self) -> Result<Identity, Failure> {
        tracing::info!(domains = self.settings.domains.join(", "), "asking the authority for a certificate");
        let obtained = tokio::time::timeout(ATTEMPT, order::obtain(self)).await;
        // Whatever became of it, nobody will ask any more.
        self.challenges.forget();
        let (chain, key) = obtained.map_err(|_elapsed| Failure::timed_out())??;
        let identity = Identity::from_pem(chain.as_bytes(), key.as_bytes());
        let identity = identity.map_err(|error| Failure::unusable(&error))?;
        if !is_for(&identity, &self.settings.domains) {
            return Err(Failure::other_names(&identity.facts));
        }
        if let Err(error) = self.folder.keep_certificate(&chain, &key) {
            tracing::error!("the certificate is lost at the next start: {error}");
        }
        Ok(identity)
    }

    fn complain(&self, failure: &Failure, certificates: &Certificates, clock: &Clock, wait: Duration) {
        let again = humantime::format_duration(Duration::from_secs(wait.as_secs())).to_string();
        let help = failure.help(&self.settings, &self.address);
        let facts = certificates.facts();
        match facts.first().map(|facts| facts.remaining(clock.now())) {
            None => tracing::error!(help, again_in = again, "no certificate: {failure}"),
            Some(left) if left.is_zero() => {
                tracing::error!(
                    help,
                    again_in = again,
                    "the certificate has expired, and there is no new one: {failure}"
                );
            }
            Some(left) => {
                let left = humantime::format_duration(Duration::from_secs(left.as_secs()));
                tracing::error!(
                    help,
                    again_in = again,
                    "no new certificate, the old one is good for {left}: {failure}"
                );
            }
        }
    }
}

/// Whether an authority could be asked, as far as files of this machine go.
///
/// # Errors
/// If the authority's own certificates cannot be read.
pub(super) fn examine(settings: &Acme) -> Result<(), Unprepared> {
    Transport::trusting(settings.authority.as_deref()).map(|_| ())
}

/// Whether a certificate is for all of these names.
fn is_for(identity: &Identity, domains: &[String]) -> bool {
    domains.iter().all(|domain| identity.facts.covers(domain))
}
