//! The life of one connection, from its acceptance to its end.

use std::sync::Arc;
use std::time::Duration;

use http::header::{CONNECTION, HeaderValue};
use http::request::Parts;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::server::TlsStream;

use super::activity::Activity;
use super::admission::Admission;
use super::answer::Answer;
use super::attendance::{Attendance, Leave};
use super::connection_error::ConnectionError;
use super::either::Either;
use super::http::{Protocol, Version};
use super::listener::Socket;
use super::metrics::{ConnectionMetrics, ConnectionRefusal};
use super::paced::Paced;
use super::patience::{Overdue, Patience};
use super::phase::Course;
use super::prefixed::Prefixed;
use super::proxy_protocol::{ProxyError, ProxyProtocol};
use super::tls::Tls;
use super::tls::handshake::HandshakeError;
use crate::config::Proxies;
use crate::peer::Peer;
use crate::response::Response;

/// What stands between a socket and the requests on it.
#[derive(Debug)]
pub struct Front {
    /// How many connections there may be.
    pub admission: Arc<Admission>,
    /// Those whose address is not their clients' own.
    pub proxies: Proxies,
    /// What says whom a connection is of, before anything else on it; `None` where its peer is.
    pub proxy_protocol: Option<ProxyProtocol>,
    /// The versions of HTTP that are spoken, and their limits.
    pub protocol: Protocol,
    /// TLS, if it is spoken here.
    pub tls: Option<Arc<Tls>>,
    /// What is counted of connections.
    pub metrics: ConnectionMetrics,
}

/// A connection at the beginning of its first request: without TLS, or with it. What TLS needs is much larger, and most
/// of it is buffers.
type Opened = Either<Prefixed<Paced<Socket>>, Box<TlsStream<Prefixed<Paced<Socket>>>>>;

/// How old a connection is at least before it is asked to end: whoever has just connected has a request on its way.
const YOUNGEST: Duration = Duration::from_secs(1);

/// Answers on a connection until it ends, and says why if it ended early. Once its listener is closed, it ends before its
/// first request, or after what is under way.
pub(super) async fn converse<A: Answer>(
    front: Arc<Front>,
    socket: Socket,
    peer: Peer,
    answer_for: impl Fn(Peer) -> A,
    course: Course,
) {
    let activity = Arc::<Activity>::default();
    let ended = front.answer((socket, peer), &activity, answer_for, Arc::new(course)).await;
    if let Err(error) = ended {
        front.count(&error);
        note(&error, peer);
    }
}

impl Front {
    async fn answer<A: Answer>(
        &self,
        (mut socket, peer): (Socket, Peer),
        activity: &Arc<Activity>,
        answer_for: impl Fn(Peer) -> A,
        course: Arc<Course>,
    ) -> Result<(), ConnectionError> {
        let (accepted, begun) = (Instant::now(), activity.seen());
        let mut leave = leave(Arc::clone(&course), accepted + YOUNGEST);
        let client = tokio::select! {
            biased;
            source = self.source(&mut socket, peer) => source?,
            () = leave.as_mut() => return Ok(()),
        };
        let (version, stream) = tokio::select! {
            biased;
            opened = timeout_at(accepted + self.protocol.opening(), self.open(socket, activity)) => {
                opened.unwrap_or_else(|_elapsed| Err(self.unopened()))?
            }
            () = leave.as_mut() => return Ok(()),
        };
        let patience = Patience::new(self.protocol.allowance(), version, begun, accepted);
        let attendance = Attendance::new(Arc::clone(activity), patience, leave);
        let answer = Dismissing { answer: answer_for(client), course };
        let ended = self.protocol.serve(stream, version, answer, attendance).await;
        if version == Version::Http2 {
            self.metrics.h2_resets.inc_by(activity.seen().cancelled);
        }
        ended
    }

    /// Whom a connection is of. A header that says so has a time of its own.
    async fn source(&self, socket: &mut Socket, peer: Peer) -> Result<Peer, ProxyError> {
        match &self.proxy_protocol {
            Some(proxy_protocol) => proxy_protocol.source(&self.proxies, socket, peer).await,
            None => Ok(peer),
        }
    }

    /// Takes a connection to where its first request begins. All of it has the time of one header section.
    async fn open(
        &self,
        socket: Socket,
        activity: &Arc<Activity>,
    ) -> Result<(Version, Opened), ConnectionError> {
        let socket = Paced::new(socket, Arc::clone(activity));
        let Some(tls) = &self.tls else {
            let (version, stream) = self.protocol.detect(socket).await?;
            return Ok((version, Either::First(stream)));
        };
        // What a handshake needs is large, and is given back with its end.
        let (version, stream) = Box::pin(tls.accept(socket)).await?;
        Ok((version, Either::Second(Box::new(stream))))
    }

    /// Why a connection was not taken to its first request in time.
    fn unopened(&self) -> ConnectionError {
        match self.tls {
            Some(_) => HandshakeError::TimedOut.into(),
            None => Overdue::Header.into(),
        }
    }

    /// Whether the peer's address is not its client's own: that of a proxy.
    pub(super) fn is_shared(&self, peer: Peer) -> bool {
        matches!(peer, Peer::Unix) || self.proxies.trusts(peer)
    }

    fn count(&self, error: &ConnectionError) {
        match error {
            // A proxy that merely leaves is not refused: to connect and leave is a check of health.
            ConnectionError::Proxy(ProxyError::Io(_))
            | ConnectionError::Handshake(HandshakeError::Challenge) => {}
            ConnectionError::Proxy(_) => self.metrics.refuse(ConnectionRefusal::Proxy),
            ConnectionError::Handshake(_) => _ = self.metrics.handshake_failures.inc(),
            ConnectionError::Http(error) if error.is_parse() => {
                self.metrics.refuse(ConnectionRefusal::NotHttp);
            }
            ConnectionError::Http(_) | ConnectionError::Io(_) | ConnectionError::Overdue(_) => {}
        }
    }
}

/// Resolves when a connection is to end, once it is old enough.
fn leave(course: Arc<Course>, old_enough: Instant) -> Leave {
    Box::pin(async move {
        course.closed().await;
        tokio::time::sleep_until(old_enough).await;
    })
}

/// An answer that sends clients elsewhere with their next request once the server is to stop: they hear of it with an
/// answer, and not by a connection that closes while they ask. "A server that sends a "close" connection option MUST
/// initiate closure of the connection after it sends the final response containing the "close" connection option."
/// (RFC 9112 §9.6) HTTP/2 has GOAWAY for that.
struct Dismissing<A> {
    answer: A,
    course: Arc<Course>,
}

impl<A: Answer> Answer for Dismissing<A> {
    type Body = A::Body;

    async fn answer(&self, request: Arc<Parts>, content: Option<Incoming>) -> Response<A::Body> {
        let is_http1 = request.version < http::Version::HTTP_2;
        let mut response = self.answer.answer(request, content).await;
        if is_http1 && self.course.is_leaving() {
            response.fields.push(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

/// Says why a connection ended early.
fn note(error: &ConnectionError, peer: Peer) {
    match error {
        ConnectionError::Overdue(overdue @ (Overdue::Slow | Overdue::Cancelling)) => {
            tracing::info!(%peer, reason = overdue.as_str(), "a connection was cut");
        }
        ConnectionError::Overdue(overdue) => {
            tracing::debug!(%peer, reason = overdue.as_str(), "a connection was ended");
        }
        // What reaches no service is said here.
        ConnectionError::Http(error) if error.is_parse() => {
            tracing::info!(%peer, "refused what is no HTTP message: {error}");
        }
        ConnectionError::Http(error) => tracing::debug!(%peer, "a connection ended early: {error}"),
        ConnectionError::Io(error) => tracing::debug!(%peer, "a connection ended early: {error}"),
        ConnectionError::Proxy(ProxyError::Io(error)) => {
            tracing::debug!(%peer, "a connection ended early: {error}");
        }
        ConnectionError::Proxy(error) => tracing::info!(%peer, "refused a connection: {error}"),
        ConnectionError::Handshake(HandshakeError::Challenge) => {
            tracing::info!(%peer, "the authority saw its challenge answered");
        }
        // Whoever looks for open ports causes these all day long.
        ConnectionError::Handshake(error) => tracing::debug!(%peer, "a connection ended early: {error}"),
    }
}
