//! A server that answers exactly the bytes that a test gives it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The head of a request.
#[derive(Clone, Debug)]
pub struct Request {
    pub head: String,
    /// Which connection it came on, counted from 0.
    pub connection: usize,
}

impl Request {
    pub fn method(&self) -> &str {
        self.head.split(' ').next().unwrap()
    }

    /// The value of a field, by its name in lower case.
    pub fn field(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    pub fn is_conditional(&self) -> bool {
        self.field("if-none-match").is_some() || self.field("if-modified-since").is_some()
    }

    pub fn is_range(&self) -> bool {
        self.field("range").is_some() && self.field("if-range").is_none()
    }

    /// The GET that everything else is compared with.
    pub fn is_first(&self) -> bool {
        self.method() == "GET" && !self.is_conditional() && self.field("range").is_none()
    }
}

/// What the server does about a request.
pub enum Reply {
    /// Sends this and waits for the next request.
    Send(Vec<u8>),
    /// Sends this and closes the connection.
    Close(Vec<u8>),
    /// Sends this, then nothing, and keeps the connection.
    Hang(Vec<u8>),
    /// Waits so long, then sends this.
    Late(Duration, Vec<u8>),
    /// Sends the first part, and then the second again and again.
    Endless(Vec<u8>, Vec<u8>),
}

pub struct Server {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Request>>>,
    _accepting: JoinSet<()>,
}

impl Server {
    pub async fn start(reply: fn(&Request) -> Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            for connection in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                connections.spawn(converse(stream, connection, reply, Arc::clone(&log)));
            }
        });
        Self { address, asked, _accepting: accepting }
    }

    pub fn link(&self) -> String {
        format!("http://{}/a.png?v=1", self.address)
    }

    /// What it was asked, in order.
    pub fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }
}

/// Answers the requests of one connection. A client that is gone ends it.
pub async fn converse(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    connection: usize,
    reply: fn(&Request) -> Reply,
    log: Arc<Mutex<Vec<Request>>>,
) {
    while let Some(head) = head(&mut stream).await {
        let request = Request { head, connection };
        log.lock().unwrap().push(request.clone());
        let sent = match reply(&request) {
            Reply::Send(bytes) => stream.write_all(&bytes).await,
            Reply::Close(bytes) => {
                let _sent = stream.write_all(&bytes).await;
                let _closed = stream.shutdown().await;
                return;
            }
            Reply::Hang(bytes) => {
                let _sent = stream.write_all(&bytes).await;
                std::future::pending().await
            }
            Reply::Late(wait, bytes) => {
                tokio::time::sleep(wait).await;
                stream.write_all(&bytes).await
            }
            Reply::Endless(first, again) => {
                let _sent = stream.write_all(&first).await;
                while stream.write_all(&again).await.is_ok() {}
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

async fn head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap())
}

/// A PNG, as far as anybody looks, of 3000 bytes.
pub fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0".to_vec();
    bytes.extend((bytes.len()..3000).map(|n| u8::try_from(n % 251).unwrap()));
    bytes
}

/// An answer with these field lines and a `Content-Length`.
pub fn answer(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The field lines of the honest server.
pub const FIELDS: &str = "Content-Type: image/png\r\nETag: \"one\"\r\nCache-Control: no-cache\r\n";

/// What a server without a fault answers.
pub fn honest(request: &Request) -> Vec<u8> {
    honest_with(request, FIELDS, &png())
}

/// The same of another file, or with other fields.
pub fn honest_with(request: &Request, fields: &str, body: &[u8]) -> Vec<u8> {
    if request.field("if-none-match") == Some("\"one\"") {
        return format!("HTTP/1.1 304 Not Modified\r\n{fields}\r\n").into_bytes();
    }
    if request.is_range() {
        let part = &body[..body.len().min(1024)];
        let range = format!("Content-Range: bytes 0-{}/{}\r\n", part.len() - 1, body.len());
        return answer("206 Partial Content", &format!("{fields}{range}"), part);
    }
    let whole = answer("200 OK", fields, body);
    if request.method() == "HEAD" { whole[..whole.len() - body.len()].to_vec() } else { whole }
}
