//! A bucket that answers exactly the bytes that a test gives it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What the server does about a request.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    /// Sends this and waits for the next request.
    Send(Vec<u8>),
    /// Sends this and closes the connection.
    Cut(Vec<u8>),
    /// Sends this, then nothing, and keeps the connection.
    Hang(Vec<u8>),
}

pub(super) struct Server {
    pub(super) address: SocketAddr,
    state: Arc<Mutex<State>>,
    _accepting: JoinSet<()>,
}

struct State {
    replies: VecDeque<Reply>,
    asked: Vec<String>,
}

impl Server {
    /// Answers the requests in the order of `replies`, and whatever comes after them as the last one.
    pub(super) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State { replies: replies.into_iter().collect(), asked: Vec::new() }));
        let shared = Arc::clone(&state);
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                connections.spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state, _accepting: accepting }
    }

    /// The heads of the requests so far, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }
}

async fn converse(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    while let Some(head) = head(&mut stream).await {
        let reply = {
            let mut state = state.lock().unwrap();
            state.asked.push(head);
            let next = state.replies.pop_front().expect("at least one reply");
            if state.replies.is_empty() {
                state.replies.push_back(next.clone());
            }
            next
        };
        match reply {
            Reply::Send(bytes) => stream.write_all(&bytes).await.unwrap(),
            Reply::Cut(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                stream.shutdown().await.unwrap();
                return;
            }
            Reply::Hang(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                std::future::pending::<()>().await;
            }
        }
    }
}

async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    Some(String::from_utf8(head).unwrap())
}

/// An answer without the fields that say where its body ends.
pub(super) fn answer(status: &str, fields: &[&str], body: &str) -> Vec<u8> {
    let lines = [fields, &["", body]].concat();
    format!("HTTP/1.1 {status}\r\n{}", lines.join("\r\n")).into_bytes()
}

/// An answer with `Content-Length`.
pub(super) fn whole(status: &str, fields: &[&str], body: &str) -> Vec<u8> {
    let length = format!("Content-Length: {}", body.len());
    answer(status, &[fields, &[length.as_str()]].concat(), body)
}

/// The answer to a request that failed, as S3 writes it.
pub(super) fn error(status: &str, code: &str) -> Reply {
    let body = format!("<?xml version=\"1.0\"?>\n<Error><Code>{code}</Code><Message>no</Message></Error>");
    Reply::Send(whole(status, &["Content-Type: application/xml"], &body))
}
