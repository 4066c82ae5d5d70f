//! How an object goes out: its name, its type, its tag, its fields.

use http::Method;

use crate::buckets::bucket::Bucket;
use crate::buckets::bytes::{etag_of, pattern};
use crate::buckets::exchange::{Call, Reply, path_of};
use crate::scene::{IMPATIENT, PATIENT, SLICE, Scene};

/// The beginning of a JPEG file, as far as anybody looks.
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0";

#[test]
#[ignore = "needs weed: scripts/test"]
fn odd_names_lead_to_their_objects() {
    let names = [
        "a b.txt",
        "a+b.txt",
        "100%.txt",
        "%41.txt",
        "#1?.txt",
        "quote\"'s & <more>.txt",
        "café/crème brûlée.txt",
        "夏/🍋.txt",
        "cafe\u{301}.txt",
        "~!@$^*()_=[]{}|;:,`.txt",
        "trailing .txt ",
    ];
    let scene = Scene::new(PATIENT, |bucket| names.iter().for_each(|name| drop(bucket.put(name, name))));
    for name in names {
        let target = path_of("media", name);
        let answer = Call::new(Method::GET, &target).send(scene.server.address).expect(200);
        assert_eq!(answer.text(), name);
    }
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn what_no_object_can_be_called_is_a_404_that_asks_nobody() {
    let long = "x".repeat(1025);
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a/b.txt", "hello")));
    let asked = scene.proxy.exchanges().len();
    for path in
        ["a//b.txt", "a/b.txt/", "a/", "./a/b.txt", "a/./b.txt", "a/../a/b.txt", "new%0Aline", "%00", &long]
    {
        let answer = scene.get(path).expect(404);
        assert_eq!(answer.field("cache-control"), Some("no-store"), "{path}");
    }
    assert_eq!(scene.proxy.exchanges().len(), asked);
    scene.get("a/b.txt").expect(200);
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn what_is_outside_of_the_prefix_is_not_served() {
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("a.txt", "hello")));
    let outside = Bucket::at(scene.bucket().server());
    outside.put("secret.txt", "secret");
    let key = outside.path("secret.txt").replace("/media/", "");
    for path in
        [key.clone(), format!("../{key}"), format!("..%2f{key}"), format!("%2e%2e/{key}"), format!("/{key}")]
    {
        scene.get(&path).expect(404);
    }
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn an_object_of_no_bytes_is_an_asset() {
    let scene = Scene::new(PATIENT, |bucket| drop(bucket.put("empty.txt", "")));
    let answer = scene.get("empty.txt").expect(200);
    assert_eq!((answer.field("content-length"), answer.field("etag")), (Some("0"), Some(&*etag_of(b""))));
    scene.get_with("empty.txt", &[("if-none-match", &etag_of(b""))]).expect(304);
    scene.get_with("empty.txt", &[("range", "bytes=0-")]).expect(200);
    assert_eq!(scene.asked("GET", "empty.txt").len(), 0, "there is nothing to fetch");
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn the_type_is_that_of_the_bytes_and_of_the_metadata() {
    let scene = Scene::new(PATIENT, |bucket| {
        bucket.put_with("no-extension", JPEG, &[("content-type", "image/jpeg")]);
        bucket.put_with("undeclared.jpg", JPEG, &[]);
        bucket.put_with("data.xyz", "some text", &[("content-type", "text/plain")]);
        bucket.put_with("wrong.mp4", JPEG, &[("content-type", "video/mp4")]);
        bucket.put_with("page.jpg", "<!doctype html><html></html>", &[("content-type", "image/jpeg")]);
    });
    for (name, media_type) in [
        ("no-extension", "image/jpeg"),
        ("undeclared.jpg", "image/jpeg"),
        ("data.xyz", "text/plain"),
        ("wrong.mp4", "image/jpeg"),
        ("page.jpg", "application/octet-stream"),
    ] {
        assert_eq!(scene.get(name).expect(200).field("content-type"), Some(media_type), "{name}");
    }
    scene.server.wait_for_log(&["WARN", "wrong.mp4"]);
    assert!(scene.get("page.jpg").field("content-disposition").unwrap().starts_with("attachment"));
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn the_tag_is_the_digest_or_else_the_bucket_s_own() {
    let bytes = pattern(5 * SLICE + 3, 1);
    let scene = Scene::new(PATIENT, |bucket| {
        bucket.put("digest.bin", "hello");
        bucket.put_with("plain.bin", "hello", &[]);
        let tag = bucket.put_in_parts("parts.bin", &[&bytes[..5 * SLICE], &bytes[5 * SLICE..]]);
        assert!(tag.ends_with("-2\""), "{tag}");
    });
    let own = |name: &str| {
        let path = scene.bucket().path(name);
        let head = Call::new(Method::HEAD, &path).send_signed(scene.bucket().server()).expect(200);
        head.field("etag").unwrap().to_owned()
    };
    for (name, tag, body) in [
        ("digest.bin", etag_of(b"hello"), b"hello".as_slice()),
        ("plain.bin", own("plain.bin"), b"hello"),
        ("parts.bin", own("parts.bin"), &bytes),
    ] {
        let answer = scene.get(name).expect(200);
        assert!(answer.body == body, "{name}");
        assert_eq!(answer.field("etag"), Some(tag.as_str()), "{name}");
        scene.get_with(name, &[("if-none-match", &tag)]).expect(304);
        scene.get_with(name, &[("range", "bytes=1-2"), ("if-range", &tag)]).expect(206);
    }
    let digest = scene.get_with("digest.bin", &[("want-repr-digest", "sha-256=1")]);
    assert_eq!(digest.field("repr-digest"), Some("sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"));
    let none = scene.get_with("plain.bin", &[("want-repr-digest", "sha-256=1")]);
    assert_eq!(none.field("repr-digest"), None, "nobody knows it");
}

#[test]
#[ignore = "needs weed: scripts/test"]
fn replicas_send_the_same_fields() {
    let one = Scene::new(PATIENT, |bucket| {
        bucket.put("digest.bin", "hello");
        bucket.put_with(
            "plain.bin",
            "hello",
            &[("content-type", "text/plain"), ("cache-control", "max-age=7")],
        );
    });
    let two = one.replica(PATIENT, "");
    let steady = |reply: Reply| -> Vec<String> {
        reply.head.lines().filter(|line| !line.starts_with("date:")).map(str::to_owned).collect()
    };
    for name in ["digest.bin", "plain.bin"] {
        assert_eq!(steady(one.get(name).expect(200)), steady(two.get(name).expect(200)));
    }
}

const FROM_STORE: &str = "[[rule]]\npath = \"**\"\ncache-control = \"from-store\"\n";

#[test]
#[ignore = "needs weed: scripts/test"]
fn a_rule_passes_on_the_object_s_own_cache_control() {
    let fill = |bucket: &Bucket| {
        bucket.put_with("own.txt", "hello", &[("cache-control", "public, max-age=77")]);
        bucket.put_with("none.txt", "hello", &[]);
    };
    let scene = Scene::with(Bucket::new(), IMPATIENT, FROM_STORE, fill);
    let cache_control = |name| scene.get(name).expect(200).field("cache-control").map(str::to_owned);
    assert_eq!(cache_control("own.txt").as_deref(), Some("public, max-age=77"));
    assert_eq!(cache_control("none.txt").as_deref(), Some("no-cache"));
    // The same bytes under other metadata: nothing but the metadata is new.
    scene.bucket().put_with("own.txt", "hello", &[("cache-control", "public, max-age=99")]);
    assert_eq!(cache_control("own.txt").as_deref(), Some("public, max-age=99"));
    assert_eq!(scene.asked("GET", "own.txt").len(), 1, "the bytes are still those that were fetched");
    let ruled = scene.replica(PATIENT, "");
    assert_eq!(
        ruled.get("own.txt").field("cache-control"),
        Some("no-cache"),
        "without a rule it says nothing"
    );
}
