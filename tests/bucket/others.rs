//! Buckets other than a right one of S3.

use http::Method;

use crate::buckets::backend::Backend;
use crate::buckets::bytes::pattern;
use crate::buckets::exchange::{Call, Reply};
use crate::buckets::fake_gcs::FakeGcs;
use crate::buckets::rclone::Rclone;
use crate::scene::SLICE;
use crate::server::{Log, Server};

fn get(server: &Server, path: &str, fields: &[(&str, &str)]) -> Reply {
    let target = format!("/media/{path}");
    let call = Call::new(Method::GET, &target);
    fields.iter().fold(call, |call, (name, value)| call.field(name, value)).send(server.address)
}

#[test]
#[ignore = "needs fake-gcs-server: scripts/test"]
fn a_bucket_of_google_has_the_same_semantics() {
    let gcs = FakeGcs::start();
    let bytes = pattern(3 * SLICE + 5, 1);
    gcs.put("media/a b é🍋.txt", "text/plain", b"hello", r#""cacheControl": "max-age=77""#);
    gcs.put("media/large.bin", "application/octet-stream", &bytes, r#""metadata": {"who": "me"}"#);
    gcs.put("media/empty.txt", "text/plain", b"", r#""cacheControl": "no-cache""#);
    let keys = format!(
        "kind = \"gcs\"\nbucket = \"media\"\nprefix = \"media/\"\nendpoint = \"http://{}\"\n\
         fresh-for = \"0s\"\nslice = \"1 MiB\"\n",
        gcs.address()
    );
    let rule = "[[rule]]\npath = \"**\"\ncache-control = \"from-store\"\n";
    let server = Server::over(Backend::Elsewhere(keys), rule, Log::Read);
    let answer = get(&server, "a%20b%20%C3%A9%F0%9F%8D%8B.txt", &[]).expect(200);
    assert_eq!((answer.text().as_str(), answer.field("cache-control")), ("hello", Some("max-age=77")));
    assert_eq!(answer.field("content-type"), Some("text/plain"));
    assert!(answer.field("last-modified").is_some());
    let tag = answer.field("etag").expect("an ETag");
    let path = "a%20b%20%C3%A9%F0%9F%8D%8B.txt";
    get(&server, path, &[("if-none-match", tag)]).expect(304);
    get(&server, path, &[("if-match", "\"x\"")]).expect(412);
    assert!(get(&server, "large.bin", &[]).expect(200).body == bytes);
    let range = format!("bytes={}-{}", SLICE - 2, SLICE + 1);
    assert!(get(&server, "large.bin", &[("range", &range)]).expect(206).body == bytes[SLICE - 2..SLICE + 2]);
    get(&server, "large.bin", &[("range", "bytes=99999999-")]).expect(416);
    assert_eq!(get(&server, "empty.txt", &[]).expect(200).field("content-length"), Some("0"));
    get(&server, "none.txt", &[]).expect(404);
    // The server looks at no condition: an object that was replaced is known by what the answer says of it.
    gcs.put("media/large.bin", "application/octet-stream", &bytes[..SLICE], r#""cacheControl": "no-cache""#);
    assert!(get(&server, "large.bin", &[]).expect(200).body == bytes[..SLICE]);
}

#[test]
#[ignore = "needs rclone: scripts/test"]
fn a_bucket_that_sends_ranges_under_status_200_is_answered_for_by_nobody() {
    let rclone = Rclone::start();
    rclone.file("a.txt", "hello");
    rclone.file("empty.txt", "");
    let keys = format!(
        "kind = \"s3\"\nbucket = \"media\"\nendpoint = \"http://{}\"\nregion = \"us-east-1\"\nslice = \"1 MiB\"\n",
        rclone.address()
    );
    let server = Server::over(Backend::Elsewhere(keys), "", Log::Read);
    let answer = get(&server, "a.txt", &[]).expect(502);
    assert_eq!(answer.field("cache-control"), Some("no-store"));
    server.wait_for_log(&[
        "a.txt",
        "the bucket's answer cannot be right: status 200 for a request for a range",
    ]);
    get(&server, "empty.txt", &[]).expect(200);
    get(&server, "none.txt", &[]).expect(404);
}
