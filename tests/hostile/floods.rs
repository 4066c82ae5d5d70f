//! Floods of HTTP/2: what costs a client nothing to send must cost the server no more than it is worth. Each ends with the
//! end of its connection, or is harmless; the server's memory stays as it was, and others are served meanwhile.

use std::time::{Duration, Instant};

use crate::frames::{
    ACK, CONTINUATION, Client, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, PING, PRIORITY, RST_STREAM,
    SETTINGS, WINDOW_UPDATE, field, frame, get, request,
};
use crate::scene::{flood, is_closed, server, under_attack};

/// Frames in a flood.
const MANY: u32 = 50_000;

fn stream(number: u32) -> u32 {
    2 * number + 1
}

/// Sends a flood in parts of a thousand frames, until all of it has gone or the server takes no more.
fn pour(client: &mut Client, frames: impl Fn(u32) -> Vec<u8>) -> bool {
    (0..MANY / 1000).all(|part| {
        let bytes: Vec<_> = (0..1000).flat_map(|frame| frames(part * 1000 + frame)).collect();
        flood(&mut client.stream, &bytes)
    })
}

#[test]
fn rapid_reset_ends_the_connection() {
    let server = server("[limits]\nresets = 100\n");
    under_attack(&server, || {
        let mut client = Client::of(&server);
        let all = pour(&mut client, |number| {
            let cancel = frame(RST_STREAM, 0, stream(number), &[0, 0, 0, 8]);
            [request(stream(number), "/media/large.bin"), cancel].concat()
        });
        assert!(!all || is_closed(&mut client.stream), "it ends");
    });
}

#[test]
fn rapid_reset_in_small_doses_ends_the_connection_too() {
    let server = server("[limits]\nresets = 100\n");
    server.get("large.bin");
    under_attack(&server, || {
        // Each is begun before it is cancelled: its answer is on the way, and its window is full.
        let mut client = Client::with(&server, &[(4, 1)]);
        let ended = (0..1000).any(|number| {
            client.send(&request(stream(number), "/media/large.bin"));
            let begun = client.wait_for(|frame| {
                frame.kind == GOAWAY || (frame.kind == DATA && frame.stream == stream(number))
            });
            client.send(&frame(RST_STREAM, 0, stream(number), &[0, 0, 0, 8]));
            // What is taken of the connection's window is given back.
            client.send(&frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]));
            begun.is_none_or(|frame| frame.kind == GOAWAY)
        });
        assert!(ended, "it is told goodbye");
    });
}

#[test]
fn a_continuation_flood_ends_the_connection() {
    // CVE-2024-27316 and its kin.
    let server = server("");
    under_attack(&server, || {
        let mut client = Client::of(&server);
        client.send(&frame(HEADERS, END_STREAM, 1, &get("/media/a.txt")));
        let fields = field("x", &"a".repeat(100));
        let all = pour(&mut client, |_| frame(CONTINUATION, 0, 1, &fields));
        assert!(!all || is_closed(&mut client.stream), "it ends");
        let mut client = Client::of(&server);
        client.send(&frame(HEADERS, END_STREAM, 1, &get("/media/a.txt")));
        let all = pour(&mut client, |_| frame(CONTINUATION, 0, 1, &[]));
        assert!(!all || is_closed(&mut client.stream), "empty ones too");
    });
}

#[test]
fn a_table_that_multiplies_is_not_unpacked() {
    // A field of 4,000 bytes in the dynamic table, named again and again in a byte each (RFC 7541 §7.3): 64 MB in 16 kB.
    let server = server("");
    under_attack(&server, || {
        for _ in 0..20 {
            let mut client = Client::of(&server);
            let value = "a".repeat(4000);
            let mut entry = field("x", &value);
            entry[0] = 0x40;
            let bomb = [get("/media/a.txt"), entry, vec![0xbe; 12_000]].concat();
            client.send(&frame(HEADERS, END_HEADERS | END_STREAM, 1, &bomb[..16_384.min(bomb.len())]));
            let answer =
                client.wait_for(|frame| frame.stream == 1 || frame.kind == GOAWAY).expect("an answer");
            let is_431 = answer.kind == HEADERS
                && answer.payload.windows(3).any(|bytes| bytes == b"431" || bytes == [0x68, 0x17, 0xff]);
            assert!(is_431 || matches!(answer.kind, HEADERS | RST_STREAM | GOAWAY), "{answer:?}");
            assert_ne!(answer.payload.first(), Some(&0x88), "it is not 200");
        }
    });
}

#[test]
fn floods_that_ask_for_answers_nobody_reads_are_harmless() {
    let server = server("[limits]\nsend-timeout = \"2s\"\nidle-timeout = \"2s\"\nheader-timeout = \"2s\"\n");
    let setting = [0, 3, 0, 0, 0, 100];
    under_attack(&server, || {
        for flooding in [frame(SETTINGS, 0, 0, &setting), frame(PING, 0, 0, &[7; 8])] {
            let mut clients: Vec<_> = (0..8).map(|_| Client::of(&server)).collect();
            for client in &mut clients {
                pour(client, |_| flooding.clone());
            }
            assert!(clients.iter_mut().all(|client| is_closed(&mut client.stream)), "all end");
        }
    });
}

#[test]
fn floods_of_what_means_nothing_end_with_their_connections() {
    let server = server("[limits]\nidle-timeout = \"2s\"\nheader-timeout = \"2s\"\n");
    under_attack(&server, || {
        let nods = frame(SETTINGS, ACK, 0, &[]);
        let priority = |number: u32| {
            frame(PRIORITY, 0, stream(number + 1), &[&stream(number).to_be_bytes()[..], &[16]].concat())
        };
        let mut trees = Client::of(&server);
        pour(&mut trees, priority);
        let mut windows = Client::of(&server);
        pour(&mut windows, |_| frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]));
        let mut unknown = Client::of(&server);
        pour(&mut unknown, |_| frame(0xfa, 0, 0, &[0; 64]));
        let mut acknowledges = Client::of(&server);
        pour(&mut acknowledges, |_| nods.clone());
        for client in [&mut trees, &mut windows, &mut unknown, &mut acknowledges] {
            assert!(is_closed(&mut client.stream));
        }
    });
}

#[test]
fn a_flood_of_empty_content_ends_the_connection() {
    let server = server("");
    under_attack(&server, || {
        let mut client = Client::of(&server);
        let fields: Vec<_> =
            [(":method", "POST"), (":scheme", "http"), (":path", "/media/a.txt"), (":authority", "a")]
                .into_iter()
                .flat_map(|(name, value)| field(name, value))
                .collect();
        client.send(&frame(HEADERS, END_HEADERS, 1, &fields));
        let all = pour(&mut client, |_| frame(DATA, 0, 1, &[]));
        assert!(!all || is_closed(&mut client.stream), "it ends");
    });
}

#[test]
fn a_window_that_stays_shut_is_not_waited_at_for_ever() {
    let server = server("[limits]\nsend-timeout = \"2s\"\n");
    server.get("large.bin");
    under_attack(&server, || {
        let begun = Instant::now();
        let mut clients: Vec<_> = (0..10)
            .map(|_| {
                // SETTINGS_INITIAL_WINDOW_SIZE of 0: no stream may send a byte.
                let mut client = Client::with(&server, &[(4, 0)]);
                for number in 0..100 {
                    client.send(&request(stream(number), "/media/large.bin"));
                }
                client
            })
            .collect();
        assert!(clients.iter_mut().all(|client| is_closed(&mut client.stream)), "all are cut");
        assert!(begun.elapsed() >= Duration::from_secs(2), "and not before their time");
        server.wait_for_log(&["a connection was cut", "slow-reader"]);
    });
}

#[test]
fn streams_past_the_limit_are_refused_and_can_be_sent_again() {
    let server = server("[limits]\nstreams = 10\n");
    server.get("large.bin");
    let mut client = Client::with(&server, &[(4, 0)]);
    let limit = client.wait_for(|frame| frame.kind == SETTINGS && frame.flags == 0).unwrap();
    assert!(limit.payload.chunks(6).any(|setting| setting == [0, 3, 0, 0, 0, 10]), "{limit:?}");
    for number in 0..=10 {
        client.send(&request(stream(number), "/media/large.bin"));
    }
    let refused = client.wait_for(|frame| matches!(frame.kind, RST_STREAM | GOAWAY)).unwrap();
    // REFUSED_STREAM: "the stream was refused before performing any application processing" §7, and so may be sent again.
    assert_eq!((refused.kind, refused.stream, refused.code()), (RST_STREAM, 21, 7));
    client.send(&frame(RST_STREAM, 0, 1, &[0, 0, 0, 8]));
    client.send(&frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 64]));
    client.send(&request(23, "/media/a.txt"));
    let content =
        client.wait_for(|frame| frame.stream == 23 && frame.kind == DATA).expect("there is room again");
    assert_eq!(content.payload, b"hello");
}
