//! HTTP on a connection: which version the client speaks, and the limits of each.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::io;
use std::pin::{Pin, pin};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use super::answered::answered;
use super::attendance::{Attendance, Event};
use super::head::{HeadLimits, MOST_FIELDS};
use super::patience::{Allowance, Overdue};
use super::prefixed::Prefixed;
use super::proxy_protocol::ProxyError;
use super::screen::{Content, Screen};
use super::tls::handshake::HandshakeError;
use crate::config::Limits;

/// What a client that speaks HTTP/2 sends first (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Bytes before the payload of a frame (RFC 9113 §4.1), and the type of one of settings (§6.5).
const FRAME_HEADER: usize = 9;
const SETTINGS: u8 = 4;

/// Bytes of a header section that are neither target nor fields, at most: the gate, which knows how to refuse, is to
/// see what is a little too large.
const PUNCTUATION: usize = 4096;

/// The library takes no smaller buffer.
const SMALLEST_BUFFER: usize = 8192;

/// The library's own limit of fields, which costs least.
const USUAL_FIELDS: usize = 100;

/// Bytes of a body that HTTP/2 holds for a stream whose window is full.
const HELD: usize = 64 << 10;

/// Bytes that a client may send ahead on HTTP/2, where no request has content: as few as the protocol allows without a
/// word (RFC 9113 §6.9.2).
const WINDOW: u32 = (1 << 16) - 1;

/// For how long, and for how many bytes, a client is listened to that has been told that its connection is over.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: u64 = 1 << 20;

/// The version that a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// HTTP/1.0 or HTTP/1.1.
    Http1,
    /// HTTP/2, over TLS by ALPN, or without TLS by prior knowledge (RFC 9113 §3.3).
    Http2,
}

/// Both versions, each with its limits.
#[derive(Clone, Debug)]
pub struct Protocol {
    head: HeadLimits,
    content: Content,
    allowance: Allowance,
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

impl Protocol {
    /// HTTP within these limits.
    #[must_use]
    pub fn new(limits: &Limits, content: Content) -> Self {
        let head = HeadLimits {
            target: limits.target,
            all: limits.headers + limits.target + PUNCTUATION,
            fields: limits.header_fields.min(MOST_FIELDS),
        };
        Self {
            head,
            content,
            allowance: Allowance::from(limits),
            http1: http1(head),
            http2: http2(limits, head, content),
        }
    }

    /// How long a client may take to get from the start of a connection to its first request.
    #[must_use]
    pub fn opening(&self) -> Duration {
        self.allowance.header
    }

    /// How long a client is waited for.
    #[must_use]
    pub fn allowance(&self) -> Allowance {
        self.allowance
    }

    /// Tells the version of a connection without TLS by its first bytes, which are still to be read from what is given back.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn detect<Io>(&self, mut io: Io) -> Result<(Version, Prefixed<Io>), ConnectionError>
    where
        Io: AsyncRead + Unpin,
    {
        let (version, read) = version(&mut io).await?;
        Ok((version, Prefixed::new(read, io)))
    }

    /// Answers what comes on a connection in that version, until it ends or `attendance` ends it.
    ///
    /// # Errors
    /// If it ended early: what came is no HTTP, or the client left, or was not waited for any longer.
    pub async fn serve<Io, S, B>(
        &self,
        io: Io,
        version: Version,
        service: S,
        attendance: Attendance,
    ) -> Result<(), ConnectionError>
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
        S::Future: Send,
        B: Body<Data = Bytes, Error: Into<Box<dyn StdError + Send + Sync>>> + Unpin + Send + 'static,
    {
        match version {
            Version::Http1 => self.serve_http1(io, service, attendance).await,
            // On the heap: every connection has room for the larger of the two, and most are of the other.
            Version::Http2 => Box::pin(self.serve_http2(io, service, attendance)).await,
        }
    }

    /// Between two requests that do not follow each other at once, nothing is kept but the stream.
    async fn serve_http1<Io, S, B>(
        &self,
        io: Io,
        service: S,
        mut attendance: Attendance,
    ) -> Result<(), ConnectionError>
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
        S::Future: Send,
        B: Body<Data = Bytes, Error: Into<Box<dyn StdError + Send + Sync>>> + Unpin + Send + 'static,
    {
        let mut screen = Screen::new(io, self.head, self.content);
        let mut service = answered(service, attendance.activity(), Some(screen.last()));
        let idle = loop {
            match attendance.awaits(&mut screen).await {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(error) => break Err(error),
            }
            let mut http1 = self.http1.clone();
            http1.keep_alive(!attendance.leaves());
            let mut connection = Box::new(http1.serve_connection(TokioIo::new(screen), service));
            let ended = loop {
                match attendance.attend(&mut *connection).await {
                    Event::Ended(ended) => break Some(ended),
                    Event::Rest => break None,
                    Event::Overdue(overdue) => return Err(overdue.into()),
                    Event::Leaves => Pin::new(&mut *connection).graceful_shutdown(),
                }
            };
            let parts = connection.into_parts();
            (screen, service) = (parts.io.into_inner(), parts.service);
            if let Some(ended) = ended {
                return Ok(part(screen, ended).await?);
            }
            screen.unread(parts.read_buf);
            attendance.rest();
        };
        // "Each party MUST send a "close_notify" alert before closing its write side of the connection" RFC 8446 §6.1;
        // who does not take it is not waited for.
        let _said = timeout(LINGER, screen.shutdown()).await;
        idle
    }

    async fn serve_http2<Io, S, B>(
        &self,
        io: Io,
        service: S,
        mut attendance: Attendance,
    ) -> Result<(), ConnectionError>
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
        S::Future: Send,
        B: Body<Data = Bytes, Error: Into<Box<dyn StdError + Send + Sync>>> + Unpin + Send + 'static,
    {
        let io = match attendance.attend(pin!(preface(io))).await {
            Event::Ended(io) => io?,
            Event::Overdue(overdue) => return Err(overdue.into()),
            Event::Rest | Event::Leaves => return Ok(()),
        };
        let service = answered(service, attendance.activity(), None);
        let mut connection = pin!(self.http2.serve_connection(TokioIo::new(io), service));
        let mut farewell = None;
        loop {
            match attendance.attend(connection.as_mut()).await {
                Event::Ended(ended) => {
                    return farewell.map_or_else(|| Ok(ended?), |why: Overdue| Err(why.into()));
                }
                Event::Rest => {}
                Event::Leaves => {
                    attendance.bid_farewell(Instant::now());
                    connection.as_mut().graceful_shutdown();
                }
                Event::Overdue(why @ (Overdue::Idle | Overdue::Header | Overdue::Cancelling))
                    if farewell.is_none() =>
                {
                    farewell = Some(why);
                    attendance.bid_farewell(Instant::now());
                    connection.as_mut().graceful_shutdown();
                }
                Event::Overdue(why) => return Err(farewell.unwrap_or(why).into()),
            }
        }
    }
}

fn http1(head: HeadLimits) -> http1::Builder {
    let mut http1 = http1::Builder::new();
    // Who is waited for, and for how long, is decided here and not there.
    http1.header_read_timeout(None).max_buf_size(head.all.max(SMALLEST_BUFFER));
    // A client that has said all it has to say is answered all the same.
    http1.half_close(true);
    if head.fields > USUAL_FIELDS {
        http1.max_headers(head.fields);
    }
    http1
}

fn http2(limits: &Limits, head: HeadLimits, content: Content) -> http2::Builder<TokioExecutor> {
    let mut http2 = http2::Builder::new(TokioExecutor::new());
    http2
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(head.all).unwrap_or(u32::MAX))
        .max_concurrent_streams(limits.streams)
        .max_local_error_reset_streams(usize::try_from(limits.resets).unwrap_or(usize::MAX))
        .max_send_buf_size(HELD);
    if content == Content::Refused {
        http2.initial_stream_window_size(WINDOW).initial_connection_window_size(WINDOW);
    }
    http2
}

/// Reads up to the header of the first frame, which is still to be read from what is given back: "This sequence MUST be
/// followed by a SETTINGS frame" RFC 9113 §3.4.
async fn preface<Io: AsyncRead + Unpin>(mut io: Io) -> io::Result<Prefixed<Io>> {
    let mut read = [0; PREFACE.len() + FRAME_HEADER];
    io.read_exact(&mut read).await?;
    let (preface, frame) = read.split_at(PREFACE.len());
    match frame {
        // Three bytes of length, the type, flags, and the stream, with a bit that means nothing (§4.1).
        [_, _, _, SETTINGS, 0, 0 | 0x80, 0, 0, 0] if preface == PREFACE => {
            Ok(Prefixed::new(Bytes::copy_from_slice(&read), io))
        }
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "HTTP/2 begins with other bytes")),
    }
}

/// Ends a connection of HTTP/1. "a server performs a lingering close: it half-closes, and reads on until the client
/// closes": RFC 9112 §9.6 says why; without it a client that is still sending may never read the answer.
async fn part<Io>(mut screen: Screen<Io>, ended: hyper::Result<()>) -> hyper::Result<()>
where
    Io: AsyncRead + AsyncWrite + Unpin,
{
    if ended.is_ok() && screen.is_unread() {
        let _end = timeout(LINGER, screen.discard(LINGER_BYTES)).await;
    }
    ended
}

/// Why a connection ended early.
#[derive(Debug)]
pub enum ConnectionError {
    /// It could not be read.
    Io(io::Error),
    /// What came is no HTTP, or the client left.
    Http(hyper::Error),
    /// It does not begin as a proxy of ours has it begin.
    Proxy(ProxyError),
    /// There was no handshake of TLS.
    Handshake(HandshakeError),
    /// The client was not waited for any longer.
    Overdue(Overdue),
}

impl From<io::Error> for ConnectionError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<ProxyError> for ConnectionError {
    fn from(error: ProxyError) -> Self {
        Self::Proxy(error)
    }
}

impl From<HandshakeError> for ConnectionError {
    fn from(error: HandshakeError) -> Self {
        Self::Handshake(error)
    }
}

impl From<hyper::Error> for ConnectionError {
    fn from(error: hyper::Error) -> Self {
        Self::Http(error)
    }
}

impl From<Overdue> for ConnectionError {
    fn from(overdue: Overdue) -> Self {
        Self::Overdue(overdue)
    }
}

/// Reads until the first bytes tell the version, and gives them back. A client that leaves before spoke HTTP/1, as far as
/// it spoke.
async fn version(io: &mut (impl AsyncRead + Unpin)) -> io::Result<(Version, Bytes)> {
    let mut read = BytesMut::with_capacity(PREFACE.len());
    loop {
        let came = (&mut *io).take((PREFACE.len() - read.len()) as u64).read_buf(&mut read).await?;
        if came == 0 || !PREFACE.starts_with(&read) {
            return Ok((Version::Http1, read.freeze()));
        }
        if read.len() == PREFACE.len() {
            return Ok((Version::Http2, read.freeze()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt;

    #[tokio::test]
    async fn the_first_bytes_tell_the_version_and_none_is_lost() {
        for (parts, expected) in [
            (&[PREFACE][..], Version::Http2),
            (&[b"PRI * HTTP/2", b".0\r\n\r\nSM\r\n\r\n"], Version::Http2),
            (&[b"P", b"UT / HTTP/1.1\r\n\r\n"], Version::Http1),
            (&[b"GET / HTTP/1.1\r\n\r\n"], Version::Http1),
            (&[b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"], Version::Http1),
            (&[b"PRI"], Version::Http1),
            (&[], Version::Http1),
        ] {
            let (mut client, mut server) = tokio::io::duplex(64);
            let send = async {
                for part in parts {
                    client.write_all(part).await.unwrap();
                    tokio::task::yield_now().await;
                }
                drop(client);
            };
            let receive = async {
                let (version, read) = version(&mut server).await.unwrap();
                let mut all = Vec::new();
                Prefixed::new(read, server).read_to_end(&mut all).await.unwrap();
                (version, all)
            };
            let ((), (version, all)) = tokio::join!(send, receive);
            assert_eq!((version, all), (expected, parts.concat()));
        }
    }
}
