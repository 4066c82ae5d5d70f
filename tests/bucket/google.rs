//! What Google's buckets do that the fake server does not, against a stub that is labelled as one.

use http::Method;

use crate::buckets::backend::Backend;
use crate::buckets::bytes::pattern;
use crate::buckets::exchange::{Call, Reply};
use crate::buckets::gcs_stub::GcsStub;
use crate::scene::SLICE;
use crate::server::{Log, Server};

fn server(stub: &GcsStub, keys: &str) -> Server {
    Server::over(Backend::Elsewhere(stub.toml(keys)), "", Log::Read)
}

fn get(server: &Server, target: &str, fields: &[(&str, &str)]) -> Reply {
    let target = format!("/media/{target}");
    let call = Call::new(Method::GET, &target);
    fields.iter().fold(call, |call, (name, value)| call.field(name, value)).send(server.address)
}

#[test]
fn an_object_that_was_replaced_since_it_was_looked_at_is_looked_at_again() {
    let stub = GcsStub::start();
    let (old, new) = (pattern(5 * SLICE, 1), pattern(5 * SLICE, 2));
    stub.put("a.bin", &old);
    let server = server(&stub, "fresh-for = \"1h\"\n");
    let before = get(&server, "a.bin", &[("range", "bytes=0-9")]).expect(206);
    assert!(before.body == old[..10]);
    stub.put("a.bin", &new);
    let range = format!("bytes={}-{}", 3 * SLICE, 3 * SLICE + 9);
    let after = get(&server, "a.bin", &[("range", &range)]).expect(206);
    assert!(after.body == new[3 * SLICE..3 * SLICE + 10]);
    assert_ne!(before.field("etag"), after.field("etag"));
}

#[test]
fn an_object_that_is_replaced_while_it_is_sent_cuts_the_connection() {
    let stub = GcsStub::start();
    let (old, new) = (pattern(9 * SLICE, 1), pattern(9 * SLICE, 2));
    stub.put("a.bin", &old);
    let server = server(&stub, "fresh-for = \"1h\"\n");
    get(&server, "a.bin", &[("range", "bytes=0-9")]).expect(206);
    stub.put("a.bin", &new);
    // The first slice is cached, so the answer begins; the second cannot be had any more.
    let cut = get(&server, "a.bin", &[]).expect(200);
    assert!(!cut.is_whole());
    assert!(cut.body == old[..cut.body.len()], "what came is of the version that its ETag names");
    server.wait_for_log(&["GET /media/a.bin", "status=200", "cut=\"it changes while it is read\""]);
    assert!(get(&server, "a.bin", &[]).expect(200).body == new);
}

#[test]
fn a_pinned_link_is_answered_from_its_generation() {
    let stub = GcsStub::start();
    let server = server(&stub, "fresh-for = \"0s\"\nversions = true\n");
    let mut links = Vec::new();
    for text in ["first", "second", "third"] {
        stub.put("a.txt", text.as_bytes());
        let message = r#"{"to": "+4915123456789", "type": "document", "document": {"path": "a.txt"}}"#;
        let payload = server.ask_with("POST /messages", "", message.as_bytes());
        let pin: String = payload.split("?v=").nth(1).expect("a pinned link").chars().take(16).collect();
        links.push((pin, text));
    }
    for (pin, text) in &links {
        assert_eq!(get(&server, &format!("a.txt?v={pin}"), &[]).expect(200).text(), *text);
    }
    let unknown = get(&server, "a.txt?v=0123456789abcdef", &[]).expect(200);
    assert_eq!((unknown.text().as_str(), unknown.field("cache-control")), ("third", Some("no-store")));
}

#[test]
fn what_is_stored_packed_goes_out_as_it_is_stored() {
    let stub = GcsStub::start();
    // An empty deflate stream in the frame of gzip (RFC 1952).
    let packed = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    stub.put_packed("a.txt", &packed, b"");
    let server = server(&stub, "");
    let answer = get(&server, "a.txt", &[]).expect(200);
    assert_eq!(answer.body, packed);
    assert_eq!(answer.field("content-type"), Some("application/gzip"));
    assert_eq!(answer.field("content-encoding"), None);
    server.wait_for_log(&["its Content-Type in the bucket says text/plain, its bytes are application/gzip"]);
}
