//! A server that goes on: its configuration is replaced while clients ask, it stops without cutting them short, it tells
//! its supervisor, and it survives its own faults.
#![expect(
    clippy::disallowed_methods,
    reason = "tests set the scene: they write files, and wait by the clock"
)]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![expect(unreachable_pub, reason = "one crate: what the harness offers is public in it")]

#[expect(dead_code, reason = "what spoils a bucket's answers is for the tests of buckets")]
#[path = "../buckets/mod.rs"]
mod buckets;
mod clients;
#[expect(dead_code, reason = "the harness serves the tests of the public listener too")]
#[path = "../http/support/server.rs"]
mod server;

mod drain;
mod faults;
mod reload;
mod supervisor;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use buckets::bytes::pattern;
use server::{Server, get};

/// More than sockets hold and memory keeps, so that it is on its way for as long as its reader likes.
const LARGE: usize = 24 << 20;

/// A server of a small asset and a large one.
fn server(toml: &str) -> Server {
    Server::start(&with_small_memory(toml), |root| {
        std::fs::write(root.join("a.txt"), "hello").unwrap();
        std::fs::write(root.join("large.bin"), pattern(LARGE, 5)).unwrap();
    })
}

fn with_small_memory(toml: &str) -> String {
    format!("{toml}\n[memory]\nhot = \"1 MB\"\nlargest = \"1 MB\"\n")
}

/// Puts another configuration where the server reads its own, which it has to be told.
fn configure(server: &Server, toml: &str) {
    let [new, config] = ["new.toml", "test.toml"].map(|name| server.folder.path().join(name));
    std::fs::write(&new, server.assets.configure(toml)).unwrap();
    std::fs::rename(new, config).unwrap();
}

/// Whether it comes to be true within half a minute.
fn eventually(is_true: impl Fn() -> bool) -> bool {
    (0..1500).any(|_| {
        let so = is_true();
        if !so {
            std::thread::sleep(Duration::from_millis(20));
        }
        so
    })
}

/// Reads the header section of the answer. What follows is left to be read.
fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).expect("a header section");
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// A connection on which the large asset has been asked for, and its header section been read.
fn begin_large(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    stream.write_all(get("large.bin").as_bytes()).unwrap();
    read_head(&mut stream);
    stream
}

/// Whether the rest of what was begun is the large asset, to the last byte.
fn ends_whole(mut stream: TcpStream) -> bool {
    let mut body = Vec::new();
    stream.read_to_end(&mut body).is_ok() && body == pattern(LARGE, 5)
}
