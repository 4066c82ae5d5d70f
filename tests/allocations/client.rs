//! Somebody who asks, on a thread of their own.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

use tokio::sync::oneshot;

/// As long as an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client at work.
pub struct Asking {
    /// Resolves when it has asked for the first time, so that whatever is made once is there.
    pub warm: oneshot::Receiver<()>,
    /// Lets it go on.
    pub go: mpsc::Sender<()>,
    /// Resolves when it has been answered each time.
    pub done: oneshot::Receiver<()>,
}

/// Asks again and again on one connection: `times` times before it is let go on, and `times` times after.
pub fn ask(address: SocketAddr, request: String, status: u16, times: u64) -> Asking {
    let ((warmed, warm), (finished, done)) = (oneshot::channel(), oneshot::channel());
    let (go, going) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut space = vec![0; 2 << 20];
        let mut ask = || (0..times).for_each(|_| exchange(&mut stream, &request, status, &mut space));
        ask();
        warmed.send(()).unwrap();
        going.recv().unwrap();
        ask();
        finished.send(()).unwrap();
    });
    Asking { warm, go, done }
}

/// Asks once, and reads the answer to its end, which has to be of that status and to fit into `space`.
fn exchange(stream: &mut TcpStream, request: &str, status: u16, space: &mut [u8]) {
    stream.write_all(request.as_bytes()).unwrap();
    let (mut read, mut whole) = (0, None);
    while whole.is_none_or(|whole| read < whole) {
        let more = stream.read(&mut space[read..]).unwrap();
        assert!(more > 0, "the server has closed the connection");
        read += more;
        whole = whole.or_else(|| length(&space[..read], status));
    }
    assert_eq!(whole, Some(read), "one answer, and nothing after it");
}

/// How long the whole answer is, once its header section is there.
fn length(answer: &[u8], status: u16) -> Option<usize> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..end]).unwrap();
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let content = length.filter(|_| status != 304).map_or(0, |length| length.parse().unwrap());
    Some(end + content)
}
