//! Requests that two readers could take for different ones (RFC 9112 §11.2): each has one answer, the connection is closed
//! behind it, and what it tried to smuggle is answered by nobody.

use crate::scene::server;

/// What is smuggled. An answer to it would name it.
const SMUGGLED: &str = "GET /media/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

/// What a case is, the clause of RFC 9112 (or RFC 9110) that decides it, its bytes, and the status.
type Case = (&'static str, &'static str, String, u16);

/// Lines of a header section behind those of a good request.
fn with(fields: &str, content: &str) -> String {
    format!("GET /media/a.txt HTTP/1.1\r\nHost: a\r\n{fields}\r\n{content}")
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn framing() -> Vec<Case> {
    let chunked = |chunk: &str| with("Transfer-Encoding: chunked\r\n", &format!("{chunk}{SMUGGLED}"));
    vec![
        (
            "CL.TE",
            "§6.1, §6.3",
            with("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", &format!("0\r\n\r\n{SMUGGLED}")),
            400,
        ),
        (
            "TE.CL",
            "§6.1, §6.3",
            with(
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                &format!("5c\r\n{SMUGGLED}0\r\n\r\n"),
            ),
            400,
        ),
        ("TE.TE", "§6.1", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", SMUGGLED), 400),
        ("TE.TE in one line", "§6.3", with("Transfer-Encoding: chunked, identity\r\n", SMUGGLED), 400),
        (
            "TE in disguise: space before the colon",
            "§5.1",
            with("Transfer-Encoding : chunked\r\n", SMUGGLED),
            400,
        ),
        (
            "TE in disguise: tab in the value",
            "§7",
            with("Transfer-Encoding: \tchunked\x0b\r\n", SMUGGLED),
            400,
        ),
        ("TE in disguise: folded", "§5.2", with("X: a\r\n Transfer-Encoding: chunked\r\n", SMUGGLED), 400),
        ("an unknown coding", "§6.1", with("Transfer-Encoding: gzip, chunked\r\n", SMUGGLED), 501),
        (
            "TE in HTTP/1.0",
            "§6.1",
            format!("GET /media/a.txt HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{SMUGGLED}"),
            400,
        ),
        ("two lengths", "§6.3", with("Content-Length: 0\r\nContent-Length: 42\r\n", SMUGGLED), 400),
        ("two lengths in one", "§6.3", with("Content-Length: 0, 42\r\n", SMUGGLED), 400),
        ("a length with a sign", "RFC 9110 §8.6", with("Content-Length: +42\r\n", SMUGGLED), 400),
        ("a negative length", "RFC 9110 §8.6", with("Content-Length: -1\r\n", SMUGGLED), 400),
        ("a hexadecimal length", "RFC 9110 §8.6", with("Content-Length: 0x2a\r\n", SMUGGLED), 400),
        ("an empty length", "RFC 9110 §8.6", with("Content-Length:\r\n", SMUGGLED), 400),
        (
            "a length beyond all numbers",
            "RFC 9110 §8.6",
            with("Content-Length: 18446744073709551616\r\n", SMUGGLED),
            400,
        ),
        // Content is not read: whatever is wrong with it, the answer is that to the header section, and the last.
        (
            "a request in the content",
            "RFC 9110 §9.3.1",
            with(&format!("Content-Length: {}\r\n", SMUGGLED.len()), SMUGGLED),
            200,
        ),
        ("a request behind chunks", "§7.1", chunked("0\r\n\r\n"), 200),
        ("an over-long chunk size", "§7.1", chunked("fffffffffffffffff\r\n"), 200),
        ("a chunk size with a sign", "§7.1", chunked("+5\r\nhello\r\n"), 200),
        (
            "an endless chunk extension",
            "§7.1.1",
            chunked(&format!("1;{}\r\nx\r\n", "a".repeat(1 << 16))),
            200,
        ),
        ("a chunk that ends with LF", "§7.1", chunked("5\nhello\n0\n\n"), 200),
        (
            "content that is expected",
            "RFC 9110 §10.1.1",
            with("Expect: 100-continue\r\nContent-Length: 42\r\n", SMUGGLED),
            200,
        ),
    ]
}

fn lines() -> Vec<Case> {
    let line = |line: &str| format!("{line}\r\nHost: a\r\n\r\n{SMUGGLED}");
    vec![
        ("obs-fold", "§5.2", with("X: a\r\n b\r\n", SMUGGLED), 400),
        ("bare CR in a value", "§2.2", with("X: a\rb\r\n", SMUGGLED), 400),
        ("bare CR for a line's end", "§2.2", with("X: a\rContent-Length: 42\r\n", SMUGGLED), 400),
        ("bare LF for a line's end", "§2.2", with("X: a\nContent-Length: 42\r\n", SMUGGLED), 400),
        ("bare LF throughout", "§2.2", with("", SMUGGLED).replace('\r', ""), 400),
        ("NUL in a value", "RFC 9110 §5.5", with("X: a\0b\r\n", SMUGGLED), 400),
        ("NUL in a name", "RFC 9110 §5.1", with("X\0: a\r\n", SMUGGLED), 400),
        ("a field without a colon", "§5", with("oops\r\n", SMUGGLED), 400),
        ("a space before the colon", "§5.1", with("X : a\r\n", SMUGGLED), 400),
        (
            "a space before the first field",
            "§2.2",
            format!("GET /media/a.txt HTTP/1.1\r\n Host: a\r\n\r\n{SMUGGLED}"),
            400,
        ),
        ("no Host", "§3.2", format!("GET /media/a.txt HTTP/1.1\r\n\r\n{SMUGGLED}"), 400),
        ("two Hosts", "§3.2", with("Host: b\r\n", SMUGGLED), 400),
        (
            "a Host that is none",
            "§3.2",
            format!("GET /media/a.txt HTTP/1.1\r\nHost: a b\r\n\r\n{SMUGGLED}"),
            400,
        ),
        ("authority form", "§3.2.3", line("GET a:80 HTTP/1.1"), 400),
        ("two spaces", "§3", line("GET  /media/a.txt HTTP/1.1"), 400),
        ("a space in the target", "§3.2", line("GET /media/a .txt HTTP/1.1"), 400),
        ("a version of no number", "§2.3", line("GET /media/a.txt HTTP/x.y"), 400),
        ("a version to come", "§2.3", line("GET /media/a.txt HTTP/4.2"), 400),
        ("HTTP/0.9", "§3", format!("GET /media/a.txt\r\n\r\n{SMUGGLED}"), 400),
        (
            "the preface of HTTP/2, spoilt",
            "RFC 9113 §3.4",
            format!("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n{SMUGGLED}"),
            400,
        ),
        ("a TLS hello", "§2.2", format!("\u{16}\u{3}\u{1}\0\u{5}hello\r\n\r\n{SMUGGLED}"), 400),
    ]
}

#[test]
fn a_message_in_doubt_is_refused_and_the_last_on_its_connection() {
    let server = server("");
    for (what, clause, bytes, status) in framing().into_iter().chain(lines()) {
        let answer = server.exchange(bytes.as_bytes());
        let head = format!("HTTP/1.1 {status} ");
        assert!(answer.starts_with(&head), "{what} ({clause}): {status}, not\n{answer}");
        assert_eq!(answer.matches("\ndate: ").count(), 1, "{what} ({clause}): one answer, not\n{answer}");
        assert!(answer.contains("connection: close\r\n"), "{what} ({clause}): \n{answer}");
        if status != 200 {
            assert!(answer.contains("cache-control: no-store\r\n"), "{what}: {answer}");
            assert!(!answer.ends_with("\r\n\r\n"), "{what}: a person is told why\n{answer}");
        }
    }
    assert!(!server.log().contains("smuggled"), "nobody answered it:\n{}", server.log());
    assert!(server.get("a.txt").ends_with("hello"), "and it still serves");
    let counted = server.ask("/metrics", "");
    assert!(counted.contains("outcome=\"refused\",status=\"400\"}"), "{counted}");
    server.wait_for_log(&["refused what is no HTTP/1.1 message", "Content-Length"]);
    server.wait_for_log(&["- -", "status=400"]);
}

#[test]
fn a_request_in_absolute_form_is_for_whom_it_names() {
    // "When an origin server receives a request with an absolute-form of request-target, the origin server MUST ignore
    // the received Host header field (if any)" §3.2.2
    let server = server("");
    let answer = server.exchange(
        b"GET http://a.example/media/a.txt HTTP/1.1\r\nHost: b.example\r\nConnection: close\r\n\r\n",
    );
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
}

#[test]
fn what_is_pipelined_is_answered_in_its_order_up_to_what_is_none() {
    let server = server("");
    let good = "GET /media/a.txt HTTP/1.1\r\nHost: a\r\n\r\n";
    let answer = server.exchange(format!("{good}\r\n{good}oops\r\n\r\n{good}").as_bytes());
    let statuses: Vec<_> = answer.split("HTTP/1.1 ").skip(1).filter_map(|answer| answer.get(..3)).collect();
    assert_eq!(statuses, ["200", "200", "400"], "{answer}");
}

#[test]
fn a_message_may_come_in_any_pieces() {
    use std::io::{Read, Write};
    let server = server("");
    let request = b"GET /media/a.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for cut in 1..request.len() {
        let mut stream = server.connect();
        stream.set_nodelay(true).unwrap();
        stream.write_all(&request[..cut]).unwrap();
        std::thread::yield_now();
        stream.write_all(&request[cut..]).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.ends_with("\r\n\r\nhello"), "cut at {cut}: {answer}");
    }
}
