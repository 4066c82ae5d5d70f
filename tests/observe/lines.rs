//! The log as it is written.

use serde_json::Value;

use crate::server::{Server, get};

const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn server(toml: &str) -> Server {
    Server::start(toml, |root| std::fs::write(root.join("a.txt"), "hello").unwrap())
}

/// A request with these fields.
fn ask(server: &Server, path: &str, fields: &[u8]) {
    let request = get(path);
    let (line, rest) = request.split_once("\r\n").unwrap();
    server.exchange(&[line.as_bytes(), b"\r\n", fields, rest.as_bytes()].concat());
}

#[test]
fn json_says_the_same_of_requests_and_of_the_program() {
    let server = server("[log]\nformat = \"json\"\n");
    let fields = format!(
        "X-Request-Id: edge-7\r\ntraceparent: {TRACEPARENT}\r\nReferer: https://example.com/a?secret#b\r\n\
         User-Agent: \"a\\\"\x1b[2J\r\n"
    );
    // A field with an escape character is no field, so the request is refused before anybody logs it.
    ask(&server, "a.txt?v=secret", fields.replace('\x1b', "").as_bytes());
    let line = server.wait_for_log(&["/media/a.txt"]);
    let request: Value = serde_json::from_str(&line).unwrap();
    for (name, value) in [
        ("target", "media_origin::access"),
        ("level", "INFO"),
        ("method", "GET"),
        ("path", "/media/a.txt"),
        ("protocol", "HTTP/1.1"),
        ("pin", "malformed"),
        ("request_id", "edge-7"),
        ("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("parent_id", "00f067aa0ba902b7"),
        ("referer", "https://example.com/a"),
        ("user_agent", "\"a\\\"[2J"),
    ] {
        assert_eq!(request[name], value, "{name}: {line}");
    }
    assert_eq!((request["status"].as_u64(), request["sent_bytes"].as_u64()), (Some(200), Some(5)), "{line}");
    assert!(request["duration_ms"].as_f64() >= request["first_byte_ms"].as_f64(), "{line}");
    server.signal("TERM");
    let program: Value = serde_json::from_str(&server.wait_for_log(&["stopping"])).unwrap();
    assert_eq!(program["level"], "INFO");
    assert!(program["target"].as_str().unwrap().starts_with("media_origin::"), "{program}");
    assert!(!server.log().contains("secret"), "no query, of a link or of where it stood: {}", server.log());
}

#[test]
fn a_request_has_a_name_of_its_own_and_no_trace_that_nobody_gave_it() {
    let server = server("");
    ask(&server, "a.txt", b"X-Request-Id: two words\r\ntraceparent: 00-0-0-00\r\n");
    ask(&server, "a.txt", b"");
    server.wait_for_log(&["/media/a.txt"]);
    assert!(crate::scrape::eventually(|| server.log().matches("GET /media/a.txt").count() == 2));
    let log = server.log();
    let ids = log
        .lines()
        .filter_map(|line| line.split_once("request_id="))
        .map(|(_, rest)| rest.get(..32).unwrap());
    let ids: Vec<_> = ids.collect();
    assert_eq!(ids.len(), 2, "{log}");
    assert!(
        ids.iter().all(|id| id.chars().all(|c| c.is_ascii_hexdigit())) && ids.first() != ids.last(),
        "{ids:?}"
    );
    assert!(!log.contains("trace_id"), "{log}");
    let answer = server.get("a.txt");
    assert!(!answer.to_lowercase().contains("request-id"), "it is not sent back: {answer}");
}

#[test]
fn combined_is_what_tools_read() {
    let server = server("[log]\naccess = \"combined\"\n");
    ask(
        &server,
        "a.txt?v=secret",
        b"Referer: https://example.com/\"?secret\r\nUser-Agent: a\"b\\\xff\xc3\xa9\r\n",
    );
    let line = server.wait_for_log(&["/media/a.txt"]);
    let (before, after) = line.split_once('[').unwrap();
    let (date, rest) = after.split_once("] ").unwrap();
    assert_eq!(before, "127.0.0.1 - - ");
    assert!(date.ends_with(" +0000") && date.len() == "06/Nov/1994:08:49:37 +0000".len(), "{date}");
    assert_eq!(
        rest,
        "\"GET /media/a.txt HTTP/1.1\" 200 5 \"https://example.com/\\x22\" \"a\\x22b\\x5C\\xFF\\xC3\\xA9\""
    );
}

#[test]
fn requests_are_left_out_where_that_is_wanted() {
    let server = server("[log]\naccess = \"off\"\n");
    server.get("a.txt");
    server.signal("TERM");
    server.wait_for_log(&["every response was finished"]);
    assert!(!server.log().contains("a.txt"), "{}", server.log());
}
