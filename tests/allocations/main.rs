//! How often memory is allocated for a request: by the thread that answers it, all of the server on it, with a log that
//! is written and counts that are kept.
//!
//! What the system is asked for on other threads (to open a file, to read a piece of it) is not counted.
#![expect(clippy::disallowed_methods, reason = "tests set the scene: they write files")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]
#![expect(unreachable_pub, reason = "one crate: what the harness offers is public in it")]

mod client;
mod server;

use std::fmt::Write as _;

use client::Asking;
use server::{Server, etag_of_small};

/// How many requests are counted. What the server does now and then is less than half an allocation each.
const REQUESTS: u64 = 512;

/// A request, and how often memory is allocated for it.
struct Row {
    name: &'static str,
    target: &'static str,
    fields: String,
    status: u16,
    allocations: u64,
}

/// What is asked, and what it may cost.
fn table() -> Vec<Row> {
    let row =
        |name, target, status, allocations| Row { name, target, fields: String::new(), status, allocations };
    let if_none_match = format!("If-None-Match: {}\r\n", etag_of_small());
    vec![
        row("4 KiB from memory", "/media/small.bin", 200, 14),
        Row { fields: if_none_match, ..row("not modified", "/media/small.bin", 304, 11) },
        Row {
            fields: "Range: bytes=4194304-5242879\r\n".to_owned(),
            ..row("1 MiB of a large file", "/media/large.bin", 206, 48)
        },
        row("not found", "/media/none.bin", 404, 20),
    ]
}

#[test]
fn a_request_allocates_as_often_as_the_table_says() {
    let server = Server::start();
    let (mut table, mut wrong) = (String::new(), String::new());
    for Row { name, target, fields, status, allocations } in self::table() {
        let request =
            format!("GET {target} HTTP/1.1\r\nHost: media.example.com\r\nAccept: */*\r\n{fields}\r\n");
        let counted = count(&server, request, status);
        writeln!(table, "{name:<24} {counted:>4}").unwrap();
        if counted > allocations {
            writeln!(wrong, "{name}: {counted} allocations, and not {allocations}: what allocates more?")
                .unwrap();
        } else if counted < allocations {
            writeln!(wrong, "{name}: {counted} allocations are enough: lower the {allocations}").unwrap();
        }
    }
    println!("allocations per request\n{table}");
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// How often memory is allocated for such a request, on a connection that is kept and has been asked before.
fn count(server: &Server, request: String, status: u16) -> u64 {
    let Asking { warm, go, done } = client::ask(server.address, request, status, REQUESTS);
    server.runtime.block_on(warm).unwrap();
    go.send(()).unwrap();
    let counted = allocation_counter::measure(|| server.runtime.block_on(done).unwrap());
    (counted.count_total + REQUESTS / 2) / REQUESTS
}
