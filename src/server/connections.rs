//! Accepts connections until it is told to stop, then lets them finish what they are sending.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How long to wait when no connection can be taken, for want of file descriptors most often.
const BREATHER: Duration = Duration::from_millis(100);

/// What a connection may take of time and memory.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// From the start of the connection, or the end of the request before, to the end of a header section.
    pub header_timeout: Duration,
    /// The largest request line and header section together, in bytes.
    pub head: usize,
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Every response was finished.
    Whole,
    /// Some were still under way at the deadline, and were cut.
    Cut,
}

/// Serves what `service_for` makes for each peer, until `shutdown` resolves; then takes no more connections, and
/// lets those that are busy finish their responses, until `deadline` resolves.
pub async fn serve<S, B>(
    listener: TcpListener,
    limits: ConnectionLimits,
    service_for: impl Fn(SocketAddr) -> S,
    shutdown: impl Future<Output = ()>,
    deadline: impl Future<Output = ()>,
) -> Drained
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn StdError + Send + Sync>>> + Send + 'static,
{
    let http = protocol(limits);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        let (stream, peer) = tokio::select! {
            accepted = accept(&listener) => accepted,
            Some(_ended) = connections.join_next() => continue,
            () = &mut shutdown => break,
        };
        let connection = http.serve_connection(TokioIo::new(stream), service_for(peer));
        let watched = graceful.watch(connection);
        connections.spawn(async move { watched.await.unwrap_or_else(|error| note(&error, peer)) });
    }
    drop(listener);
    let drained = tokio::select! {
        () = graceful.shutdown() => Drained::Whole,
        () = deadline => Drained::Cut,
    };
    // Ends what is left, and waits until each has said so in the log.
    connections.shutdown().await;
    drained
}

/// Says why a connection ended early. A message that is none was refused without reaching a service, so it is said here.
fn note(error: &hyper::Error, peer: SocketAddr) {
    if error.is_parse() {
        tracing::info!(%peer, "refused what is no HTTP/1.1 message: {error}");
    } else {
        tracing::debug!(%peer, "a connection ended early: {error}");
    }
}

fn protocol(limits: ConnectionLimits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(limits.head.max(SMALLEST_BUFFER));
    http
}

/// hyper takes no smaller buffer.
const SMALLEST_BUFFER: usize = 8192;

/// The next connection. Failures are those of single connections, or pass.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Without it the last part of a body may wait for an acknowledgement; a failure costs only that.
                let _delayed = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATHER).await;
            }
        }
    }
}
