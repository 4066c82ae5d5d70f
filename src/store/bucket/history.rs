//! Versions that are no longer current, for links that are pinned to them.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;
use tokio::sync::Semaphore;

use super::shared::{Known, Shared};
use super::{Object, UpstreamError};
use crate::semantics::representation::Version;
use crate::store::{AssetPath, CacheStatus, OpenError};

/// How many old versions of an object are asked for their digest, the newest first.
const MOST: usize = 20;

/// How many objects' histories are remembered.
const HISTORIES: u64 = 10_000;

/// How many old versions are known at a time.
const VERSIONS: u64 = 10_000;

/// How many histories are asked for at a time: anybody may ask for a version that never was.
const AT_A_TIME: usize = 4;

/// What the bucket keeps of the past.
#[derive(Debug)]
pub(super) struct History {
    /// The old versions of an object, for as long as the object itself is taken for unchanged.
    versions: Cache<AssetPath, Arc<[Past]>>,
    /// What goes out for an old version. It never changes.
    known: Cache<(AssetPath, Version), Arc<Known>>,
    turns: Semaphore,
}

/// One version that the bucket keeps.
#[derive(Debug)]
struct Past {
    version: Version,
    object: Arc<Object>,
}

impl History {
    /// Nothing known yet. Each history is asked for again after `fresh`.
    pub(super) fn new(fresh: Duration) -> Self {
        Self {
            versions: Cache::builder().max_capacity(HISTORIES).time_to_live(fresh).build(),
            known: Cache::new(VERSIONS),
            turns: Semaphore::new(AT_A_TIME),
        }
    }

    /// The version that `pin` names, if the bucket keeps it.
    ///
    /// # Errors
    /// If the bucket cannot be asked.
    pub(super) async fn version(
        &self,
        shared: &Arc<Shared>,
        path: &AssetPath,
        pin: &str,
    ) -> Result<Option<(Arc<Known>, CacheStatus)>, OpenError> {
        let versions = self.versions.try_get_with_by_ref(path, self.ask(shared, path)).await;
        let versions = versions.map_err(|error| OpenError::from(UpstreamError::clone(&error)))?;
        let Some(past) = versions.iter().find(|past| past.version.is_pinned_by(pin)) else { return Ok(None) };
        let key = (path.clone(), past.version);
        if let Some(known) = self.known.get(&key).await {
            return Ok(Some((known, CacheStatus::Hit)));
        }
        let known = shared.learn(path, Arc::clone(&past.object)).await?;
        self.known.insert(key, Arc::clone(&known)).await;
        Ok(Some((known, CacheStatus::Miss)))
    }

    /// Forgets what is known of an asset's past.
    pub(super) async fn purge(&self, path: &AssetPath) {
        self.versions.invalidate(path).await;
        // They are known for longer than the list that names them.
        for (key, _) in self.known.iter().filter(|(key, _)| key.0 == *path) {
            self.known.invalidate(&*key).await;
        }
    }

    /// Asks for the versions of an object, and each of them how it is.
    async fn ask(&self, shared: &Shared, path: &AssetPath) -> Result<Arc<[Past]>, UpstreamError> {
        let _turn = self.turns.acquire().await;
        let mut versions = Vec::new();
        for listed in shared.client.versions(path).await?.into_iter().take(MOST) {
            match shared.client.head(path, Some(&listed.version_id)).await {
                Ok(object) => versions.push(Past { version: object.version(), object: Arc::new(object) }),
                // Of one that cannot be told from others there is no link.
                Err(UpstreamError::NotFound | UpstreamError::Malformed(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(versions.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::bucket::objects::tests::known;

    #[tokio::test]
    async fn a_purge_forgets_versions_whose_list_is_forgotten_already() {
        let history = History::new(Duration::from_secs(10));
        let [a, b] = ["a", "b"].map(|name| AssetPath::try_from(name.to_owned()).unwrap());
        let version = known("1").representation.version;
        for path in [&a, &b] {
            history.known.insert((path.clone(), version), known("1")).await;
        }
        history.purge(&a).await;
        assert!(history.known.get(&(a, version)).await.is_none());
        assert!(history.known.get(&(b, version)).await.is_some(), "of another asset");
    }
}
