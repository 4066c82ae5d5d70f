//! Reading every digest ahead of the first request, in the background, with progress in the log.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::directory::{Fingerprint, Listed};
use super::inspection::Keep;
use super::inspector::Inspected;
use super::{AssetPath, Directory, OpenError, blocking, media_type};

/// How often a long warm-up says how far it is.
const REPORT_EVERY: Duration = Duration::from_secs(5);

/// So many files that no link can name are warned of one by one; `media-origin check` lists them all.
const MOST_WARNINGS: usize = 10;

impl Directory {
    /// Inspects every asset of the directory, one at a time, and drops from the ledger what is no more.
    pub async fn warm_up(self: Arc<Self>) {
        let store = Arc::clone(&self);
        let listed: Vec<Listed> = blocking(move || store.list().collect()).await;
        let assets = listed.iter().filter(|listed| matches!(listed, Listed::Asset(_))).count();
        let mut progress = Progress { assets, done: 0, bytes: 0, reported: Instant::now() };
        let mut living = HashSet::new();
        let mut unreachable = 0;
        for found in listed {
            match found {
                Listed::Asset(path) => living.extend(self.learn(&path, &mut progress).await),
                Listed::Unreachable(path, why) => {
                    unreachable += 1;
                    if unreachable <= MOST_WARNINGS {
                        tracing::warn!(?path, "no link can name this file: {why}");
                    }
                }
            }
        }
        let unreadable = assets - progress.done;
        tracing::info!(
            known = progress.done,
            unreadable,
            unreachable,
            bytes = progress.bytes,
            "digests are known"
        );
        if assets == 0 {
            tracing::warn!("there is no asset to serve: is store.root the right directory?");
        }
        // Where something could not be read, what is not known to live may live all the same.
        if assets > 0 && unreadable == 0 && self.is_reachable().await {
            self.sweep(living).await;
        }
    }

    /// Inspects one asset, and says what is wrong with it. Returns the key of its entry in the ledger.
    async fn learn(&self, path: &AssetPath, progress: &mut Progress) -> Option<[u8; 56]> {
        let learnt = self.inspect(path).await;
        let (fingerprint, inspected) =
            learnt.inspect_err(|error| tracing::warn!(asset = ?path.as_str(), "{error}")).ok()?;
        let media = media_type::settle(&inspected.inspection.format, path.file_name());
        if let Some(warning) = media.agreement.warning() {
            tracing::warn!(asset = ?path.as_str(), "{warning}");
        }
        progress.advance(fingerprint.length());
        Some(fingerprint.key())
    }

    async fn inspect(&self, path: &AssetPath) -> Result<(Fingerprint, Inspected), OpenError> {
        let (opened, _) = self.open_quiet(path).await?;
        let fingerprint = *opened.fingerprint();
        Ok((fingerprint, self.inspector.inspect(opened, Keep::Nothing).await?))
    }

    async fn sweep(self: Arc<Self>, living: HashSet<[u8; 56]>) {
        let swept = blocking(move || {
            let is_living = |key: &[u8]| key.try_into().is_ok_and(|key: [u8; 56]| living.contains(&key));
            self.inspector.ledger().map(|ledger| ledger.retain(&is_living))
        });
        match swept.await {
            Some(Err(error)) => tracing::warn!(%error, "the ledger of digests could not be swept"),
            Some(Ok(gone)) if gone > 0 => {
                tracing::info!(gone, "digests of files that are no more were dropped");
            }
            _ => {}
        }
    }
}

struct Progress {
    assets: usize,
    done: usize,
    bytes: u64,
    reported: Instant,
}

impl Progress {
    fn advance(&mut self, bytes: u64) {
        self.done += 1;
        self.bytes += bytes;
        if self.reported.elapsed() >= REPORT_EVERY {
            self.reported = Instant::now();
            tracing::info!(done = self.done, of = self.assets, bytes = self.bytes, "reading digests");
        }
    }
}
