//! Bytes: exactly those, of exactly that version.

use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use super::super::counters::{Operation, Outcome};
use super::scripted::{Reply, Server, answer, error, whole};
use super::{Subject, bucket, field, object, path, s3, status_of, with};
use crate::config::Service;
use crate::store::bucket::UpstreamError;

const TAG: &str = "ETag: \"t\"";

async fn read(subject: &Subject, range: Range<u64>) -> Result<Bytes, UpstreamError> {
    subject.client.read(&path("a.jpg"), &object(), range).await
}

/// The answer to a request for the bytes `content_range` says.
fn part(content_range: &str, body: &str) -> Vec<u8> {
    whole("206 Partial Content", &[TAG, &format!("Content-Range: bytes {content_range}")], body)
}

#[tokio::test]
async fn the_bytes_that_were_asked_for() {
    let server = Server::start([Reply::Send(part("2-5/10", "2345"))]).await;
    let subject = s3(&server);
    assert_eq!(read(&subject, 2..6).await.unwrap(), "2345");
    let head = &server.asked()[0];
    assert_eq!(head.lines().next(), Some("GET /media/shop/a.jpg HTTP/1.1"));
    assert_eq!((field(head, "range"), field(head, "if-match")), (Some("bytes=2-5"), Some("\"t\"")));
    assert!(field(head, "authorization").unwrap().contains("if-match"), "conditions are signed");
    let read_once = subject.counters.attempts(Operation::Read, Outcome::Status(StatusCode::PARTIAL_CONTENT));
    assert_eq!((read_once, subject.counters.received_bytes()), (1, 4));
}

#[tokio::test]
async fn a_version_is_read_by_its_name_where_versions_are_kept() {
    let server = Server::start([Reply::Send(part("2-5/10", "2345"))]).await;
    let mut bucket = bucket(Service::S3, Some(format!("http://{}", server.address)));
    bucket.versions = true;
    read(&with(&bucket, &super::KEYS).unwrap(), 2..6).await.unwrap();
    assert_eq!(server.asked()[0].lines().next(), Some("GET /media/shop/a.jpg?versionId=v1 HTTP/1.1"));
}

#[tokio::test]
async fn all_of_it_may_come_where_all_was_asked_for() {
    let server = Server::start([Reply::Send(whole("200 OK", &[TAG], "0123456789"))]).await;
    assert_eq!(read(&s3(&server), 0..10).await.unwrap(), "0123456789");
}

#[tokio::test]
async fn another_version_is_never_taken_for_this_one() {
    for reply in [
        whole("206 Partial Content", &["ETag: \"u\"", "Content-Range: bytes 2-5/10"], "2345"),
        whole("200 OK", &["ETag: \"u\""], "0123456789"),
        whole("206 Partial Content", &[TAG, "Content-Range: bytes 2-5/11"], "2345"),
        answer("412 Precondition Failed", &["Content-Length: 0"], ""),
        answer("416 Range Not Satisfiable", &["Content-Length: 0", "Content-Range: bytes */3"], ""),
    ] {
        let server = Server::start([Reply::Send(reply.clone())]).await;
        let found = read(&s3(&server), 2..6).await;
        assert_eq!(found, Err(UpstreamError::Changed), "{}", String::from_utf8_lossy(&reply));
    }
}

#[tokio::test]
async fn other_bytes_are_never_taken_for_these() {
    let wrong = |fields: &[&str], body: &str| whole("206 Partial Content", &[&[TAG], fields].concat(), body);
    for reply in [
        whole("200 OK", &[TAG], "0123456789"),
        whole("200 OK", &[TAG, "Content-Range: bytes 2-5/10"], "2345"),
        whole("204 No Content", &[TAG], ""),
        wrong(&["Content-Range: bytes 1-4/10"], "1234"),
        wrong(&["Content-Range: bytes 2-4/10"], "234"),
        wrong(&["Content-Range: bytes 2-5/*"], "2345"),
        wrong(&["Content-Range: bytes +2-5/10"], "2345"),
        wrong(&["Content-Range: items 2-5/10"], "2345"),
        wrong(&[], "2345"),
        wrong(&["Content-Range: bytes 2-5/10"], "234"),
        wrong(&["Content-Range: bytes 2-5/10"], "23456"),
    ] {
        let shown = String::from_utf8_lossy(&reply).into_owned();
        let server = Server::start([Reply::Cut(reply)]).await;
        let found = read(&s3(&server), 2..6).await;
        assert!(matches!(found, Err(UpstreamError::Malformed(_))), "{shown}: {found:?}");
        assert_eq!(server.asked().len(), 1, "asking again cannot help: {shown}");
    }
}

#[tokio::test]
async fn a_tag_that_is_weak_or_missing_names_no_bytes() {
    for tag in ["ETag: W/\"t\"", "X: y"] {
        let reply = whole("206 Partial Content", &[tag, "Content-Range: bytes 2-5/10"], "2345");
        let server = Server::start([Reply::Send(reply)]).await;
        let found = read(&s3(&server), 2..6).await;
        assert!(matches!(found, Err(UpstreamError::Malformed(_))), "{tag}: {found:?}");
    }
}

#[tokio::test]
async fn bodies_without_a_length_end_where_they_were_asked_to() {
    let fields = [TAG, "Content-Range: bytes 2-5/10", "Transfer-Encoding: chunked"];
    for (body, expected) in [
        ("4\r\n2345\r\n0\r\n\r\n", Some("2345")),
        ("2\r\n23\r\n2\r\n45\r\n0\r\n\r\n", Some("2345")),
        ("3\r\n234\r\n0\r\n\r\n", None),
        ("5\r\n23456\r\n0\r\n\r\n", None),
    ] {
        let server = Server::start([Reply::Send(answer("206 Partial Content", &fields, body))]).await;
        let found = read(&s3(&server), 2..6).await;
        match expected {
            Some(bytes) => assert_eq!(found.unwrap(), bytes),
            None => assert!(matches!(found, Err(UpstreamError::Malformed(_))), "{body:?}: {found:?}"),
        }
    }
}

#[tokio::test]
async fn a_body_that_breaks_is_taken_up_where_it_broke() {
    let fields = [TAG, "Content-Range: bytes 2-8/10", "Content-Length: 7"];
    let broken = answer("206 Partial Content", &fields, "234");
    let server = Server::start([Reply::Cut(broken), Reply::Send(part("5-8/10", "5678"))]).await;
    let subject = s3(&server);
    assert_eq!(read(&subject, 2..9).await.unwrap(), "2345678");
    let ranges: Vec<_> = server.asked().iter().map(|head| field(head, "range").unwrap().to_owned()).collect();
    assert_eq!(ranges, ["bytes=2-8", "bytes=5-8"]);
}

#[tokio::test]
async fn a_body_is_not_continued_with_another_version() {
    let fields = [TAG, "Content-Range: bytes 2-8/10", "Content-Length: 7"];
    let broken = Reply::Cut(answer("206 Partial Content", &fields, "234"));
    let other = whole("206 Partial Content", &["ETag: \"u\"", "Content-Range: bytes 5-8/10"], "5678");
    let server = Server::start([broken.clone(), Reply::Send(other)]).await;
    assert_eq!(read(&s3(&server), 2..9).await, Err(UpstreamError::Changed));
    let server =
        Server::start([broken.clone(), error("412 Precondition Failed", "PreconditionFailed")]).await;
    assert_eq!(read(&s3(&server), 2..9).await, Err(UpstreamError::Changed));
    let server = Server::start([broken, error("404 Not Found", "NoSuchKey")]).await;
    assert_eq!(read(&s3(&server), 2..9).await, Err(UpstreamError::NotFound));
}

#[tokio::test]
async fn a_body_that_breaks_again_and_again_is_given_up() {
    let fields = [TAG, "Content-Range: bytes 2-8/10", "Content-Length: 7"];
    let server = Server::start([Reply::Cut(answer("206 Partial Content", &fields, ""))]).await;
    let found = read(&s3(&server), 2..9).await;
    assert!(matches!(found, Err(UpstreamError::Unreachable(_))), "{found:?}");
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn a_body_that_stalls_is_asked_for_again() {
    let fields = [TAG, "Content-Range: bytes 2-8/10", "Content-Length: 7"];
    let stalled = Reply::Hang(answer("206 Partial Content", &fields, "234"));
    let server = Server::start([stalled, Reply::Send(part("5-8/10", "5678"))]).await;
    let began = tokio::time::Instant::now();
    assert_eq!(read(&s3(&server), 2..9).await.unwrap(), "2345678");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_refusal_keeps_its_code() {
    for (status, code, attempts) in [
        ("403 Forbidden", "AccessDenied", 1),
        ("404 Not Found", "NoSuchBucket", 1),
        ("500 Internal Server Error", "InternalError", 3),
        ("503 Slow Down", "SlowDown", 3),
    ] {
        let server = Server::start([error(status, code)]).await;
        let status = status_of(status);
        let expected = UpstreamError::Refused { status, code: Some(code.into()) };
        assert_eq!(read(&s3(&server), 2..6).await, Err(expected));
        assert_eq!(server.asked().len(), attempts, "{code}");
    }
}

#[tokio::test]
async fn bytes_that_the_object_does_not_have_are_not_asked_for() {
    let server = Server::start([Reply::Hang(vec![])]).await;
    for range in [0..0, 5..5, 0..11, 10..11] {
        let found = read(&s3(&server), range.clone()).await;
        assert!(matches!(found, Err(UpstreamError::Malformed(_))), "{range:?}: {found:?}");
    }
    assert_eq!(server.asked().len(), 0);
}
