//! Chains of proxies, spoofers, and the grammar of RFC 7239.

use super::*;
use crate::config::{PublicUrl, Trusted};
use http::HeaderValue;
use proptest::prelude::*;
use std::net::SocketAddr;

fn proxies(client_header: ClientHeader) -> Proxies {
    let networks = ["10.0.0.0/8", "fd00::/8"].map(|text| text.parse().unwrap()).to_vec();
    Proxies { trusted: Trusted { networks, unix: false }, client_header }
}

fn peer(address: &str) -> Peer {
    Peer::from(address.parse::<SocketAddr>().unwrap())
}

fn headers(name: &HeaderName, lines: &[&str]) -> HeaderMap {
    lines.iter().map(|line| (name.clone(), HeaderValue::from_bytes(line.as_bytes()).unwrap())).collect()
}

/// Who it is, as the log has it, when the nearest trusted proxy sends these lines.
fn client(header: ClientHeader, lines: &[&str]) -> String {
    let name = match header {
        ClientHeader::XForwardedFor => X_FORWARDED_FOR,
        ClientHeader::Forwarded => FORWARDED,
    };
    let client = Client::of(peer("10.0.0.1:99"), &headers(&name, lines), &proxies(header));
    match client.forwarded {
        Forwarded::Malformed => "malformed".into(),
        _ => client.to_string(),
    }
}

#[test]
fn x_forwarded_for() {
    for (lines, expected) in [
        (&[][..], "10.0.0.1:99"),
        (&[""], "10.0.0.1:99"),
        (&["192.0.2.1"], "192.0.2.1"),
        (&["192.0.2.1:8080"], "192.0.2.1:8080"),
        (&["2001:db8::1"], "2001:db8::1"),
        (&["[2001:db8::1]"], "2001:db8::1"),
        (&["[2001:db8::1]:80"], "[2001:db8::1]:80"),
        (&["::ffff:192.0.2.1"], "192.0.2.1"),
        (&["unknown"], "unknown"),
        (&["unix:"], "unknown"),
        (&["192.0.2.1, 10.0.0.9"], "192.0.2.1"),
        (&["192.0.2.1,, 10.0.0.9 ,\t"], "192.0.2.1"),
        (&["192.0.2.1, ::ffff:10.0.0.9"], "192.0.2.1"),
        // Several lines are one list.
        (&["198.51.100.7, 192.0.2.1", "10.0.0.9, fd00::1"], "192.0.2.1"),
        // All are proxies: the first of them asks for itself.
        (&["10.0.0.7, 10.0.0.9"], "10.0.0.7"),
        // What the client made up stands on the left.
        (&["10.0.0.66, 127.0.0.1, 192.0.2.1"], "192.0.2.1"),
        (&["10.0.0.66", "192.0.2.1"], "192.0.2.1"),
        (&["\"; DROP, \u{1f4a9}, 192.0.2.1"], "192.0.2.1"),
        (&["<script>"], "malformed"),
        (&["192.0.2.1, <script>"], "malformed"),
        (&["192.0.2.1, <script>, 10.0.0.9"], "10.0.0.9"),
        (&["192.0.2.1 198.51.100.7"], "malformed"),
        (&["unknown, 10.0.0.9"], "unknown"),
    ] {
        assert_eq!(client(ClientHeader::XForwardedFor, lines), expected, "{lines:?}");
    }
}

#[test]
fn forwarded_by_rfc_7239() {
    for (lines, expected) in [
        // The examples of §4, §6.3 and §7.1.
        (&["for=\"_gazonk\""][..], "_gazonk"),
        (&["For=\"[2001:db8:cafe::17]:4711\""], "[2001:db8:cafe::17]:4711"),
        (&["for=192.0.2.60;proto=http;by=203.0.113.43"], "192.0.2.60"),
        (&["for=192.0.2.43, for=198.51.100.17"], "198.51.100.17"),
        (&["for=_hidden, for=_SEVKISEK"], "_SEVKISEK"),
        (&["for=192.0.2.43,for=\"[2001:db8:cafe::17]\",for=unknown"], "unknown"),
        (&["for=192.0.2.43", "for=\"[2001:db8:cafe::17]\", for=10.0.0.2"], "2001:db8:cafe::17"),
        (&["for=\"192.0.2.43:47011\""], "192.0.2.43:47011"),
        (&["for=\"192.0.2.43:_port\""], "192.0.2.43"),
        (&["for=\"un\\known\""], "unknown"),
        (&["proto=https"], "unknown"),
        (&["for=192.0.2.1;;host=\"a,b;c\\\"\";"], "192.0.2.1"),
        (&[", ,for=192.0.2.1 ,\t"], "192.0.2.1"),
        (&["for=10.0.0.66, for=192.0.2.1"], "192.0.2.1"),
        // "Note that as ":" and "[]" are not valid characters in "token", IPv6 addresses are written as "quoted-string"."
        (&["for=[2001:db8::1]"], "malformed"),
        (&["for=192.0.2.1:80"], "malformed"),
        (&["for=\"2001:db8::1\""], "malformed"),
        (&["for=\"192.0.2.1:123456\""], "malformed"),
        (&["for=\"192.0.2.1:99999\""], "malformed"),
        (&["for=_"], "malformed"),
        (&["for=gazonk"], "malformed"),
        (&["for="], "malformed"),
        (&["for"], "malformed"),
        (&["for =192.0.2.1"], "malformed"),
        (&["for=192.0.2.1; proto=http"], "malformed"),
        (&["for=192.0.2.1;for=192.0.2.1"], "malformed"),
        (&["for=\"192.0.2.1"], "malformed"),
        (&["for=\"192.0.2.1\\"], "malformed"),
        (&["for=192.0.2.1 for=192.0.2.1"], "malformed"),
        // A quote that the client left open on a line of its own swallows nothing.
        (&["for=\"", "for=192.0.2.1"], "192.0.2.1"),
        (&["for=\"", "for=10.0.0.2"], "10.0.0.2"),
    ] {
        assert_eq!(client(ClientHeader::Forwarded, lines), expected, "{lines:?}");
    }
}

#[test]
fn nobody_else_is_believed() {
    let spoofed = headers(&X_FORWARDED_FOR, &["198.51.100.7"]);
    let by = proxies(ClientHeader::XForwardedFor);
    for peer in [peer("192.0.2.1:1"), peer("[2001:db8::1]:1"), Peer::Unix] {
        assert_eq!(Client::of(peer, &spoofed, &by), Client::from(peer));
    }
    let unix = Proxies { trusted: Trusted { networks: Vec::new(), unix: true }, ..by };
    assert_eq!(Client::of(Peer::Unix, &spoofed, &unix).to_string(), "198.51.100.7");
    let nobody = Proxies::default();
    assert_eq!(Client::of(peer("127.0.0.1:1"), &spoofed, &nobody).forwarded, Forwarded::Nothing);
}

/// A proxy passes on what it does not know, so the header that it does not write is the client's.
#[test]
fn only_the_header_that_the_configuration_names_is_read() {
    let mut both = headers(&X_FORWARDED_FOR, &["192.0.2.1"]);
    both.extend(headers(&FORWARDED, &["for=198.51.100.7"]));
    let who = |header| Client::of(peer("10.0.0.1:1"), &both, &proxies(header)).to_string();
    assert_eq!(who(ClientHeader::XForwardedFor), "192.0.2.1");
    assert_eq!(who(ClientHeader::Forwarded), "198.51.100.7");
}

#[test]
fn what_was_asked_for_is_compared_with_what_links_begin_with() {
    let links: PublicUrl = "https://media.example.com/media".parse().unwrap();
    for (proto, host, differs) in [
        ("https", "media.example.com", None),
        ("HTTPS", "MEDIA.example.com:443", None),
        ("", "", None),
        ("https", "", None),
        ("https", "not a host", None),
        ("https", "user@media.example.com", None),
        ("https, http", "media.example.com", Some("http://media.example.com")),
        ("http", "", Some("http://media.example.com")),
        ("https", "cdn.example", Some("https://cdn.example")),
        ("", "media.example.com:8443", Some("https://media.example.com:8443")),
    ] {
        let mut fields = headers(&HeaderName::from_static("x-forwarded-proto"), &[proto]);
        fields.extend(headers(&HeaderName::from_static("x-forwarded-host"), &[host]));
        let asked = Asked::by(peer("10.0.0.1:1"), &fields, &proxies(ClientHeader::XForwardedFor));
        assert_eq!(asked.differs(&links).as_deref(), differs, "{proto:?} {host:?}");
        let stranger = Asked::by(peer("192.0.2.1:1"), &fields, &proxies(ClientHeader::XForwardedFor));
        assert_eq!(stranger, Asked::default(), "{proto:?} {host:?}");
    }
    let fields =
        headers(&FORWARDED, &["for=_a;host=evil.example, for=192.0.2.1;proto=http;host=\"a.example:80\""]);
    let asked = Asked::by(peer("10.0.0.1:1"), &fields, &proxies(ClientHeader::Forwarded));
    assert_eq!(asked.differs(&links).as_deref(), Some("http://a.example:80"));
}

proptest! {
    /// Whatever a client writes before, the proxy's own line says who it is.
    #[test]
    fn what_comes_before_the_proxys_line_changes_nothing(
        before in prop::collection::vec("[ -~]{0,60}", 0..4), forwarded: bool,
    ) {
        let other = (ClientHeader::XForwardedFor, "192.0.2.1");
        let (header, own) = if forwarded { (ClientHeader::Forwarded, "for=192.0.2.1") } else { other };
        let mut lines: Vec<_> = before.iter().map(String::as_str).collect();
        lines.push(own);
        prop_assert_eq!(client(header, &lines), "192.0.2.1");
    }

    #[test]
    fn any_field_is_read(line in prop::collection::vec(any::<u8>(), 0..80), forwarded: bool) {
        let Ok(value) = HeaderValue::from_bytes(&line) else { return Ok(()) };
        let other = (ClientHeader::XForwardedFor, X_FORWARDED_FOR);
        let (header, name) = if forwarded { (ClientHeader::Forwarded, FORWARDED) } else { other };
        let fields = HeaderMap::from_iter([(name, value)]);
        let client = Client::of(peer("10.0.0.1:1"), &fields, &proxies(header));
        let shown = client.to_string();
        prop_assert!(shown.bytes().all(|byte| byte.is_ascii_graphic()), "{}", shown);
    }

    /// Whatever is said of an address is read again as it was written.
    #[test]
    fn nodes_are_written_as_they_are_read(address: SocketAddr) {
        let node = Node::parse(&SocketAddr::new(address.ip(), address.port()).to_string());
        prop_assert_eq!(node, Some(Node::Address(address.ip().to_canonical(), Some(address.port()))));
    }
}
