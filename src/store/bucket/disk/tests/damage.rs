//! A file that is not what it should be is never taken for it.

use std::fs;
use std::os::unix::fs::symlink;

use super::super::header;
use super::{Place, SLICE, has, key, put, read};

#[test]
fn a_file_that_is_damaged_is_counted_once_and_removed() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 6] = [
        ("a flipped bit in the header", |file| file[20] ^= 1),
        ("a flipped bit in the bytes", |file| file[header::LENGTH + 9] ^= 0x80),
        ("cut short", |file| file.truncate(SLICE)),
        ("cut within the header", |file| file.truncate(header::LENGTH - 1)),
        ("empty, as power failures leave it", Vec::clear),
        ("too long", |file| file.resize(1 << 20, 0)),
    ];
    for (what, damage) in damages {
        for restarts in [false, true] {
            let (place, key) = (Place::new(), key("a", "1", 0));
            let mut cache = place.open(4);
            put(&cache, &key);
            let mut file = read(&place.file_of(&key));
            damage(&mut file);
            fs::write(place.file_of(&key), file).unwrap();
            if restarts {
                drop(cache);
                cache = place.open(400);
            }
            assert_eq!([(); 2].map(|()| has(&cache, &key)), [false; 2], "{what}");
            assert_eq!((cache.damaged(), cache.slices(), cache.bytes()), (1, 0, 0), "{what}");
            assert_eq!(place.names(), Vec::<String>::new(), "{what}");
            put(&cache, &key);
            assert!(has(&cache, &key), "{what}");
        }
    }
}

#[test]
fn a_file_of_another_key_is_not_taken_for_the_right_one() {
    let place = Place::new();
    let cache = place.open(9);
    let asked = key("a", "1", 0);
    let others = [key("b", "1", 0), key("a", "2", 0), key("a", "1", 1)];
    for (count, other) in (1..).zip(&others) {
        put(&cache, &asked);
        put(&cache, other);
        fs::copy(place.file_of(other), place.file_of(&asked)).unwrap();
        assert!(!has(&cache, &asked));
        assert_eq!(cache.damaged(), count);
        assert!(has(&cache, other));
    }
}

#[test]
fn a_file_that_somebody_removed_is_a_miss_and_no_damage() {
    let (place, key) = (Place::new(), key("a", "1", 0));
    let cache = place.open(4);
    put(&cache, &key);
    fs::remove_file(place.file_of(&key)).unwrap();
    assert!(!has(&cache, &key));
    assert_eq!((cache.slices(), cache.bytes(), cache.damaged(), cache.failures()), (0, 0, 0, 0));
    put(&cache, &key);
    assert!(has(&cache, &key));
}

#[test]
fn a_link_in_the_place_of_a_slice_is_not_followed() {
    for restarts in [false, true] {
        let (place, key) = (Place::new(), key("a", "1", 0));
        let mut cache = place.open(4);
        put(&cache, &key);
        let elsewhere = place.folder.path().join("elsewhere");
        fs::rename(place.file_of(&key), &elsewhere).unwrap();
        symlink(&elsewhere, place.file_of(&key)).unwrap();
        if restarts {
            drop(cache);
            cache = place.open(4);
        }
        assert!(!has(&cache, &key), "the right bytes, but behind a link");
        put(&cache, &key);
        assert!(has(&cache, &key));
        assert!(fs::symlink_metadata(place.file_of(&key)).unwrap().is_file(), "the link has made room");
        assert_eq!(read(&elsewhere).len(), header::LENGTH + SLICE, "and what it led to is as it was");
    }
}
