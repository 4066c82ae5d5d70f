//! What is ours in the folder, and who may have it.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::super::{OpenCacheError, SliceId};
use super::{ON_DISK, Place, has, key, path, put, read};

#[test]
fn drafts_of_a_process_that_died_are_swept_and_other_files_are_left_alone() {
    let place = Place::new();
    let cache = place.open(1);
    put(&cache, &key("a", "1", 0));
    drop(cache);
    let foreign = [
        place.path().join("notes.txt"),
        place.path().join("slices-0"),
        place.slices().join("notes.txt"),
        place.slices().join("notes.draft"),
        place.slices().join(format!("{}.bak", SliceId::of(&key("a", "1", 0)).name())),
    ];
    for file in &foreign {
        fs::write(file, "mine").unwrap();
    }
    let (folder, draft) = (place.file_of(&key("b", "1", 0)), SliceId::of(&key("c", "1", 0)).draft_name());
    fs::create_dir(&folder).unwrap();
    fs::write(place.slices().join(&draft), "half").unwrap();
    let cache = place.open(1);
    assert_eq!(cache.slices(), 1);
    assert!(!place.names().contains(&draft));
    put(&cache, &key("d", "1", 0));
    assert_eq!(cache.purge(&path("d")).slices, 1);
    assert_eq!(cache.purge(&path("b")).slices, 0);
    assert!(foreign.iter().all(|file| read(file) == b"mine"));
    assert!(folder.is_dir());
}

#[test]
fn a_folder_has_one_owner() {
    let place = Place::new();
    let cache = place.open(1);
    let refused = place.try_open(ON_DISK).unwrap_err();
    assert!(matches!(refused, OpenCacheError::InUse(_)), "{refused}");
    let told = refused.to_string();
    assert!(told.contains(&place.path().display().to_string()) && told.contains("`cache-dir`"), "{told}");
    drop(cache);
    place.open(1);
}

#[test]
fn a_place_that_is_no_folder_is_refused_by_name() {
    let spoil: [fn(&Place) -> PathBuf; 3] =
        [Place::path, Place::slices, |place| place.path().join("media-origin.lock")];
    for (spoilt, is_link) in spoil.iter().flat_map(|spoilt| [(spoilt, false), (spoilt, true)]) {
        let place = Place::new();
        let spoilt = spoilt(&place);
        fs::create_dir_all(spoilt.parent().unwrap()).unwrap();
        if is_link {
            symlink("nowhere", &spoilt).unwrap();
        } else if spoilt.ends_with("media-origin.lock") {
            fs::create_dir(&spoilt).unwrap();
        } else {
            fs::write(&spoilt, "mine").unwrap();
        }
        let told = place.try_open(ON_DISK).unwrap_err().to_string();
        assert!(told.starts_with(&spoilt.display().to_string()) && told.contains("`cache-dir`"), "{told}");
    }
}

#[test]
fn a_disk_that_says_no_costs_a_count_and_what_is_there_is_served() {
    let place = Place::new();
    let cache = place.open(2);
    let [kept, other, new] = ["kept", "other", "new"].map(|name| key(name, "1", 0));
    put(&cache, &kept);
    put(&cache, &other);
    // What cannot be written: a directory lies in the way of the draft, of which root takes notice too.
    let in_the_way = place.slices().join(SliceId::of(&new).draft_name());
    fs::create_dir(&in_the_way).unwrap();
    for failures in 1..=3 {
        put(&cache, &new);
        assert_eq!(cache.failures(), failures);
        assert!(!has(&cache, &new));
    }
    assert!(has(&cache, &kept) && has(&cache, &other), "nothing had to go for what did not come");
    fs::remove_dir(&in_the_way).unwrap();
    put(&cache, &new);
    assert!(has(&cache, &new));
}
