//! What proxies say of their clients, in the log.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::scene::{Scene, exchange, get};

#[test]
fn a_trusted_proxy_names_the_client_and_nobody_else_does() {
    let scene = Scene::new();
    for (trusted, header, fields, expected) in [
        (
            "\"127.0.0.1\"",
            "x-forwarded-for",
            "X-Forwarded-For: 10.9.9.9, 192.0.2.1\r\n",
            Some("client=192.0.2.1"),
        ),
        ("\"127.0.0.1\"", "x-forwarded-for", "Forwarded: for=192.0.2.1\r\n", None),
        (
            "\"127.0.0.0/8\"",
            "Forwarded",
            "Forwarded: for=\"[2001:db8::1]:80\"\r\n",
            Some("client=[2001:db8::1]:80"),
        ),
        ("\"127.0.0.1\"", "x-forwarded-for", "X-Forwarded-For: <script>\r\n", None),
        ("\"10.0.0.0/8\"", "x-forwarded-for", "X-Forwarded-For: 192.0.2.1\r\n", None),
        ("", "x-forwarded-for", "X-Forwarded-For: 192.0.2.1\r\n", None),
        ("\"unix\"", "x-forwarded-for", "X-Forwarded-For: 192.0.2.1\r\n", None),
    ] {
        let server = scene.serve(&format!("trusted-proxies = [{trusted}]\nclient-header = \"{header}\"\n"));
        exchange(server.addresses()[0], get("/media/a.txt", fields).as_bytes());
        let line = server.wait_for_log(&["GET /media/a.txt", "peer=127.0.0.1:"]);
        match expected {
            Some(client) => assert!(line.contains(client), "{line}"),
            None => assert!(!line.contains("client="), "{trusted} {fields}: {line}"),
        }
    }
}

#[test]
fn links_begin_with_public_url_whatever_a_request_says() {
    let scene = Scene::new();
    let server =
        scene.serve("public-url = \"https://media.example.com/media\"\ntrusted-proxies = [\"127.0.0.1\"]\n");
    let fields =
        "X-Forwarded-Proto: http\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-For: 192.0.2.1\r\n";
    let message = r#"{"to":"+4915123456789","type":"document","document":{"path":"a.txt"}}"#;
    let request = format!(
        "POST /messages HTTP/1.1\r\nHost: localhost\r\n{fields}Content-Length: {}\r\nConnection: close\r\n\r\n{message}",
        message.len()
    );
    let answer = exchange(server.addresses()[1], request.as_bytes());
    assert!(answer.contains("\"link\":\"https://media.example.com/media/a.txt?v="), "{answer}");
    // It is said once, and of an asset: what is not there tells nothing of links.
    for path in ["/media/none", "/media/a.txt", "/media/a.txt"] {
        exchange(server.addresses()[0], get(path, fields).as_bytes());
    }
    let hint =
        server.wait_for_log(&["at another address than links begin with", "asked=\"http://evil.example\""]);
    assert!(hint.contains("links=\"https://media.example.com/media\""), "{hint}");
    assert_eq!(server.log().matches("at another address").count(), 1, "{}", server.log());
}

/// A proxy has one address and many clients.
#[test]
fn a_trusted_proxy_has_as_many_connections_as_there_may_be() {
    let scene = Scene::new();
    for (trusted, expected) in
        [("\"127.0.0.1\"", [true, true, true]), ("\"10.0.0.0/8\"", [true, false, false])]
    {
        let toml = format!("trusted-proxies = [{trusted}]\n[limits]\nconnections-per-address = 1\n");
        let server = scene.serve(&toml);
        let mut kept = Vec::new();
        let answered = [(); 3].map(|()| {
            let mut stream = TcpStream::connect(server.addresses()[0]).unwrap();
            let _sent = stream.write_all(b"GET /media/a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
            let mut head = [0; 12];
            let read = stream.read_exact(&mut head);
            kept.push(stream);
            read.is_ok() && &head == b"HTTP/1.1 200"
        });
        assert_eq!(answered, expected, "{trusted}");
    }
}
