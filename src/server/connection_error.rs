//! Why a connection ended early.

use std::io;

use super::patience::Overdue;
use super::proxy_protocol::ProxyError;
use super::tls::handshake::HandshakeError;

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
