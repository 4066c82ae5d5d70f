//! Headers of both versions, byte by byte, and connections that begin with them.

use super::*;
use crate::config::{ClientHeader, Trusted};
use proptest::prelude::*;
use tokio::io::AsyncWriteExt;

/// A header of version 2: its 13th and 14th byte, its length, and what follows.
fn v2(command: u8, family: u8, block: &[u8]) -> Vec<u8> {
    let length = u16::try_from(block.len()).unwrap().to_be_bytes();
    [v2::SIGNATURE, &[command, family], &length, block].concat()
}

/// 192.0.2.1:56324 to 192.0.2.2:443.
const IPV4: [u8; 12] = [192, 0, 2, 1, 192, 0, 2, 2, 0xdc, 0x04, 0x01, 0xbb];

/// `[2001:db8::1]:56324` to `[2001:db8::2]:443`.
const IPV6: [u8; 36] = [
    0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 2, 0xdc, 0x04, 0x01, 0xbb,
];

#[expect(clippy::unnecessary_wraps, reason = "rows of tables")]
fn relayed(address: &str) -> Result<Header, Malformed> {
    Ok(Header::Relayed(address.parse().unwrap()))
}

/// What is read of it as it comes byte by byte, and of no byte more.
fn read_bytewise(header: &[u8]) -> Result<Header, Malformed> {
    for end in 0..header.len() {
        match parse(&header[..end])? {
            Progress::Needs(missing) => {
                assert!((1..=header.len() - end).contains(&missing), "{missing} at {end}");
            }
            Progress::Whole(..) => panic!("whole after {end} of {} bytes", header.len()),
        }
    }
    match parse(header)? {
        Progress::Whole(read, length) => {
            assert_eq!(length, header.len());
            Ok(read)
        }
        Progress::Needs(missing) => panic!("{missing} more bytes are awaited"),
    }
}

#[test]
fn version_1() {
    let tcp4 = relayed("192.168.0.1:56324");
    let longest = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    for (line, expected) in [
        ("TCP4 192.168.0.1 192.168.0.11 56324 443", tcp4),
        ("TCP4 255.255.255.255 255.255.255.255 65535 65535", relayed("255.255.255.255:65535")),
        ("TCP4 1.1.1.1 1.1.1.1 0 0", relayed("1.1.1.1:0")),
        ("TCP6 ::1 2001:DB8::2 1 2", relayed("[::1]:1")),
        ("TCP6 ::ffff:192.0.2.1 ::1 1 2", relayed("[::ffff:192.0.2.1]:1")),
        (&format!("TCP6 {longest} {longest} 65535 65535"), relayed(&format!("[{longest}]:65535"))),
        ("UNKNOWN", Ok(Header::Own)),
        (&format!("UNKNOWN {longest} {longest} 65535 65535"), Ok(Header::Own)),
        ("UNKNOWN what\never", Ok(Header::Own)),
        ("UNKNOWNS", Err(Malformed::Line)),
        ("TCP5 1.1.1.1 1.1.1.1 1 1", Err(Malformed::Line)),
        ("tcp4 1.1.1.1 1.1.1.1 1 1", Err(Malformed::Line)),
        ("TCP4  1.1.1.1 1.1.1.1 1 1", Err(Malformed::Line)),
        (" TCP4 1.1.1.1 1.1.1.1 1 1", Err(Malformed::Line)),
        ("TCP4 1.1.1.1 1.1.1.1 1 1 ", Err(Malformed::Line)),
        ("TCP4 1.1.1.1 1.1.1.1 1 1\n", Err(Malformed::Line)),
        ("TCP4 1.1.1.1 1.1.1.1 1", Err(Malformed::Line)),
        ("TCP4 01.1.1.1 1.1.1.1 1 1", Err(Malformed::Line)),
        ("TCP4 1.1.1 1.1.1.1 1 1", Err(Malformed::Line)),
        ("TCP4 256.1.1.1 1.1.1.1 1 1", Err(Malformed::Line)),
        ("TCP4 ::1 ::1 1 1", Err(Malformed::Line)),
        ("TCP6 1.1.1.1 1.1.1.1 1 1", Err(Malformed::Line)),
        ("TCP6 [::1] ::1 1 1", Err(Malformed::Line)),
        ("TCP4 1.1.1.1 1.1.1.1 01 1", Err(Malformed::Line)),
        ("TCP4 1.1.1.1 1.1.1.1 +1 1", Err(Malformed::Line)),
        ("TCP4 1.1.1.1 1.1.1.1 1 65536", Err(Malformed::Line)),
        ("TCP4 1.1.1.1 host 1 1", Err(Malformed::Line)),
    ] {
        assert_eq!(read_bytewise(format!("PROXY {line}\r\n").as_bytes()), expected, "{line}");
    }
}

/// "The receiver must not tolerate a single CR or LF character to end the line when a complete CRLF sequence is
/// expected." §2.1
#[test]
fn a_line_ends_with_crlf_within_107_bytes() {
    let line = |end: &str| format!("PROXY UNKNOWN{end}{}", "x".repeat(200)).into_bytes();
    assert_eq!(parse(&line("\n")), Err(Malformed::LongLine));
    assert_eq!(parse(&line("\r")), Err(Malformed::LongLine));
    let filled = |length: usize| format!("PROXY UNKNOWN {}\r\n", "x".repeat(length - 16)).into_bytes();
    assert_eq!(read_bytewise(&filled(107)), Ok(Header::Own));
    assert_eq!(parse(&filled(108)), Err(Malformed::LongLine));
}

#[test]
fn version_2() {
    let noop = [0x04, 0, 1, 0];
    for (what, header, expected) in [
        ("TCP over IPv4", v2(0x21, 0x11, &IPV4), relayed("192.0.2.1:56324")),
        ("UDP over IPv4", v2(0x21, 0x12, &IPV4), relayed("192.0.2.1:56324")),
        ("TCP over IPv6", v2(0x21, 0x21, &IPV6), relayed("[2001:db8::1]:56324")),
        ("with a vector", v2(0x21, 0x11, &[&IPV4[..], &noop].concat()), relayed("192.0.2.1:56324")),
        ("Unix stream", v2(0x21, 0x31, &[0; 216]), Ok(Header::Own)),
        ("LOCAL", v2(0x20, 0x00, &[]), Ok(Header::Own)),
        ("LOCAL with addresses", v2(0x20, 0x11, &IPV4), Ok(Header::Own)),
        ("LOCAL of an unknown family", v2(0x20, 0xff, &[1, 2, 3]), Ok(Header::Own)),
        ("UNSPEC", v2(0x21, 0x00, &[1, 2, 3]), Ok(Header::Own)),
        ("IPv4 of no transport", v2(0x21, 0x10, &IPV4), Ok(Header::Own)),
        ("the longest", v2(0x21, 0x00, &vec![0; 65535]), Ok(Header::Own)),
        ("version 1 in binary", v2(0x11, 0x11, &IPV4), Err(Malformed::Command)),
        ("version 3", v2(0x31, 0x11, &IPV4), Err(Malformed::Command)),
        ("an unknown command", v2(0x22, 0x11, &IPV4), Err(Malformed::Command)),
        ("an unknown family", v2(0x21, 0x41, &IPV4), Err(Malformed::Family)),
        ("an unknown transport", v2(0x21, 0x13, &IPV4), Err(Malformed::Family)),
        ("half an address", v2(0x21, 0x11, &IPV4[..6]), Err(Malformed::Short)),
        ("no second port", v2(0x21, 0x21, &IPV6[..34]), Err(Malformed::Short)),
        ("half a Unix path", v2(0x21, 0x31, &[0; 108]), Err(Malformed::Short)),
        ("a vector cut short", v2(0x21, 0x11, &[&IPV4[..], &[4, 0, 2, 0]].concat()), Err(Malformed::Vector)),
        ("a vector without a length", v2(0x21, 0x11, &[&IPV4[..], &[4, 0]].concat()), Err(Malformed::Vector)),
    ] {
        if header.len() > 1000 {
            assert_eq!(parse(&header), expected.map(|read| Progress::Whole(read, header.len())), "{what}");
        } else {
            assert_eq!(read_bytewise(&header), expected, "{what}");
        }
    }
}

/// The bytes that HAProxy 2.6 sends with `proxy-v2-options crc32c`, of a connection between two ports of 127.0.0.1.
const BY_HAPROXY: &str = "0d0a0d0a000d0a515549540a211100137f0000017f000001917cc5810300047668447e";

#[test]
fn a_checksum_is_verified() {
    let header = hex::decode(BY_HAPROXY).unwrap();
    assert_eq!(read_bytewise(&header), relayed("127.0.0.1:37244"));
    // The byte that says that a checksum follows guards itself with none.
    let kind = 28;
    for bit in (0..header.len() * 8).filter(|bit| bit / 8 != kind) {
        let mut damaged = header.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let taken = matches!(parse(&damaged), Ok(Progress::Whole(Header::Relayed(_), _)));
        assert!(!taken, "bit {bit}");
    }
}

#[test]
fn a_checksum_has_four_bytes_and_is_one() {
    for vectors in
        [&[3, 0, 3, 0, 0, 0][..], &[3, 0, 5, 0, 0, 0, 0, 0], &[3, 0, 4, 0, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0]]
    {
        let header = v2(0x21, 0x11, &[&IPV4[..], vectors].concat());
        assert_eq!(parse(&header), Err(Malformed::Vector), "{vectors:?}");
    }
}

#[test]
fn what_is_no_header_is_known_before_it_is_read_whole() {
    for came in [
        "GET / HTTP/1.1\r\n\r\n",
        "PRI * HTTP/2.0",
        "\x16\x03\x01",
        "PROXYTCP4",
        "proxy ",
        "\r\n\r\n\r\n",
        "\n",
    ] {
        let first = (1..=came.len()).find_map(|end| parse(&came.as_bytes()[..end]).err());
        assert_eq!(first, Some(Malformed::NoHeader), "{came:?}");
    }
}

proptest! {
    /// Whatever comes: what is awaited is never more than what a header can have, and what is whole stays what it is.
    #[test]
    fn any_bytes(
        begin in prop::sample::select(vec![&b""[..], b"PROXY ", b"PROXY TCP4 ", v2::SIGNATURE, b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0"]),
        rest in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let came = [begin, &rest].concat();
        for end in 0..=came.len() {
            match parse(&came[..end]) {
                Ok(Progress::Needs(missing)) => prop_assert!(missing > 0 && end + missing <= 16 + 65535),
                Ok(Progress::Whole(header, length)) => {
                    prop_assert!(length <= end);
                    prop_assert_eq!(parse(&came), Ok(Progress::Whole(header, length)));
                }
                Err(_) => prop_assert!(parse(&came).is_err()),
            }
        }
    }

    #[test]
    fn what_is_written_is_read(source: SocketAddr, destination: SocketAddr) {
        let family = if source.is_ipv4() { "TCP4" } else { "TCP6" };
        prop_assume!(source.is_ipv4() == destination.is_ipv4());
        let line = format!(
            "PROXY {family} {} {} {} {}\r\n", source.ip(), destination.ip(), source.port(), destination.port(),
        );
        let plain = SocketAddr::new(source.ip(), source.port());
        prop_assert_eq!(parse(line.as_bytes()), Ok(Progress::Whole(Header::Relayed(plain), line.len())));
    }
}

const GATE: ProxyProtocol = ProxyProtocol { timeout: Duration::from_secs(10) };

fn proxies() -> Proxies {
    let trusted = Trusted { networks: vec!["10.0.0.0/8".parse().unwrap()], unix: false };
    Proxies { trusted, client_header: ClientHeader::XForwardedFor }
}

fn peer(address: &str) -> Peer {
    Peer::from(address.parse::<SocketAddr>().unwrap())
}

#[tokio::test]
async fn what_follows_the_header_is_left_to_be_read() {
    for header in [&b"PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n"[..], &v2(0x21, 0x11, &IPV4)] {
        let (mut client, mut server) = tokio::io::duplex(64);
        client.write_all(&[header, b"GET /"].concat()).await.unwrap();
        drop(client);
        let source = GATE.source(&proxies(), &mut server, peer("10.0.0.1:1")).await.unwrap();
        assert_eq!(source, peer("192.0.2.1:56324"));
        let mut rest = Vec::new();
        server.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, b"GET /");
    }
}

#[tokio::test]
async fn an_own_connection_is_of_the_proxy() {
    let (mut client, mut server) = tokio::io::duplex(64);
    client.write_all(&v2(0x20, 0, &[])).await.unwrap();
    assert_eq!(GATE.source(&proxies(), &mut server, peer("10.0.0.1:1")).await.unwrap(), peer("10.0.0.1:1"));
}

#[tokio::test]
async fn nobody_else_is_read_from() {
    for other in [peer("192.0.2.1:1"), Peer::Unix] {
        let (mut client, mut server) = tokio::io::duplex(64);
        client.write_all(b"PROXY TCP4 10.0.0.1 10.0.0.1 1 1\r\n").await.unwrap();
        let refused = GATE.source(&proxies(), &mut server, other).await;
        assert!(matches!(refused, Err(ProxyError::Untrusted)), "{refused:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_header_that_does_not_come_is_not_waited_for() {
    let (mut client, mut server) = tokio::io::duplex(64);
    let send = async {
        for byte in b"PROXY TCP4 1.1.1.1 1.1.1.1 1 1" {
            client.write_all(&[*byte]).await.unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    let (begun, proxies) = (tokio::time::Instant::now(), proxies());
    tokio::select! {
        () = send => panic!("it was waited for"),
        refused = GATE.source(&proxies, &mut server, peer("10.0.0.1:1")) => {
            assert!(matches!(refused, Err(ProxyError::Silent)), "{refused:?}");
        }
    }
    assert_eq!(begun.elapsed(), Duration::from_secs(10));
}
