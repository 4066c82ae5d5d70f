//! Opens the store that the configuration names, or says why not.

use std::path::Path;

use super::{Exit, complain};
use crate::clock::Clock;
use crate::config::{self, Config, Memory, Store};
use crate::store::bucket::disk::DiskCache;
use crate::store::{Bucket, Directory, Ledger, MediaStore};

/// What a store remembers when this program has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remember {
    /// What the configuration says: for the server, which has these files to itself.
    AsConfigured,
    /// Nothing: for a command that answers beside it.
    Nothing,
}

/// Opens it.
pub(super) fn open(config: &Config, remember: Remember, clock: Clock) -> Result<MediaStore, Exit> {
    match &config.store {
        Store::Directory(directory) => open_directory(directory, config.memory, remember, clock),
        Store::Bucket(bucket) => open_bucket(bucket, config.memory, remember, clock),
    }
}

fn open_directory(
    directory: &config::Directory,
    memory: Memory,
    remember: Remember,
    clock: Clock,
) -> Result<MediaStore, Exit> {
    let ledger = if remember == Remember::AsConfigured { ledger(directory) } else { None };
    let root = &directory.root;
    let opened = Directory::new(root, memory, ledger, clock);
    opened.map(MediaStore::of_directory).map_err(|error| {
        complain(&format!(
            "error: the media directory {} cannot be opened: {error}\n\
             help: name an existing directory with store.root or --root; it is relative to the working directory",
            root.display()
        ));
        Exit::Usage
    })
}

fn open_bucket(
    bucket: &config::Bucket,
    memory: Memory,
    remember: Remember,
    clock: Clock,
) -> Result<MediaStore, Exit> {
    let disk = if remember == Remember::AsConfigured { disk(bucket, clock)? } else { None };
    let opened = Bucket::new(bucket, memory, disk);
    opened.map(MediaStore::of_bucket).map_err(|error| {
        complain(&error.to_string());
        Exit::Usage
    })
}

/// The slices on disk, if the configuration keeps any.
fn disk(bucket: &config::Bucket, clock: Clock) -> Result<Option<DiskCache>, Exit> {
    let Some(disk) = &bucket.disk else { return Ok(None) };
    DiskCache::open(&disk.folder, disk.capacity, clock).map(Some).map_err(|error| {
        complain(&format!("error: {error}"));
        Exit::Usage
    })
}

/// The ledger of digests, if the configuration keeps one and its place can be used.
fn ledger(config::Directory { root, digests }: &config::Directory) -> Option<Ledger> {
    let path = digests.as_deref()?;
    if would_be_served(path, root) {
        tracing::warn!(ledger = ?path, "digests are not kept over a restart: the file would be served; name a place outside \
            the media directory with store.digests");
        return None;
    }
    let opened = Ledger::open(path, &std::path::absolute(root).unwrap_or_else(|_| root.clone()));
    opened
        .inspect_err(|error| {
            tracing::warn!(ledger = ?path, %error, "digests are not kept over a restart; give this server a file of its own \
                with store.digests, or set it to false");
        })
        .ok()
}

/// Whether a file lies in the media directory under a name that requests can ask for.
fn would_be_served(file: &Path, root: &Path) -> bool {
    let (Some(Ok(folder)), Ok(root)) = (file.parent().map(Path::canonicalize), root.canonicalize()) else {
        return false;
    };
    let hidden = |part: &std::ffi::OsStr| part.as_encoded_bytes().starts_with(b".");
    let name = file.file_name().unwrap_or_default();
    folder.strip_prefix(&root).is_ok_and(|below| !below.iter().any(hidden) && !hidden(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_among_the_assets_would_be_served_unless_it_is_hidden() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("media");
        std::fs::create_dir_all(root.join(".cache")).unwrap();
        std::fs::create_dir(folder.path().join("cache")).unwrap();
        for (file, served) in [
            ("media/digests.redb", true),
            ("cache/../media/digests.redb", true),
            ("media/.digests.redb", false),
            ("media/.cache/digests.redb", false),
            ("cache/digests.redb", false),
            ("not/yet/there.redb", false),
        ] {
            assert_eq!(would_be_served(&folder.path().join(file), &root), served, "{file}");
        }
    }
}
