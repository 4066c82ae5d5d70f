//! Objects that are replaced: no answer mixes two of them, and old links keep their meaning where the bucket does.

use std::io::Read;
use std::time::Duration;

use http::Method;

use crate::buckets::bucket::Bucket;
use crate::buckets::bytes::{etag_of, pattern};
use crate::buckets::exchange::{Call, Reply};
use crate::scene::{IMPATIENT, PATIENT, SLICE, Scene};

/// More than what is read ahead and what sockets hold.
const LARGE: usize = 24 * SLICE;

#[test]
#[ignore = "needs weed: scripts/test"]
fn an_object_replaced_while_it_is_sent_cuts_the_connection() {
    let (one, two) = (pattern(LARGE, 1), pattern(LARGE, 2));
    // With the digest of its bytes, and with a tag that the bucket made up.
    for digest in [true, false] {
        let put = |bucket: &Bucket, bytes: &[u8]| {
            if digest { bucket.put("a.bin", bytes) } else { bucket.put_with("a.bin", bytes, &[]) }
        };
        let scene = Scene::new(PATIENT, |bucket| drop(put(bucket, &one)));
        let mut slow = Call::new(Method::GET, "/media/a.bin").open(scene.server.address);
        slow.read_exact(&mut [0]).unwrap();
        put(scene.bucket(), &two);
        let mut rest = Vec::new();
        let _cut = slow.read_to_end(&mut rest);
        let start = rest.windows(4).position(|window| window == b"\r\n\r\n").expect("a header section") + 4;
        assert!(rest.len() - start < LARGE, "the end never came");
        assert!(one.starts_with(&rest[start..]), "what came was right");
        scene.server.wait_for_log(&["GET /media/a.bin", "status=200", "cut=\"it changes while it is read\""]);
        assert_eq!(scene.counted("aborted_bodies_total{reason=\"changed\"}"), 1);
        let next = scene.get("a.bin").expect(200);
        assert!(next.body == two, "whoever comes next gets the new one, at once");
    }
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn an_object_replaced_before_it_is_sent_is_looked_at_again() {
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.bin", pattern(3 * SLICE, 1))));
    let head = Call::new(Method::HEAD, "/media/a.bin").send(scene.server.address).expect(200);
    assert_eq!(head.field("etag"), Some(&*etag_of(&pattern(3 * SLICE, 1))));
    let two = pattern(2 * SLICE, 2);
    scene.bucket().put("a.bin", &two);
    // What is known of it is fresh, and its second slice is nowhere.
    let range = format!("bytes={SLICE}-");
    let answer = scene.get_with("a.bin", &[("range", &range)]).expect(206);
    assert!(answer.body == two[SLICE..]);
    assert_eq!(answer.field("etag"), Some(&*etag_of(&two)));
    assert_eq!(
        answer.field("content-range"),
        Some(&*format!("bytes {SLICE}-{}/{}", two.len() - 1, two.len()))
    );
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_deleted_object_is_a_404_even_while_stale_ones_would_do() {
    let scene = Scene::new(IMPATIENT, |bucket| drop(bucket.put("a.txt", "hello")));
    scene.get("a.txt").expect(200);
    scene.bucket().delete("a.txt");
    scene.get("a.txt").expect(404);
    scene.bucket().put("a.txt", "again");
    assert_eq!(scene.get("a.txt").expect(200).body, b"again");
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn an_object_that_comes_back_has_its_old_tag_and_its_old_slices() {
    let scene = Scene::new(IMPATIENT, |bucket| drop(bucket.put("a.txt", "one")));
    let first = scene.get("a.txt").expect(200);
    scene.bucket().put("a.txt", "two!");
    assert_eq!(scene.get("a.txt").expect(200).body, b"two!");
    scene.bucket().put("a.txt", "one");
    scene.get_with("a.txt", &[("if-none-match", first.field("etag").unwrap())]).expect(304);
    assert_eq!(scene.get("a.txt").expect(200).body, b"one");
    assert_eq!(scene.asked("GET", "a.txt").len(), 2);
}

/// The pin of the version with these bytes.
fn pin(bytes: &[u8]) -> String {
    etag_of(bytes).chars().skip(1).take(16).collect()
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_pinned_link_is_answered_with_its_version_where_the_bucket_keeps_it() {
    let toml = "[[rule]]\npath = \"**\"\ncache-control = \"no-cache\"\n\
                pinned-cache-control = \"max-age=99, immutable\"\n";
    let versions = format!("{IMPATIENT}versions = true\n");
    let (one, two) = (pattern(2 * SLICE + 5, 1), pattern(SLICE + 5, 2));
    let scene = Scene::with(Bucket::with_versions(), &versions, toml, |bucket| {
        for bytes in [&one, &two] {
            bucket.put("a.bin", bytes);
        }
        bucket.put("a.bin", "three");
    });
    let check = |scene: &Scene, pin: &str, body: &[u8], cache_control: &str| {
        let answer = scene.get(&format!("a.bin?v={pin}")).expect(200);
        assert!(answer.body == body, "{pin}");
        assert_eq!(answer.field("cache-control"), Some(cache_control));
        assert_eq!(answer.field("etag"), Some(&*etag_of(body)));
    };
    check(&scene, &pin(b"three"), b"three", "max-age=99, immutable");
    check(&scene, &pin(&two), &two, "max-age=99, immutable");
    check(&scene, &pin(&one), &one, "max-age=99, immutable");
    check(&scene, "0000000000000000", b"three", "no-store");
    let forgetful = scene.replica(&IMPATIENT.replace("versions = true\n", ""), toml);
    check(&forgetful, &pin(&one), b"three", "no-store");
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_version_goes_on_being_sent_when_it_is_replaced_where_the_bucket_keeps_it() {
    let (one, two) = (pattern(LARGE, 1), pattern(LARGE, 2));
    let versions = format!("{PATIENT}versions = true\n");
    let scene = Scene::with(Bucket::with_versions(), &versions, "", |bucket| drop(bucket.put("a.bin", &one)));
    let mut slow = Call::new(Method::GET, "/media/a.bin").open(scene.server.address);
    std::thread::sleep(Duration::from_millis(200));
    scene.bucket().put("a.bin", &two);
    let answer = Reply::read(&mut slow).expect(200);
    assert!(answer.is_whole() && answer.body == one);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_link_that_another_replica_wrote_a_moment_ago_is_answered_with_the_bytes_it_names() {
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.txt", "one")));
    let other = scene.replica(PATIENT, "");
    assert_eq!(other.get("a.txt").expect(200).body, b"one");
    other.get("b.txt").expect(404);
    scene.bucket().put("a.txt", "two");
    scene.bucket().put("b.txt", "new");
    // What was looked at just now is not looked at again, whoever doubts it.
    std::thread::sleep(Duration::from_millis(150));
    for (name, bytes) in [("a.txt", &b"two"[..]), ("b.txt", b"new")] {
        let answer = other.get(&format!("{name}?v={}", pin(bytes))).expect(200);
        assert_eq!(answer.body, bytes, "{name}");
        assert_eq!(answer.field("cache-control"), Some("no-cache"), "{name}");
    }
}
