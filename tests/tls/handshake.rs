//! What stands before the first request (RFC 8446, RFC 7301).

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustls::version::{TLS12, TLS13};
use rustls::{HandshakeKind, ProtocolVersion};

use crate::support::PATIENCE;
use crate::support::client::{Client, alert, exchange_in_http1, h1, request};
use crate::support::server::{Scene, Server, TLS};

#[tokio::test]
async fn alpn_chooses_the_version_of_http() {
    let scene = Scene::new();
    let server = scene.serve_both(TLS);
    for (offered, chosen) in [
        (&["h2", "http/1.1"][..], Some(&b"h2"[..])),
        (&["http/1.1", "h2"], Some(b"h2")),
        (&["http/1.1"], Some(b"http/1.1")),
        (&["spdy/3", "http/1.1"], Some(b"http/1.1")),
        (&[], None),
    ] {
        let client = Client::new(&scene.authority, offered);
        let stream = client.connect(server.tls(), "localhost").await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), chosen, "{offered:?}");
        let answer = client.get(server.tls(), "a.txt").await.unwrap();
        assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, &b"hello, this is some text\n"[..]));
    }
    // "In the event that the server supports no protocols that the client advertises, then the server SHALL respond with
    // a fatal "no_application_protocol" alert." RFC 7301 §3.2
    let stranger = Client::new(&scene.authority, &["spdy/3"]);
    let error = stranger.connect(server.tls(), "localhost").await.unwrap_err();
    assert!(alert(&error).contains("NoApplicationProtocol"), "{error}");
}

#[tokio::test]
async fn tls_1_2_and_1_3_are_spoken_or_1_3_alone() {
    let scene = Scene::new();
    let both = scene.serve_both(TLS);
    let newest = scene.serve_both(&format!("{TLS}minimum-version = \"1.3\"\n"));
    for (version, name) in [(&TLS12, ProtocolVersion::TLSv1_2), (&TLS13, ProtocolVersion::TLSv1_3)] {
        let client = Client::speaking(scene.authority.roots(), &[version], &["h2"]);
        let stream = client.connect(both.tls(), "localhost").await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(name));
        let alone = client.connect(newest.tls(), "localhost").await;
        match name {
            ProtocolVersion::TLSv1_3 => assert!(alone.is_ok()),
            _ => assert!(alert(&alone.unwrap_err()).contains("ProtocolVersion")),
        }
    }
}

/// A `ClientHello` of TLS 1.0 or 1.1, with what clients of that time said.
fn hello(minor: u8) -> Vec<u8> {
    let groups = [0, 10, 0, 4, 0, 2, 0, 23];
    let formats = [0, 11, 0, 2, 1, 0];
    let signatures = [0, 13, 0, 6, 0, 4, 4, 3, 4, 1];
    let extensions = [&groups[..], &formats, &signatures].concat();
    let mut body = vec![3, minor];
    body.extend([9; 32]);
    body.extend([0, 0, 6, 0xC0, 0x09, 0xC0, 0x13, 0x00, 0x2F, 1, 0]);
    body.extend([0, u8::try_from(extensions.len()).unwrap()]);
    body.extend(extensions);
    let length = u8::try_from(body.len()).unwrap();
    [&[22, 3, 1, 0, length + 4, 1, 0, 0, length][..], &body].concat()
}

/// All that the server says to these bytes, until it closes the connection.
fn answer_to(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.tls()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if error.kind() != std::io::ErrorKind::ConnectionReset => panic!("it stays open: {error}"),
        _ => answer,
    }
}

#[test]
fn older_versions_are_refused() {
    let scene = Scene::new();
    let server = scene.serve_both(TLS);
    for minor in [1, 2] {
        let answer = answer_to(&server, &hello(minor));
        // alert(21), fatal(2), protocol_version(70): RFC 8446 §6
        assert_eq!((answer.first(), answer.get(5..)), (Some(&21), Some(&[2, 70][..])), "{answer:?}");
    }
}

#[tokio::test]
async fn what_is_no_tls_is_refused_and_harms_nobody() {
    let scene = Scene::new();
    let server = scene.serve_both(TLS);
    let client = Client::new(&scene.authority, &["h2"]);
    for garbage in [
        &b"\0\0\0\0\0\0\0\0\0\0\0\0"[..],
        b"\x16\x03\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x16\x03\x01\x00\x05hello",
        b"\x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10\x00\x00\x00\x00",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    ] {
        let answer = answer_to(&server, garbage);
        assert!(answer.is_empty() || answer[0] == 21, "an alert or nothing: {answer:?}");
    }
    assert_eq!(client.get(server.tls(), "a.txt").await.unwrap().status, 200);
    assert!(!server.log().contains("ERROR") && !server.log().contains("panicked"), "{}", server.log());
}

#[test]
fn http_without_tls_is_told_so_by_name() {
    let scene = Scene::new();
    let server = scene.serve_both(TLS);
    for request in ["GET /media/a.txt HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let answer = String::from_utf8(answer_to(&server, request.as_bytes())).unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
        assert!(answer.contains("no-store") && answer.contains("https://"), "{answer}");
        assert!(!answer.to_ascii_lowercase().contains("location:"), "never a redirect: {answer}");
    }
    // A request larger than any buffer is answered all the same, and not read to its end.
    let endless = format!("GET /media/a.txt HTTP/1.1\r\nX: {}", "a".repeat(60_000));
    assert!(answer_to(&server, endless.as_bytes()).starts_with(b"HTTP/1.1 400"));
}

#[test]
fn a_handshake_that_stalls_is_cut() {
    let scene = Scene::new();
    let server = scene.serve_both(&format!("{TLS}[limits]\nheader-timeout = \"1s\"\n"));
    let hello = hello(2);
    for part in [&b""[..], b"\x16", &hello[..20]] {
        let began = Instant::now();
        assert_eq!(answer_to(&server, part), b"", "nothing is said to it");
        assert!(began.elapsed() >= Duration::from_millis(900), "not before its time");
    }
    server.wait_for_log("the handshake was not finished in time", 3);
}

#[tokio::test]
async fn the_certificate_is_the_one_for_the_host() {
    let scene = Scene::new();
    for (name, file) in [("a.test", "a"), ("*.b.test", "b")] {
        let issued = scene.issue(&[name]);
        std::fs::write(scene.path(&format!("{file}.pem")), issued.chain).unwrap();
        std::fs::write(scene.path(&format!("{file}.key")), issued.key).unwrap();
    }
    let additional =
        |name| format!("[[tls.additional]]\ncertificate = \"{name}.pem\"\nkey = \"{name}.key\"\n");
    let server = scene.serve_both(&format!("{TLS}{}{}", additional("a"), additional("b")));
    let client = Client::new(&scene.authority, &["h2"]);
    for (name, right) in [
        ("localhost", true),
        ("127.0.0.1", true),
        ("a.test", true),
        ("A.test", true),
        ("x.b.test", true),
        ("x.y.b.test", false),
        ("c.test", false),
    ] {
        let connected = client.connect(server.tls(), name).await;
        match connected {
            Ok(_) => assert!(right, "{name}"),
            Err(error) => {
                assert!(!right && error.to_string().contains("not valid for name"), "{name}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn a_session_is_resumed_and_no_early_data_is_taken() {
    let scene = Scene::new();
    let server = scene.serve_both(TLS);
    for version in [&TLS12, &TLS13] {
        let client = Client::speaking(scene.authority.roots(), &[version], &["http/1.1"]).resuming();
        let mut kinds = Vec::new();
        for _ in 0..2 {
            let stream = client.connect(server.tls(), "localhost").await.unwrap();
            assert!(!stream.get_ref().1.is_early_data_accepted());
            kinds.push(stream.get_ref().1.handshake_kind());
            // Tickets of TLS 1.3 come after the handshake.
            let answer = exchange_in_http1(&mut h1(stream).await, request("GET", "/media/a.txt", &[])).await;
            assert_eq!(answer.unwrap().status, 200);
        }
        assert_eq!(kinds, [Some(HandshakeKind::Full), Some(HandshakeKind::Resumed)]);
    }
}
