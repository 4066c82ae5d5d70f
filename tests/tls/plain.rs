//! The listener without TLS, beside one with it.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::client::{Client, exchange, exchange_in_http1, h1, h2, request};
use crate::support::server::{Scene, TLS};

async fn connect(address: std::net::SocketAddr) -> tokio::net::TcpStream {
    tokio::net::TcpStream::connect(address).await.unwrap()
}

#[tokio::test]
async fn it_serves_in_both_versions_and_never_redirects() {
    let scene = Scene::new();
    let server = scene.serve_both(TLS);
    let asked = request("GET", "/media/a.txt", &[]);
    let one = exchange_in_http1(&mut h1(connect(server.plain()).await).await, asked.clone()).await.unwrap();
    // By prior knowledge (RFC 9113 §3.3), as proxies do.
    let two = exchange(&mut h2(connect(server.plain()).await).await, asked).await.unwrap();
    for answer in [&one, &two] {
        assert_eq!((answer.status.as_u16(), &answer.body[..]), (200, &b"hello, this is some text\n"[..]));
        assert!(
            !answer.headers.contains_key("location")
                && !answer.headers.contains_key("strict-transport-security")
        );
    }
}

#[tokio::test]
async fn it_can_answer_404_to_all() {
    let scene = Scene::new();
    let server = scene.serve(&format!("[listen]\naddress = \"127.0.0.1:0\"\nplain = \"not-found\"\n{TLS}"));
    let mut http2 = h2(connect(server.plain()).await).await;
    for (method, path, fields) in [
        ("GET", "/media/a.txt", &[][..]),
        ("HEAD", "/media/a.txt", &[]),
        ("GET", "/media/none.txt", &[]),
        ("OPTIONS", "/media/a.txt", &[]),
        ("GET", "/media/a.txt", &[("range", "bytes=0-4")]),
        ("GET", "/media/a.txt", &[("if-none-match", "*")]),
    ] {
        let asked = || request(method, path, fields);
        let one = exchange_in_http1(&mut h1(connect(server.plain()).await).await, asked()).await.unwrap();
        let two = exchange(&mut http2, asked()).await.unwrap();
        for answer in [one, two] {
            assert_eq!(answer.status, 404, "{method} {path}");
            assert_eq!(answer.headers["cache-control"], "no-store");
            assert!(!answer.headers.contains_key("etag") && !answer.headers.contains_key("location"));
            assert_eq!(answer.body.is_empty(), method == "HEAD");
        }
    }
    // What is no request is refused here as elsewhere.
    let mut stream = TcpStream::connect(server.plain()).unwrap();
    stream.write_all(b"GET /media/a.txt HTTP/1.1\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let client = Client::new(&scene.authority, &["h2"]);
    assert_eq!(client.get(server.tls(), "a.txt").await.unwrap().status, 200);
}

#[tokio::test]
async fn it_can_be_off() {
    let scene = Scene::new();
    let server = scene.serve(&format!("[listen]\nplain = \"off\"\n{TLS}"));
    assert_eq!(server.plain, None);
    let client = Client::new(&scene.authority, &["h2"]);
    assert_eq!(client.get(server.tls(), "a.txt").await.unwrap().status, 200);
}
