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
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};

use super::prefixed::Prefixed;
use super::tls::handshake::HandshakeError;

/// What a client that speaks HTTP/2 sends first (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// hyper takes no smaller buffer.
const SMALLEST_BUFFER: usize = 8192;

/// What a connection may take of time and memory.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// From the start of the connection, or the end of the request before, to the end of a header section.
    pub header_timeout: Duration,
    /// The largest request line and header section together, in bytes.
    pub head: usize,
}

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
    limits: ConnectionLimits,
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

impl Protocol {
    /// HTTP within these limits.
    #[must_use]
    pub fn new(limits: ConnectionLimits) -> Self {
        let mut http1 = http1::Builder::new();
        http1
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header_timeout)
            .max_buf_size(limits.head.max(SMALLEST_BUFFER));
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2.timer(TokioTimer::new()).max_header_list_size(u32::try_from(limits.head).unwrap_or(u32::MAX));
        Self { limits, http1, http2 }
    }

    /// From the start of a connection to the end of a header section, at most.
    #[must_use]
    pub fn header_timeout(&self) -> Duration {
        self.limits.header_timeout
    }

    /// Tells the version of a connection without TLS by its first bytes, which are still to be read from what is given back.
    ///
    /// # Errors
    /// If it cannot be read, or nothing that tells came for as long as a header section may take.
    pub async fn detect<Io>(&self, mut io: Io) -> Result<(Version, Prefixed<Io>), ConnectionError>
    where
        Io: AsyncRead + Unpin,
    {
        let told = tokio::time::timeout(self.limits.header_timeout, version(&mut io)).await;
        let (version, read) = told.map_err(|_elapsed| ConnectionError::Silent)??;
        Ok((version, Prefixed::new(read, io)))
    }

    /// Answers what comes on a connection in that version, until it ends; once `leave` resolves, no longer than what is
    /// under way takes.
    ///
    /// # Errors
    /// If it ended early: what came is no HTTP, or the client left.
    pub async fn serve<Io, S, B>(
        &self,
        io: Io,
        version: Version,
        service: S,
        leave: impl Future<Output = ()>,
    ) -> Result<(), ConnectionError>
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
        S::Future: Send,
        B: Body<Data: Send, Error: Into<Box<dyn StdError + Send + Sync>>> + Send + 'static,
    {
        let io = TokioIo::new(io);
        match version {
            Version::Http1 => until(pin!(self.http1.serve_connection(io, service)), leave).await?,
            Version::Http2 => until(pin!(self.http2.serve_connection(io, service)), leave).await?,
        }
        Ok(())
    }
}

/// Lets a connection go on until `leave` resolves, and then end: one that is idle at once, another after what is under
/// way; a client that speaks HTTP/2 is sent GOAWAY (RFC 9113 §6.8).
async fn until<C: GracefulConnection>(
    mut connection: Pin<&mut C>,
    leave: impl Future<Output = ()>,
) -> Result<(), C::Error> {
    tokio::select! {
        // First, so that a request that is there already is taken.
        biased;
        ended = connection.as_mut() => return ended,
        () = leave => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}

/// Why a connection ended early.
#[derive(Debug)]
pub enum ConnectionError {
    /// Nothing came that tells a version, for as long as a header section may take.
    Silent,
    /// It could not be read.
    Io(io::Error),
    /// What came is no HTTP, or the client left.
    Http(hyper::Error),
    /// There was no handshake of TLS.
    Handshake(HandshakeError),
}

impl From<io::Error> for ConnectionError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
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
