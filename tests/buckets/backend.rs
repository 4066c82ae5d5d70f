//! Where the assets of a test are. The same tests run over a directory and over a bucket: `MEDIA_ORIGIN_TEST_STORE`
//! says which, and those that only a directory can stand for are in modules named `directory_only`.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::bucket::Bucket;

/// When files of a directory were last modified, unless a test says otherwise. Objects are as old as their upload.
pub const AGO: Duration = Duration::from_hours(1);

/// A place for assets, of one test alone.
pub enum Backend {
    Directory {
        root: PathBuf,
        _own: Option<TempDir>,
    },
    Bucket(Bucket),
    /// What these keys of `[store]` lead to, which is filled by other means.
    Elsewhere(String),
}

impl Backend {
    /// An empty one of the kind that the environment names.
    pub fn chosen() -> Self {
        match std::env::var("MEDIA_ORIGIN_TEST_STORE").as_deref() {
            Err(_) | Ok("directory") => {
                let folder = TempDir::new().unwrap();
                // Named as a bucket of the tests is: people put that name before a path by mistake.
                let root = folder.path().join("media");
                std::fs::create_dir(&root).unwrap();
                Self::Directory { root, _own: Some(folder) }
            }
            Ok("s3") => {
                let is_set = |name| std::env::var_os(name).is_some();
                assert!(is_set("AWS_ACCESS_KEY_ID"), "run it by scripts/with-bucket, which sets the keys");
                Self::Bucket(Bucket::new())
            }
            Ok(other) => panic!("MEDIA_ORIGIN_TEST_STORE is directory or s3, not {other}"),
        }
    }

    /// One of that kind with what `fill` puts into a folder.
    pub fn filled(fill: impl FnOnce(&Path)) -> Self {
        let assets = Self::chosen();
        match &assets {
            Self::Directory { root, .. } => fill(root),
            Self::Bucket(_) | Self::Elsewhere(_) => {
                let folder = TempDir::new().unwrap();
                fill(folder.path());
                assets.put_folder(folder.path());
            }
        }
        assets
    }

    /// One of that kind with these files. A directory is the folder itself, to be read alone.
    pub fn with_folder(folder: &Path) -> Self {
        match Self::chosen() {
            Self::Directory { .. } => Self::Directory { root: folder.to_owned(), _own: None },
            bucket => {
                bucket.put_folder(folder);
                bucket
            }
        }
    }

    /// Writes every file below this folder.
    fn put_folder(&self, folder: &Path) {
        for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap) {
            if entry.file_type().is_file() {
                let name = entry.path().strip_prefix(folder).unwrap();
                self.put(name.to_str().unwrap(), &std::fs::read(entry.path()).unwrap());
            }
        }
    }

    /// Writes an asset.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        match self {
            Self::Directory { root, .. } => write(&root.join(name), bytes),
            Self::Bucket(bucket) => drop(bucket.put(name, bytes)),
            Self::Elsewhere(_) => panic!("nothing can be put there"),
        }
    }

    /// Takes an asset away.
    pub fn remove(&self, name: &str) {
        match self {
            Self::Directory { root, .. } => std::fs::remove_file(root.join(name)).unwrap(),
            Self::Bucket(bucket) => bucket.delete(name),
            Self::Elsewhere(_) => panic!("nothing can be taken from there"),
        }
    }

    /// How long ago an asset was last modified that was written just now.
    pub fn age(&self) -> Duration {
        match self {
            Self::Directory { .. } => AGO,
            Self::Bucket(_) | Self::Elsewhere(_) => Duration::ZERO,
        }
    }

    /// The directory, of tests that no bucket can stand for.
    pub fn root(&self) -> &Path {
        match self {
            Self::Directory { root, .. } => root,
            Self::Bucket(_) | Self::Elsewhere(_) => panic!("this test belongs into a module directory_only"),
        }
    }

    /// The configuration with what leads here; a directory is for `--root` to name.
    pub fn configure(&self, toml: &str) -> String {
        match self {
            Self::Directory { .. } => toml.to_owned(),
            Self::Bucket(bucket) => with_store(toml, &bucket.toml()),
            Self::Elsewhere(keys) => with_store(toml, keys),
        }
    }
}

/// The configuration with these keys of `[store]`, which it may have or not.
fn with_store(toml: &str, keys: &str) -> String {
    match toml.split_once("\n[store]\n") {
        Some((before, after)) => format!("{before}\n[store]\n{keys}{after}"),
        None => format!("{toml}\n[store]\n{keys}"),
    }
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
    set_modified(path, SystemTime::now() - AGO);
}

pub fn set_modified(path: &Path, time: SystemTime) {
    std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}
