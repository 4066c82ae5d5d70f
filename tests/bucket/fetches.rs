//! What is asked of the bucket: once what many want, and of a large object the slices that an answer needs.

use std::time::Duration;

use http::Method;
use socket2::SockRef;

use crate::buckets::bytes::pattern;
use crate::buckets::exchange::Call;
use crate::buckets::faulty::Fault;
use crate::scene::{IMPATIENT, PATIENT, SLICE, Scene, slice};

#[test]
#[ignore = "needs weed: scripts/test"]
fn what_is_cold_is_fetched_and_what_is_hot_is_not() {
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.txt", "hello")));
    for (cache, heads, gets) in [("miss", 1, 1), ("hit", 1, 1), ("hit", 1, 1)] {
        let answer = scene.get("a.txt").expect(200);
        assert_eq!(answer.body, b"hello");
        assert_eq!((scene.asked("HEAD", "a.txt").len(), scene.asked("GET", "a.txt").len()), (heads, gets));
        scene.server.wait_for_log(&["GET /media/a.txt", "status=200", &format!("cache=\"{cache}\"")]);
    }
    assert_eq!(scene.counted("objects_total{outcome=\"miss\"}"), 1);
    assert_eq!(scene.counted("objects_total{outcome=\"hit\"}"), 2);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn what_is_old_is_asked_for_and_not_fetched_again() {
    let scene = Scene::new(IMPATIENT, |bucket| drop(bucket.put("a.txt", "hello")));
    for times in 1..=3 {
        assert_eq!(scene.get("a.txt").expect(200).body, b"hello");
        assert_eq!((scene.asked("HEAD", "a.txt").len(), scene.asked("GET", "a.txt").len()), (times, 1));
    }
    assert_eq!(scene.counted("objects_total{outcome=\"revalidated\"}"), 2);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn what_is_missing_is_asked_for_once_in_a_while() {
    let scene = Scene::new("missing-for = \"1s\"\n", |_| {});
    for _ in 0..3 {
        scene.get("none.txt").expect(404);
    }
    assert_eq!(scene.asked("HEAD", "none.txt").len(), 1);
    scene.bucket().put("none.txt", "hello");
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(scene.get("none.txt").expect(200).body, b"hello");
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn many_clients_of_a_cold_object_cost_one_fetch() {
    let bytes = pattern(4 * SLICE + 77, 1);
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.bin", &bytes)));
    scene.proxy.inject(Fault::Late(Duration::from_millis(300)));
    std::thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| assert!(scene.get("a.bin").expect(200).body == bytes));
        }
    });
    assert_eq!(scene.asked("HEAD", "a.bin").len(), 1);
    assert_eq!(scene.ranges("a.bin"), (0..5).map(|index| slice(index, bytes.len())).collect::<Vec<_>>());
    assert_eq!(scene.fetched("a.bin"), bytes.len());
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_client_that_leaves_does_not_spoil_what_is_fetched_for_the_next() {
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.txt", "hello")));
    scene.proxy.inject(Fault::Late(Duration::from_millis(800)).on("GET"));
    let impatient = Call::new(Method::GET, "/media/a.txt").open(scene.server.address);
    while scene.asked("GET", "a.txt").is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    // With a reset. It is noticed when there is something to send: who only has nothing more to say is still answered.
    SockRef::from(&impatient).set_linger(Some(Duration::ZERO)).unwrap();
    drop(impatient);
    scene.server.wait_for_log(&["GET /media/a.txt", "cache=\"miss\""]);
    assert_eq!(scene.get("a.txt").expect(200).body, b"hello");
    assert_eq!(scene.asked("GET", "a.txt").len(), 1);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_range_costs_its_slices_and_what_tells_the_type() {
    let length = 10 * SLICE + 77;
    let bytes = pattern(length, 2);
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.bin", &bytes)));
    let mut fetched = vec![0];
    for (first, last, slices) in [
        (5_000_000, 5_000_099, vec![4]),
        (5_000_100, 5_000_199, vec![]),
        (2 * SLICE - 1, 2 * SLICE, vec![1, 2]),
        (7 * SLICE, 8 * SLICE - 1, vec![7]),
        (length - 10, length - 1, vec![10]),
        (0, 9, vec![]),
    ] {
        let range = format!("bytes={first}-{last}");
        let answer = scene.get_with("a.bin", &[("range", &range)]).expect(206);
        assert!(answer.body == bytes[first..=last], "{range}");
        fetched.extend(slices);
        fetched.sort_unstable();
        let expected: Vec<_> = fetched.iter().map(|&index| slice(index, length)).collect();
        assert_eq!(scene.ranges("a.bin"), expected, "after {range}");
    }
    let tag = scene.asked("GET", "a.bin")[0].if_match.clone().expect("If-Match");
    assert!(scene.asked("GET", "a.bin").iter().all(|exchange| exchange.if_match.as_ref() == Some(&tag)));
    assert_eq!(scene.fetched("a.bin"), 5 * SLICE + 77);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_hundred_bytes_of_a_hundred_megabytes_cost_two_slices() {
    let bytes = pattern(100_000_000, 3);
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("large.bin", &bytes)));
    let answer = scene.get_with("large.bin", &[("range", "bytes=70000000-70000099")]).expect(206);
    assert!(answer.body == bytes[70_000_000..70_000_100]);
    println!("100 bytes of 100 MB: {} bytes came from the bucket", scene.fetched("large.bin"));
    assert_eq!(scene.fetched("large.bin"), 2 * SLICE);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn every_boundary_of_slices_is_right() {
    let bytes = pattern(3 * SLICE + 77, 4);
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.bin", &bytes)));
    for (first, last) in [
        (0, 0),
        (0, SLICE - 1),
        (0, SLICE),
        (SLICE - 1, SLICE - 1),
        (SLICE - 1, SLICE),
        (SLICE, SLICE),
        (SLICE, 2 * SLICE),
        (SLICE + 1, 3 * SLICE),
        (3 * SLICE - 1, bytes.len() - 1),
        (3 * SLICE, bytes.len() - 1),
        (0, bytes.len() - 1),
    ] {
        let range = format!("bytes={first}-{last}");
        let answer = scene.get_with("a.bin", &[("range", &range)]).expect(206);
        assert!(answer.body == bytes[first..=last], "{range}");
    }
    for length in [SLICE - 1, SLICE, SLICE + 1, 2 * SLICE] {
        let name = format!("{length}.bin");
        scene.bucket().put(&name, &bytes[..length]);
        assert!(scene.get(&name).expect(200).body == bytes[..length], "{length}");
    }
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn what_is_answered_from_metadata_alone_fetches_no_more_than_tells_the_type() {
    let bytes = pattern(4 * SLICE, 5);
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.bin", &bytes)));
    let call = Call::new(Method::HEAD, "/media/a.bin").send(scene.server.address).expect(200);
    let tag = call.field("etag").expect("an ETag");
    scene.get_with("a.bin", &[("if-none-match", tag)]).expect(304);
    scene.get_with("a.bin", &[("range", "bytes=99999999-")]).expect(416);
    scene.get_with("a.bin", &[("if-match", "\"x\"")]).expect(412);
    assert_eq!(scene.ranges("a.bin"), [slice(0, bytes.len())]);
}
