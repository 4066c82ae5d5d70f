//! Any `Forwarded` and `X-Forwarded-For` of a trusted proxy: the client is a word that can be logged, and the line that a
//! proxy adds says who it is, whatever stands before.
#![no_main]

use std::net::SocketAddr;

use http::header::FORWARDED;
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use media_origin::config::{ClientHeader, Proxies, Trusted};
use media_origin::origin::Client;
use media_origin::peer::Peer;

fuzz_target!(|input: &[u8]| {
    let Ok(value) = HeaderValue::from_bytes(input) else { return };
    let x_forwarded_for = HeaderName::from_static("x-forwarded-for");
    for (header, name, own) in [
        (ClientHeader::Forwarded, FORWARDED, "for=192.0.2.1"),
        (ClientHeader::XForwardedFor, x_forwarded_for, "192.0.2.1"),
    ] {
        let networks = vec!["10.0.0.0/8".parse().expect("a network")];
        let proxies = Proxies { trusted: Trusted { networks, unix: false }, client_header: header };
        let proxy = Peer::from(SocketAddr::from(([10, 0, 0, 1], 1)));
        let mut fields = HeaderMap::from_iter([(name.clone(), value.clone())]);
        let shown = Client::of(proxy, &fields, &proxies).to_string();
        assert!(shown.bytes().all(|byte| byte.is_ascii_graphic()), "{shown:?}");
        fields.append(name, HeaderValue::from_static(own));
        assert_eq!(Client::of(proxy, &fields, &proxies).to_string(), "192.0.2.1");
    }
});
