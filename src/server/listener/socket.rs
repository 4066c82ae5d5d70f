//! A connection as it was accepted.

use std::io;
use std::net;
use std::os::unix;

use socket2::SockRef;
use tokio::net::{TcpStream, UnixStream};

use crate::server::either::Either;
use crate::server::paced::Holds;

/// A connection as it was accepted: over the network, or from this machine by a Unix socket.
pub type Socket = Either<TcpStream, UnixStream>;

/// A connection on its way from one runtime to another.
pub type Departed = Either<net::TcpStream, unix::net::UnixStream>;

impl Socket {
    /// Leaves the runtime that it is served by.
    ///
    /// # Errors
    /// As the system says.
    pub fn depart(self) -> io::Result<Departed> {
        Ok(match self {
            Self::First(stream) => Departed::First(stream.into_std()?),
            Self::Second(stream) => Departed::Second(stream.into_std()?),
        })
    }
}

impl Holds for Socket {
    fn hold(&self, bytes: u32) {
        if let Self::First(stream) = self {
            // A failure costs only that more is held.
            let _unbounded = SockRef::from(stream).set_tcp_notsent_lowat(bytes);
        }
    }

    fn offer(&self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::First(stream) => SockRef::from(stream).send(bytes),
            Self::Second(stream) => SockRef::from(stream).send(bytes),
        }
    }
}

impl Departed {
    /// Comes to the runtime that this is called within.
    ///
    /// # Errors
    /// As the system says.
    pub fn arrive(self) -> io::Result<Socket> {
        Ok(match self {
            Self::First(stream) => Socket::First(TcpStream::from_std(stream)?),
            Self::Second(stream) => Socket::Second(UnixStream::from_std(stream)?),
        })
    }
}
