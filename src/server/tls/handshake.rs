//! From a connection's first byte to the version of HTTP that is spoken inside of TLS.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use rustls::server::Acceptor;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::Tls;
use super::acme::ALPN_CHALLENGE;
use crate::server::http::Version;
use crate::server::last_words::answer_and_close;
use crate::server::prefixed::Prefixed;

/// ALPN's name of HTTP/2 (RFC 9113 §3.1), and of HTTP/1.1 (RFC 7301 §6).
pub(super) const H2: &[u8] = b"h2";
pub(super) const HTTP_1_1: &[u8] = b"http/1.1";

/// What somebody is told who speaks HTTP without TLS here, most often by a mistyped URL.
const WITHOUT_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 53\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n\
    this port speaks HTTPS: the URL begins with https://\n";

/// How long whoever is told may take to hear it.
const LINGER: Duration = Duration::from_secs(2);

/// Why no request can come on a connection with TLS.
#[derive(Debug)]
pub enum HandshakeError {
    /// It was not finished in time.
    TimedOut,
    /// The client left, or could not be read.
    Io(io::Error),
    /// It speaks HTTP without TLS, and was told so.
    WithoutTls,
    /// There is no certificate yet: it is still to be obtained.
    NoCertificate,
    /// The two cannot agree, or what came is no TLS.
    Tls(rustls::Error),
    /// It came from the authority that was asked for a certificate, and its challenge was answered: nothing is wrong.
    Challenge,
}

impl Tls {
    /// Does what stands before the first request.
    ///
    /// # Errors
    /// If there will be none.
    pub async fn accept<Io>(&self, mut io: Io) -> Result<(Version, TlsStream<Prefixed<Io>>), HandshakeError>
    where
        Io: AsyncRead + AsyncWrite + Unpin,
    {
        let first = io.read_u8().await?;
        // TLS begins with a record of type 22 (RFC 8446 §5.1), and HTTP with the letter of a method.
        if first.is_ascii_uppercase() {
            answer_and_close(io, WITHOUT_TLS, LINGER).await;
            return Err(HandshakeError::WithoutTls);
        }
        let io = Prefixed::new(Bytes::copy_from_slice(&[first]), io);
        let start = LazyConfigAcceptor::new(Acceptor::default(), io).await?;
        let challenge = self.challenges.as_ref().filter(|_| {
            // "The ACME server MUST provide an ALPN extension with the single protocol name "acme-tls/1"" RFC 8737 §3
            start.client_hello().alpn().is_some_and(|names| names.eq([ALPN_CHALLENGE]))
        });
        if let Some(challenges) = challenge {
            let mut stream = start.into_stream(Arc::clone(challenges)).await?;
            stream.shutdown().await?;
            return Err(HandshakeError::Challenge);
        }
        if self.certificates.is_empty() {
            // Says so with an alert.
            let _refused = start.into_stream(Arc::clone(&self.config)).await;
            return Err(HandshakeError::NoCertificate);
        }
        let stream = start.into_stream(Arc::clone(&self.config)).await?;
        let version = match stream.get_ref().1.alpn_protocol() {
            Some(H2) => Version::Http2,
            _ => Version::Http1,
        };
        Ok((version, stream))
    }
}

impl HandshakeError {
    /// The reason in one word, for counters.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::TimedOut => "timeout",
            Self::Io(_) => "aborted",
            Self::WithoutTls => "plain_http",
            Self::NoCertificate => "no_certificate",
            Self::Tls(_) => "protocol",
            Self::Challenge => "acme_challenge",
        }
    }
}

impl From<io::Error> for HandshakeError {
    fn from(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(error) => Self::Tls(error.clone()),
            None => Self::Io(error),
        }
    }
}

impl fmt::Display for HandshakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("the handshake was not finished in time"),
            Self::Io(error) => write!(f, "the client left during the handshake: {error}"),
            Self::WithoutTls => f.write_str("HTTP without TLS came to the port of HTTPS"),
            Self::NoCertificate => f.write_str("there is no certificate yet"),
            Self::Tls(error) => write!(f, "no handshake: {error}"),
            Self::Challenge => f.write_str("the authority's challenge was answered"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WITHOUT_TLS;

    #[test]
    fn the_answer_without_tls_is_as_long_as_it_says() {
        let text = std::str::from_utf8(WITHOUT_TLS).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())));
    }
}
