//! Keeping, finding, evicting and purging at once.

use std::collections::BTreeMap;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use super::super::{DiskCache, Purged, SliceId, Writing};
use super::{KIB, ON_DISK, Place, bytes, has, key, path, put};
use crate::store::bucket::SliceKey;

#[test]
fn a_purge_takes_every_version_of_an_asset_and_nothing_of_its_neighbours() {
    let place = Place::new();
    let cache = place.open(20);
    let larger = SliceKey { size: 16 * KIB, ..key("a/b", "1", 0) };
    let gone = [key("a/b", "1", 0), key("a/b", "1", 7), key("a/b", "2", 0), larger];
    let stay = [key("a", "1", 0), key("a/b/c", "1", 0), key("a/bb", "1", 0), key("A/b", "1", 0)];
    gone.iter().chain(&stay).for_each(|key| put(&cache, key));
    assert_eq!(cache.purge(&path("a/b")), Purged { slices: 4, bytes: 4 * ON_DISK });
    assert_eq!(cache.purge(&path("a/b")), Purged::default());
    let as_it_should_be = |cache: &DiskCache| {
        assert!(gone.iter().all(|key| !has(cache, key)));
        assert!(stay.iter().all(|key| has(cache, key)));
        assert_eq!((cache.slices(), place.names().len()), (4, 4));
    };
    as_it_should_be(&cache);
    drop(cache);
    as_it_should_be(&place.open(20));
}

#[test]
fn what_is_being_written_while_its_asset_is_purged_never_comes_in() {
    let place = Place::new();
    let cache = place.open(4);
    let key = key("a", "1", 0);
    let writing = Writing::begin(&cache, &key, &bytes(&key)).unwrap().draft(&key, &bytes(&key)).unwrap();
    put(&cache, &key);
    assert!(!has(&cache, &key), "another writes it");
    assert_eq!(place.names(), [SliceId::of(&key).draft_name()], "and is not disturbed");
    assert_eq!(cache.purge(&key.path), Purged::default());
    writing.publish().unwrap();
    assert!(!has(&cache, &key));
    assert_eq!(place.names(), Vec::<String>::new());
    put(&cache, &key);
    assert!(has(&cache, &key), "what is kept after the purge is kept");
}

/// Whatever happens at once, what is found is right, and in the end the folder is what the index says.
#[test]
fn a_storm_finds_right_bytes_or_none() {
    const FOR: Duration = Duration::from_millis(700);
    let place = Place::new();
    let cache = place.open(12);
    let keys: Vec<_> = (0..24).map(|n| key(&(n / 4).to_string(), &(n / 2 % 2).to_string(), n % 2)).collect();
    let (stop, start, hits) = (AtomicBool::new(false), Barrier::new(5), AtomicU64::new(0));
    thread::scope(|scope| {
        for thread in 0..4_usize {
            let (cache, keys, stop, start, hits) = (&cache, &keys, &stop, &start, &hits);
            scope.spawn(move || {
                start.wait();
                for step in (0..).take_while(|_| !stop.load(Ordering::Relaxed)) {
                    let key = &keys[(step * (2 * thread + 1) + step / 24) % keys.len()];
                    match step % 5 {
                        0 if thread == 0 => drop(cache.purge(&key.path)),
                        0 | 1 => put(cache, key),
                        _ => drop(hits.fetch_add(u64::from(has(cache, key)), Ordering::Relaxed)),
                    }
                    assert!(cache.bytes() <= 12 * ON_DISK);
                }
            });
        }
        start.wait();
        thread::sleep(FOR);
        stop.store(true, Ordering::Relaxed);
    });
    assert!(hits.load(Ordering::Relaxed) > 100, "{hits:?}");
    assert_eq!((cache.damaged(), cache.failures()), (0, 0));
    let known: BTreeMap<_, _> = keys.iter().map(|key| (SliceId::of(key).name(), key)).collect();
    let names = place.names();
    assert_eq!(names.len() as u64, cache.slices(), "no draft is left, and no file that is not known");
    assert!(names.iter().all(|name| has(&cache, known[name])));
    assert_eq!(cache.bytes(), cache.slices() * ON_DISK);
}
