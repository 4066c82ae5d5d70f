//! The forms of a request's line, and the way that lines take.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderValue, StatusCode, Version};

use crate::peer::Node;

use super::{Exchange, RequestId, Sink, TraceContext, combined, json, text};

/// 6 November 1994, 08:49:37, less what it took.
const BEGUN: Duration = Duration::from_millis(784_111_777_123 - 1500);

const TRACEPARENT: &[u8] = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// What clients may send that is not meant well.
const HOSTILE: &[u8] = b"a\"b\\c\t\x1b[2J\x7f \xc2\x9b2J \xe2\x80\xae \xff \xc3\xa9";

fn exchange<'a>(request_id: &'a RequestId, field: Option<&'a HeaderValue>) -> Exchange<'a> {
    Exchange {
        begun: UNIX_EPOCH + BEGUN,
        duration: Duration::from_millis(1500),
        first_byte: Some(Duration::from_micros(250)),
        peer: SocketAddr::from(([192, 0, 2, 7], 4321)).into(),
        client: None,
        method: "GET",
        path: "/media/a.jpg",
        version: Version::HTTP_11,
        status: Some(StatusCode::OK),
        sent_bytes: 4096,
        rule: "ü \"quoted\"/**",
        pin: Some("matches"),
        cache: None,
        tier: Some("memory"),
        signature: None,
        cut: None,
        request_id,
        trace: TraceContext::parse(TRACEPARENT),
        span: None,
        user_agent: field,
        referer: field,
    }
}

/// A line in all three forms.
fn lines(exchange: &Exchange<'_>) -> [String; 3] {
    let mut lines = [const { Vec::new() }; 3];
    let [people, programs, tools] = &mut lines;
    text::write(people, exchange, false);
    json::write(programs, exchange);
    combined::write(tools, exchange);
    lines.map(|line| String::from_utf8(line).expect("text"))
}

#[test]
fn each_form_says_what_it_is_meant_to() {
    let id = RequestId::Made(0xabc);
    let agent = HeaderValue::from_static("https://example.com/a?secret=1#b");
    let [people, programs, tools] = lines(&exchange(&id, Some(&agent)));
    assert_eq!(
        people,
        "1994-11-06T08:49:37.123000Z  INFO GET /media/a.jpg status=200 sent_bytes=4096 duration_ms=1500.000 \
         first_byte_ms=0.250 rule=\"ü \\\"quoted\\\"/**\" pin=\"matches\" tier=\"memory\" peer=192.0.2.7:4321 \
         request_id=00000000000000000000000000000abc trace_id=4bf92f3577b34da6a3ce929d0e0e4736 \
         parent_id=00f067aa0ba902b7 user_agent=\"https://example.com/a?secret=1#b\""
    );
    assert_eq!(
        programs,
        "{\"timestamp\":\"1994-11-06T08:49:37.123000Z\",\"level\":\"INFO\",\"target\":\"media_origin::access\",\
         \"method\":\"GET\",\"path\":\"/media/a.jpg\",\"protocol\":\"HTTP/1.1\",\"status\":200,\"sent_bytes\":4096,\
         \"duration_ms\":1500.000,\"first_byte_ms\":0.250,\"rule\":\"ü \\\"quoted\\\"/**\",\"pin\":\"matches\",\
         \"tier\":\"memory\",\"peer\":\"192.0.2.7:4321\",\"request_id\":\"00000000000000000000000000000abc\",\
         \"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\",\"parent_id\":\"00f067aa0ba902b7\",\
         \"user_agent\":\"https://example.com/a?secret=1#b\",\"referer\":\"https://example.com/a\"}"
    );
    assert_eq!(
        tools,
        "192.0.2.7 - - [06/Nov/1994:08:49:37 +0000] \"GET /media/a.jpg HTTP/1.1\" 200 4096 \
         \"https://example.com/a\" \"https://example.com/a?secret=1#b\""
    );
}

#[test]
fn the_client_of_a_proxy_is_named() {
    let id = RequestId::Made(1);
    for (node, shown, address) in [
        (Node::Address([192, 0, 2, 9].into(), Some(80)), "192.0.2.9:80", "192.0.2.9"),
        (Node::Obfuscated("_hidden".into()), "_hidden", "-"),
        (Node::Unknown, "unknown", "-"),
    ] {
        let [people, programs, tools] = lines(&Exchange { client: Some(&node), ..exchange(&id, None) });
        assert!(people.contains(&format!(" peer=192.0.2.7:4321 client={shown} ")), "{people}");
        assert!(
            programs.contains(&format!("\"peer\":\"192.0.2.7:4321\",\"client\":\"{shown}\",")),
            "{programs}"
        );
        assert!(tools.starts_with(&format!("{address} - - [")), "{tools}");
    }
}

#[test]
fn a_client_that_left_and_said_little_has_a_line_too() {
    let id = RequestId::Given(HeaderValue::from_static("abc"));
    let left = Exchange {
        status: None,
        sent_bytes: 0,
        first_byte: None,
        rule: "",
        pin: None,
        tier: None,
        trace: None,
        cut: Some("the connection ended before the answer"),
        version: Version::HTTP_2,
        peer: "[::ffff:192.0.2.7]:1".parse::<SocketAddr>().unwrap().into(),
        ..exchange(&id, None)
    };
    let [people, programs, tools] = lines(&left);
    assert!(people.ends_with(
        "GET /media/a.jpg sent_bytes=0 duration_ms=1500.000 peer=192.0.2.7:1 request_id=abc \
         cut=\"the connection ended before the answer\""
    ));
    let object: serde_json::Value = serde_json::from_str(&programs).unwrap();
    assert_eq!((object.get("status"), object["request_id"].as_str()), (None, Some("abc")));
    assert_eq!(
        tools,
        "192.0.2.7 - - [06/Nov/1994:08:49:37 +0000] \"GET /media/a.jpg HTTP/2.0\" 499 0 \"-\" \"-\""
    );
}

#[test]
fn nobody_writes_lines_of_their_own() {
    let id = RequestId::Made(1);
    let agent = HeaderValue::from_bytes(
        &HOSTILE.iter().copied().filter(|b| *b >= 0x20 && *b != 0x7f).collect::<Vec<_>>(),
    );
    let agent = agent.unwrap();
    let [_, plain, _] = lines(&exchange(&id, None));
    let members = plain.matches("\":").count();
    // A path is never so, but for a library that lets one through.
    let hostile = String::from_utf8_lossy(HOSTILE).replace('\t', "\n");
    let [people, programs, tools] =
        lines(&Exchange { path: &hostile, method: &hostile, ..exchange(&id, Some(&agent)) });
    for line in [&people, &programs, &tools] {
        assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
        assert!(!line.contains(['\u{202e}', '\u{9b}']), "{line:?}");
    }
    assert!(people.is_ascii() || people.replace('ü', "").is_ascii(), "{people}");
    assert_eq!(tools.matches('"').count(), 6, "{tools}");
    assert!(tools.contains("\\x22b\\x5Cc"), "{tools}");
    let object: serde_json::Value = serde_json::from_str(&programs).unwrap();
    assert_eq!(object["path"].as_str(), Some(&*hostile));
    assert_eq!(object["user_agent"].as_str(), Some("a\"b\\c[2J \u{9b}2J \u{202e} \\xFF é"));
    assert_eq!(object.as_object().unwrap().len(), members + 2, "with its two fields");
}

#[test]
fn what_is_too_long_is_cut() {
    let id = RequestId::Made(1);
    let long = HeaderValue::from_str(&"é".repeat(4000)).unwrap();
    let path = "/".repeat(4000);
    for line in lines(&Exchange { path: &path, ..exchange(&id, Some(&long)) }) {
        assert!(line.contains(&"/".repeat(1000)) && !line.contains(&"/".repeat(1001)));
        assert!(line.len() < 12_000, "{}", line.len());
    }
}

/// A reader that takes a batch when it is allowed to.
struct Reader {
    allowed: Receiver<io::Result<()>>,
    read: Sender<Vec<u8>>,
}

impl Write for Reader {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        let _begun = self.read.send(lines.to_vec());
        self.allowed.recv().unwrap_or(Ok(()))?;
        Ok(lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const LONG: Duration = Duration::from_secs(30);

#[test]
fn a_reader_that_stalls_costs_lines_and_no_time() {
    let ((allow, allowed), (read, reads)) = (channel(), channel());
    let sink = Sink::with_room(Reader { allowed, read }, 8).unwrap();
    sink.put(b"one\n");
    assert_eq!(reads.recv_timeout(LONG).unwrap(), b"one\n");
    for line in [b"two\n", b"333\n", b"444\n", b"555\n"] {
        sink.put(line);
    }
    assert_eq!(sink.dropped(), 2, "there is room for two more");
    sink.finish(Duration::from_millis(1));
    allow.send(Ok(())).unwrap();
    assert_eq!(reads.recv_timeout(LONG).unwrap(), b"two\n333\n", "written with one call");
    allow.send(Ok(())).unwrap();
    sink.finish(LONG);
    sink.put(b"six\n");
    assert_eq!(reads.recv_timeout(LONG).unwrap(), b"six\n");
}

#[test]
fn a_reader_that_is_gone_costs_lines_that_are_counted() {
    let ((allow, allowed), (read, _reads)) = (channel(), channel());
    let sink = Sink::with_room(Reader { allowed, read }, 100).unwrap();
    allow.send(Err(io::ErrorKind::BrokenPipe.into())).unwrap();
    sink.put(b"one\ntwo\n");
    sink.finish(LONG);
    assert_eq!(sink.dropped(), 2);
}
