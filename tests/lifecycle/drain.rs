//! A server that is told to stop: balancers hear of it first, then clients, and what is under way is finished.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use http::StatusCode;

use crate::clients::{Answer, Load, Version};
use crate::server::{Server, get};
use crate::{begin_large, ends_whole, eventually, read_head, server};

const KEEP: &str = "GET /media/a.txt HTTP/1.1\r\nHost: a\r\n\r\n";

fn right(answer: &Answer) {
    assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, &b"hello"[..]));
}

/// Reads slowly, so that it is still at it long after the signal. Whether all came.
fn read_slowly(mut stream: TcpStream) -> bool {
    let mut first = vec![0; 1 << 20];
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(100));
        if stream.read_exact(&mut first[..1 << 10]).is_err() {
            return false;
        }
    }
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).is_ok() && rest.len() + 20 * (1 << 10) == crate::LARGE
}

#[test]
fn no_request_fails_while_clients_ask_and_the_server_stops() {
    let mut server = server("[shutdown]\ngrace = \"2s\"\ndrain = \"30s\"");
    let mut load = Load::new();
    for version in [Version::Http1, Version::Http1, Version::Http1, Version::Http2, Version::Http2] {
        load.client((server.address, version), "/media/a.txt", true, |answer| right(&answer));
    }
    for version in [Version::Http1, Version::Http2] {
        load.client((server.address, version), "/media/a.txt", false, |answer| right(&answer));
    }
    let long = begin_large(&server);
    let long = std::thread::spawn(move || read_slowly(long));
    assert!(eventually(|| load.answered() > 500));
    server.signal("TERM");
    server.wait_for_log(&["stopping"]);
    let (at_signal, told) = (load.answered(), Instant::now());
    assert!(server.ask("/readyz", "").starts_with("HTTP/1.1 503"), "a balancer hears of it");
    let answer = server.get("a.txt");
    assert!(answer.starts_with("HTTP/1.1 200"), "and the listener is still there: {answer}");
    server.wait_for_log(&["taking no more connections"]);
    assert!(told.elapsed() >= Duration::from_millis(1500), "the grace is given");
    let at_close = load.answered();
    assert_eq!(server.wait(Duration::from_secs(30)).code(), Some(0), "nothing was cut: {}", server.log());
    assert!(long.join().unwrap(), "a long body is finished");
    let counts = load.finish();
    let ((answered, connections), refused, failures) =
        (counts.answered(), counts.refused(), counts.failures());
    println!(
        "{answered} requests on {connections} connections, {at_signal} of them before SIGTERM, {} in the 2 s of grace, \
         {} after it: {} failed; {refused} connections were not accepted any more",
        at_close - at_signal,
        answered - at_close,
        failures.len(),
    );
    assert_eq!(failures, [""; 0]);
    assert!(refused <= 7, "of each client at most the last");
    assert!(at_close > at_signal + 100, "clients are served in the grace");
}

#[test]
fn clients_hear_of_it_with_the_answer() {
    let server = server("[shutdown]\ngrace = \"5m\"");
    let mut kept = server.connect();
    kept.write_all(KEEP.as_bytes()).unwrap();
    assert!(!read_head(&mut kept).contains("connection:"), "it may be kept");
    kept.read_exact(&mut [0; 5]).unwrap();
    server.signal("TERM");
    server.wait_for_log(&["stopping"]);
    for mut stream in [kept, server.connect()] {
        stream.write_all(KEEP.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
        assert_eq!(answer.matches("connection: close\r\n").count(), 1, "RFC 9112 §9.6: {answer}");
    }
}

#[test]
fn a_second_signal_ends_the_grace_and_the_drain() {
    for (grace, line) in [("5m", "stopping"), ("0s", "taking no more connections")] {
        let mut server = server(&format!("[shutdown]\ngrace = \"{grace}\"\ndrain = \"1h\""));
        let _stuck = begin_large(&server);
        server.signal("TERM");
        server.wait_for_log(&[line]);
        server.signal("TERM");
        assert_eq!(server.wait(Duration::from_secs(30)).code(), Some(3), "what was under way was cut");
    }
}

#[test]
fn a_body_that_is_too_slow_is_cut_at_the_deadline_and_the_exit_status_says_so() {
    let mut server = server("[shutdown]\ndrain = \"1s\"");
    let (stuck, others) = (begin_large(&server), [begin_large(&server), begin_large(&server)]);
    server.signal("TERM");
    let [one, other] = others.map(|stream| std::thread::spawn(move || ends_whole(stream)));
    let finished = [one, other].map(|reader| reader.join().unwrap());
    assert_eq!(finished, [true, true], "those who read are sent all of it");
    assert_eq!(server.wait(Duration::from_secs(30)).code(), Some(3));
    server.wait_for_log(&["some responses were cut", "connections=1"]);
    assert!(!ends_whole(stuck));
}

#[test]
fn idle_connections_do_not_delay_the_end() {
    let mut server = server("[shutdown]\ndrain = \"1h\"");
    let silent = server.connect();
    let mut idle = server.connect();
    idle.write_all(KEEP.as_bytes()).unwrap();
    read_head(&mut idle);
    let mut load = Load::new();
    let mut http2 = crate::clients::Client::new(server.address, Version::Http2);
    right(&load.ask(&mut http2, "/media/a.txt"));
    load.client((server.address, Version::Http2), "/media/a.txt", true, |answer| right(&answer));
    server.signal("TERM");
    assert_eq!(server.wait(Duration::from_secs(30)).code(), Some(0));
    assert_eq!(load.finish().failures(), [""; 0], "GOAWAY lets streams finish");
    drop(silent);
}

/// Whoever has just connected has a request on its way. A machine that is too busy to send it in time tries again.
#[test]
fn a_connection_that_was_just_taken_is_still_answered() {
    let just_taken = || -> Option<(Duration, String)> {
        let server: Server = server("");
        let mut busy = begin_large(&server);
        let connected = Instant::now();
        let mut fresh = server.connect();
        server.signal("TERM");
        server.wait_for_log(&["taking no more connections"]);
        assert!(eventually(|| TcpStream::connect(server.address).is_err()), "the listener is closed");
        fresh.write_all(get("a.txt").as_bytes()).ok()?;
        let sent = connected.elapsed();
        let mut answer = String::new();
        fresh.read_to_string(&mut answer).ok()?;
        busy.read_exact(&mut [0]).unwrap();
        Some((sent, answer))
    };
    let answered = (0..20).find_map(|_| just_taken().filter(|(sent, _)| *sent < Duration::from_millis(900)));
    let (_, answer) = answered.expect("a quick one");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
}
