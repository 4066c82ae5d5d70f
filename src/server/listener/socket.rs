//! A connection as it was accepted.

use tokio::net::{TcpStream, UnixStream};

use crate::server::either::Either;

/// A connection as it was accepted: over the network, or from this machine by a Unix socket.
pub type Socket = Either<TcpStream, UnixStream>;
