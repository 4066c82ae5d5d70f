//! How much comes, and whether that was announced.

use std::time::Duration;

use media_origin::examine::Ending;
use media_origin::whatsapp::Severity::{Refuse, Warn};

use crate::scripted::{FIELDS, Reply, Request, Server, honest, png};
use crate::{BRISK, Script, codes, each_is_found, examined, finding};

/// Another answer to the first GET, with the honest fields before these.
fn first(request: &Request, fields: &str, body: &[u8], end: fn(Vec<u8>) -> Reply) -> Reply {
    if !request.is_first() {
        return Reply::Send(honest(request));
    }
    end([format!("HTTP/1.1 200 OK\r\n{FIELDS}{fields}\r\n").as_bytes(), body].concat())
}

fn chunked() -> Vec<u8> {
    let body = png();
    [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat()
}

#[tokio::test]
async fn a_length_is_announced_and_kept() {
    each_is_found(&[
        ("length-mismatch", Refuse, |request| {
            first(request, "Content-Length: 3000\r\n", &[png(), png()].concat(), Reply::Send)
        }),
        ("body-cut-short", Refuse, |request| {
            first(request, "Content-Length: 4000\r\n", &png(), Reply::Close)
        }),
        ("timeout", Refuse, |request| first(request, "Content-Length: 4000\r\n", &png(), Reply::Hang)),
    ])
    .await;
}

#[tokio::test]
async fn a_body_without_a_length_is_whole_and_warned_of() {
    let rows: [(&str, Script); 2] = [
        ("chunked", |request| first(request, "Transfer-Encoding: chunked\r\n", &chunked(), Reply::Send)),
        ("no-content-length", |request| first(request, "", &png(), Reply::Close)),
    ];
    for (code, reply) in rows {
        let server = Server::start(reply).await;
        let examination = examined(&server.link()).await;
        // HEAD has the length that GET has not.
        assert_eq!(codes(&examination), [(code, Warn), ("head-differs", Warn)]);
        assert_eq!((examination.body.length, examination.body.ending), (3000, Ending::Whole));
    }
}

#[tokio::test]
async fn chunks_that_break_off_are_a_body_cut_short() {
    let server = Server::start(|request| {
        first(request, "Transfer-Encoding: chunked\r\n", b"bb8\r\nonly this", Reply::Close)
    })
    .await;
    let examination = examined(&server.link()).await;
    assert_eq!(codes(&examination), [("body-cut-short", Refuse), ("chunked", Warn)]);
    assert_eq!((examination.body.length, examination.body.ending), (9, Ending::CutShort));
}

#[tokio::test]
async fn a_body_is_read_to_its_limit_and_no_further() {
    let server =
        Server::start(|_| Reply::Endless(format!("HTTP/1.1 200 OK\r\n{FIELDS}\r\n").into_bytes(), png()))
            .await;
    let examination = examined(&server.link()).await;
    assert_eq!(codes(&examination), [("too-large", Refuse), ("no-content-length", Warn)]);
    assert_eq!((examination.body.length, examination.body.ending), (BRISK.bytes, Ending::TooLarge));
    assert_eq!(server.asked().len(), 1, "nothing more is asked of a file that is too large");
}

#[tokio::test]
async fn what_is_announced_to_be_too_large_is_only_sampled() {
    let server = Server::start(|_| {
        let head = format!("HTTP/1.1 200 OK\r\n{FIELDS}Content-Length: 5000000000\r\n\r\n");
        Reply::Endless(head.into_bytes(), png())
    })
    .await;
    let examination = examined(&server.link()).await;
    assert_eq!(codes(&examination), [("too-large", Refuse)]);
    assert!(finding(&examination, "too-large").detail.contains("5000000000"));
    assert_eq!(examination.body.length, 64 * 1024);
}

#[tokio::test]
async fn an_interim_answer_is_passed_over() {
    let server = Server::start(|request| {
        Reply::Send([b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", &honest(request)[..]].concat())
    })
    .await;
    let examination = examined(&server.link()).await;
    assert_eq!(examination.status, 200);
    assert_eq!(codes(&examination), []);
}

#[tokio::test]
async fn a_length_beside_chunks_is_a_contradiction() {
    let server = Server::start(|request| {
        let fields = "Content-Length: 5000000000\r\nTransfer-Encoding: chunked\r\n";
        first(request, fields, &chunked(), Reply::Send)
    })
    .await;
    let examination = examined(&server.link()).await;
    assert_eq!(codes(&examination), [("length-and-chunks", Warn), ("head-differs", Warn)]);
    assert_eq!((examination.body.length, examination.body.ending), (3000, Ending::Whole));
}

/// One thread may wait for disks here, and it is free while the network is waited for.
#[test]
fn a_body_that_is_waited_for_holds_no_thread() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build();
    runtime.unwrap().block_on(async {
        let server =
            Server::start(|request| first(request, "Content-Length: 4000\r\n", &png(), Reply::Hang)).await;
        let link = server.link();
        let examining = tokio::spawn(async move { examined(&link).await.body.ending });
        while server.asked().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        let free = tokio::task::spawn_blocking(|| ());
        tokio::time::timeout(Duration::from_millis(500), free).await.expect("a thread is free").unwrap();
        assert!(!examining.is_finished());
        assert_eq!(examining.await.unwrap(), Ending::TimedOut);
    });
}
