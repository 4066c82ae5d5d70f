//! Clients that ask over and over on connections that they keep, by HTTP/1.1 and by HTTP/2 without TLS.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    Http1,
    Http2,
}

/// A connection to the server.
enum Connection {
    Http1(http1::SendRequest<String>),
    Http2(http2::SendRequest<String>),
}

/// What became of a request.
pub enum Asked {
    Answered(Answer),
    /// There is no connection to be had: it was not sent.
    Nowhere,
    /// It was sent, and not answered whole.
    Failed {
        /// It was the first on its connection, which may have been waiting to be accepted.
        first: bool,
        why: String,
    },
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// A client with one connection at a time.
pub struct Client {
    address: SocketAddr,
    version: Version,
    connection: Option<Connection>,
    /// How many connections it has made.
    pub connections: usize,
}

impl Client {
    pub fn new(address: SocketAddr, version: Version) -> Self {
        Self { address, version, connection: None, connections: 0 }
    }

    /// Asks on the connection that there is, or on another if that one was closed before the request was sent.
    pub async fn get(&mut self, path: &str) -> Asked {
        loop {
            let first = self.connection.is_none();
            if first && self.connect().await.is_err() {
                return Asked::Nowhere;
            }
            let Some(connection) = &mut self.connection else { return Asked::Nowhere };
            if !first && connection.ready().await.is_err() {
                self.connection = None;
                continue;
            }
            match connection.get(path, self.address).await {
                Ok(answer) => return Asked::Answered(answer),
                Err(error) if is_untouched(&error) && !first => self.connection = None,
                Err(error) => return Asked::Failed { first, why: format!("{error:?}") },
            }
        }
    }

    async fn connect(&mut self) -> std::io::Result<()> {
        let io = TokioIo::new(TcpStream::connect(self.address).await?);
        self.connection = Some(match self.version {
            Version::Http1 => {
                let (sender, connection) = http1::handshake(io).await.map_err(std::io::Error::other)?;
                tokio::spawn(connection);
                Connection::Http1(sender)
            }
            Version::Http2 => {
                let handshake = http2::handshake(TokioExecutor::new(), io).await;
                let (sender, connection) = handshake.map_err(std::io::Error::other)?;
                tokio::spawn(connection);
                Connection::Http2(sender)
            }
        });
        self.connections += 1;
        Ok(())
    }
}

/// Whether the server never looked at the request: it was not sent, or came behind the last one that a GOAWAY names.
/// "Endpoints SHOULD always send a GOAWAY frame before closing a connection so that the remote peer can know whether a
/// stream has been partially processed or not." RFC 9113 §6.8
fn is_untouched(error: &hyper::Error) -> bool {
    error.is_canceled() || format!("{error:?}").contains("GoAway(b\"\", NO_ERROR, Remote)")
}

impl Connection {
    async fn ready(&mut self) -> hyper::Result<()> {
        match self {
            Self::Http1(sender) => sender.ready().await,
            Self::Http2(sender) => sender.ready().await,
        }
    }

    async fn get(&mut self, path: &str, address: SocketAddr) -> hyper::Result<Answer> {
        let (parts, body) = self.send(path, address).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    async fn send(&mut self, path: &str, address: SocketAddr) -> hyper::Result<Response<Incoming>> {
        let host = address.to_string();
        let request = match self {
            Self::Http1(_) => Request::get(path).header("host", host),
            Self::Http2(_) => Request::get(format!("http://{host}{path}")),
        };
        let request = request.body(String::new()).unwrap();
        match self {
            Self::Http1(sender) => sender.send_request(request).await,
            Self::Http2(sender) => sender.send_request(request).await,
        }
    }
}

impl Counts {
    /// Requests that were answered, on how many connections.
    pub fn answered(&self) -> (usize, usize) {
        (self.answered.load(Ordering::Relaxed), self.connections.load(Ordering::Relaxed))
    }

    /// Connections that were refused after they were made.
    pub fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }

    /// The requests that failed on connections that had been accepted.
    pub fn failures(&self) -> Vec<String> {
        self.failures.lock().unwrap().clone()
    }
}

impl Answer {
    pub fn field(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// Clients at work, until they are told to stop or the server is gone.
pub struct Load {
    runtime: tokio::runtime::Runtime,
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<()>>,
    counts: Arc<Counts>,
}

/// What they have seen.
#[derive(Debug, Default)]
pub struct Counts {
    answered: AtomicUsize,
    connections: AtomicUsize,
    /// Why requests failed that others had been answered before on the same connection.
    failures: Mutex<Vec<String>>,
    /// First requests on connections that nobody accepted any more.
    refused: AtomicUsize,
}

impl Load {
    pub fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        Self { runtime: runtime.unwrap(), stop: Arc::default(), clients: Vec::new(), counts: Arc::default() }
    }

    /// One more client, which asks for `path`, and has every answer looked at. It keeps its connection, or not.
    pub fn client(
        &mut self,
        (address, version): (SocketAddr, Version),
        path: &'static str,
        keeps: bool,
        look: impl Fn(Answer) + Send + 'static,
    ) {
        let (stop, counts) = (Arc::clone(&self.stop), Arc::clone(&self.counts));
        let mut client = Client::new(address, version);
        self.clients.push(self.runtime.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                match client.get(path).await {
                    Asked::Answered(answer) => {
                        counts.answered.fetch_add(1, Ordering::Relaxed);
                        look(answer);
                    }
                    Asked::Nowhere => break,
                    Asked::Failed { first: true, .. } => {
                        counts.refused.fetch_add(1, Ordering::Relaxed);
                        client.connection = None;
                    }
                    Asked::Failed { why, .. } => {
                        counts.failures.lock().unwrap().push(format!("{version:?}: {why}"));
                        client.connection = None;
                    }
                }
                if !keeps {
                    client.connection = None;
                }
            }
            counts.connections.fetch_add(client.connections, Ordering::Relaxed);
        }));
    }

    /// One request by this client.
    pub fn ask(&self, client: &mut Client, path: &str) -> Answer {
        match self.runtime.block_on(client.get(path)) {
            Asked::Answered(answer) => answer,
            Asked::Nowhere => panic!("there is no server"),
            Asked::Failed { why, .. } => panic!("{why}"),
        }
    }

    pub fn answered(&self) -> usize {
        self.counts.answered.load(Ordering::Relaxed)
    }

    /// Stops them, and says what they have seen.
    pub fn finish(self) -> Arc<Counts> {
        self.stop.store(true, Ordering::Relaxed);
        for client in self.clients {
            self.runtime.block_on(client).unwrap();
        }
        self.counts
    }
}
