//! HTTP/2 that is none: each error of RFC 9113 is answered with its code, by the stream or by the connection that it is
//! of, and the server goes on.

use crate::frames::{
    CONTINUATION, Client, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PRIORITY, PUSH_PROMISE,
    RST_STREAM, SETTINGS, WINDOW_UPDATE, field, frame, get, request,
};
use crate::scene::server;

const PROTOCOL_ERROR: u32 = 1;
const FLOW_CONTROL_ERROR: u32 = 3;
const STREAM_CLOSED: u32 = 5;
const FRAME_SIZE_ERROR: u32 = 6;
const COMPRESSION_ERROR: u32 = 9;

/// A GET of an asset whose fields are those of a good one, and these.
fn with(fields: &[(&str, &str)]) -> Vec<u8> {
    let fields = fields.iter().flat_map(|(name, value)| field(name, value));
    frame(
        HEADERS,
        END_HEADERS | END_STREAM,
        1,
        &get("/media/a.txt").into_iter().chain(fields).collect::<Vec<_>>(),
    )
}

/// One whose fields are these alone.
fn only(fields: &[(&str, &str)]) -> Vec<u8> {
    let fields: Vec<_> = fields.iter().flat_map(|(name, value)| field(name, value)).collect();
    frame(HEADERS, END_HEADERS | END_STREAM, 1, &fields)
}

/// What a connection cannot survive: the clause, the bytes, the code.
#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn an_error_of_the_connection_ends_it_with_its_code() {
    let good = request(1, "/media/a.txt");
    let cases: &[(&str, &str, Vec<u8>, u32)] = &[
        ("a frame that is too large", "§4.2", frame(DATA, 0, 1, &vec![0; 16_385]), FRAME_SIZE_ERROR),
        (
            "fields for the connection itself",
            "§6.2",
            frame(HEADERS, END_HEADERS, 0, &get("/")),
            PROTOCOL_ERROR,
        ),
        ("a stream of an even number", "§5.1.1", request(2, "/"), PROTOCOL_ERROR),
        ("a stream of a number below", "§5.1.1", [request(5, "/"), request(3, "/")].concat(), PROTOCOL_ERROR),
        ("content of an idle stream", "§5.1", frame(DATA, END_STREAM, 1, b"a"), PROTOCOL_ERROR),
        ("content of no stream", "§6.1", frame(DATA, 0, 0, b"a"), PROTOCOL_ERROR),
        (
            "padding that is longer than all",
            "§6.1",
            [good.clone(), frame(DATA, 8, 1, &[9, 0])].concat(),
            PROTOCOL_ERROR,
        ),
        ("a reset of an idle stream", "§6.4", frame(RST_STREAM, 0, 1, &[0; 4]), PROTOCOL_ERROR),
        (
            "a reset of another size",
            "§6.4",
            [good.clone(), frame(RST_STREAM, 0, 1, &[0; 3])].concat(),
            FRAME_SIZE_ERROR,
        ),
        ("settings of a stream", "§6.5", frame(SETTINGS, 0, 1, &[]), PROTOCOL_ERROR),
        ("settings of another size", "§6.5", frame(SETTINGS, 0, 0, &[0; 5]), FRAME_SIZE_ERROR),
        ("settings that are acknowledged and said", "§6.5", frame(SETTINGS, 1, 0, &[0; 6]), FRAME_SIZE_ERROR),
        ("a push that is neither", "§6.5.2", frame(SETTINGS, 0, 0, &[0, 2, 0, 0, 0, 2]), PROTOCOL_ERROR),
        (
            "a window that is too large",
            "§6.5.2",
            frame(SETTINGS, 0, 0, &[0, 4, 255, 255, 255, 255]),
            FLOW_CONTROL_ERROR,
        ),
        (
            "a frame size that is too small",
            "§6.5.2",
            frame(SETTINGS, 0, 0, &[0, 5, 0, 0, 0, 1]),
            PROTOCOL_ERROR,
        ),
        ("a promise of a client", "§8.4", frame(PUSH_PROMISE, END_HEADERS, 1, &[0, 0, 0, 2]), PROTOCOL_ERROR),
        ("a ping of another size", "§6.7", frame(PING, 0, 0, &[0; 7]), FRAME_SIZE_ERROR),
        ("a ping of a stream", "§6.7", frame(PING, 0, 1, &[0; 8]), PROTOCOL_ERROR),
        ("a farewell of a stream", "§6.8", frame(GOAWAY, 0, 1, &[0; 8]), PROTOCOL_ERROR),
        ("a window that grows by nothing", "§6.9", frame(WINDOW_UPDATE, 0, 0, &[0; 4]), PROTOCOL_ERROR),
        ("a window update of another size", "§6.9", frame(WINDOW_UPDATE, 0, 0, &[0; 3]), FRAME_SIZE_ERROR),
        (
            "a window that grows too large",
            "§6.9.1",
            frame(WINDOW_UPDATE, 0, 0, &[127, 255, 255, 255]),
            FLOW_CONTROL_ERROR,
        ),
        (
            "a continuation of nothing",
            "§6.10",
            frame(CONTINUATION, END_HEADERS, 1, &get("/")),
            PROTOCOL_ERROR,
        ),
        (
            "fields that something comes between",
            "§6.2",
            [frame(HEADERS, 0, 1, &get("/")), frame(PING, 0, 0, &[0; 8])].concat(),
            PROTOCOL_ERROR,
        ),
        (
            "a continuation of another stream",
            "§6.10",
            [frame(HEADERS, 0, 1, &get("/")), frame(CONTINUATION, END_HEADERS, 3, &[])].concat(),
            PROTOCOL_ERROR,
        ),
        (
            "an entry of no table",
            "§4.3",
            frame(HEADERS, END_HEADERS, 1, &[0xff, 0xff, 0x7f]),
            COMPRESSION_ERROR,
        ),
        ("half an entry", "§4.3", frame(HEADERS, END_HEADERS, 1, &[0, 5, b'a']), COMPRESSION_ERROR),
        (
            "a table that is too large",
            "§4.3",
            frame(HEADERS, END_HEADERS, 1, &[0x3f, 0xff, 0xff, 0x7f]),
            COMPRESSION_ERROR,
        ),
    ];
    let server = server("");
    for (what, clause, bytes, code) in cases {
        let mut client = Client::of(&server);
        client.send(bytes);
        let goodbye =
            client.wait_for(|frame| frame.kind == GOAWAY).unwrap_or_else(|| panic!("{what}: no GOAWAY"));
        // The library has one name for most errors of syntax; what counts is that nothing goes on behind one.
        assert!(
            [*code, PROTOCOL_ERROR].contains(&goodbye.code()),
            "{what} ({clause}): {code}, not {goodbye:?}"
        );
        assert!(client.wait_for(|_| false).is_none(), "{what}: it is closed");
    }
    assert!(server.get("a.txt").ends_with("hello"), "and it still serves");
}

#[test]
fn a_malformed_request_is_reset_and_the_connection_goes_on() {
    // "A request or response that is malformed MUST be treated as a stream error of type PROTOCOL_ERROR" §8.1.1, or be
    // answered before that.
    let cases: &[(&str, &str, Vec<u8>)] = &[
        ("a name in capitals", "§8.2.1", with(&[("X-A", "b")])),
        ("a name with a space", "§8.2.1", with(&[("x a", "b")])),
        ("a value with CR", "§8.2.1", with(&[("x", "a\rb")])),
        ("a value with LF", "§8.2.1", with(&[("x", "a\nb")])),
        ("a value with NUL", "§8.2.1", with(&[("x", "a\0b")])),
        ("connection", "§8.2.2", with(&[("connection", "keep-alive")])),
        ("keep-alive", "§8.2.2", with(&[("keep-alive", "timeout=5")])),
        ("transfer-encoding", "§8.2.2", with(&[("transfer-encoding", "chunked")])),
        ("upgrade", "§8.2.2", with(&[("upgrade", "h2c")])),
        ("te", "§8.2.2", with(&[("te", "gzip")])),
        ("a pseudo-field behind a field", "§8.3", with(&[("x", "a"), (":path", "/")])),
        ("a pseudo-field twice", "§8.3.1", with(&[(":path", "/")])),
        ("a pseudo-field that nobody knows", "§8.3", with(&[(":x", "a")])),
        ("one of a response", "§8.3", with(&[(":status", "200")])),
        ("no path", "§8.3.1", only(&[(":method", "GET"), (":scheme", "http"), (":authority", "a")])),
        (
            "an empty path",
            "§8.3.1",
            only(&[(":method", "GET"), (":scheme", "http"), (":path", ""), (":authority", "a")]),
        ),
        ("no method", "§8.3.1", only(&[(":scheme", "http"), (":path", "/"), (":authority", "a")])),
        ("no scheme", "§8.3.1", only(&[(":method", "GET"), (":path", "/media/a.txt"), (":authority", "a")])),
        (
            "no authority",
            "§8.3.1",
            only(&[(":method", "GET"), (":scheme", "http"), (":path", "/media/a.txt")]),
        ),
        ("another host than the authority", "§8.3.1", with(&[("host", "b")])),
        ("less content than it says", "§8.1.1", with(&[("content-length", "5")])),
        ("a length that is none", "§8.1.1", with(&[("content-length", "+0")])),
    ];
    let server = server("");
    for (what, clause, bytes) in cases {
        let mut client = Client::of(&server);
        client.send(bytes);
        let answer = client.wait_for(|frame| frame.stream == 1 || frame.kind == GOAWAY);
        let answer = answer.unwrap_or_else(|| panic!("{what}: closed without a word"));
        match answer.kind {
            RST_STREAM => assert_eq!(answer.code(), PROTOCOL_ERROR, "{what} ({clause})"),
            // "an endpoint can choose to treat a stream error as a connection error" §5.4.2
            GOAWAY => {
                assert_eq!(answer.code(), PROTOCOL_ERROR, "{what} ({clause})");
                continue;
            }
            // `:status` 400 of the static table (RFC 7541 appendix A).
            HEADERS => assert_eq!(answer.payload.first(), Some(&0x8c), "{what} ({clause}): {answer:?}"),
            _ => panic!("{what} ({clause}): {answer:?}"),
        }
        client.send(&request(3, "/media/a.txt"));
        let content = client.wait_for(|frame| frame.stream == 3 && frame.kind == DATA);
        assert_eq!(content.expect(what).payload, b"hello", "{what}: the connection goes on");
    }
}

#[test]
fn what_is_sent_on_a_stream_that_is_over_harms_no_other() {
    let server = server("");
    let mut client = Client::of(&server);
    client.send(&request(1, "/media/a.txt"));
    assert!(client.wait_for(|frame| frame.stream == 1 && frame.kind == DATA).is_some());
    client.send(&frame(DATA, END_STREAM, 1, b"a"));
    let end = client.wait_for(|frame| matches!(frame.kind, RST_STREAM | GOAWAY)).expect("an error");
    assert!([STREAM_CLOSED, PROTOCOL_ERROR].contains(&end.code()), "§5.1: {end:?}");
    assert!(server.get("a.txt").ends_with("hello"));
}

#[test]
fn frames_of_no_known_kind_and_priorities_are_ignored() {
    // "Implementations MUST ignore and discard frames of unknown types." §4.1, "This includes ... the PRIORITY frame" §5.3.2
    let server = server("");
    let mut client = Client::of(&server);
    client.send(&frame(0xfa, 0xff, 0, b"whatever"));
    client.send(&frame(PRIORITY, 0, 7, &[0, 0, 0, 5, 15]));
    client.send(&request(1, "/media/a.txt"));
    let content = client.wait_for(|frame| frame.kind == DATA).unwrap();
    assert_eq!(content.payload, b"hello");
}

#[test]
fn a_beginning_that_is_none_is_closed() {
    // "Clients and servers MUST treat an invalid connection preface as a connection error" §3.4
    let server = server("");
    let mut client = Client::silent(&server);
    client.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    client.send(&request(1, "/media/a.txt"));
    // "A GOAWAY frame MAY be omitted in this case, since an invalid preface indicates that the peer is not using HTTP/2."
    assert!(client.next().is_none(), "no SETTINGS first");
}

#[test]
fn a_connection_without_streams_is_told_goodbye() {
    let server = server("[limits]\nidle-timeout = \"1s\"\n");
    let mut client = Client::of(&server);
    client.send(&request(1, "/media/a.txt"));
    let goodbye = client.wait_for(|frame| frame.kind == GOAWAY).expect("a GOAWAY");
    assert_eq!(goodbye.code(), 0, "NO_ERROR");
    // §6.8: the last stream is told once a round trip is over; then the connection ends.
    client.send(&frame(SETTINGS, 1, 0, &[]));
    while let Some(told) = client.next() {
        if told.kind == PING {
            client.send(&frame(PING, 1, 0, &told.payload));
        }
    }
}
