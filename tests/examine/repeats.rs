//! Whether the server says the same when it is asked again.

use std::time::Duration;

use media_origin::clock::Clock;
use media_origin::examine::{Ending, Limits, Step, Unreachable, examine};
use media_origin::whatsapp::Severity::{Note, Warn};
use tokio::time::Instant;

use crate::scripted::{FIELDS, Reply, Request, Server, answer, honest, honest_with, png};
use crate::{BRISK, codes, each_is_found, examined, finding, is_complete};

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

#[tokio::test]
async fn a_link_that_is_signed_for_get_is_not_blamed_for_its_head() {
    let forbidden =
        |request: &Request| head(request, || b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".into());
    let server = Server::start(forbidden).await;
    for (query, expected) in [
        ("X-Amz-Date=20260101T000000Z&X-Amz-Signature=0a", ("signed-for-get", Note)),
        ("v=1", ("head-differs", Warn)),
    ] {
        let examination = examined(&format!("http://{}/a.png?{query}", server.address)).await;
        assert_eq!(codes(&examination), [expected], "{query}");
    }
}

/// A server that gives the file, and then lets all who ask again wait for the content.
fn tar_pit(request: &Request) -> Reply {
    if request.is_first() {
        return Reply::Send(honest(request));
    }
    Reply::Hang(format!("HTTP/1.1 200 OK\r\n{FIELDS}Content-Length: 3000\r\n\r\nab").into_bytes())
}

#[tokio::test]
async fn an_answer_whose_content_does_not_come_is_not_called_whole() {
    let server = Server::start(tar_pit).await;
    let limits = Limits { again: Duration::from_millis(200), ..BRISK };
    let start = Instant::now();
    let examination = examine(&server.link(), &limits, &Clock::system()).await.unwrap();
    assert!(start.elapsed() < Duration::from_millis(1500), "{:?}", start.elapsed());
    let mut found = codes(&examination);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("conditional-wrong", Warn),
            ("content-where-none-is", Warn),
            ("range-wrong", Warn),
            ("range-wrong", Warn),
        ],
        "{:?}",
        examination.findings
    );
    let detail = &finding(&examination, "conditional-wrong").detail;
    assert!(
        detail.ends_with("answered with 200 OK, and in 0.2 s only 2 bytes of its content came"),
        "{detail}"
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_said_to() {
    each_is_found(&[("range-wrong", Warn, |request| {
        let broken = format!("HTTP/1.1 200 OK\r\n{FIELDS}Content-Length: 3000\r\n\r\nab");
        if request.is_range() { Reply::Close(broken.into_bytes()) } else { Reply::Send(honest(request)) }
    })])
    .await;
}

#[tokio::test]
async fn an_examination_has_an_end_and_says_what_it_left_out() {
    let server = Server::start(|request| {
        let late = || Reply::Late(Duration::from_millis(300), honest(request));
        if request.is_first() { late() } else { Reply::Hang(Vec::new()) }
    })
    .await;
    let again = Duration::from_millis(300);
    let limits = Limits { again, all: Duration::from_millis(950), ..BRISK };
    let start = Instant::now();
    let examination = examine(&server.link(), &limits, &Clock::system()).await.unwrap();
    assert!(start.elapsed() < Duration::from_millis(1200), "{:?}", start.elapsed());
    let left_out = finding(&examination, "not-tried");
    let expected =
        "not tried, because an examination may take 0.95 s in all: a range, a range of another version";
    assert_eq!((left_out.severity, &*left_out.detail), (Note, expected));
    is_complete(left_out);
    assert_eq!(server.asked().len(), 3);
}

/// The time of all of it bounds each of its steps.
#[tokio::test]
async fn no_step_takes_longer_than_is_left() {
    let limits = Limits { all: Duration::from_millis(300), ..BRISK };
    let silent = Server::start(|_| Reply::Hang(Vec::new())).await;
    let start = Instant::now();
    let why = examine(&silent.link(), &limits, &Clock::system()).await.unwrap_err();
    assert!(matches!(why, Unreachable::Timeout(Step::FirstByte, _)), "{why:?}");
    let dribbling = Server::start(|request| {
        Reply::Hang(
            format!("HTTP/1.1 200 OK\r\n{FIELDS}Content-Length: 9\r\n\r\n{}", request.connection).into(),
        )
    })
    .await;
    let examination = examine(&dribbling.link(), &limits, &Clock::system()).await.unwrap();
    assert_eq!(examination.body.ending, Ending::TimedOut);
    assert!(start.elapsed() < Duration::from_millis(750), "{:?}", start.elapsed());
}

#[test]
fn an_examination_ends_well_before_those_who_wait_for_it() {
    let limits = Limits::default();
    assert!(limits.all <= Duration::from_secs(90) && limits.whole + limits.again <= limits.all);
}
