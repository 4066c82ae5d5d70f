//! The requests of an examination, on one connection for as long as the server keeps it.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, HOST, HeaderMap, TRANSFER_ENCODING, USER_AGENT};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout, timeout_at};

use super::connection::{self, Aftermath, Connection, Opened};
use super::spool::{Spool, Spooled};
use super::target::Target;
use super::trust::Trust;
use super::unreachable::{Step, Unreachable};
use super::{Ending, Limits};
use crate::clock::Clock;

/// An honest name: what is done about a fetch that is not Meta's should be done knowingly.
const AGENT: &str = concat!("media-origin/", env!("CARGO_PKG_VERSION"), " (explain)");

/// So much is read of a body that is announced to be too large: enough to tell what it is.
const SAMPLE: u64 = 64 * 1024;

/// Requests to one server.
pub(super) struct Session<'a> {
    pub(super) target: &'a Target,
    pub(super) trust: &'a Trust,
    pub(super) limits: &'a Limits,
    pub(super) clock: &'a Clock,
    /// When all of it ends.
    deadline: Instant,
    idle: Option<Connection>,
}

/// The first answer, with its whole body.
pub(super) struct Fetched {
    pub(super) response: Response<()>,
    pub(super) opened: Opened,
    /// When the request was sent, and when the header section of its answer was complete.
    pub(super) requested: SystemTime,
    pub(super) received: SystemTime,
    pub(super) first_byte: Duration,
    pub(super) whole: Duration,
    pub(super) body: Spooled,
    pub(super) ending: Ending,
    pub(super) stray_bytes: bool,
}

/// A later answer, with so much of its body as was asked for.
#[derive(Debug)]
pub(super) struct Again {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) opening: Vec<u8>,
    pub(super) ending: Ending,
    pub(super) stray_bytes: bool,
}

impl<'a> Session<'a> {
    pub(super) fn new(target: &'a Target, trust: &'a Trust, limits: &'a Limits, clock: &'a Clock) -> Self {
        Self { target, trust, limits, clock, deadline: Instant::now() + limits.all, idle: None }
    }

    /// A GET on a new connection, as Meta's fetcher would come: before anything else has warmed the server up.
    pub(super) async fn fetch(&mut self) -> Result<Fetched, Unreachable> {
        let start = Instant::now();
        let deadline = self.deadline.min(start + self.limits.whole);
        let (mut connection, opened) = self.connect().await?;
        let (asked, requested) = (Instant::now(), self.clock.now());
        let response = self.head(&mut connection, self.request(Method::GET, &[])).await?;
        let (first_byte, received) = (asked.elapsed(), self.clock.now());
        let (parts, body) = response.into_parts();
        let mut spool = Spool::default();
        let left = bound(&parts.headers, self.limits.bytes);
        let mut reading = Reading { body, left, deadline };
        let ending = loop {
            match reading.next().await {
                Ok(piece) => spool.push(&piece).await.map_err(Unreachable::Disk)?,
                Err(ending) => break ending,
            }
        };
        let whole = start.elapsed();
        let body = spool.finish().await.map_err(Unreachable::Disk)?;
        let stray_bytes = self.keep(connection, ending).await;
        let response = Response::from_parts(parts, ());
        Ok(Fetched { response, opened, requested, received, first_byte, whole, body, ending, stray_bytes })
    }

    /// Another request, of whose body at most `bound` bytes are read. `None` if there is not the time for one: an answer
    /// that is not waited for says nothing of the server.
    pub(super) async fn again(
        &mut self,
        method: Method,
        fields: &[(HeaderName, HeaderValue)],
        bound: u64,
    ) -> Option<Result<Again, Unreachable>> {
        let deadline = Instant::now() + self.limits.again;
        if deadline > self.deadline {
            return None;
        }
        let sent = timeout_at(deadline, self.send(&method, fields)).await;
        let sent = sent.unwrap_or(Err(Unreachable::Timeout(Step::FirstByte, self.limits.again)));
        Some(match sent {
            Ok((connection, response)) => Ok(self.beginning(connection, response, bound, deadline).await),
            Err(why) => Err(why),
        })
    }

    async fn beginning(
        &mut self,
        connection: Connection,
        response: Response<Incoming>,
        bound: u64,
        deadline: Instant,
    ) -> Again {
        let (parts, body) = response.into_parts();
        let mut reading = Reading { body, left: bound, deadline };
        let mut opening = Vec::new();
        let ending = loop {
            match reading.next().await {
                Ok(piece) => opening.extend_from_slice(&piece),
                Err(ending) => break ending,
            }
        };
        let stray_bytes = self.keep(connection, ending).await;
        Again { status: parts.status, headers: parts.headers, opening, ending, stray_bytes }
    }

    /// Sends on the idle connection if there is one; a server may close that at any moment, so that a failure there is
    /// followed by an attempt on a new one (RFC 9112 §9.3.1: these methods are idempotent).
    async fn send(
        &mut self,
        method: &Method,
        fields: &[(HeaderName, HeaderValue)],
    ) -> Result<(Connection, Response<Incoming>), Unreachable> {
        if let Some(mut connection) = self.idle.take() {
            match self.head(&mut connection, self.request(method.clone(), fields)).await {
                Ok(response) => return Ok((connection, response)),
                Err(slow @ Unreachable::Timeout(..)) => return Err(slow),
                Err(_closed) => {}
            }
        }
        let (mut connection, _opened) = self.connect().await?;
        let response = self.head(&mut connection, self.request(method.clone(), fields)).await?;
        Ok((connection, response))
    }

    async fn connect(&self) -> Result<(Connection, Opened), Unreachable> {
        connection::open(self.target, self.trust, self.clock, self.at_most(self.limits.connect)).await
    }

    /// So long, or what is left of the whole examination's time.
    fn at_most(&self, limit: Duration) -> Duration {
        limit.min(self.deadline.saturating_duration_since(Instant::now()))
    }

    async fn head(
        &self,
        connection: &mut Connection,
        request: Request<String>,
    ) -> Result<Response<Incoming>, Unreachable> {
        let limit = self.at_most(self.limits.first_byte);
        let answered = timeout(limit, connection.send(request)).await;
        let answered = answered.map_err(|_elapsed| Unreachable::Timeout(Step::FirstByte, limit))?;
        answered.map_err(|error| Unreachable::of_answer(&error))
    }

    fn request(&self, method: Method, fields: &[(HeaderName, HeaderValue)]) -> Request<String> {
        let mut request = Request::new(String::new());
        *request.method_mut() = method;
        *request.uri_mut() = self.target.path.clone();
        let headers = request.headers_mut();
        headers.insert(HOST, self.target.authority.clone());
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.extend(fields.iter().cloned());
        request
    }

    /// Keeps the connection if the answer was read to its end. Whether bytes came after that end.
    async fn keep(&mut self, connection: Connection, ending: Ending) -> bool {
        if ending != Ending::Whole {
            return false;
        }
        match connection.rest().await {
            Aftermath::Idle(connection) => {
                self.idle = Some(connection);
                false
            }
            Aftermath::Closed => false,
            Aftermath::StrayBytes => true,
        }
    }
}

/// How much is read: all that is allowed, or a sample if more than that is announced. "If a message is received with both
/// a Transfer-Encoding and a Content-Length header field, the Transfer-Encoding overrides the Content-Length." RFC 9112
/// §6.3
fn bound(headers: &HeaderMap, allowed: u64) -> u64 {
    if headers.contains_key(TRANSFER_ENCODING) {
        return allowed;
    }
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length >= allowed) { SAMPLE.min(allowed) } else { allowed }
}

/// A body that is read piece by piece, to its end, to a bound, or to a deadline.
struct Reading {
    body: Incoming,
    left: u64,
    deadline: Instant,
}

impl Reading {
    /// The next piece, or how the body ended.
    async fn next(&mut self) -> Result<Bytes, Ending> {
        while self.left > 0 {
            let frame = poll_fn(|cx| Pin::new(&mut self.body).poll_frame(cx));
            let frame = match timeout_at(self.deadline, frame).await {
                Err(_elapsed) => return Err(Ending::TimedOut),
                Ok(None) => return Err(Ending::Whole),
                Ok(Some(Err(_broken))) => return Err(Ending::CutShort),
                Ok(Some(Ok(frame))) => frame,
            };
            // The other kind of frame is a trailer.
            let Ok(mut piece) = frame.into_data() else { continue };
            piece.truncate(usize::try_from(self.left).unwrap_or(usize::MAX));
            self.left -= piece.len() as u64;
            return Ok(piece);
        }
        Err(Ending::TooLarge)
    }
}
