//! Answers of the bucket that are wrong in one way each: what goes out, what the log says of it, and what is counted.

use std::time::{Duration, Instant};

use crate::buckets::bytes::pattern;
use crate::buckets::faulty::{Fault, Injection};
use crate::buckets::wait_until;
use crate::scene::{NEVER, PATIENT, SLICE, Scene};

/// A fault, the status of the answer, what the log says of it, and which counter of requests stands at what.
type Row = (Injection, u16, &'static str, &'static str, u64);

/// What strikes a look at an object.
fn faults_of_looks() -> Vec<Row> {
    let refuse = |status, code| Fault::Refuse { status, code }.on("HEAD");
    vec![
        (refuse(403, "AccessDenied"), 502, "the bucket answers 403 Forbidden", "403", 1),
        (refuse(400, "BadRequest"), 502, "the bucket answers 400 Bad Request", "400", 1),
        (refuse(429, "SlowDown"), 502, "the bucket answers 429 Too Many Requests", "429", 3),
        (refuse(500, "InternalError"), 502, "the bucket answers 500 Internal Server Error", "500", 3),
        (refuse(503, "SlowDown"), 502, "the bucket answers 503 Service Unavailable", "503", 3),
        (Fault::Close.on("HEAD"), 502, "the connection broke", "reset", 3),
        (Fault::Late(NEVER).on("HEAD"), 504, "the bucket does not answer in time", "timeout", 1),
        (Fault::Without("etag").on("HEAD"), 502, "there is no ETag", "200", 1),
        (Fault::Tagged("W/\"weak\"").on("HEAD"), 502, "a weak ETag", "200", 1),
        (Fault::Tagged("two words").on("HEAD"), 502, "what is no entity tag", "200", 1),
    ]
}

/// What strikes the reading of its bytes, of which there are five.
fn faults_of_reads() -> Vec<Row> {
    let refuse = |status, code| Fault::Refuse { status, code }.on("GET");
    vec![
        (refuse(403, "AccessDenied"), 502, "the bucket answers 403 Forbidden: AccessDenied", "403", 1),
        (refuse(429, "SlowDown"), 502, "the bucket answers 429 Too Many Requests: SlowDown", "429", 3),
        (
            refuse(500, "InternalError"),
            502,
            "the bucket answers 500 Internal Server Error: InternalError",
            "500",
            3,
        ),
        (refuse(503, "SlowDown"), 502, "the bucket answers 503 Service Unavailable: SlowDown", "503", 3),
        (Fault::Close.on("GET"), 502, "the connection broke", "reset", 3),
        (Fault::Late(NEVER).on("GET"), 504, "the bucket does not answer in time", "timeout", 1),
        (Fault::Stall { after: 0 }.on("GET"), 504, "the bucket does not answer in time", "206", 2),
        (Fault::Reset { after: 0 }.on("GET"), 502, "the connection broke", "206", 3),
        (Fault::Short { after: 0 }.on("GET"), 502, "the connection broke", "206", 3),
        (
            Fault::SliceAs200 { content_range: true }.on("GET"),
            502,
            "status 200 for a request for a range",
            "200",
            1,
        ),
        (Fault::Tagged("\"other\"").on("GET"), 503, "it changes while it is read", "206", 3),
    ]
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn each_fault_is_answered_logged_and_counted_as_what_it_is_and_remembered_by_nobody() {
    let looks = faults_of_looks().into_iter().map(|row| ("head", row));
    let reads = faults_of_reads().into_iter().map(|row| ("read", row));
    let scene = Scene::new(PATIENT, |_| {});
    for (index, (operation, (injection, status, log, outcome, times))) in looks.chain(reads).enumerate() {
        let what = format!("{injection:?}");
        let name = format!("{index}.txt");
        scene.bucket().put(&name, "hello");
        let counter = format!("bucket_requests_total{{operation=\"{operation}\",outcome=\"{outcome}\"}}");
        let before = scene.counted(&counter);
        scene.proxy.inject(injection);
        let began = Instant::now();
        let answer = scene.get(&name);
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
        assert!(began.elapsed() < Duration::from_secs(6), "{what}: {:?}", began.elapsed());
        assert_eq!(answer.field("cache-control"), Some("no-store"), "{what}");
        assert_eq!(answer.field("etag"), None, "{what}");
        scene.server.wait_for_log(&[&name, log]);
        scene.server.wait_for_log(&[&format!("GET /media/{name}"), &format!("status={status}")]);
        let rise = scene.counted(&counter) - before;
        assert!((times..=3).contains(&rise), "{what}: {outcome} was counted {rise} times");
        scene.proxy.mend();
        // Whoever asks while the last question is still out shares what comes of it.
        wait_until(&format!("{what}: it is well again"), || scene.get(&name).status == 200);
        assert_eq!(scene.get(&name).expect(200).body, b"hello", "{what}");
    }
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn what_passes_is_not_noticed() {
    let bytes = pattern(3 * SLICE, 1);
    let scene = Scene::new(PATIENT, |_| {});
    for (index, injection) in [
        Fault::Refuse { status: 503, code: "SlowDown" }.on("HEAD").times(2),
        Fault::Refuse { status: 500, code: "InternalError" }.on("GET").times(2),
        Fault::Close.times(1),
        Fault::Late(Duration::from_millis(300)).into(),
        Fault::Reset { after: 100 }.on("GET").times(2),
        Fault::Short { after: 500_000 }.on("GET").times(2),
        Fault::Stall { after: 500_000 }.on("GET").times(1),
        Fault::With(b"x-amz-meta-who: Ren\xc3\xa9").into(),
        Fault::With(b"x-amz-meta-what: \xff\xfe").into(),
    ]
    .into_iter()
    .enumerate()
    {
        let (what, name) = (format!("{injection:?}"), format!("{index}.bin"));
        scene.bucket().put(&name, &bytes);
        scene.proxy.inject(injection);
        let answer = scene.get(&name);
        assert_eq!(answer.status, 200, "{what}: {}", answer.text());
        assert!(answer.is_whole() && answer.body == bytes, "{what}");
        scene.proxy.mend();
    }
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_body_that_breaks_is_taken_up_where_it_broke() {
    let bytes = pattern(SLICE, 1);
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.bin", &bytes)));
    scene.proxy.inject(Fault::Short { after: 600_000 }.on("GET").times(1));
    assert!(scene.get("a.bin").expect(200).body == bytes);
    assert_eq!(scene.ranges("a.bin"), ["bytes=0-1048575", "bytes=600000-1048575"]);
    assert_eq!(scene.fetched("a.bin"), SLICE, "no byte was fetched twice");
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn other_bytes_than_were_asked_for_go_to_nobody() {
    let bytes = pattern(3 * SLICE, 1);
    for fault in [
        Fault::WholeForRange,
        Fault::SliceAs200 { content_range: true },
        Fault::SliceAs200 { content_range: false },
    ] {
        let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.bin", &bytes)));
        let what = format!("{fault:?}");
        scene.proxy.inject(fault.from(SLICE as u64));
        let range = format!("bytes={SLICE}-{}", SLICE + 9);
        let answer = scene.get_with("a.bin", &[("range", &range)]);
        assert_eq!(answer.status, 502, "{what}");
        scene.server.wait_for_log(&["a.bin", "the bucket's answer cannot be right: status 200"]);
        // One that has begun is cut where the fault is.
        let cut = scene.get("a.bin").expect(200);
        assert!(!cut.is_whole() && bytes.starts_with(&cut.body) && cut.body.len() <= SLICE, "{what}");
        scene.server.wait_for_log(&[
            "GET /media/a.bin",
            "status=200",
            "cut=\"the bucket's answer cannot be right",
        ]);
        scene.proxy.mend();
        assert!(scene.get("a.bin").expect(200).body == bytes, "{what}");
    }
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_body_that_fails_in_the_middle_is_cut_there() {
    let bytes = pattern(3 * SLICE, 1);
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.bin", &bytes)));
    scene.proxy.inject(Fault::Refuse { status: 403, code: "AccessDenied" }.from(2 * SLICE as u64));
    let cut = scene.get("a.bin").expect(200);
    assert!(!cut.is_whole() && bytes.starts_with(&cut.body) && cut.body.len() <= 2 * SLICE);
    scene
        .server
        .wait_for_log(&["GET /media/a.bin", "cut=\"the bucket answers 403 Forbidden: AccessDenied\""]);
    assert_eq!(scene.counted("aborted_bodies_total{reason=\"bucket\"}"), 1);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn bytes_that_are_not_of_the_digest_go_to_nobody() {
    // A digest that the bucket reports and that is another's: as if its disk had rotted.
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.txt", "hello")));
    let rotten = b"x-amz-checksum-sha256: 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    scene.proxy.inject(Fault::Replaced("x-amz-checksum-sha256", rotten).on("HEAD"));
    let answer = scene.get("a.txt").expect(502);
    assert_eq!(answer.field("etag"), None);
    scene.server.wait_for_log(&["a.txt", "the bytes are not of the object's SHA-256"]);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn no_date_is_sent_where_the_bucket_has_none() {
    for fault in [
        Fault::Without("last-modified"),
        Fault::Replaced("last-modified", b"Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT"),
        Fault::Replaced("last-modified", b"Last-Modified: yesterday"),
    ] {
        let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.txt", "hello")));
        scene.proxy.inject(fault);
        let answer = scene.get("a.txt").expect(200);
        assert_eq!((answer.body.as_slice(), answer.field("last-modified")), (b"hello".as_slice(), None));
        scene.get_with("a.txt", &[("if-none-match", answer.field("etag").unwrap())]).expect(304);
    }
}
