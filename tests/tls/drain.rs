//! The end of a server that speaks TLS: each connection is told.

use std::io;

use http_body_util::BodyExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::client::{Client, Secured, h2, request};
use crate::support::server::{LARGE, Scene, TLS};

async fn ask(scene: &Scene, address: std::net::SocketAddr, path: &str) -> Secured {
    let mut stream =
        Client::new(&scene.authority, &["http/1.1"]).connect(address, "localhost").await.unwrap();
    let asked = format!("GET /media/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(asked.as_bytes()).await.unwrap();
    stream
}

/// rustls reports an end without `close_notify` as an error: what was read may have been cut by anybody (RFC 8446 §6.1).
#[tokio::test(flavor = "multi_thread")]
async fn connections_end_with_close_notify_and_bodies_whole() {
    let scene = Scene::new();
    let mut server = scene.serve_both(TLS);
    let mut idle = ask(&scene, server.tls(), "a.txt").await;
    let mut answer = vec![0; 12];
    idle.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 200");
    let mut busy = ask(&scene, server.tls(), "large.bin").await;
    busy.read_exact(&mut answer).await.unwrap();
    server.signal("TERM");
    server.wait_for_log("stopping", 1);
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.expect("close_notify");
    rest.clear();
    busy.read_to_end(&mut rest).await.expect("close_notify");
    assert!(rest.len() > LARGE, "{} bytes", rest.len());
    assert!(server.wait().success());
    assert!(server.log().contains("every response was finished"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_not_waited_for_any_longer_ends_with_close_notify() {
    let scene = Scene::new();
    let server =
        scene.serve_both(&format!("[limits]\nidle-timeout = \"1s\"\nheader-timeout = \"1s\"\n{TLS}"));
    let mut idle = ask(&scene, server.tls(), "a.txt").await;
    let client = Client::new(&scene.authority, &["http/1.1"]);
    let mut silent = client.connect(server.tls(), "localhost").await.unwrap();
    let mut slow = client.connect(server.tls(), "localhost").await.unwrap();
    slow.write_all(b"GET /media/a.txt HT").await.unwrap();
    for stream in [&mut idle, &mut silent, &mut slow] {
        stream.read_to_end(&mut Vec::new()).await.expect("close_notify");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_is_told_to_go_away_and_finishes_its_streams() {
    let scene = Scene::new();
    let mut server = scene.serve_both(TLS);
    let client = Client::new(&scene.authority, &["h2"]);
    let mut http2 = h2(client.connect(server.tls(), "localhost").await.unwrap()).await;
    let response = http2.send_request(request("GET", "/media/large.bin", &[])).await.unwrap();
    server.signal("TERM");
    server.wait_for_log("stopping", 1);
    let body = response.into_body().collect().await.expect("the stream is finished").to_bytes();
    assert_eq!(body.len(), LARGE);
    // After GOAWAY (RFC 9113 §6.8) the connection takes no more.
    let refused = async {
        loop {
            http2.ready().await.map_err(io::Error::other)?;
            let sent = http2.send_request(request("GET", "/media/a.txt", &[])).await;
            sent.map_err(io::Error::other)?;
        }
    };
    let refused: io::Result<()> = refused.await;
    assert!(refused.is_err());
    assert!(server.wait().success());
    assert!(server.log().contains("every response was finished"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_under_way_holds_up_nothing() {
    let scene = Scene::new();
    let mut server = scene.serve_both(&format!("{TLS}[limits]\nheader-timeout = \"5m\"\n"));
    let mut stalled = tokio::net::TcpStream::connect(server.tls()).await.unwrap();
    stalled.write_all(b"\x16\x03").await.unwrap();
    let client = Client::new(&scene.authority, &["h2"]);
    assert_eq!(client.get(server.tls(), "a.txt").await.unwrap().status, 200);
    server.signal("TERM");
    assert!(server.wait().success());
    assert!(server.log().contains("every response was finished"));
}
