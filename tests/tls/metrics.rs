//! What whoever watches the server is told of its certificates and connections.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::authority::Authority;
use crate::support::client::Client;
use crate::support::eventually;
use crate::support::server::{Scene, Server, TLS};

/// What Prometheus is shown.
fn scrape(server: &Server) -> String {
    let mut stream = TcpStream::connect(server.control).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn certificates_handshakes_and_connections_are_counted() {
    const DAY: i64 = 24 * 3600;
    let scene = Scene::new();
    let server = scene.serve_both(TLS);
    let client = Client::new(&scene.authority, &["h2"]);
    let connection = client.connect(server.tls(), "localhost").await.unwrap();
    let stranger = Client::new(&Authority::new(), &["h2"]);
    stranger.connect(server.tls(), "localhost").await.unwrap_err();
    eventually("both are told", || {
        let told = scrape(&server);
        told.contains("media_origin_tls_handshake_failures_total 1\n")
            && told.contains("media_origin_connections_accepted_total 2\n")
            && told.contains("media_origin_connections_open 1\n")
    });
    drop(connection);
    eventually("it has ended", || scrape(&server).contains("media_origin_connections_open 0\n"));
    let until = |days: i64| {
        scene.authority.issue_for(&["localhost"], -DAY, days * DAY).write(scene.folder());
        eventually("the new end is told", || {
            let told = scrape(&server);
            let expiry = told.lines().find_map(|line| {
                line.strip_prefix(
                    "media_origin_tls_certificate_expiry_timestamp_seconds{name=\"localhost\"} ",
                )
            });
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
            let left = expiry.unwrap().parse::<u64>().unwrap() - now;
            left.div_ceil(24 * 3600) == days.unsigned_abs()
        });
    };
    until(40);
    until(80);
}
