//! A fault of the program in one request: it costs that request its answer, and nobody else anything.

use std::sync::Arc;

use http::header::CONTENT_LENGTH;
use http::request::Parts;
use hyper::body::Incoming;
use media_origin::config::{Limits, Proxies};
use media_origin::peer::Peer;
use media_origin::response::Response;
use media_origin::server::admission::Admission;
use media_origin::server::answer::Answer;
use media_origin::server::connections::{Drained, serve};
use media_origin::server::conversation::Front;
use media_origin::server::http::{Content, Protocol};
use media_origin::server::listener::{BoundAddress, Listener, PassedSockets};
use media_origin::server::metrics::ConnectionMetrics;
use media_origin::server::phase::{Course, Phase};
use media_origin::server::pulse::Heart;
use media_origin::server::workers::Workers;
use tokio::sync::watch;

use crate::clients::{Asked, Client, Version};

/// Says hello, but at one path.
struct Faulty;

impl Answer for Faulty {
    type Body = String;

    async fn answer(&self, request: Arc<Parts>, _content: Option<Incoming>) -> Response<String> {
        tokio::task::yield_now().await;
        assert_ne!(request.uri.path(), "/fault", "on purpose");
        let hello = "hello".to_owned();
        http::Response::builder().header(CONTENT_LENGTH, hello.len()).body(hello).expect("a response").into()
    }
}

async fn is_answered(client: &mut Client, path: &str) -> bool {
    matches!(client.get(path).await, Asked::Answered(answer) if &answer.body[..] == b"hello")
}

#[tokio::test]
async fn a_panic_ends_what_met_it_and_the_server_goes_on() {
    let front = Arc::new(Front {
        admission: Arc::new(Admission::unlimited()),
        proxies: Proxies::default(),
        proxy_protocol: None,
        protocol: Protocol::new(&Limits::default(), Content::Refused),
        tls: None,
        metrics: ConnectionMetrics::default(),
    });
    let free = ["127.0.0.1:0".parse().unwrap()];
    let listener = Listener::bind(&free, 0o600, &mut PassedSockets::default()).unwrap();
    let Some(&BoundAddress::Tcp(address)) = listener.addresses().next() else { panic!("an address") };
    let (phase, phases) = watch::channel(Phase::Serving);
    let mut heart = Heart::default();
    let (course, pulse) = (Course::public(phases), heart.pulse());
    let front = move || Arc::clone(&front);
    let server =
        tokio::spawn(serve(listener, front, |_: Peer| Faulty, course, Arc::new(Workers::here()), pulse));
    for version in [Version::Http1, Version::Http2] {
        let (mut other, mut faulty) = (Client::new(address, version), Client::new(address, version));
        for _ in 0..20 {
            assert!(is_answered(&mut other, "/a").await && is_answered(&mut faulty, "/a").await);
            let asked = faulty.get("/fault").await;
            assert!(matches!(asked, Asked::Failed { .. }), "there is no answer to that: {version:?}");
        }
        assert!(is_answered(&mut other, "/a").await);
        assert_eq!(other.connections, 1, "others keep their connections");
    }
    phase.send_replace(Phase::Draining);
    assert_eq!(server.await.unwrap(), Drained::Whole, "and it can still be stopped");
}
