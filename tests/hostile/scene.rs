//! A server under attack, somebody who only wants an answer, and what the attack costs.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::server::{Server, get};

/// Larger than what sockets hold.
pub const LARGE: usize = 24 << 20;

/// As long as anything is waited for.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How much memory an attack may cost, in KiB.
const WORTH: u64 = 48 << 10;

/// A server with a small asset, and a large one that is in memory once it was asked for.
pub fn server(toml: &str) -> Server {
    let server = Server::start(toml, |root| {
        std::fs::write(root.join("a.txt"), "hello").unwrap();
        std::fs::write(root.join("large.bin"), vec![7; LARGE]).unwrap();
    });
    assert!(server.get("a.txt").ends_with("\r\n\r\nhello"), "{}", server.log());
    server
}

/// Bytes of memory that the server has, in KiB: now, or at most so far.
fn memory(server: &Server, what: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Attacks a server while somebody asks it for a small asset again and again: every answer comes, and the server's memory
/// stays as it was, but for a little.
pub fn under_attack<T>(server: &Server, attack: impl FnOnce() -> T) -> T {
    let before = memory(server, "VmRSS");
    let bystander = Bystander::of(server);
    let result = attack();
    let asked = bystander.leave();
    let most = memory(server, "VmHWM");
    assert!(most < before + WORTH, "{before} KiB before, {most} KiB at most");
    assert!(asked > 0, "somebody was answered meanwhile");
    assert!(server.get("a.txt").ends_with("hello"), "and it still serves");
    result
}

/// Whether it comes to be true.
pub fn eventually(mut is_true: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if is_true() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

/// A client of good will.
struct Bystander {
    leaves: Arc<AtomicBool>,
    asked: Arc<AtomicU32>,
    thread: JoinHandle<()>,
}

impl Bystander {
    fn of(server: &Server) -> Self {
        let (leaves, asked) = (Arc::<AtomicBool>::default(), Arc::<AtomicU32>::default());
        let (address, told, count) = (server.address, Arc::clone(&leaves), Arc::clone(&asked));
        let thread = std::thread::spawn(move || {
            while !told.load(Ordering::Relaxed) {
                let mut stream = TcpStream::connect(address).unwrap();
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                stream.write_all(get("a.txt").as_bytes()).unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).unwrap();
                assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("hello"), "{answer}");
                count.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        Self { leaves, asked, thread }
    }

    /// How often it was answered.
    fn leave(self) -> u32 {
        let Self { leaves, asked, thread } = self;
        eventually(|| asked.load(Ordering::Relaxed) > 0 || thread.is_finished());
        leaves.store(true, Ordering::Relaxed);
        thread.join().unwrap();
        asked.load(Ordering::Relaxed)
    }
}

/// Sends as long as the server takes it, and no more than it takes in one go: whether all of it went.
pub fn flood(stream: &mut TcpStream, bytes: &[u8]) -> bool {
    stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    stream.write_all(bytes).is_ok()
}

/// Whether the server closes the connection in time, whatever it still says.
pub fn is_closed(stream: &mut TcpStream) -> bool {
    let mut space = vec![0; 1 << 16];
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    loop {
        match stream.read(&mut space) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

/// Reads the header section of an answer; what follows is left to be read.
pub fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|bytes| bytes > 0) {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}
