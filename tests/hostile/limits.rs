//! How many connections there may be: what is past the limit is shed, and there is room again when others have gone.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use crate::scene::{eventually, read_head, server};
use crate::server::{Server, get};

/// A connection that is kept, and was answered.
fn kept(server: &Server) -> Option<TcpStream> {
    let mut stream = server.connect();
    stream.write_all(b"GET /media/a.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    if !read_head(&mut stream).starts_with("HTTP/1.1 200") {
        return None;
    }
    stream.read_exact(&mut [0; 5]).unwrap();
    Some(stream)
}

#[test]
fn what_is_past_the_limit_is_shed_and_then_there_is_room_again() {
    for limit in ["connections = 20", "connections = 100\nconnections-per-address = 20"] {
        let server = server(&format!("[limits]\n{limit}\n"));
        // The one that asked whether the server is there may still be leaving.
        let mut streams = Vec::new();
        assert!(eventually(|| {
            streams.extend(kept(&server));
            streams.len() == 20
        }));
        for _ in 0..30 {
            let answer = server.get("a.txt");
            assert!(
                answer.starts_with("HTTP/1.1 503 ") && answer.contains("Retry-After: "),
                "{limit}: {answer}"
            );
            assert!(
                answer.contains("Cache-Control: no-store") && answer.contains("Connection: close"),
                "{answer}"
            );
        }
        server.wait_for_log(&["turned a connection away", limit.rsplit(['\n', ' ']).nth(2).unwrap()]);
        let told = server.log().matches("turned a connection away").count();
        assert!(told < 15, "{told} lines for a flood");
        for stream in &mut streams {
            stream.write_all(b"GET /media/a.txt HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            assert!(read_head(stream).starts_with("HTTP/1.1 200"), "those that are there are served");
            stream.read_exact(&mut [0; 5]).unwrap();
        }
        assert!(server.ask("/healthz", "").starts_with("HTTP/1.1 200"), "the operator is never turned away");
        drop(streams);
        assert!(eventually(|| server.get("a.txt").starts_with("HTTP/1.1 200")), "there is room again");
    }
}

#[test]
fn answers_that_are_not_in_memory_have_a_budget() {
    // A file that is sent takes 256 KiB of it.
    let server = server("[memory]\nhot = \"0\"\nlargest = \"0\"\nbuffers = \"16 MiB\"\n");
    let mut streams = Vec::new();
    let ask = || {
        let mut stream = server.connect();
        stream.write_all(get("large.bin").as_bytes()).unwrap();
        (read_head(&mut stream), stream)
    };
    assert!(eventually(|| {
        let (head, stream) = ask();
        let is_sent = head.starts_with("HTTP/1.1 200");
        streams.extend(is_sent.then_some(stream));
        !is_sent
    }));
    assert_eq!(streams.len(), 64);
    let (head, _) = ask();
    assert!(head.starts_with("HTTP/1.1 503 ") && head.contains("retry-after: 1"), "{head}");
    assert!(head.contains("cache-control: no-store"), "{head}");
    drop(streams);
    assert!(eventually(|| ask().0.starts_with("HTTP/1.1 200")), "there is room again");
}

/// Runs the program with these limits of file descriptors.
fn started(limit: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("media")).unwrap();
    let script = format!(
        "{limit}; exec timeout 5 '{}' serve --root media --listen 127.0.0.1:0 --control 127.0.0.1:0 --config empty.toml",
        env!("CARGO_BIN_EXE_media-origin")
    );
    std::fs::write(folder.path().join("empty.toml"), "[store]\ndigests = false\n").unwrap();
    let mut command = Command::new("sh");
    let output = command.args(["-c", &script]).current_dir(folder.path()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn too_few_file_descriptors_are_an_error_at_the_start() {
    let (code, said) = started("ulimit -n 1024");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("10 connections need 1546 file descriptors, and this process may have 1024"),
        "{said}"
    );
}

#[test]
fn a_soft_limit_is_raised_as_far_as_it_may_be() {
    let (_, said) = started("ulimit -Sn 256");
    assert!(said.contains("file descriptors limit=") && said.contains("connections=10000"), "{said}");
}

#[test]
fn without_file_descriptors_it_waits_and_then_goes_on() {
    let server = server("[limits]\nconnections = 1000\n");
    let id = server.child.id().to_string();
    let limit = |soft: &str| {
        let limits = format!("--nofile={soft}:");
        assert!(Command::new("prlimit").args(["--pid", &id, &limits]).status().unwrap().success());
    };
    let open = std::fs::read_dir(format!("/proc/{id}/fd")).unwrap().count();
    limit(&(open + 8).to_string());
    let streams: Vec<_> = (0..40).map(|_| server.connect()).collect();
    server.wait_for_log(&["a connection could not be accepted"]);
    limit("4096");
    let mut last = streams.into_iter().next_back().unwrap();
    last.write_all(get("a.txt").as_bytes()).unwrap();
    assert!(read_head(&mut last).starts_with("HTTP/1.1 200"), "those that wait are served");
    let told = server.log().matches("could not be accepted").count();
    assert!(told < 30, "{told} lines");
}
