//! The promise of the store: what is remembered, for how long, and what is never trusted.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::content::Pieces;
use super::directory::Listed;
use super::inspection::Keep;
use super::{AssetPath, Content, Directory, Ledger, MediaStore, OpenError};
use crate::clock::Clock;
use crate::config::Memory;

const MIB: u64 = 1024 * 1024;

/// A file of that many MiB.
fn mebibytes(count: usize) -> Vec<u8> {
    vec![7; count << 20]
}

/// So much memory for bodies, each of them at most so large.
fn space(hot: u64, largest: u64) -> Memory {
    Memory { hot, largest, buffers: MIB }
}

/// A store that believes it is an hour later than it is, so that files written just now are old.
fn store(root: &Path, ledger: Option<Ledger>) -> Directory {
    #[expect(clippy::disallowed_methods, reason = "a clock that is wrong on purpose")]
    let clock = Clock::new(|| SystemTime::now() + Duration::from_hours(1));
    Directory::new(root, space(MIB, MIB / 2), ledger, clock).unwrap()
}

/// A store, and how often it has looked at the clock: once for each opening, and once more for each reading.
fn counting_store(root: &Path) -> (Arc<Directory>, Arc<AtomicU64>) {
    let looks = Arc::new(AtomicU64::new(0));
    let clock = Clock::new({
        let looks = Arc::clone(&looks);
        move || {
            looks.fetch_add(1, Ordering::Relaxed);
            SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000)
        }
    });
    (Arc::new(Directory::new(root, space(MIB, MIB), None, clock).unwrap()), looks)
}

/// The assets of `root`, by a clock at which every file is old. `hot` bytes are kept in memory.
pub(super) fn late_store(root: &Path, hot: u64) -> MediaStore {
    let late = Clock::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000));
    MediaStore::of_directory(Directory::new(root, space(hot, hot), None, late).unwrap())
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
        store.warm(&name(file), asset).await.unwrap();
        assert_eq!(store.memory.get(&name(file)).is_some(), kept, "{file}");
    }
}

#[tokio::test]
async fn digests_are_kept_over_a_restart_without_reading_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("new/folder/digests.redb");
    written(&folder, "a.bin", &mebibytes(1));
    let first = store(folder.path(), Some(Ledger::open(&path, folder.path()).unwrap()));
    let before = first.open(&name("a.bin")).await.unwrap().representation.sha256;
    first.close().await;
    drop(first);
    let ledger = Ledger::open(&path, folder.path()).unwrap();
    let opened = super::directory::Root::open(folder.path()).unwrap().asset(&name("a.bin")).unwrap();
    let recalled = ledger.recall(opened.fingerprint()).expect("it was written down");
    assert_eq!(Some(recalled.digest.sha256()), before);
    let again = store(folder.path(), Some(ledger)).open(&name("a.bin")).await.unwrap();
    assert_eq!(again.representation.sha256, before);
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the ledger is no asset")]
async fn a_damaged_ledger_is_replaced_and_a_file_that_is_none_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("digests.redb");
    drop(Ledger::open(&path, folder.path()).unwrap());
    let mut damaged = fs::read(&path).unwrap();
    damaged.truncate(100);
    for ours in [damaged, Vec::new()] {
        fs::write(&path, ours).unwrap();
        drop(Ledger::open(&path, folder.path()).expect("a new ledger"));
    }
    assert!(folder.path().join("digests.redb.damaged").exists(), "put aside, not lost");
    let held = Ledger::open(&path, folder.path()).unwrap();
    assert!(Ledger::open(&path, folder.path()).is_err(), "one process at a time");
    drop(held);
    for theirs in [b"name,amount\n".to_vec(), vec![0; 100_000]] {
        fs::write(&path, &theirs).unwrap();
        assert!(Ledger::open(&path, folder.path()).is_err());
        assert!(fs::read(&path).unwrap() == theirs, "not touched");
    }
}

/// Another program that uses the same library.
#[test]
fn a_database_of_others_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("theirs.redb");
    let database = redb::Database::create(&path).unwrap();
    let write = database.begin_write().unwrap();
    write.open_table(redb::TableDefinition::<u64, u64>::new("customers")).unwrap().insert(1, 2).unwrap();
    write.commit().unwrap();
    drop(database);
    assert!(Ledger::open(&path, folder.path()).is_err());
}

#[test]
fn what_another_version_of_this_program_wrote_is_forgotten_and_the_ledger_used() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("digests.redb");
    let database = redb::Database::create(&path).unwrap();
    let write = database.begin_write().unwrap();
    let older = redb::TableDefinition::<&[u8], &[u8]>::new("inspections.1 /srv/media");
    write.open_table(older).unwrap().insert(&b"a"[..], &b"b"[..]).unwrap();
    write.commit().unwrap();
    drop(database);
    drop(Ledger::open(&path, folder.path()).expect("it is ours"));
    let database = redb::Database::create(&path).unwrap();
    let read = redb::ReadableDatabase::begin_read(&database).unwrap();
    assert_eq!(read.list_tables().unwrap().count(), 0);
}

/// Wherever the disk spoils it, the ledger is begun anew or read as far as it goes; nothing panics.
#[test]
#[expect(clippy::disallowed_methods, reason = "the ledger is no asset")]
fn a_ledger_spoiled_anywhere_costs_time_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("digests.redb");
    written(&folder, "a.txt", b"hello");
    let opened = super::directory::Root::open(folder.path()).unwrap().asset(&name("a.txt")).unwrap();
    let learn = || Arc::new(super::Inspection::of(&opened, Keep::Nothing).unwrap().0);
    let ledger = Ledger::open(&path, folder.path()).unwrap();
    ledger.record(*opened.fingerprint(), learn());
    drop(ledger);
    let whole = fs::read(&path).unwrap();
    for block in (0..whole.len()).step_by(4096) {
        let mut spoiled = whole.clone();
        spoiled[block..].iter_mut().take(4096).skip(16).for_each(|byte| *byte ^= 0x55);
        fs::write(&path, spoiled).unwrap();
        if let Ok(ledger) = Ledger::open(&path, folder.path()) {
            assert!(
                ledger.recall(opened.fingerprint()).is_none_or(|found| found == *learn()),
                "block at {block}"
            );
            ledger.record(*opened.fingerprint(), learn());
        }
    }
}

#[tokio::test]
async fn roots_do_not_sweep_each_other_s_digests() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = one.path().join(".digests.redb");
    written(&one, "a.txt", b"hello");
    let opened = super::directory::Root::open(one.path()).unwrap().asset(&name("a.txt")).unwrap();
    for root in [&one, &other] {
        let store = Arc::new(store(root.path(), Some(Ledger::open(&path, root.path()).unwrap())));
        Arc::clone(&store).warm_up().await;
        store.close().await;
    }
    assert!(Ledger::open(&path, one.path()).unwrap().recall(opened.fingerprint()).is_some());
}

#[tokio::test]
async fn an_entry_that_is_wrong_is_not_believed_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".digests.redb");
    written(&folder, "a.bin", &mebibytes(2));
    written(&folder, "b.bin", &vec![8; 2 << 20]);
    let root = super::directory::Root::open(folder.path()).unwrap();
    let (a, b) = (root.asset(&name("a.bin")).unwrap(), root.asset(&name("b.bin")).unwrap());
    let right = super::Inspection::of(&a, Keep::Nothing).unwrap().0.digest.sha256();
    let ledger = Ledger::open(&path, folder.path()).unwrap();
    let (wrong, _) = super::Inspection::of(&b, Keep::Nothing).unwrap();
    ledger.record(*a.fingerprint(), Arc::new(wrong));
    while ledger.recall(a.fingerprint()).is_none() {
        std::thread::yield_now();
    }
    let store = store(folder.path(), Some(ledger));
    let asset = store.open(&name("a.bin")).await.unwrap();
    assert_ne!(asset.representation.sha256, Some(right), "the ledger was believed");
    let Content::Pieces(Pieces::File(file)) = &asset.content else { panic!("too large for memory") };
    file.piece(0).expect_err("its bytes are others");
    assert_eq!(store.open(&name("a.bin")).await.unwrap().representation.sha256, Some(right), "at once");
    store.close().await;
    drop((store, asset));
    let kept = Ledger::open(&path, folder.path()).unwrap().recall(a.fingerprint()).unwrap();
    assert_eq!(kept.digest.sha256(), right, "and for good");
}

#[tokio::test]
async fn what_changed_shortly_before_it_was_read_is_not_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("digests.redb");
    written(&folder, "a.txt", b"hello");
    // A clock that stands still at the moment of the change.
    let changed = fs::metadata(folder.path().join("a.txt")).unwrap().modified().unwrap();
    let ledger = Some(Ledger::open(&path, folder.path()).unwrap());
    let clock = Clock::new(move || changed);
    let store = Directory::new(folder.path(), space(MIB, MIB), ledger, clock).unwrap();
    let asset = store.open(&name("a.txt")).await.unwrap();
    assert!(matches!(asset.content, Content::Memory(_)), "the very bytes that were hashed are sent");
    assert!(store.memory.get(&name("a.txt")).is_none(), "and not kept");
    store.close().await;
    drop(store);
    let opened = super::directory::Root::open(folder.path()).unwrap().asset(&name("a.txt")).unwrap();
    assert!(
        Ledger::open(&path, folder.path()).unwrap().recall(opened.fingerprint()).is_none(),
        "nor written down"
    );
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
    let Content::Pieces(Pieces::File(file)) = &asset.content else { panic!("too large for memory") };
    assert_eq!(file.piece(0).unwrap_err().kind(), std::io::ErrorKind::InvalidData);
    let after = store.open(&name("a.bin")).await.unwrap().representation.sha256;
    assert_ne!(before, after);
}

/// A thousand requests for a file that nobody has read yet read it once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_requests_read_a_cold_file_once() {
    let folder = tempfile::tempdir().unwrap();
    written(&folder, "a.bin", &mebibytes(20));
    let (store, looks) = counting_store(folder.path());
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
    assert_eq!(looks.load(Ordering::Relaxed), 1001);
}

/// Clients that ask for a cold file and leave cost one reading, not one each.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_that_leave_do_not_spoil_the_reading_nor_repeat_it() {
    let folder = tempfile::tempdir().unwrap();
    written(&folder, "a.bin", &mebibytes(20));
    let (store, looks) = counting_store(folder.path());
    let opens = 50;
    for _ in 0..opens {
        let leaving = tokio::spawn({
            let store = Arc::clone(&store);
            async move { store.open(&name("a.bin")).await.map(drop) }
        });
        tokio::time::sleep(Duration::from_micros(300)).await;
        leaving.abort();
    }
    store.open(&name("a.bin")).await.expect("it is there");
    let looks = looks.load(Ordering::Relaxed);
    assert!(looks <= opens + 2, "{looks} looks at the clock");
}

#[tokio::test]
async fn a_link_that_leads_elsewhere_is_followed_within_a_second() {
    let folder = tempfile::tempdir().unwrap();
    written(&folder, "one.txt", b"one");
    written(&folder, "two.txt", b"two");
    let link = folder.path().join("now.txt");
    std::os::unix::fs::symlink("one.txt", &link).unwrap();
    let store = store(folder.path(), None);
    let one = store.open(&name("now.txt")).await.unwrap().representation.sha256;
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("two.txt", &link).unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_ne!(store.open(&name("now.txt")).await.unwrap().representation.sha256, one);
}

/// As a deployment swaps it: a new directory under the old name.
#[tokio::test]
async fn a_root_that_is_swapped_is_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("current");
    for (version, bytes) in [("v1", b"one"), ("v2", b"two")] {
        fs::create_dir(folder.path().join(version)).unwrap();
        fs::write(folder.path().join(version).join("a.txt"), bytes).unwrap();
    }
    std::os::unix::fs::symlink("v1", &root).unwrap();
    let store = store(&root, None);
    let one = store.open(&name("a.txt")).await.unwrap().representation.sha256;
    fs::remove_file(&root).unwrap();
    assert!(!store.is_reachable().await, "there is no root for a moment");
    std::os::unix::fs::symlink("v2", &root).unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_ne!(store.open(&name("a.txt")).await.unwrap().representation.sha256, one);
}

/// Bytes that were asked for before the change arrive after it: they are not taken for the current ones.
#[tokio::test]
async fn what_is_brought_in_late_is_as_old_as_the_look_at_it() {
    let folder = tempfile::tempdir().unwrap();
    written(&folder, "a.txt", b"hello");
    let store = store(folder.path(), None);
    let asset = store.open(&name("a.txt")).await.unwrap();
    store.memory.drop(&name("a.txt"));
    tokio::time::sleep(Duration::from_millis(1100)).await;
    store.memory.keep(&name("a.txt"), &asset);
    let hot = store.memory.get(&name("a.txt")).unwrap();
    assert!(!store.memory.is_current(&hot), "it was looked at more than a second ago");
}

/// The first and the last byte are written together, while the bytes between are read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_while_it_is_read_is_read_again_and_never_mixed() {
    let folder = tempfile::tempdir().unwrap();
    let length = 48 << 20;
    let versions = [0u8, 1].map(|version| {
        let mut bytes = vec![7; length];
        (bytes[0], bytes[length - 1]) = (version, version);
        <sha2::Sha256 as sha2::Digest>::digest(bytes)
    });
    written(&folder, "a.bin", &vec![7; length]);
    let file = fs::OpenOptions::new().write(true).open(folder.path().join("a.bin")).unwrap();
    let write = |version: u8| {
        use std::os::unix::fs::FileExt;
        file.write_all_at(&[version], 0).unwrap();
        file.write_all_at(&[version], length as u64 - 1).unwrap();
    };
    write(0);
    let mut read_again = 0;
    for round in 0..12u8 {
        // A store of its own: nothing is remembered.
        let store = Arc::new(store(folder.path(), None));
        let opening = tokio::spawn(async move { store.open(&name("a.bin")).await });
        tokio::time::sleep(Duration::from_millis(2 + 3 * u64::from(round))).await;
        write((round + 1) % 2);
        match opening.await.unwrap() {
            Ok(asset) => {
                assert!(
                    versions.iter().any(|version| version[..] == asset.representation.version.as_bytes()[..])
                );
            }
            Err(error) => {
                assert!(matches!(error, OpenError::KeepsChanging), "{error}");
                read_again += 1;
            }
        }
    }
    assert!(read_again > 0, "it was caught changing");
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
    assert!(store.memory.kept() <= MIB, "{} bytes", store.memory.kept());
}

#[tokio::test]
async fn the_warm_up_learns_every_asset_and_sweeps_what_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".digests.redb");
    written(&folder, "a.txt", b"hello");
    written(&folder, "b.txt", b"hello, too");
    let first = Arc::new(store(folder.path(), Some(Ledger::open(&path, folder.path()).unwrap())));
    Arc::clone(&first).warm_up().await;
    let gone = super::directory::Root::open(folder.path()).unwrap().asset(&name("b.txt")).unwrap();
    first.close().await;
    drop(first);
    let ledger = Ledger::open(&path, folder.path()).unwrap();
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
    for named in ["back\\slash", "etc"] {
        assert!(unreachable.contains(&named.into()), "{named} in {unreachable:?}");
    }
    assert!(!unreachable.contains(&".c".into()), "hidden on purpose");
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), None);
    assert!(matches!(store.open(&name("none")).await, Err(OpenError::NotFound)));
}
