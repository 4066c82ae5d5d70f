//! HTTP on a connection: which version the client speaks, and the limits of each.

use std::io;
use std::pin::pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::server::conn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};

use super::answer::Answer;
use super::answered::answered;
use super::attendance::{Attendance, Event};
use super::connection_error::ConnectionError;
use super::http1::head::{HeadLimits, MOST_FIELDS};
use super::patience::Allowance;
use super::prefixed::Prefixed;
use super::{http1, http2};
use crate::config::Limits;

/// What a client that speaks HTTP/2 sends first (RFC 9113 §3.4).
pub(super) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Bytes of a header section that are neither target nor fields, at most: the gate, which knows how to refuse, is to
/// see what is a little too large.
const PUNCTUATION: usize = 4096;

/// The library takes no smaller buffer.
const SMALLEST_BUFFER: usize = 8192;

/// The library's own limit of fields, which costs least.
const USUAL_FIELDS: usize = 100;

/// Whether the content of requests is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Requests may have content.
    Taken,
    /// Whatever comes with a request that has content is left unread.
    Refused,
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
    head: HeadLimits,
    content: Content,
    allowance: Allowance,
    /// Where requests have content.
    http1: conn::http1::Builder,
    http2: conn::http2::Builder<TokioExecutor>,
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
            http1: http1_with_content(head),
            http2: http2::builder(limits, head, content),
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
    pub(super) async fn serve<Io, A>(
        &self,
        io: Io,
        version: Version,
        answer: A,
        attendance: Attendance,
    ) -> Result<(), ConnectionError>
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        A: Answer,
    {
        match (version, self.content) {
            (Version::Http1, Content::Refused) => http1::converse(io, self.head, &answer, attendance).await,
            (Version::Http1, Content::Taken) => self.serve_content(io, answer, attendance).await,
            // On the heap: every connection has room for the largest of them, and most are of the first.
            (Version::Http2, _) => Box::pin(http2::converse(&self.http2, io, answer, attendance)).await,
        }
    }

    /// HTTP/1 where requests have content, as those of the operator may.
    async fn serve_content<Io, A>(
        &self,
        io: Io,
        answer: A,
        mut attendance: Attendance,
    ) -> Result<(), ConnectionError>
    where
        Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        A: Answer,
    {
        let service = answered(answer, attendance.activity(), usize::MAX);
        let mut connection = pin!(self.http1.serve_connection(TokioIo::new(io), service));
        loop {
            match attendance.attend(connection.as_mut()).await {
                Event::Ended(ended) => return Ok(ended?),
                Event::Overdue(overdue) => return Err(overdue.into()),
                Event::Leaves => connection.as_mut().graceful_shutdown(),
            }
        }
    }
}

fn http1_with_content(head: HeadLimits) -> conn::http1::Builder {
    let mut http1 = conn::http1::Builder::new();
    // Who is waited for, and for how long, is decided here and not there.
    http1.header_read_timeout(None).max_buf_size(head.all.max(SMALLEST_BUFFER));
    // A client that has said all it has to say is answered all the same.
    http1.half_close(true);
    if head.fields > USUAL_FIELDS {
        http1.max_headers(head.fields);
    }
    http1
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
