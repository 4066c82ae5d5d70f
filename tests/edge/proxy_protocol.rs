//! Connections that begin with a PROXY protocol header, and those that should.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::scene::{Running, Scene, eventually, exchange, get};

const TRUSTING: &str =
    "trusted-proxies = [\"127.0.0.1\"]\n[listen]\nproxy-protocol = true\n[limits]\nheader-timeout = \"1s\"\n";

/// 192.0.2.7:56324 to 192.0.2.2:443 in version 2, with a vector of one byte.
const V2: &[u8] =
    b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x10\xc0\0\x02\x07\xc0\0\x02\x02\xdc\x04\x01\xbb\x04\0\x01\0";

fn ask(server: &Running, header: &[u8], fields: &str) -> String {
    exchange(server.addresses()[0], &[header, get("/media/a.txt", fields).as_bytes()].concat())
}

/// Waits until so many connections were refused.
fn wait_until_counted(server: &Running, count: usize) {
    let line = format!("media_origin_connections_refused_total{{reason=\"proxy\"}} {count}\n");
    let metrics = || exchange(server.addresses()[1], get("/metrics", "").as_bytes());
    assert!(eventually(|| metrics().contains(&line).then_some(())).is_some(), "{line} in\n{}", metrics());
}

#[test]
fn the_log_names_whom_a_connection_was_relayed_for() {
    let scene = Scene::new();
    let server = scene.serve(TRUSTING);
    for (header, peer) in [
        (&b"PROXY TCP4 192.0.2.6 192.0.2.2 56324 443\r\n"[..], "peer=192.0.2.6:56324"),
        (b"PROXY TCP6 2001:db8::6 2001:db8::2 56324 443\r\n", "peer=[2001:db8::6]:56324"),
        (V2, "peer=192.0.2.7:56324"),
        (b"PROXY UNKNOWN\r\n", "peer=127.0.0.1:"),
    ] {
        let answer = ask(&server, header, "");
        assert!(answer.starts_with("HTTP/1.1 200"), "{peer}: {answer}");
        server.wait_for_log(&["GET /media/a.txt", peer]);
    }
    // The control listener is another.
    assert!(exchange(server.addresses()[1], get("/readyz", "").as_bytes()).starts_with("HTTP/1.1 200"));
}

#[test]
fn one_whom_a_proxy_relays_is_no_proxy() {
    let scene = Scene::new();
    let server = scene.serve(TRUSTING);
    ask(&server, b"PROXY TCP4 192.0.2.6 192.0.2.2 1 443\r\n", "X-Forwarded-For: 198.51.100.7\r\n");
    let line = server.wait_for_log(&["peer=192.0.2.6:1"]);
    assert!(!line.contains("198.51.100.7"), "{line}");
}

#[test]
fn without_a_header_a_connection_is_closed_without_an_answer() {
    let scene = Scene::new();
    let server = scene.serve(TRUSTING);
    let beginnings: [&[u8]; 5] = [
        b"",
        b"PROXY TCP4 192.0.2.6\r\n",
        b"PROXY TCP4 192.0.2.6 192.0.2.2 1 65536\r\n",
        b"\r\n\r\n\0\r\nQUIT\n\x31\x11\0\0",
        b"\x16\x03\x01\x02\0",
    ];
    for beginning in beginnings {
        assert_eq!(ask(&server, beginning, ""), "", "{beginning:?}");
    }
    wait_until_counted(&server, beginnings.len());
    server.wait_for_log(&["refused a connection: it does not begin with a PROXY protocol header"]);
}

#[test]
fn a_header_that_comes_too_slowly_is_cut() {
    let scene = Scene::new();
    let server = scene.serve(TRUSTING);
    let mut stream = TcpStream::connect(server.addresses()[0]).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let begun = Instant::now();
    stream.write_all(b"PROXY TCP4 192.").unwrap();
    assert!(matches!(stream.read(&mut [0; 1]), Ok(0) | Err(_)));
    assert!(
        (Duration::from_secs(1)..Duration::from_secs(25)).contains(&begun.elapsed()),
        "{:?}",
        begun.elapsed()
    );
    wait_until_counted(&server, 1);
}

#[test]
fn nobody_but_a_trusted_proxy_may_connect() {
    let scene = Scene::new();
    let server = scene.serve(&TRUSTING.replace("127.0.0.1", "10.0.0.0/8"));
    for header in [&b"PROXY TCP4 10.0.0.1 10.0.0.2 1 443\r\n"[..], b""] {
        assert_eq!(ask(&server, header, ""), "");
    }
    wait_until_counted(&server, 2);
    server.wait_for_log(&["refused a connection: the peer is not one of `trusted-proxies`"]);
}
