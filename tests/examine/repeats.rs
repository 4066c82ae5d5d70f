//! Whether the server says the same when it is asked again.

use media_origin::whatsapp::Severity::{Note, Warn};

use crate::scripted::{FIELDS, Reply, Request, Server, answer, honest, honest_with, png};
use crate::{codes, each_is_found, examined, finding};

/// What the honest server would answer to a GET without conditions.
fn whole(fields: &str) -> Reply {
    Reply::Send(answer("200 OK", fields, &png()))
}

fn head(request: &Request, other: impl FnOnce() -> Vec<u8>) -> Reply {
    Reply::Send(if request.method() == "HEAD" { other() } else { honest(request) })
}

fn range(request: &Request, other: impl FnOnce() -> Vec<u8>) -> Reply {
    Reply::Send(if request.is_range() { other() } else { honest(request) })
}

fn part(range: &str, bytes: &[u8]) -> Vec<u8> {
    answer("206 Partial Content", &format!("{FIELDS}Content-Range: {range}\r\n"), bytes)
}

#[tokio::test]
async fn head_says_what_get_says() {
    each_is_found(&[
        ("head-differs", Warn, |request| {
            head(request, || b"HTTP/1.1 405 Nope\r\nContent-Length: 0\r\n\r\n".into())
        }),
        ("head-differs", Warn, |request| {
            head(request, || format!("HTTP/1.1 200 OK\r\n{FIELDS}Content-Length: 0\r\n\r\n").into_bytes())
        }),
        ("head-differs", Warn, |request| {
            let fields = FIELDS.replace("image/png", "text/html");
            head(request, || format!("HTTP/1.1 200 OK\r\n{fields}Content-Length: 3000\r\n\r\n").into_bytes())
        }),
        ("head-differs", Warn, |request| {
            let fields = FIELDS.replace("Cache-Control: no-cache\r\n", "");
            head(request, || format!("HTTP/1.1 200 OK\r\n{fields}Content-Length: 3000\r\n\r\n").into_bytes())
        }),
        ("head-differs", Warn, |request| match request.method() {
            "HEAD" => Reply::Close(Vec::new()),
            _ => Reply::Send(honest(request)),
        }),
        ("content-where-none-is", Warn, |request| head(request, || answer("200 OK", FIELDS, &png()))),
    ])
    .await;
}

#[tokio::test]
async fn a_head_that_is_not_answered_is_waited_for_once() {
    let server = Server::start(|request| match request.method() {
        "HEAD" => Reply::Hang(Vec::new()),
        _ => Reply::Send(honest(request)),
    })
    .await;
    let examination = examined(&server.link()).await;
    assert_eq!(codes(&examination), [("head-differs", Warn)]);
    assert!(finding(&examination, "head-differs").detail.contains("took longer"), "{examination:?}");
    assert_eq!(server.asked().iter().filter(|request| request.method() == "HEAD").count(), 1);
}

#[tokio::test]
async fn head_may_leave_the_length_out() {
    let server =
        Server::start(|request| head(request, || format!("HTTP/1.1 200 OK\r\n{FIELDS}\r\n").into_bytes()))
            .await;
    assert_eq!(codes(&examined(&server.link()).await), []);
}

#[tokio::test]
async fn the_difference_is_named() {
    let server = Server::start(|request| {
        head(request, || format!("HTTP/1.1 200 OK\r\n{FIELDS}Content-Length: 7\r\n\r\n").into_bytes())
    })
    .await;
    let examination = examined(&server.link()).await;
    let detail = &finding(&examination, "head-differs").detail;
    assert_eq!(detail, "HEAD differs from GET in content-length (7, not 3000)");
}

#[tokio::test]
async fn a_condition_is_answered_as_it_should_be() {
    each_is_found(&[
        ("conditional-ignored", Note, |request| {
            if request.is_conditional() { whole(FIELDS) } else { Reply::Send(honest(request)) }
        }),
        ("conditional-wrong", Warn, |request| {
            let other = || b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec();
            Reply::Send(if request.is_conditional() { other() } else { honest(request) })
        }),
        ("conditional-wrong", Warn, |request| {
            let other = || answer("412 Precondition Failed", FIELDS, b"");
            Reply::Send(if request.is_conditional() { other() } else { honest(request) })
        }),
        ("conditional-wrong", Warn, |request| {
            if request.is_conditional() { Reply::Close(Vec::new()) } else { Reply::Send(honest(request)) }
        }),
        ("content-where-none-is", Warn, |request| {
            let other = || [&honest(request)[..], b"not modified"].concat();
            Reply::Send(if request.is_conditional() { other() } else { honest(request) })
        }),
    ])
    .await;
}

#[tokio::test]
async fn a_tag_stays_the_same_while_the_file_does() {
    each_is_found(&[("etag-changed-between-requests", Warn, |request| {
        let other = FIELDS.replace("\"one\"", "\"two\"");
        if request.is_conditional() { whole(&other) } else { Reply::Send(honest(request)) }
    })])
    .await;
}

#[tokio::test]
async fn a_weak_tag_is_the_same_tag() {
    let server = Server::start(|request| {
        let weak = FIELDS.replace("\"one\"", "W/\"one\"");
        Reply::Send(if request.is_range() { honest_with(request, &weak, &png()) } else { honest(request) })
    })
    .await;
    assert_eq!(codes(&examined(&server.link()).await), []);
}

#[tokio::test]
async fn a_range_is_right_or_not_given() {
    each_is_found(&[
        ("range-ignored", Note, |request| {
            if request.is_range() { whole(FIELDS) } else { Reply::Send(honest(request)) }
        }),
        ("range-wrong", Warn, |request| range(request, || part("bytes 0-1023/4000", &png()[..1024]))),
        ("range-wrong", Warn, |request| range(request, || part("bytes 0-1022/3000", &png()[..1023]))),
        ("range-wrong", Warn, |request| range(request, || part("bytes 0-1023/3000", &png()[1..1025]))),
        ("range-wrong", Warn, |request| range(request, || part("bytes 0-1023/3000", &png()))),
        ("range-wrong", Warn, |request| range(request, || answer("206 Partial Content", FIELDS, &png()))),
        ("range-wrong", Warn, |request| range(request, || answer("416 Range Not Satisfiable", FIELDS, b""))),
        ("range-wrong", Warn, |request| {
            if request.is_range() { Reply::Close(Vec::new()) } else { Reply::Send(honest(request)) }
        }),
        ("if-range-ignored", Warn, |request| {
            let mut unconditional = request.clone();
            unconditional.head = unconditional.head.replace("if-range", "x-if-range");
            Reply::Send(honest(&unconditional))
        }),
    ])
    .await;
}

#[tokio::test]
async fn a_range_of_a_small_file_is_all_of_it() {
    let server = Server::start(|request| Reply::Send(honest_with(request, FIELDS, &png()[..100]))).await;
    assert_eq!(codes(&examined(&server.link()).await), []);
}

#[tokio::test]
async fn a_server_that_closes_after_each_answer_is_asked_anew() {
    let server = Server::start(|request| Reply::Close(honest(request))).await;
    assert_eq!(codes(&examined(&server.link()).await), []);
    let connections: Vec<_> = server.asked().iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 1, 2, 3, 4]);
}
