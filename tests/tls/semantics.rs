//! Whatever is below, HTTP means the same: RFC 9110 is that of all versions.

use http::{HeaderMap, HeaderValue};
use tokio::net::TcpStream;

use crate::support::client::{Answer, Client, Http2, exchange, exchange_in_http1, h1, h2, request};
use crate::support::server::{Scene, Server, TLS};

/// All but what belongs to the moment or the connection.
fn steady(headers: &HeaderMap) -> Vec<(String, HeaderValue)> {
    let all = headers.iter().filter(|(name, _)| !matches!(name.as_str(), "date" | "connection"));
    let mut all: Vec<_> = all.map(|(name, value)| (name.to_string(), value.clone())).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

/// The three ways to ask.
struct Ways {
    scene: Scene,
    server: Server,
    multiplexed: Http2,
}

impl Ways {
    async fn open() -> Self {
        let scene = Scene::new();
        let server = scene.serve_both(TLS);
        let client = Client::new(&scene.authority, &["h2"]);
        let multiplexed = h2(client.connect(server.tls(), "localhost").await.unwrap()).await;
        Self { scene, server, multiplexed }
    }

    /// Asks in all of them, and compares what comes.
    async fn ask(&mut self, method: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = || request(method, path, fields);
        // Some answers end their connection.
        let client = Client::new(&self.scene.authority, &["http/1.1"]);
        let plain = TcpStream::connect(self.server.plain()).await.unwrap();
        let secured = client.connect(self.server.tls(), "localhost").await.unwrap();
        let plain = exchange_in_http1(&mut h1(plain).await, request()).await.unwrap();
        for other in [
            exchange_in_http1(&mut h1(secured).await, request()).await.unwrap(),
            exchange(&mut self.multiplexed, request()).await.unwrap(),
        ] {
            let about = format!("{method} {path} {fields:?}");
            assert_eq!(other.status, plain.status, "{about}");
            assert_eq!(steady(&other.headers), steady(&plain.headers), "{about}");
            assert!(other.body == plain.body, "{about}");
            assert!(other.headers.contains_key("date"), "{about}");
        }
        plain
    }
}

#[tokio::test]
async fn http_2_over_tls_answers_as_http_1_1_does() {
    let mut ways = Ways::open().await;
    let full = ways.ask("GET", "/media/a.txt", &[]).await;
    assert_eq!(full.status, 200);
    let text = |name: &str| full.headers[name].to_str().unwrap().to_owned();
    let (etag, modified) = (text("etag"), text("last-modified"));
    let (etag, modified) = (etag.as_str(), modified.as_str());
    for (method, path, fields, status) in [
        ("HEAD", "/media/a.txt", &[][..], 200),
        ("OPTIONS", "/media/a.txt", &[], 204),
        ("GET", "/media/empty.txt", &[], 200),
        ("GET", "/media/large.bin", &[], 200),
        ("GET", "/media/a.txt", &[("if-none-match", etag)], 304),
        ("HEAD", "/media/a.txt", &[("if-none-match", etag)], 304),
        ("GET", "/media/a.txt", &[("if-none-match", "\"other\"")], 200),
        ("GET", "/media/a.txt", &[("if-modified-since", modified)], 304),
        ("GET", "/media/a.txt", &[("if-match", "\"other\"")], 412),
        ("GET", "/media/a.txt", &[("range", "bytes=0-4")], 206),
        ("HEAD", "/media/a.txt", &[("range", "bytes=0-4")], 200),
        ("GET", "/media/a.txt", &[("range", "bytes=-5")], 206),
        ("GET", "/media/a.txt", &[("range", "bytes=999-")], 416),
        ("GET", "/media/a.txt", &[("range", "bytes=0-4"), ("if-range", etag)], 206),
        ("GET", "/media/a.txt", &[("range", "bytes=0-4"), ("if-range", "\"other\"")], 200),
        ("GET", "/media/a.txt", &[("want-repr-digest", "sha-256=1")], 200),
        ("GET", "/media/large.bin", &[("range", "bytes=9999999-10000010")], 206),
        ("GET", "/media/a.txt?v=0123456789abcdef", &[], 200),
        ("GET", "/media/none.txt", &[], 404),
        ("HEAD", "/media/none.txt", &[], 404),
        ("GET", "/elsewhere", &[], 404),
        ("GET", "/media/%zz", &[], 400),
        ("DELETE", "/media/a.txt", &[], 405),
        ("BREW", "/media/a.txt", &[], 501),
    ] {
        let answer = ways.ask(method, path, fields).await;
        assert_eq!(answer.status, status, "{method} {path} {fields:?}");
        if method == "HEAD" || status == 304 {
            assert!(answer.body.is_empty());
        }
    }
    let several = ways.multiplexed.clone();
    let several = (0..50).map(|_| {
        let mut one = several.clone();
        tokio::spawn(async move { exchange(&mut one, request("GET", "/media/a.txt", &[])).await.unwrap() })
    });
    for answer in several.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap().body, full.body);
    }
}
