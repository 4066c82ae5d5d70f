//! Slowloris in its three forms, idleness, and floods of what is too large: each ends, and costs little meanwhile.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::scene::{LARGE, PATIENCE, eventually, is_closed, read_head, server, under_attack};
use crate::server::{Server, get};

const SOON: &str = "[limits]\nheader-timeout = \"2s\"\nidle-timeout = \"2s\"\nsend-timeout = \"2s\"\n";

/// How many attack at a time.
const CROWD: usize = 100;

fn crowd(server: &Server, bytes: &str) -> Vec<TcpStream> {
    let one = |_| {
        let mut stream = server.connect();
        stream.write_all(bytes.as_bytes()).unwrap();
        stream
    };
    (0..CROWD).map(one).collect()
}

/// Sends a byte to each every so often, until all are closed.
fn drip(streams: &mut [TcpStream], byte: &[u8]) -> bool {
    for stream in &mut *streams {
        stream.set_nonblocking(true).unwrap();
    }
    eventually(|| {
        std::thread::sleep(Duration::from_millis(100));
        let is_open = |stream: &mut TcpStream| {
            let _sent = stream.write(byte);
            stream.read(&mut [0; 4096]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
        };
        streams.iter_mut().filter_map(|stream| is_open(stream).then_some(())).count() == 0
    })
}

#[test]
fn a_head_that_drips_in_has_its_time_and_no_more() {
    let server = server(SOON);
    under_attack(&server, || {
        for beginning in ["", "GET /media/a.txt HTTP/1.1\r\nHost: a\r\nX: "] {
            let mut streams = crowd(&server, beginning);
            let begun = Instant::now();
            assert!(drip(&mut streams, b"a"), "all are closed");
            assert!(begun.elapsed() >= Duration::from_millis(1500), "and none before its time");
        }
    });
}

#[test]
fn a_later_head_that_drips_in_has_its_time_too() {
    let server = server("[limits]\nheader-timeout = \"2s\"\nidle-timeout = \"1h\"\n");
    let mut stream = server.connect();
    stream.write_all(b"GET /media/a.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    read_head(&mut stream);
    stream.read_exact(&mut [0; 5]).unwrap();
    assert!(drip(std::slice::from_mut(&mut stream), b"G"));
}

#[test]
fn a_body_that_drips_in_is_not_waited_for() {
    let server = server("");
    under_attack(&server, || {
        for method in ["GET", "POST"] {
            let request =
                format!("{method} /media/a.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
            for mut stream in crowd(&server, &request) {
                let head = read_head(&mut stream);
                assert!(head.contains("connection: close\r\n"), "{head}");
                assert!(drip(std::slice::from_mut(&mut stream), b"a"), "{head}");
            }
        }
    });
}

#[test]
fn who_takes_nothing_is_cut_and_counted_as_cut() {
    let server = server(SOON);
    server.get("large.bin");
    under_attack(&server, || {
        let mut streams = crowd(&server, &get("large.bin"));
        for stream in &mut streams {
            assert!(read_head(stream).starts_with("HTTP/1.1 200"));
        }
        let cut = || server.log().matches("reason=\"slow-reader\"").count();
        assert!(eventually(|| cut() == CROWD), "{} of {CROWD}", cut());
        for stream in &mut streams {
            let mut taken = 0;
            let mut space = vec![0; 1 << 20];
            while let Ok(bytes @ 1..) = stream.read(&mut space) {
                taken += bytes;
            }
            assert!(taken < LARGE, "the rest was not sent");
        }
    });
}

#[test]
fn who_takes_too_little_is_cut_and_who_takes_enough_is_not() {
    let server = server("[limits]\nsend-timeout = \"2s\"\nmin-rate = \"1 MiB\"\n");
    let rate_of = |bytes: usize| {
        let mut stream = server.connect();
        stream.write_all(get("large.bin").as_bytes()).unwrap();
        read_head(&mut stream);
        let (mut space, begun, mut taken) = (vec![0; bytes], Instant::now(), 0);
        loop {
            match stream.read(&mut space) {
                Ok(0) | Err(_) => return taken,
                Ok(bytes) => taken += bytes,
            }
            assert!(begun.elapsed() < PATIENCE, "{taken} bytes");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    assert!(rate_of(4 << 10) < LARGE, "80 KiB a second");
    assert_eq!(rate_of(256 << 10), LARGE, "5 MiB a second");
}

/// The system holds more for who was quick, and says little of what is taken of it.
#[test]
fn who_was_quick_and_takes_enough_is_not_cut() {
    let server = server("[limits]\nsend-timeout = \"2s\"\nmin-rate = \"16 KiB\"\n");
    // What the client's own system takes for it is not seen either; here it is little.
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(128 << 10).unwrap();
    socket.connect(&server.address.into()).unwrap();
    let mut stream = TcpStream::from(socket);
    let ask = |stream: &mut TcpStream| {
        stream.write_all(b"GET /media/large.bin HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert!(read_head(stream).starts_with("HTTP/1.1 200"));
    };
    let mut whole = vec![0; LARGE];
    for _ in 0..3 {
        ask(&mut stream);
        stream.read_exact(&mut whole).unwrap();
    }
    ask(&mut stream);
    let (begun, mut taken) = (Instant::now(), 0);
    while begun.elapsed() < Duration::from_secs(9) {
        taken += stream.read(&mut whole[..4 << 10]).unwrap();
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(taken < LARGE, "{taken} bytes");
    stream.read_exact(&mut whole[taken..]).expect("80 KiB a second are enough");
}

#[test]
fn a_connection_without_a_request_is_kept_for_its_time() {
    let server = server("[limits]\nidle-timeout = \"5s\"\n");
    under_attack(&server, || {
        let mut streams = crowd(&server, "GET /media/a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
        for stream in &mut streams {
            assert!(read_head(stream).starts_with("HTTP/1.1 200"));
            stream.read_exact(&mut [0; 5]).unwrap();
        }
        // Long enough for the server to let go of what it has in memory, and then each is used again.
        std::thread::sleep(Duration::from_millis(1500));
        for stream in &mut streams {
            stream.write_all(b"GET /media/a.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            assert!(read_head(stream).starts_with("HTTP/1.1 200"));
            stream.read_exact(&mut [0; 5]).unwrap();
        }
        let begun = Instant::now();
        assert!(streams.iter_mut().all(is_closed));
        assert!(begun.elapsed() > Duration::from_secs(1), "{:?}", begun.elapsed());
    });
}

#[test]
fn floods_of_what_is_too_large_are_refused_by_name() {
    let server = server("[limits]\nheader-fields = 50\n");
    let host = "Host: a\r\n";
    let long = "a".repeat(1 << 20);
    under_attack(&server, || {
        for (what, request, status) in [
            ("a target", format!("GET /media/{long} HTTP/1.1\r\n{host}\r\n"), "414"),
            ("a target without an end", format!("GET /media/{long}"), "414"),
            ("a field", format!("GET /media/a.txt HTTP/1.1\r\n{host}X: {long}\r\n\r\n"), "431"),
            ("a field without an end", format!("GET /media/a.txt HTTP/1.1\r\n{host}X: {long}"), "431"),
            ("fields", format!("GET /media/a.txt HTTP/1.1\r\n{host}{}\r\n", "X: a\r\n".repeat(50)), "431"),
            (
                "many fields",
                format!("GET /media/a.txt HTTP/1.1\r\n{host}{}", "X: a\r\n".repeat(100_000)),
                "431",
            ),
            ("empty lines", "\r\n".repeat(500_000), "431"),
        ] {
            for _ in 0..20 {
                let answer = server.exchange(request.as_bytes());
                assert!(
                    answer.starts_with(&format!("HTTP/1.1 {status} ")),
                    "{what}: {status}, not\n{answer}"
                );
                assert!(answer.contains("cache-control: no-store\r\n"), "{what}: {answer}");
            }
        }
        let most =
            format!("GET /media/a.txt HTTP/1.1\r\n{host}Connection: close\r\n{}\r\n", "X: a\r\n".repeat(48));
        assert!(server.exchange(most.as_bytes()).starts_with("HTTP/1.1 200"), "50 fields");
    });
}
