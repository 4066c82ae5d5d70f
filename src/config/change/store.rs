//! The store: whatever it holds in memory and on disk is of what it was opened with, so it lasts until a restart.

use super::told::Told;
use super::{Change, Changes};
use crate::config::{Bucket, Directory, Disk, Store};

impl Changes {
    /// The store stays; what differs is named.
    pub(super) fn store(&mut self, old: &Store, new: &Store) -> Store {
        match (old, new) {
            (Store::Directory(old), Store::Directory(new)) => Store::Directory(self.directory(old, new)),
            (Store::Bucket(old), Store::Bucket(new)) => Store::Bucket(self.bucket(old, new)),
            _ => {
                self.needs_restart.push(Change {
                    key: "store.kind".to_owned(),
                    old: kind(old),
                    new: kind(new),
                });
                old.clone()
            }
        }
    }

    fn directory(&mut self, old: &Directory, new: &Directory) -> Directory {
        let Directory { root, digests } = new;
        Directory {
            root: self.after_restart("store.root", &old.root, root),
            digests: self.after_restart("store.digests", &old.digests, digests),
        }
    }

    fn bucket(&mut self, old: &Bucket, new: &Bucket) -> Bucket {
        let Bucket {
            service,
            name,
            prefix,
            region,
            endpoint,
            versions,
            fresh_for,
            missing_for,
            stale_if_error,
            timeout,
            slice,
            disk,
        } = new;
        Bucket {
            service: self.after_restart("store.kind", &old.service, service),
            name: self.after_restart("store.bucket", &old.name, name),
            prefix: self.after_restart("store.prefix", &old.prefix, prefix),
            region: self.after_restart("store.region", &old.region, region),
            endpoint: self.after_restart("store.endpoint", &old.endpoint, endpoint),
            versions: self.after_restart("store.versions", &old.versions, versions),
            fresh_for: self.after_restart("store.fresh-for", &old.fresh_for, fresh_for),
            missing_for: self.after_restart("store.missing-for", &old.missing_for, missing_for),
            stale_if_error: self.after_restart("store.stale-if-error", &old.stale_if_error, stale_if_error),
            timeout: self.after_restart("store.timeout", &old.timeout, timeout),
            slice: self.after_restart("store.slice", &old.slice, slice),
            disk: self.disk(old.disk.as_ref(), disk.as_ref()),
        }
    }

    fn disk(&mut self, old: Option<&Disk>, new: Option<&Disk>) -> Option<Disk> {
        let parts = |disk: Option<&Disk>| match disk.cloned() {
            Some(Disk { folder, capacity }) => (Some(folder), Some(capacity)),
            None => (None, None),
        };
        let ((old_folder, old_capacity), (folder, capacity)) = (parts(old), parts(new));
        let folder = self.after_restart("store.cache-dir", &old_folder, &folder);
        let capacity = self.after_restart("store.cache-size", &old_capacity, &capacity);
        folder.zip(capacity).map(|(folder, capacity)| Disk { folder, capacity })
    }
}

/// A store as a whole.
fn kind(store: &Store) -> String {
    match store {
        Store::Directory(_) => "\"directory\"".to_owned(),
        Store::Bucket(bucket) => bucket.service.told(),
    }
}
