//! The instruments themselves: a fault that does not strike, or strikes more than it says, would prove nothing.

use std::io::{ErrorKind, Read};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http::Method;

use crate::buckets::bucket::Bucket;
use crate::buckets::exchange::{Call, Reply};
use crate::buckets::fake_gcs::FakeGcs;
use crate::buckets::faulty::{Exchange, Fault, FaultyProxy};
use crate::buckets::rclone::Rclone;
use crate::buckets::seaweedfs::SeaweedFs;
use crate::buckets::wait_until;

/// A signed GET of an object, of all or of a range.
fn get(server: SocketAddr, path: &str, range: Option<&str>) -> Reply {
    let call = Call::new(Method::GET, path);
    let call = range.map_or_else(|| Call::new(Method::GET, path), |range| call.field("range", range));
    call.send_signed(server)
}

/// An object of ten bytes, and a proxy before its bucket.
fn ten_bytes() -> (Bucket, FaultyProxy, String) {
    let bucket = Bucket::new();
    bucket.put("ten.txt", "0123456789");
    let path = bucket.path("ten.txt");
    let proxy = FaultyProxy::start(bucket.server());
    (bucket, proxy, path)
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn an_upload_is_there_with_what_was_said_of_it() {
    let bucket = Bucket::new();
    let tag = bucket.put("100% é+/#?\n'\"🍋.txt", "hello");
    assert_eq!(tag, "\"5d41402abc4b2a76b9719d911017c592\"", "MD5 of the bytes");
    let path = bucket.path("100% é+/#?\n'\"🍋.txt");
    let call = Call::new(Method::HEAD, &path).field("x-amz-checksum-mode", "ENABLED");
    let head = call.send_signed(bucket.server()).expect(200);
    assert_eq!(head.field("content-type"), Some("text/plain"));
    assert_eq!(head.field("x-amz-checksum-sha256"), Some("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="));
    bucket.put_with("b", "hello", &[("cache-control", "max-age=7"), ("x-amz-meta-who", "me")]);
    let head = get(bucket.server(), &bucket.path("b"), None).expect(200);
    assert_eq!((head.field("cache-control"), head.field("x-amz-meta-who")), (Some("max-age=7"), Some("me")));
    bucket.delete("b");
    get(bucket.server(), &bucket.path("b"), None).expect(404);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn an_upload_in_parts_has_the_tag_of_parts() {
    let bucket = Bucket::new();
    let part = vec![7; 5 * 1024 * 1024];
    let tag = bucket.put_in_parts("parts.bin", &[&part, b"end"]);
    assert!(tag.ends_with("-2\""), "{tag}");
    let reply = get(bucket.server(), &bucket.path("parts.bin"), Some("bytes=5242878-")).expect(206);
    assert_eq!(reply.body, b"\x07\x07end");
    assert_eq!(reply.field("etag"), Some(tag.as_str()));
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_bucket_with_versions_keeps_them() {
    let bucket = Bucket::with_versions();
    bucket.put("a.txt", "one");
    let first = get(bucket.server(), &bucket.path("a.txt"), None).expect(200);
    let version = first.field("x-amz-version-id").expect("a version");
    bucket.put("a.txt", "two");
    assert_eq!(get(bucket.server(), &bucket.path("a.txt"), None).body, b"two");
    let old = get(bucket.server(), &format!("{}?versionId={version}", bucket.path("a.txt")), None);
    assert_eq!(old.expect(200).body, b"one");
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_bucket_is_stopped_killed_and_started_again() {
    let mut server = SeaweedFs::start();
    let bucket = Bucket::at(server.address());
    bucket.put("a.txt", "hello");
    let path = bucket.path("a.txt");
    server.pause();
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| get(server.address(), &path, None));
        std::thread::sleep(Duration::from_millis(500));
        assert!(!answer.is_finished(), "nothing answers");
        server.resume();
        assert_eq!(answer.join().unwrap().expect(200).body, b"hello");
    });
    server.kill();
    assert!(std::net::TcpStream::connect(server.address()).is_err(), "nobody is there");
    server.restart();
    // It says that it is ready a moment before it has found what it holds, and answers 500 meanwhile.
    wait_until("what was written is still there", || {
        let answer = get(server.address(), &path, None);
        answer.status == 200 && answer.body == b"hello"
    });
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_proxy_without_a_fault_passes_everything_on_and_records_it() {
    let (bucket, proxy, path) = ten_bytes();
    let call = Call::new(Method::GET, &path).field("range", "bytes=2-4").field("if-match", "*");
    let direct = get(bucket.server(), &path, Some("bytes=2-4")).expect(206);
    let reply = call.send_signed(proxy.address()).expect(206);
    assert_eq!(reply.body, b"234");
    for name in ["content-range", "etag", "last-modified", "content-type", "accept-ranges", "content-length"]
    {
        assert_eq!(reply.field(name), direct.field(name), "{name}");
    }
    let expected = Exchange {
        method: "GET".into(),
        target: path.clone(),
        range: Some("bytes=2-4".into()),
        if_match: Some("*".into()),
        status: Some(206),
        bytes: 3,
    };
    assert_eq!(proxy.exchanges(), [expected]);
    // A listing has no length: it comes in chunks, or until the end.
    let list = bucket.call(Method::GET, "/media?list-type=2&prefix=test-", b"").expect(200);
    let listed = Call::new(Method::GET, "/media?list-type=2&prefix=test-").send_signed(proxy.address());
    assert_eq!(listed.expect(200).text().contains("ten.txt"), list.text().contains("ten.txt"));
    proxy.forget();
    assert_eq!((proxy.exchanges(), proxy.bytes()), (vec![], 0));
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_fault_strikes_as_often_as_it_says_and_what_it_says() {
    let (_bucket, proxy, path) = ten_bytes();
    proxy.inject(Fault::Refuse { status: 503, code: "SlowDown" }.on("GET").times(1));
    let head = Call::new(Method::HEAD, &path).send_signed(proxy.address());
    assert_eq!(head.status, 200, "a HEAD is no GET");
    let refused = get(proxy.address(), &path, None).expect(503);
    assert!(refused.text().contains("<Code>SlowDown</Code>"), "{}", refused.text());
    get(proxy.address(), &path, None).expect(200);
    proxy.inject(Fault::Refuse { status: 403, code: "AccessDenied" });
    for _ in 0..3 {
        get(proxy.address(), &path, None).expect(403);
    }
    proxy.mend();
    get(proxy.address(), &path, None).expect(200);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn faults_of_ranges() {
    let (_bucket, proxy, path) = ten_bytes();
    proxy.inject(Fault::WholeForRange.times(1));
    get(proxy.address(), &path, None).expect(200);
    let whole = get(proxy.address(), &path, Some("bytes=2-4")).expect(200);
    assert_eq!((whole.body.as_slice(), whole.field("content-range")), (&b"0123456789"[..], None));
    for (content_range, field) in [(true, Some("bytes 2-4/10")), (false, None)] {
        proxy.inject(Fault::SliceAs200 { content_range }.times(1));
        let slice = get(proxy.address(), &path, Some("bytes=2-4")).expect(200);
        assert_eq!((slice.body.as_slice(), slice.field("content-range")), (&b"234"[..], field));
    }
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn faults_of_fields() {
    let (_bucket, proxy, path) = ten_bytes();
    proxy.inject(Fault::Tagged("\"other\"").times(1));
    assert_eq!(get(proxy.address(), &path, None).expect(200).field("etag"), Some("\"other\""));
    proxy.inject(Fault::Without("last-modified").times(1));
    assert_eq!(get(proxy.address(), &path, None).expect(200).field("last-modified"), None);
    proxy.inject(Fault::With(b"x-amz-meta-who: Ren\xc3\xa9").times(1));
    assert_eq!(get(proxy.address(), &path, None).expect(200).field("x-amz-meta-who"), Some("René"));
}

/// What arrives of an answer until the connection ends or nothing comes for a quarter of a second, and why it ended.
fn arrives(proxy: &FaultyProxy, path: &str) -> (String, Option<ErrorKind>) {
    let mut stream = Call::new(Method::GET, path).signed(proxy.address()).open(proxy.address());
    stream.set_read_timeout(Some(Duration::from_millis(250))).unwrap();
    let mut received = Vec::new();
    let end = stream.read_to_end(&mut received);
    (String::from_utf8(received).unwrap(), end.err().map(|error| error.kind()))
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn faults_of_connections() {
    let (_bucket, proxy, path) = ten_bytes();
    for (fault, ends_with, end) in [
        (Fault::Stall { after: 0 }, "\r\n\r\n", Some(ErrorKind::WouldBlock)),
        (Fault::Stall { after: 4 }, "\r\n\r\n0123", Some(ErrorKind::WouldBlock)),
        (Fault::Short { after: 4 }, "\r\n\r\n0123", None),
        (Fault::Close, "", None),
        (Fault::Late(Duration::from_hours(1)), "", Some(ErrorKind::WouldBlock)),
    ] {
        proxy.inject(fault.clone().times(1));
        let (received, ended) = arrives(&proxy, &path);
        assert!(received.ends_with(ends_with), "{fault:?}: {received}");
        assert_eq!(ended, end, "{fault:?}");
        assert!(received.is_empty() || received.contains("Content-Length: 10"), "{fault:?}: {received}");
    }
    proxy.inject(Fault::Reset { after: 4 }.times(1));
    let (_may_be_lost, ended) = arrives(&proxy, &path);
    assert_eq!(ended, Some(ErrorKind::ConnectionReset));
    let began = Instant::now();
    proxy.inject(Fault::Late(Duration::from_millis(300)).times(1));
    get(proxy.address(), &path, None).expect(200);
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[test]
#[ignore = "needs rclone and fake-gcs-server: scripts/test"]
fn the_other_servers_answer_as_it_is_said_of_them() {
    let rclone = Rclone::start();
    rclone.file("folder/ten.txt", "0123456789");
    let slice = get(rclone.address(), "/media/folder/ten.txt", Some("bytes=2-4")).expect(200);
    assert_eq!((slice.body.as_slice(), slice.field("content-range")), (&b"234"[..], Some("bytes 2-4/10")));
    let gcs = FakeGcs::start();
    gcs.put("folder/é.txt", "text/plain", b"0123456789", r#""cacheControl": "no-cache""#);
    let call = || Call::new(Method::GET, "/media/folder/%C3%A9.txt");
    let slice = call().field("range", "bytes=2-4").send(gcs.address()).expect(206);
    assert_eq!(slice.body, b"234");
    assert_eq!(
        (slice.field("content-type"), slice.field("cache-control")),
        (Some("text/plain"), Some("no-cache"))
    );
    assert!(slice.field("x-goog-generation").is_some());
    let tag = slice.field("etag").expect("an ETag");
    call().field("if-none-match", tag).send(gcs.address()).expect(200);
}
