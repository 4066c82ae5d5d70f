//! The promise of the disk tier: the right bytes or none, over a restart, within its bound, and nothing else touched.

mod damage;
mod ownership;
mod races;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use tempfile::TempDir;

use super::*;
use crate::semantics::representation::Version;

const KIB: u64 = 1024;

/// Slices of the tests take so many bytes on the disk: this much and a header.
const SLICE: usize = 5_000;
const ON_DISK: u64 = 2 * BLOCK;

/// A folder, and a clock that moves by hand.
struct Place {
    folder: TempDir,
    seconds: Arc<AtomicU64>,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), seconds: Arc::new(AtomicU64::new(1_000_000)) }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    fn try_open(&self, capacity: u64) -> Result<DiskCache, OpenCacheError> {
        let seconds = Arc::clone(&self.seconds);
        let now = move || SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::Relaxed));
        DiskCache::open(&self.path(), capacity, Clock::new(now))
    }

    /// Opens it with room for so many slices.
    fn open(&self, slices: u64) -> DiskCache {
        self.try_open(slices * ON_DISK).unwrap()
    }

    fn pass(&self, time: Duration) {
        self.seconds.fetch_add(time.as_secs(), Ordering::Relaxed);
    }

    fn slices(&self) -> PathBuf {
        self.path().join("slices-1")
    }

    fn file_of(&self, key: &SliceKey) -> PathBuf {
        self.slices().join(SliceId::of(key).name())
    }

    /// The names in the folder of slices.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.slices()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

fn path(name: &str) -> AssetPath {
    AssetPath::try_from(name.to_owned()).unwrap()
}

fn key(name: &str, version: &str, index: u64) -> SliceKey {
    SliceKey { path: path(name), version: Version::of_tag(version, 8 * KIB), size: 8 * KIB, index }
}

/// Bytes that no other key has.
fn bytes(key: &SliceKey) -> Bytes {
    let seed = format!("{} {:?} {} ", key.path, key.version, key.index);
    seed.bytes().cycle().take(SLICE).collect()
}

fn put(cache: &DiskCache, key: &SliceKey) {
    cache.put(key, &bytes(key));
}

fn has(cache: &DiskCache, key: &SliceKey) -> bool {
    cache.get(key).inspect(|got| assert_eq!(got, &bytes(key))).is_some()
}

fn read(file: &Path) -> Vec<u8> {
    #[expect(clippy::disallowed_methods, reason = "a slice is no asset")]
    fs::read(file).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_is_kept_is_found_and_is_private() {
    let place = Place::new();
    let cache = place.open(9);
    let keys = [key("a.mp4", "1", 0), key(&format!("{}/夏.mp4", "long".repeat(200)), "1", 0)];
    for key in &keys {
        assert!(!has(&cache, key));
        put(&cache, key);
        put(&cache, key);
        assert!(has(&cache, key));
        assert_eq!(mode(&place.file_of(key)), 0o600);
    }
    assert_eq!([mode(&place.path()), mode(&place.slices())], [0o700; 2]);
    assert_eq!((cache.slices(), cache.bytes()), (2, 2 * ON_DISK));
    assert_eq!((cache.damaged(), cache.failures()), (0, 0));
    assert!(!has(&cache, &key("a.mp4", "2", 0)), "another version");
    assert!(!has(&cache, &key("a.mp4", "1", 1)), "another slice");
    assert!(!has(&cache, &SliceKey { size: 4 * KIB, ..keys[0].clone() }), "another size of slices");
}

#[test]
fn a_restart_loses_nothing_but_what_does_not_fit_any_more() {
    let place = Place::new();
    let keys: Vec<_> = (0..4).map(|index| key("a.mp4", "1", index)).collect();
    let cache = place.open(4);
    for key in &keys {
        put(&cache, key);
        place.pass(Duration::from_secs(1));
    }
    drop(cache);
    let cache = place.open(4);
    assert_eq!((cache.slices(), cache.bytes()), (4, 4 * ON_DISK));
    assert!(keys.iter().all(|key| has(&cache, key)));
    drop(cache);
    let cache = place.open(3);
    assert_eq!((cache.slices(), place.names().len()), (3, 3));
    assert_eq!(
        [0, 1, 2, 3].map(|i: usize| has(&cache, &keys[i])),
        [false, true, true, true],
        "the oldest went"
    );
}

#[test]
fn what_was_used_least_recently_goes_first_over_a_restart_too() {
    for restarts in [false, true] {
        let place = Place::new();
        let [a, b, c] = ["a", "b", "c"].map(|name| key(name, "1", 0));
        let mut cache = place.open(2);
        put(&cache, &a);
        place.pass(Duration::from_secs(1));
        put(&cache, &b);
        place.pass(Duration::from_mins(6));
        assert!(has(&cache, &a), "which is a use");
        if restarts {
            drop(cache);
            cache = place.open(2);
        }
        put(&cache, &c);
        assert_eq!([a, b, c].map(|key| has(&cache, &key)), [true, false, true], "restarts: {restarts}");
        assert_eq!((cache.bytes(), place.names().len()), (2 * ON_DISK, 2));
    }
}

#[test]
fn a_stamp_of_a_time_to_come_does_not_keep_a_slice_for_ever() {
    let place = Place::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| key(name, "1", 0));
    place.pass(Duration::from_hours(1_000));
    put(&place.open(2), &a);
    place.seconds.store(1_000_000, Ordering::Relaxed);
    let cache = place.open(2);
    place.pass(Duration::from_mins(6));
    assert!(has(&cache, &a), "which stamps it anew");
    place.pass(Duration::from_mins(6));
    put(&cache, &b);
    drop(cache);
    let cache = place.open(2);
    put(&cache, &c);
    assert_eq!([a, b, c].map(|key| has(&cache, &key)), [false, true, true]);
}

#[test]
fn what_cannot_fit_is_not_kept_and_costs_nothing() {
    let place = Place::new();
    let cache = place.open(1);
    put(&cache, &key("a", "1", 0));
    let large = SliceKey { size: 64 * KIB, ..key("large", "1", 0) };
    cache.put(&large, &Bytes::from(vec![1; 64 << 10]));
    cache.put(&key("b", "1", 0), &Bytes::from(vec![1; 9 << 10]));
    assert!(has(&cache, &key("a", "1", 0)));
    assert_eq!((cache.slices(), place.names().len(), cache.failures()), (1, 1, 0));
}
