//! The PROXY protocol, versions 1 and 2: before anything else on a connection, a proxy says whom it is relayed for
//! (<https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt>).
//!
//! [`parse`] is pure; [`ProxyProtocol`] reads from a connection no more than the header, and only from trusted proxies.
//!
//! | what the header says | whom the connection is taken to be of |
//! |---|---|
//! | version 1 `TCP4`, `TCP6`; version 2 `PROXY` over IPv4 or IPv6 | the source address that it names |
//! | version 1 `UNKNOWN`; version 2 `LOCAL`, `AF_UNSPEC`, `UNSPEC`, `AF_UNIX` | the proxy: "use the real connection's parameters" |
//!
//! Of the vectors that may follow in version 2, the checksum is verified and the others are skipped. Where the family is
//! unspecified, or the command is `LOCAL`, nobody can tell where they begin: all of it is skipped by its length.

mod v1;
mod v2;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::timeout;

use crate::config::Proxies;
use crate::peer::Peer;

/// A header, read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// The connection is relayed for this address.
    Relayed(SocketAddr),
    /// It is the proxy's own, or nobody can say whose it is.
    Own,
}

/// How far a header has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is whole, and has so many bytes.
    Whole(Header, usize),
    /// At least so many more bytes belong to it: 1 or more.
    Needs(usize),
}

/// Why bytes are no header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// They begin as neither version does.
    NoHeader,
    /// A line of version 1 without its end after 107 bytes.
    LongLine,
    /// A line of version 1 that is not of its form.
    Line,
    /// Not version 2, or not a command of it.
    Command,
    /// An address family or a transport that the version does not have.
    Family,
    /// Less than the addresses of the family that it names.
    Short,
    /// A vector that is longer than what is left, or a checksum of another length, or a second one.
    Vector,
    /// The checksum is that of other bytes.
    Checksum,
}

/// Reads a header from the beginning of what came.
///
/// # Errors
/// As soon as it can be no header any more: "Any sequence which does not exactly match the protocol must be discarded and
/// cause the receiver to abort the connection." §2.1
pub fn parse(came: &[u8]) -> Result<Progress, Malformed> {
    let begins = |with: &[u8]| came.iter().zip(with).all(|(came, expected)| came == expected);
    if came.is_empty() || (begins(v1::PREFIX) && came.len() < v1::SHORTEST) {
        return Ok(Progress::Needs(v1::SHORTEST - came.len()));
    }
    if begins(v1::PREFIX) {
        return v1::parse(came);
    }
    if begins(v2::SIGNATURE) { v2::parse(came) } else { Err(Malformed::NoHeader) }
}

/// What a listener does whose connections begin with a header.
#[derive(Clone, Copy, Debug)]
pub struct ProxyProtocol {
    /// How long a header may take: "at least 3 seconds to cover a TCP retransmit" (§2).
    pub timeout: Duration,
}

/// Why a connection is closed before anything on it is answered.
#[derive(Debug)]
pub enum ProxyError {
    /// The peer is no trusted proxy.
    Untrusted,
    /// What came is no header.
    Malformed(Malformed),
    /// It did not come in time.
    Silent,
    /// The peer left before its end.
    Io(io::Error),
}

impl ProxyProtocol {
    /// Reads the header, and nothing behind it, and says whom the connection is of.
    ///
    /// # Errors
    /// If there is none, in time, of a trusted proxy. "The receiver MUST NOT start processing the connection before it
    /// receives a complete and valid PROXY protocol header." §2
    pub async fn source(
        &self,
        proxies: &Proxies,
        io: &mut (impl AsyncRead + Unpin),
        proxy: Peer,
    ) -> Result<Peer, ProxyError> {
        if !proxies.trusts(proxy) {
            return Err(ProxyError::Untrusted);
        }
        Ok(match self.read(io).await? {
            Header::Relayed(source) => source.into(),
            Header::Own => proxy,
        })
    }

    async fn read(&self, io: &mut (impl AsyncRead + Unpin)) -> Result<Header, ProxyError> {
        timeout(self.timeout, read(io)).await.unwrap_or(Err(ProxyError::Silent))
    }
}

async fn read(io: &mut (impl AsyncRead + Unpin)) -> Result<Header, ProxyError> {
    let mut came = Vec::with_capacity(v1::LONGEST);
    loop {
        let missing = match parse(&came).map_err(ProxyError::Malformed)? {
            Progress::Whole(header, _length) => return Ok(header),
            Progress::Needs(missing) => missing,
        };
        let read = (&mut *io).take(missing as u64).read_buf(&mut came).await.map_err(ProxyError::Io)?;
        if read == 0 {
            return Err(ProxyError::Io(io::ErrorKind::UnexpectedEof.into()));
        }
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted => f.write_str("the peer is not one of `trusted-proxies`"),
            Self::Malformed(why) => write!(f, "it does not begin with a PROXY protocol header: {why}"),
            Self::Silent => f.write_str("no PROXY protocol header came in time"),
            Self::Io(error) => write!(f, "no PROXY protocol header: {error}"),
        }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoHeader => "it begins as neither version does",
            Self::LongLine => "the line has no end",
            Self::Line => "the line is not of its form",
            Self::Command => "unknown version or command",
            Self::Family => "unknown address family or transport",
            Self::Short => "the addresses are cut short",
            Self::Vector => "a vector is not of its form",
            Self::Checksum => "the checksum is wrong",
        })
    }
}

#[cfg(test)]
mod tests;
