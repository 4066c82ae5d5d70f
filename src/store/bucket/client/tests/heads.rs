//! What an object is.

use http::StatusCode;

use super::super::counters::{Operation, Outcome};
use super::scripted::{Reply, Server, answer, error};
use super::{field, gcs, path, s3, status_of};
use crate::semantics::HttpDate;
use crate::semantics::representation::Sha256;
use crate::store::bucket::{Object, UpstreamError};

const TAG: &str = "ETag: \"t\"";
const LENGTH: &str = "Content-Length: 10";

async fn head_of(fields: &[&str]) -> Result<Object, UpstreamError> {
    let server = Server::start([Reply::Send(answer("200 OK", fields, ""))]).await;
    s3(&server).client.head(&path("a.jpg"), None).await
}

#[tokio::test]
async fn everything_that_goes_out_comes_from_the_header_section() {
    let object = head_of(&[
        TAG,
        LENGTH,
        "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT",
        "Content-Type: image/jpeg",
        "Cache-Control: public",
        "Cache-Control: max-age=60",
        "x-amz-version-id: 3HL4",
        "x-amz-checksum-sha256: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "x-amz-checksum-type: FULL_OBJECT",
    ])
    .await
    .unwrap();
    assert_eq!(
        object,
        Object {
            complete_length: 10,
            tag: "t".into(),
            modified: Some(HttpDate::from_unix(784_111_777)),
            content_type: Some("image/jpeg".into()),
            cache_control: Some("public, max-age=60".into()),
            sha256: Some(Sha256(std::array::from_fn(|i| u8::try_from(i).unwrap()))),
            version_id: Some("3HL4".into()),
        }
    );
}

#[tokio::test]
async fn what_says_nothing_is_none() {
    for fields in [
        &[][..],
        &["Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT"],
        &["Last-Modified: yesterday"],
        &["Content-Type: "],
        &["Content-Type: image/\u{e9}"],
        &["Cache-Control: é"],
        &["Cache-Control: public, max-age=60", "Cache-Control: no-store, x=\"é\""],
        &["x-amz-checksum-sha256: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=-2"],
        &[
            "x-amz-checksum-sha256: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "x-amz-checksum-type: COMPOSITE",
        ],
        &["x-amz-checksum-sha256: AAEC"],
        &["x-amz-meta-name: é", "Content-Disposition: attachment; filename=\"夏.jpg\""],
    ] {
        let object = head_of(&[fields, &[TAG, LENGTH]].concat()).await.unwrap();
        assert_eq!(object, Object { version_id: None, ..super::object() }, "{fields:?}");
    }
}

#[tokio::test]
async fn without_a_strong_tag_and_a_length_there_is_no_object() {
    for (fields, words) in [
        (&[LENGTH][..], "no ETag of shop/a.jpg"),
        (&[LENGTH, "ETag: W/\"t\""], "weak ETag"),
        (&[LENGTH, "ETag: \"a\"b\""], "no entity tag"),
        (&[LENGTH, "ETag: \"\""], "no entity tag"),
        (&[TAG, "Transfer-Encoding: chunked"], "length of shop/a.jpg"),
        (&[TAG, "Content-Length: 18446744073709551614"], "what cannot be the length of shop/a.jpg"),
    ] {
        match head_of(fields).await {
            Err(UpstreamError::Malformed(what)) => assert!(what.contains(words), "{what}"),
            other => panic!("{fields:?}: {other:?}"),
        }
    }
    assert_eq!(head_of(&[LENGTH, "ETag: bare"]).await.unwrap().tag, "bare".into());
}

#[tokio::test]
async fn a_refusal_is_called_what_it_is() {
    let refused = |status, code: Option<&str>| UpstreamError::Refused {
        status: StatusCode::from_u16(status).unwrap(),
        code: code.map(Into::into),
    };
    for (status, expected, attempts) in [
        ("404 Not Found", UpstreamError::NotFound, 1),
        ("403 Forbidden", refused(403, None), 1),
        ("401 Unauthorized", refused(401, None), 1),
        ("301 Moved Permanently", refused(301, None), 1),
        ("429 Too Many Requests", refused(429, None), 3),
        ("500 Internal Server Error", refused(500, None), 3),
        ("503 Slow Down", refused(503, None), 3),
    ] {
        let server = Server::start([Reply::Send(answer(status, &["Content-Length: 99"], ""))]).await;
        let subject = s3(&server);
        assert_eq!(subject.client.head(&path("a.jpg"), None).await, Err(expected), "{status}");
        let outcome = Outcome::Status(status_of(status));
        assert_eq!(subject.counters.attempts(Operation::Head, outcome), attempts, "{status}");
    }
}

#[tokio::test]
async fn what_passes_is_waited_for() {
    let good = Reply::Send(answer("200 OK", &[TAG, LENGTH], ""));
    let busy = Reply::Send(answer("503 Slow Down", &["Content-Length: 0"], ""));
    let server = Server::start([busy, Reply::Cut(vec![]), good]).await;
    s3(&server).client.head(&path("a.jpg"), None).await.unwrap();
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn a_bucket_that_says_nothing_is_given_up() {
    let server = Server::start([Reply::Hang(vec![])]).await;
    let subject = s3(&server);
    let began = tokio::time::Instant::now();
    assert_eq!(subject.client.head(&path("a.jpg"), None).await, Err(UpstreamError::TimedOut));
    assert!(began.elapsed() < std::time::Duration::from_millis(1500), "{:?}", began.elapsed());
    assert_eq!(subject.counters.attempts(Operation::Head, Outcome::Timeout), 1);
    assert_eq!(subject.counters.attempts(Operation::Head, Outcome::Abandoned), 1);
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let server = Server::start([Reply::Hang(vec![])]).await;
    let subject = s3(&server);
    drop(server);
    // The listener is closed by the task that held it.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let found = subject.client.head(&path("a.jpg"), None).await;
    assert!(matches!(found, Err(UpstreamError::Unreachable(_))), "{found:?}");
    assert_eq!(subject.counters.attempts(Operation::Head, Outcome::Connect), 3);
}

#[tokio::test]
async fn a_request_is_signed_with_all_that_it_asks() {
    let server = Server::start([Reply::Send(answer("200 OK", &[TAG, LENGTH], ""))]).await;
    s3(&server).client.head(&path("sommer/a b+%é.jpg"), Some("v/1=")).await.unwrap();
    let head = &server.asked()[0];
    let line = "HEAD /media/shop/sommer/a%20b%2B%25%C3%A9.jpg?versionId=v%2F1%3D HTTP/1.1";
    assert_eq!(head.lines().next(), Some(line));
    assert_eq!(field(head, "x-amz-checksum-mode"), Some("ENABLED"));
    assert_eq!(field(head, "accept-encoding"), None);
    let signature = field(head, "authorization").unwrap();
    assert!(signature.contains("/us-east-1/s3/aws4_request"), "{signature}");
    assert!(
        signature.contains("SignedHeaders=host;x-amz-checksum-mode;x-amz-content-sha256;x-amz-date,"),
        "{signature}"
    );
}

#[tokio::test]
async fn google_is_asked_for_what_is_stored() {
    let fields =
        ["Content-Encoding: gzip", "ETag: bare", "x-goog-stored-content-length: 10", "x-goog-generation: 17"];
    let server = Server::start([Reply::Cut(answer("200 OK", &fields, ""))]).await;
    let object = gcs(&server).client.head(&path("a.jpg"), Some("16")).await.unwrap();
    assert_eq!((object.complete_length, object.version_id.as_deref()), (10, Some("17")));
    let head = &server.asked()[0];
    assert_eq!(head.lines().next(), Some("HEAD /media/shop/a.jpg?generation=16 HTTP/1.1"));
    assert_eq!(field(head, "accept-encoding"), Some("gzip"));
    assert_eq!((field(head, "x-amz-checksum-mode"), field(head, "authorization")), (None, None));
}

#[tokio::test]
async fn a_key_that_cannot_be_is_not_asked_for() {
    let server = Server::start([error("500 Internal Server Error", "InternalError")]).await;
    let found = s3(&server).client.head(&path("a\u{7f}.jpg"), None).await;
    assert_eq!((found, server.asked().len()), (Err(UpstreamError::NotFound), 0));
}
