//! Accepts connections until it is told to stop, then lets them finish what they are sending.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

use super::http::{ConnectionError, Protocol, Version};
use super::listener::{Listener, Socket};
use super::phase::Course;
use super::prefixed::Prefixed;
use super::pulse::Pulse;
use super::stream::Stream;
use super::tls::Tls;
use super::tls::handshake::HandshakeError;
use crate::peer::Peer;

/// What stands between a socket and the requests on it.
#[derive(Debug)]
pub struct Front {
    /// The versions of HTTP that are spoken, and their limits.
    pub protocol: Protocol,
    /// TLS, if it is spoken here.
    pub tls: Option<Arc<Tls>>,
}

/// A connection at the beginning of its first request.
type Opened = Stream<Prefixed<Socket>, Prefixed<Socket>>;

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Every response was finished.
    Whole,
    /// So many connections were still busy at the deadline, and were cut.
    Cut(usize),
}

impl Drained {
    /// How both ended.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Whole, ended) | (ended, Self::Whole) => ended,
            (Self::Cut(some), Self::Cut(others)) => Self::Cut(some + others),
        }
    }
}

/// How old a connection is at least before it is asked to end: whoever has just connected has a request on its way.
const YOUNGEST: Duration = Duration::from_secs(1);

/// Takes connections and answers on each with what `service_for` makes for its peer, as its `course` says. `front` is
/// asked for each connection; it goes by what it was given until it ends.
pub async fn serve<S, B>(
    listener: Listener,
    front: impl Fn() -> Arc<Front>,
    service_for: impl Fn(Peer) -> S,
    course: Course,
    mut pulse: Pulse,
) -> Drained
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn StdError + Send + Sync>>> + Send + 'static,
{
    let mut connections = JoinSet::new();
    let take = |connections: &mut JoinSet<()>, (socket, peer): (Socket, Peer)| {
        let connection = converse(front(), socket, service_for(peer), course.clone());
        connections.spawn(async move { connection.await.unwrap_or_else(|error| note(&error, peer)) });
    };
    let mut closed = pin!(course.closed());
    loop {
        tokio::select! {
            accepted = listener.accept() => take(&mut connections, accepted),
            Some(ended) = connections.join_next() => survive(ended),
            () = pulse.feel() => {}
            () = &mut closed => break,
        }
    }
    // Those that were made before it closes.
    while let Some(accepted) = waiting(&listener).await {
        take(&mut connections, accepted);
    }
    drop((listener, pulse));
    let drained = tokio::select! {
        () = async { while let Some(ended) = connections.join_next().await { survive(ended) } } => Drained::Whole,
        () = course.cut() => Drained::Cut(connections.len()),
    };
    // Ends what is left, and waits until each has said so in the log.
    connections.shutdown().await;
    drained
}

/// A connection that is there to be accepted.
async fn waiting(listener: &Listener) -> Option<(Socket, Peer)> {
    tokio::select! {
        biased;
        accepted = listener.accept() => Some(accepted),
        // By then the runtime has looked once more.
        () = tokio::task::yield_now() => None,
    }
}

/// A fault of this program ends the connection that met it, and no other.
fn survive(ended: Result<(), JoinError>) {
    if ended.is_err_and(|error| error.is_panic()) {
        tracing::error!("a connection met a fault of this program, and was closed; please report it");
    }
}

/// The life of a connection, from its acceptance to its end. Once its listener is closed, it ends before its first
/// request, or after what is under way.
async fn converse<S, B>(
    front: Arc<Front>,
    socket: Socket,
    service: S,
    course: Course,
) -> Result<(), ConnectionError>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
    S::Future: Send,
    B: Body<Data: Send, Error: Into<Box<dyn StdError + Send + Sync>>> + Send + 'static,
{
    let course = Arc::new(course);
    let old_enough = Instant::now() + YOUNGEST;
    let leave = async {
        course.closed().await;
        tokio::time::sleep_until(old_enough).await;
    };
    let mut leave = pin!(leave);
    let (version, stream) = tokio::select! {
        biased;
        opened = front.open(socket) => opened?,
        () = &mut leave => return Ok(()),
    };
    front.protocol.serve(stream, version, dismissing(service, Arc::clone(&course)), leave).await
}

/// The same service, which sends clients elsewhere with their next request once the server is to stop: they hear of it
/// with an answer, and not by a connection that closes while they ask. "A server that sends a "close" connection option
/// MUST initiate closure of the connection after it sends the final response containing the "close" connection option."
/// (RFC 9112 §9.6) HTTP/2 has GOAWAY for that.
fn dismissing<S, B>(
    service: S,
    course: Arc<Course>,
) -> impl Service<Request<Incoming>, Response = Response<B>, Error = Infallible, Future: Send> + Send + 'static
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
    S::Future: Send,
    B: Body,
{
    service_fn(move |request: Request<Incoming>| {
        let is_http1 = request.version() < http::Version::HTTP_2;
        let (answer, course) = (service.call(request), Arc::clone(&course));
        async move {
            let mut response = answer.await?;
            if is_http1 && course.is_leaving() {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(response)
        }
    })
}

impl Front {
    /// Takes a connection to where its first request begins.
    async fn open(&self, socket: Socket) -> Result<(Version, Opened), ConnectionError> {
        let Some(tls) = &self.tls else {
            let (version, stream) = self.protocol.detect(socket).await?;
            return Ok((version, Stream::Plain(stream)));
        };
        // What a handshake needs is large, and is given back with its end.
        let accepted =
            tokio::time::timeout(self.protocol.header_timeout(), Box::pin(tls.accept(socket))).await;
        let (version, stream) = accepted.map_err(|_elapsed| HandshakeError::TimedOut)??;
        Ok((version, Stream::Tls(Box::new(stream))))
    }
}

/// Says why a connection ended early. A message that is none was refused without reaching a service, so it is said here.
fn note(error: &ConnectionError, peer: Peer) {
    match error {
        ConnectionError::Http(error) if error.is_parse() => {
            tracing::info!(%peer, "refused what is no HTTP/1.1 message: {error}");
        }
        ConnectionError::Http(error) => tracing::debug!(%peer, "a connection ended early: {error}"),
        ConnectionError::Io(error) => tracing::debug!(%peer, "a connection ended early: {error}"),
        ConnectionError::Handshake(HandshakeError::Challenge) => {
            tracing::info!(%peer, "the authority saw its challenge answered");
        }
        // Whoever looks for open ports causes these all day long.
        ConnectionError::Handshake(error) => tracing::debug!(%peer, "a connection ended early: {error}"),
        ConnectionError::Silent => tracing::debug!(%peer, "a connection ended early: nothing came"),
    }
}
