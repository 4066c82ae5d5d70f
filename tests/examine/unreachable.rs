//! Links that give no answer at all.

use std::time::Duration;

use media_origin::clock::Clock;
use media_origin::examine::{Limits, Step, Unreachable, examine};
use media_origin::whatsapp::Severity::Refuse;
use tokio::net::TcpListener;

use crate::scripted::{Reply, Server, honest};
use crate::{BRISK, Script, is_complete, not_examined};

fn is_refused(why: &Unreachable, code: &str) {
    let finding = why.finding();
    assert_eq!((finding.code, finding.severity), (code, Refuse), "{why:?}");
    is_complete(&finding);
}

#[tokio::test]
async fn a_link_that_cannot_be_fetched_says_why() {
    for (url, code) in [
        ("", "not-a-link"),
        ("example.com/a.jpg", "not-a-link"),
        ("https://example.com/a b", "link-not-encoded"),
        ("https://example.com/é", "link-not-encoded"),
        ("http://me:secret@127.0.0.1/", "link-user-info"),
        // A label of 64 letters: no resolver asks anybody for it (RFC 1035 §2.3.4).
        ("http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/", "no-such-host"),
    ] {
        is_refused(&not_examined(url).await, code);
    }
}

#[tokio::test]
async fn a_port_at_which_nothing_listens_refuses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let why = not_examined(&format!("http://{address}/")).await;
    is_refused(&why, "connection-refused");
    assert!(why.to_string().contains(&address.to_string()));
}

#[tokio::test]
async fn an_address_of_version_6_is_taken_as_it_is_written() {
    let Ok(listener) = TcpListener::bind("[::1]:0").await else { return };
    let address = listener.local_addr().unwrap();
    drop(listener);
    is_refused(&not_examined(&format!("http://{address}/")).await, "connection-refused");
}

#[tokio::test]
async fn what_is_no_answer_is_told_apart() {
    let rows: [(&str, Script); 8] = [
        ("no-answer", |_| Reply::Close(Vec::new())),
        ("no-answer", |_| Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Ty".into())),
        ("answer-not-http", |_| Reply::Close(b"220 mail.example.com ESMTP\r\n\r\n".into())),
        ("answer-not-http", |_| Reply::Close(b"\x15\x03\x01\0\x02\x02\x46".into())),
        ("answer-not-http", |_| Reply::Send(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n".into())),
        ("header-too-large", |_| {
            let fields = "X-Padding: a\r\n".repeat(3000);
            Reply::Send(format!("HTTP/1.1 200 OK\r\n{fields}\r\n").into_bytes())
        }),
        ("header-too-large", |_| {
            let field = "a".repeat(300_000);
            Reply::Send(format!("HTTP/1.1 200 OK\r\nX-Padding: {field}\r\n\r\n").into_bytes())
        }),
        ("header-too-large", |_| Reply::Endless(b"HTTP/1.1 200 OK\r\nX-Padding: ".into(), vec![b'a'; 4096])),
    ];
    for (code, reply) in rows {
        let server = Server::start(reply).await;
        is_refused(&not_examined(&server.link()).await, code);
    }
}

#[tokio::test]
async fn a_connection_that_is_closed_is_said_to_be_once() {
    let server = Server::start(|_| Reply::Close(Vec::new())).await;
    let why = not_examined(&server.link()).await;
    assert_eq!(why.to_string(), "the server closed the connection before it had answered");
}

#[tokio::test]
async fn waiting_has_an_end() {
    let rows: [Script; 3] = [
        |request| Reply::Late(Duration::from_mins(1), honest(request)),
        |_| Reply::Hang(b"HTTP/1.1 200 OK\r\n".into()),
        |_| Reply::Endless(Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".into()),
    ];
    for reply in rows {
        let server = Server::start(reply).await;
        let why = not_examined(&server.link()).await;
        assert!(
            matches!(why, Unreachable::Timeout(Step::FirstByte, limit) if limit == BRISK.first_byte),
            "{why:?}"
        );
        is_refused(&why, "timeout");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_to_tls_is_a_connection_that_took_too_long() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let limits = Limits { connect: Duration::from_millis(300), ..BRISK };
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let why = examine(&url, &limits, &Clock::system()).await.unwrap_err();
    assert!(matches!(why, Unreachable::Timeout(Step::Connect, _)), "{why:?}");
    is_refused(&why, "timeout");
}
