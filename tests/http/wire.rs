//! What only a socket shows: framing, leaving, slowness, draining.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::buckets::backend::Backend;
use crate::support::pattern;
use crate::support::server::{Log, Server, get};

/// Larger than what is kept in memory, and than what sockets hold.
const LARGE: usize = 24 * 1024 * 1024;

const SMALL_MEMORY: &str = "[memory]\nhot = \"1 MB\"\nlargest = \"1 MB\"\n";

fn server(toml: &str) -> Server {
    Server::start(&format!("{SMALL_MEMORY}{toml}"), |root| {
        std::fs::write(root.join("a.txt"), "hello").unwrap();
        std::fs::write(root.join("large.bin"), pattern(LARGE, 5)).unwrap();
    })
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("closed")
}

/// Whether it comes to be true within some seconds.
fn eventually(is_true: impl Fn() -> bool) -> bool {
    (0..250).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        is_true()
    })
}

/// Reads the header section of the answer. What follows is left to be read.
fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("a header section");
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn malformed_messages_get_the_answer_that_rfc_9112_gives_them() {
    let server = server("");
    let host = "Host: a\r\n";
    let field = |n: usize| format!("X: {}\r\n", "a".repeat(n));
    let rows: &[(&str, String, &[&str])] = &[
        ("no Host", "GET /media/a.txt HTTP/1.1\r\n\r\n".into(), &["400"]),
        ("two Hosts", format!("GET /media/a.txt HTTP/1.1\r\n{host}{host}\r\n"), &["400"]),
        ("a Host that is none", "GET /media/a.txt HTTP/1.1\r\nHost: ###\r\n\r\n".into(), &["400"]),
        ("not HTTP", "hello\r\n\r\n".into(), &["400", "closed"]),
        ("a TLS hello", "\u{16}\u{3}\u{1}\0\u{5}hello\r\n\r\n".into(), &["400", "closed"]),
        ("a version to come", format!("GET /media/a.txt HTTP/4.2\r\n{host}\r\n"), &["400", "505"]),
        ("HTTP/0.9", "GET /media/a.txt\r\n\r\n".into(), &["400", "closed"]),
        ("a space in the target", format!("GET /media/a b.txt HTTP/1.1\r\n{host}\r\n"), &["400"]),
        ("a field without a colon", format!("GET /media/a.txt HTTP/1.1\r\n{host}oops\r\n\r\n"), &["400"]),
        ("a space before the colon", format!("GET /media/a.txt HTTP/1.1\r\n{host}X : a\r\n\r\n"), &["400"]),
        ("obs-fold", format!("GET /media/a.txt HTTP/1.1\r\n{host}X: a\r\n b\r\n\r\n"), &["400"]),
        ("NUL in a field", format!("GET /media/a.txt HTTP/1.1\r\n{host}X: a\0b\r\n\r\n"), &["400"]),
        ("bare CR in a field", format!("GET /media/a.txt HTTP/1.1\r\n{host}X: a\rb\r\n\r\n"), &["400"]),
        (
            "two lengths",
            format!("GET /media/a.txt HTTP/1.1\r\n{host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
            &["400"],
        ),
        (
            "a length that is none",
            format!("GET /media/a.txt HTTP/1.1\r\n{host}Content-Length: +1\r\n\r\n"),
            &["400"],
        ),
        (
            "an unknown coding",
            format!("POST /media/a.txt HTTP/1.1\r\n{host}Transfer-Encoding: x\r\n\r\n"),
            &["400", "501"],
        ),
        ("a long target", format!("GET /media/{} HTTP/1.1\r\n{host}\r\n", "a".repeat(9_000)), &["414"]),
        (
            "an endless target",
            format!("GET /media/{} HTTP/1.1\r\n{host}\r\n", "a".repeat(100_000)),
            &["414", "431"],
        ),
        ("a long field", format!("GET /media/a.txt HTTP/1.1\r\n{host}{}\r\n", field(9_000)), &["431"]),
        ("an endless field", format!("GET /media/a.txt HTTP/1.1\r\n{host}{}\r\n", field(300_000)), &["431"]),
        (
            "many fields",
            format!("GET /media/a.txt HTTP/1.1\r\n{host}{}\r\n", field(1).repeat(5_000)),
            &["431"],
        ),
        ("GET *", format!("GET * HTTP/1.1\r\n{host}Connection: close\r\n\r\n"), &["400", "404"]),
        ("OPTIONS *", format!("OPTIONS * HTTP/1.1\r\n{host}Connection: close\r\n\r\n"), &["204"]),
        ("CONNECT", format!("CONNECT a:80 HTTP/1.1\r\n{host}Connection: close\r\n\r\n"), &["405"]),
        ("HTTP/1.0", "GET /media/a.txt HTTP/1.0\r\n\r\n".into(), &["200"]),
        (
            "absolute form",
            format!("GET http://a/media/a.txt HTTP/1.1\r\n{host}Connection: close\r\n\r\n"),
            &["200"],
        ),
        (
            "a GET with content",
            format!("GET /media/a.txt HTTP/1.1\r\n{host}Content-Length: 3\r\nConnection: close\r\n\r\nabc"),
            &["200"],
        ),
    ];
    for (what, request, expected) in rows {
        let answer = server.exchange(request.as_bytes());
        assert!(expected.contains(&status(&answer)), "{what}: {expected:?}, not\n{answer}");
        assert!(!answer.contains("200 OK") || expected == &["200"], "{what}: nothing smuggled");
    }
    assert_eq!(status(&server.get("a.txt")), "200", "and it still serves");
}

#[test]
fn one_connection_carries_many_answers() {
    let server = server("");
    let mut stream = server.connect();
    let request = |method: &str, path: &str| format!("{method} /media/{path} HTTP/1.1\r\nHost: a\r\n\r\n");
    let pipelined =
        [("GET", "a.txt"), ("HEAD", "a.txt"), ("GET", "none"), ("POST", "a.txt"), ("GET", "a.txt")];
    for (method, path) in pipelined {
        stream.write_all(request(method, path).as_bytes()).unwrap();
    }
    let mut body = [0; 5];
    for (index, (method, _)) in pipelined.into_iter().enumerate() {
        let head = read_head(&mut stream);
        assert_eq!(status(&head), ["200", "200", "404", "405", "200"][index], "{head}");
        let length: usize =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
        if method != "HEAD" {
            let mut content = vec![0; length];
            stream.read_exact(&mut content).unwrap();
            body.copy_from_slice(&content[..5]);
        }
    }
    assert_eq!(&body, b"hello");
}

#[test]
fn a_304_and_a_204_have_no_content_and_no_length() {
    let server = server("");
    let request = "GET /media/a.txt HTTP/1.1\r\nHost: a\r\nIf-None-Match: *\r\nConnection: close\r\n\r\n";
    for (request, expected) in [(request, "304"), (&request.replace("GET", "OPTIONS"), "204")] {
        let answer = server.exchange(request.as_bytes());
        assert_eq!(status(&answer), expected);
        assert!(answer.ends_with("\r\n\r\n") && !answer.contains("content-length"), "{answer}");
        assert!(!answer.contains("transfer-encoding"), "{answer}");
    }
}

#[test]
fn a_client_that_leaves_is_noted_and_harms_nobody() {
    let server = server("");
    for _ in 0..20 {
        let mut stream = server.connect();
        stream.write_all(get("large.bin").as_bytes()).unwrap();
        read_head(&mut stream);
    }
    let line = server.wait_for_log(&["GET /media/large.bin", "the connection ended"]);
    assert!(line.contains("status=200"), "{line}");
    assert_eq!(status(&server.get("a.txt")), "200");
    let counted =
        || server.ask("/metrics", "").contains("media_origin_aborted_bodies_total{reason=\"connection\"} 20");
    assert!(eventually(counted), "each is counted");
}

#[test]
fn a_slow_reader_gets_every_byte_and_holds_nobody_up() {
    let server = server("");
    let mut slow = server.connect();
    slow.write_all(get("large.bin").as_bytes()).unwrap();
    read_head(&mut slow);
    let mut body = Vec::new();
    let mut buffer = vec![0; 1024 * 1024];
    loop {
        let begun = Instant::now();
        assert_eq!(status(&server.get("a.txt")), "200");
        assert!(begun.elapsed() < Duration::from_secs(5), "others are served meanwhile");
        std::thread::sleep(Duration::from_millis(10));
        match slow.read(&mut buffer).unwrap() {
            0 => break,
            n => body.extend_from_slice(&buffer[..n]),
        }
    }
    assert!(body == pattern(LARGE, 5), "{} bytes", body.len());
}

#[test]
fn a_header_section_that_does_not_end_is_not_waited_for() {
    let server = server("[limits]\nheader-timeout = \"1s\"\n");
    let begun = Instant::now();
    let answer = server.exchange(b"GET /media/a.txt HTTP/1.1\r\nHost: a\r\nX: ");
    assert!(begun.elapsed() < Duration::from_secs(10), "closed after {:?}", begun.elapsed());
    assert!(["closed", "408"].contains(&status(&answer)), "{answer}");
}

#[test]
fn a_stop_finishes_the_bodies_in_flight() {
    for signal in ["TERM", "INT"] {
        let mut server = server("");
        let mut busy = server.connect();
        busy.write_all(get("large.bin").as_bytes()).unwrap();
        read_head(&mut busy);
        let mut idle = server.connect();
        idle.write_all(b"GET /media/a.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        read_head(&mut idle);
        server.signal(signal);
        server.wait_for_log(&["stopping"]);
        assert!(eventually(|| TcpStream::connect(server.address).is_err()), "no new connection is taken");
        assert!(server.ask("/readyz", "").starts_with("HTTP/1.1 503"), "and a balancer is told so");
        let mut body = Vec::new();
        busy.read_to_end(&mut body).unwrap();
        assert!(body == pattern(LARGE, 5), "SIG{signal}: {} of {LARGE} bytes", body.len());
        assert_eq!(server.wait(Duration::from_secs(10)).code(), Some(0));
        server.wait_for_log(&["every response was finished"]);
    }
}

#[test]
fn a_stop_does_not_wait_longer_than_it_is_told() {
    let mut server = server("[shutdown]\ndrain = \"1s\"\n");
    let mut stuck = server.connect();
    stuck.write_all(get("large.bin").as_bytes()).unwrap();
    read_head(&mut stuck);
    server.signal("TERM");
    let begun = Instant::now();
    assert_eq!(server.wait(Duration::from_secs(15)).code(), Some(3), "something was cut");
    assert!(begun.elapsed() >= Duration::from_secs(1), "it waited");
    server.wait_for_log(&["some responses were cut"]);
    server.wait_for_log(&["GET /media/large.bin", "the connection ended"]);
    let mut body = Vec::new();
    let _cut = stuck.read_to_end(&mut body);
    assert!(body.len() < LARGE && pattern(LARGE, 5).starts_with(&body));
}

#[test]
fn the_operator_s_listener_says_how_it_is() {
    let server = server("");
    assert!(server.ask("/healthz", "").starts_with("HTTP/1.1 200"));
    assert!(server.ask("/readyz", "").ends_with("ready\n"));
    server.get("a.txt");
    server.wait_for_log(&["GET /media/a.txt", "status=200", "sent_bytes=5"]);
    let counted = "media_origin_requests_total{rule=\"\",outcome=\"full\",status=\"200\"} 1";
    assert!(server.ask("/metrics", "").contains(counted));
    assert!(server.ask("/none", "").starts_with("HTTP/1.1 404"));
}

#[test]
fn away_from_loopback_the_operator_s_listener_wants_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "0123456789abcdef0123456789abcdef\n").unwrap();
    let toml = format!("[control]\ntoken-file = {:?}\n", token.to_str().unwrap());
    let server = server(&toml);
    assert!(server.ask("/readyz", "").starts_with("HTTP/1.1 200"), "a probe has no token");
    assert!(server.ask("/metrics", "").starts_with("HTTP/1.1 401"));
    for wrong in
        ["Bearer x", "Basic 0123456789abcdef0123456789abcdef", "Bearer  0123456789abcdef0123456789abcdef"]
    {
        let answer = server.ask("/metrics", &format!("Authorization: {wrong}\r\n"));
        assert!(
            answer.starts_with("HTTP/1.1 401") && answer.contains("www-authenticate: Bearer"),
            "{answer}"
        );
    }
    let right = "Authorization: bearer 0123456789abcdef0123456789abcdef\r\n";
    assert!(server.ask("/metrics", right).starts_with("HTTP/1.1 200"));
}

#[test]
fn the_health_command_asks_a_running_server() {
    let server = server("");
    let asked = std::process::Command::new(env!("CARGO_BIN_EXE_media-origin"))
        .args(["health", "--control", &server.control.to_string()])
        .output()
        .unwrap();
    assert_eq!(asked.status.code(), Some(0));
    assert_eq!(asked.stdout, b"ready\n");
}

#[test]
fn a_second_signal_stops_at_once() {
    let mut server = server("[shutdown]\ndrain = \"1h\"\n");
    let mut stuck = server.connect();
    stuck.write_all(get("large.bin").as_bytes()).unwrap();
    read_head(&mut stuck);
    server.signal("TERM");
    server.wait_for_log(&["stopping"]);
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(15)).code(), Some(3));
}

#[test]
fn a_log_that_nobody_reads_stops_no_answer() {
    // Neither one that is closed, nor one that is full.
    for log in [Log::Closed, Log::Stalled] {
        let assets = Backend::chosen();
        assets.put("a.txt", b"hello");
        let mut server = Server::over(assets, SMALL_MEMORY, log);
        for _ in 0..1500 {
            let mut stream = server.connect();
            stream.write_all(get("a.txt").as_bytes()).unwrap();
            assert_eq!(status(&read_head(&mut stream)), "200");
        }
        server.signal("TERM");
        assert_eq!(server.wait(Duration::from_secs(15)).code(), Some(0), "nor the end");
    }
}

#[test]
fn what_is_no_http_is_noted() {
    let server = server("");
    server.exchange(b"\x16\x03\x01hello\r\n\r\n");
    server.wait_for_log(&["refused what is no HTTP/1.1 message"]);
}

mod directory_only {
    use std::io::{Read, Write};

    use super::{LARGE, read_head, server};
    use crate::support::pattern;
    use crate::support::server::get;

    #[test]
    fn a_file_cut_short_while_it_is_sent_cuts_the_connection() {
        let server = server("");
        let mut stream = server.connect();
        stream.write_all(get("large.bin").as_bytes()).unwrap();
        let head = read_head(&mut stream);
        assert!(head.contains(&format!("content-length: {LARGE}")));
        let file = std::fs::File::options().write(true).open(server.assets.root().join("large.bin")).unwrap();
        file.set_len(1000).unwrap();
        let mut body = Vec::new();
        let _cut = stream.read_to_end(&mut body);
        assert!(body.len() < LARGE, "the end never came");
        assert!(pattern(LARGE, 5).starts_with(&body), "what came was right");
        server.wait_for_log(&["GET /media/large.bin", "the file changed while it was sent"]);
    }

    #[test]
    fn it_is_ready_while_its_root_is_there() {
        let server = server("");
        std::fs::rename(server.assets.root(), server.folder.path().join("gone")).unwrap();
        assert!(server.ask("/readyz", "").starts_with("HTTP/1.1 503"), "the root is gone");
        std::fs::create_dir(server.assets.root()).unwrap();
        assert!(server.ask("/readyz", "").starts_with("HTTP/1.1 200"), "another is there");
    }
}

#[test]
fn a_client_that_has_said_all_it_has_to_say_is_answered_whole() {
    let server = server("");
    for (path, length) in [("large.bin", LARGE), ("a.txt", 5)] {
        for pause in [0, 50] {
            let mut stream = server.connect();
            stream.write_all(get(path).as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(pause));
            stream.shutdown(std::net::Shutdown::Write).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            let start = answer.windows(4).position(|end| end == b"\r\n\r\n").expect("an answer") + 4;
            assert_eq!(answer.len() - start, length, "{path}, closed after {pause} ms");
        }
    }
}
