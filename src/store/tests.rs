//! The promise of the store: what is remembered, for how long, and what is never trusted.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::directory::Listed;
use super::{AssetPath, Content, Ledger, MediaStore, OpenError};
use crate::clock::Clock;

const MIB: u64 = 1024 * 1024;

/// A file of that many MiB.
fn mebibytes(count: usize) -> Vec<u8> {
    vec![7; count << 20]
}

/// A store that believes it is an hour later than it is, so that files written just now are old.
fn store(root: &Path, ledger: Option<Ledger>) -> MediaStore {
    #[expect(clippy::disallowed_methods, reason = "a clock that is wrong on purpose")]
    let clock = Clock::new(|| SystemTime::now() + Duration::from_hours(1));
    MediaStore::open_directory(root, MIB, MIB / 2, ledger, clock).unwrap()
}

fn name(text: &str) -> AssetPath {
    AssetPath::try_from(text.to_owned()).unwrap()
}

fn written(folder: &TempDir, file: &str, bytes: &[u8]) {
    fs::write(folder.path().join(file), bytes).unwrap();
}

#[tokio::test]
async fn a_small_asset_is_kept_and_a_large_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    written(&folder, "small.txt", b"hello");
    written(&folder, "large.bin", &mebibytes(1));
    let store = store(folder.path(), None);
    for (file, kept) in [("small.txt", true), ("large.bin", false)] {
        let asset = store.open(&name(file)).await.unwrap();
        let asset = store.warm(&name(file), asset).await.unwrap();
        assert_eq!(matches!(asset.content, Content::Memory(_)), kept, "{file}");
    }
}

#[tokio::test]
async fn digests_are_kept_over_a_restart_without_reading_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = tempfile::tempdir().unwrap();
    let path = ledger.path().join("new/folder/digests.redb");
    written(&folder, "a.bin", &mebibytes(1));
    let first = store(folder.path(), Some(Ledger::open(&path).unwrap()));
    let before = first.open(&name("a.bin")).await.unwrap().representation.sha256;
    first.close().await;
    drop(first);
    let ledger = Ledger::open(&path).unwrap();
    let opened = super::directory::Root::open(folder.path()).unwrap().asset(&name("a.bin")).unwrap();
    let recalled = ledger.recall(opened.fingerprint()).expect("it was written down");
    assert_eq!(recalled.digest.sha256(), before);
    let again = store(folder.path(), Some(ledger)).open(&name("a.bin")).await.unwrap();
    assert_eq!(again.representation.sha256, before);
}

#[tokio::test]
async fn a_file_that_is_no_ledger_is_replaced_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("digests.redb");
    for nonsense in [b"hello".to_vec(), vec![0; 100_000], Vec::new()] {
        fs::write(&path, nonsense).unwrap();
        drop(Ledger::open(&path).expect("a new ledger"));
    }
    let held = Ledger::open(&path).unwrap();
    assert!(Ledger::open(&path).is_err(), "one process at a time");
    drop(held);
}

#[tokio::test]
async fn what_changed_shortly_before_it_was_read_is_not_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("digests.redb");
    written(&folder, "a.txt", b"hello");
    // A clock that stands still at the moment of the change.
    let changed = fs::metadata(folder.path().join("a.txt")).unwrap().modified().unwrap();
    let ledger = Some(Ledger::open(&path).unwrap());
    let clock = Clock::new(move || changed);
    let store = MediaStore::open_directory(folder.path(), MIB, MIB, ledger, clock).unwrap();
    let asset = store.open(&name("a.txt")).await.unwrap();
    assert!(matches!(asset.content, Content::Memory(_)), "the very bytes that were hashed are sent");
    assert!(store.memory.get(&name("a.txt")).await.is_none(), "and not kept");
    store.close().await;
    drop(store);
    let opened = super::directory::Root::open(folder.path()).unwrap().asset(&name("a.txt")).unwrap();
    assert!(Ledger::open(&path).unwrap().recall(opened.fingerprint()).is_none(), "nor written down");
}

#[tokio::test]
async fn a_remembered_digest_that_is_wrong_cuts_the_answer_and_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    written(&folder, "a.bin", &mebibytes(1));
    let store = store(folder.path(), None);
    let asset = store.open(&name("a.bin")).await.unwrap();
    let before = asset.representation.sha256;
    // The asset is still the one that was opened; the bytes under it are others now.
    written(&folder, "a.bin", &vec![8; 1 << 20]);
    let Content::File(file) = &asset.content else { panic!("too large for memory") };
    assert_eq!(file.piece(0).unwrap_err().kind(), std::io::ErrorKind::InvalidData);
    let after = store.open(&name("a.bin")).await.unwrap().representation.sha256;
    assert_ne!(before, after);
}

/// A thousand requests for a file that nobody has read yet read it once: the clock is looked at once a reading.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_requests_read_a_cold_file_once() {
    let folder = tempfile::tempdir().unwrap();
    written(&folder, "a.bin", &mebibytes(20));
    let readings = Arc::new(AtomicU64::new(0));
    let clock = Clock::new({
        let readings = Arc::clone(&readings);
        move || {
            readings.fetch_add(1, Ordering::Relaxed);
            SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000)
        }
    });
    let store = Arc::new(MediaStore::open_directory(folder.path(), MIB, MIB, None, clock).unwrap());
    let requests: Vec<_> = (0..1000)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.open(&name("a.bin")).await.unwrap().representation.sha256 })
        })
        .collect();
    let mut digests = Vec::new();
    for request in requests {
        digests.push(request.await.unwrap());
    }
    assert!(digests.iter().all(|digest| *digest == digests[0]));
    assert_eq!(readings.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_request_that_leaves_does_not_spoil_the_reading() {
    let folder = tempfile::tempdir().unwrap();
    written(&folder, "a.bin", &mebibytes(8));
    let store = Arc::new(store(folder.path(), None));
    for _ in 0..20 {
        let leaving = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.open(&name("a.bin")).await.map(drop) }
        });
        tokio::task::yield_now().await;
        leaving.abort();
    }
    store.open(&name("a.bin")).await.expect("it is there");
}

#[tokio::test]
async fn memory_stays_within_its_bound() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), None);
    for index in 0..50 {
        let file = format!("{index}.bin");
        written(&folder, &file, &vec![7; 100 * 1024]);
        store.open(&name(&file)).await.unwrap();
    }
    assert!(store.memory.kept().await <= MIB, "{} bytes", store.memory.kept().await);
}

#[tokio::test]
async fn the_warm_up_learns_every_asset_and_sweeps_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".digests.redb");
    written(&folder, "a.txt", b"hello");
    written(&folder, "b.txt", b"hello, too");
    let first = Arc::new(store(folder.path(), Some(Ledger::open(&path).unwrap())));
    Arc::clone(&first).warm_up().await;
    let gone = super::directory::Root::open(folder.path()).unwrap().asset(&name("b.txt")).unwrap();
    first.close().await;
    drop(first);
    let ledger = Ledger::open(&path).unwrap();
    assert!(ledger.recall(gone.fingerprint()).is_some());
    fs::remove_file(folder.path().join("b.txt")).unwrap();
    let second = Arc::new(store(folder.path(), Some(ledger)));
    Arc::clone(&second).warm_up().await;
    assert!(second.inspector.ledger().unwrap().recall(gone.fingerprint()).is_none());
}

#[test]
fn a_listing_has_what_links_can_name_and_says_what_they_cannot() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::create_dir(folder.path().join(".hidden")).unwrap();
    for file in ["a.txt", "sub/ü.txt", ".hidden/b.txt", ".c", "back\\slash"] {
        written(&folder, file, b"x");
    }
    std::os::unix::fs::symlink("..", folder.path().join("sub/loop")).unwrap();
    std::os::unix::fs::symlink("/etc", folder.path().join("etc")).unwrap();
    std::os::unix::fs::symlink("a.txt", folder.path().join("link.txt")).unwrap();
    let (mut assets, mut unreachable) = (Vec::new(), Vec::new());
    for listed in store(folder.path(), None).list() {
        match listed {
            Listed::Asset(path) => assets.push(path.to_string()),
            Listed::Unreachable(path, _) => unreachable.push(path.file_name().unwrap().to_owned()),
        }
    }
    assert_eq!(assets, ["a.txt", "link.txt", "sub/ü.txt"]);
    assert!(unreachable.contains(&"back\\slash".into()), "{unreachable:?}");
    assert!(!unreachable.contains(&".c".into()), "hidden on purpose");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), None);
    assert!(matches!(store.open(&name("none")).await, Err(OpenError::NotFound)));
}
