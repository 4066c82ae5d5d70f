//! A bucket that is away for a while: what is cached is served, and what is not waits a bounded time.

use std::time::{Duration, Instant};

use http::Method;

use crate::buckets::bucket::Bucket;
use crate::buckets::bytes::pattern;
use crate::buckets::exchange::{Call, Reply};
use crate::buckets::faulty::Fault;
use crate::buckets::seaweedfs::SeaweedFs;
use crate::buckets::wait_until;
use crate::scene::{IMPATIENT, NEVER, SLICE, Scene};

#[test]
#[ignore = "needs weed: scripts/test"]
fn what_is_cached_is_served_while_the_bucket_is_ill_and_not_for_ever() {
    let keys = "fresh-for = \"0s\"\nstale-if-error = \"4s\"\ntimeout = \"2s\"\n";
    for fault in [
        Fault::Refuse { status: 503, code: "SlowDown" },
        Fault::Refuse { status: 403, code: "AccessDenied" },
        Fault::Close,
        Fault::Late(NEVER),
    ] {
        let scene = Scene::new(keys, |bucket| {
            bucket.put("a.txt", "hello");
            bucket.put("cold.txt", "cold");
        });
        let what = format!("{fault:?}");
        let well = scene.get("a.txt").expect(200);
        let known = Instant::now();
        scene.proxy.inject(fault);
        let ill = scene.get("a.txt").expect(200);
        assert!(known.elapsed() < Duration::from_secs(2), "{what}: waited {:?}", known.elapsed());
        assert_eq!((ill.body, ill.head.lines().count()), (well.body, well.head.lines().count()), "{what}");
        scene.server.wait_for_log(&["GET /media/a.txt", "status=200", "cache=\"stale\""]);
        assert_eq!(scene.counted("objects_total{outcome=\"stale\"}"), 1, "{what}");
        assert!([502, 504].contains(&scene.get("cold.txt").status), "{what}: nothing is known of it");
        std::thread::sleep(Duration::from_secs(5).saturating_sub(known.elapsed()));
        assert!([502, 504].contains(&scene.get("a.txt").status), "{what}: too long");
        scene.proxy.mend();
        // Whoever asks while the last question is still out shares what comes of it.
        wait_until(&format!("{what}: it is well again"), || scene.get("a.txt").status == 200);
        assert_eq!(scene.get("cold.txt").expect(200).body, b"cold", "{what}");
    }
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_bucket_that_is_stopped_and_killed_comes_back() {
    let mut server = SeaweedFs::start();
    let bytes = pattern(24 * SLICE, 1);
    let scene = Scene::with(Bucket::at(server.address()), IMPATIENT, "", |bucket| {
        bucket.put("hot.txt", "hello");
        bucket.put("cold.txt", "cold");
        bucket.put("large.bin", &bytes);
    });
    scene.get("hot.txt").expect(200);
    server.pause();
    let began = Instant::now();
    assert_eq!(scene.get("hot.txt").expect(200).body, b"hello");
    assert!(began.elapsed() < Duration::from_millis(1900), "{:?}", began.elapsed());
    scene.get("cold.txt").expect(504);
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    server.resume();
    assert_eq!(scene.get("cold.txt").expect(200).body, b"cold");
    // Killed while a body is on its way: it is whole if the bucket is back soon, and cut if it is not.
    let mut slow = Call::new(Method::GET, "/media/large.bin").open(scene.server.address);
    while scene.fetched("large.bin") < SLICE {
        std::thread::sleep(Duration::from_millis(1));
    }
    server.kill();
    scene.get("none.txt").expect(502);
    server.restart();
    let answer = Reply::read(&mut slow);
    assert!(answer.status == 200 && bytes.starts_with(&answer.body), "what came was right");
    println!("{} of {} bytes came through a crash of the bucket", answer.body.len(), bytes.len());
    // The bucket says that it is ready a moment before it has found what it holds.
    wait_until("all of it can be had again", || {
        let answer = scene.get("large.bin");
        answer.status == 200 && answer.body == bytes
    });
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn an_object_of_a_bucket_that_is_gone_is_not_taken_for_missing() {
    let scene = Scene::new(IMPATIENT, |bucket| drop(bucket.put("a.txt", "hello")));
    scene.get("a.txt").expect(200);
    scene.proxy.inject(Fault::Refuse { status: 404, code: "NoSuchBucket" });
    assert_eq!(scene.get("a.txt").expect(200).body, b"hello", "what is cached is served");
    scene.server.wait_for_log(&["GET /media/a.txt", "cache=\"stale\""]);
    scene.get("never-there.txt").expect(502);
}
