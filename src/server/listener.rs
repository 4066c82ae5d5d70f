//! Where connections come from: sockets that listen.

use std::io::{self, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

use super::occasionally::Occasionally;
use crate::peer::Peer;

/// How long to wait when no connection can be taken, for want of file descriptors most often.
const BREATHER: Duration = Duration::from_millis(100);

/// Bytes of a response that the system holds for a client beside those that are on their way.
const UNSENT: u32 = 128 << 10;

/// A socket that listens.
#[derive(Debug)]
pub enum Listener {
    /// For connections over the network.
    Tcp(TcpListener),
}

/// A connection as it was accepted.
#[derive(Debug)]
pub enum Socket {
    /// Over the network.
    Tcp(TcpStream),
}

impl Listener {
    /// Binds `address` and says what was bound, also where the port was left to the system.
    ///
    /// # Errors
    /// If the address is taken, not this machine's, or not allowed to this process; the sentence names it.
    pub async fn bind(address: SocketAddr) -> Result<(Self, SocketAddr), String> {
        let describe = |error: io::Error| {
            let help = match error.kind() {
                ErrorKind::AddrInUse => {
                    "\nhelp: another program has that port: end it, or choose another port"
                }
                ErrorKind::PermissionDenied => "\nhelp: ports below 1024 are for root: choose another",
                _ => "",
            };
            format!("cannot listen on {address}: {error}{help}")
        };
        let listener = TcpListener::bind(address).await.map_err(describe)?;
        let bound = listener.local_addr().map_err(describe)?;
        Ok((Self::Tcp(listener), bound))
    }

    /// The next connection. Failures are those of single connections, or pass; `failures` says how often they are told.
    pub async fn accept(&self, failures: &Occasionally) -> (Socket, Peer) {
        loop {
            match self.try_accept().await {
                Ok(accepted) => return accepted,
                Err(error) => {
                    if let Some(times) = failures.happens(Instant::now()) {
                        tracing::warn!(%error, times, "a connection could not be accepted");
                    }
                    tokio::time::sleep(BREATHER).await;
                }
            }
        }
    }

    async fn try_accept(&self) -> io::Result<(Socket, Peer)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                // Without it the last part of a body may wait for an acknowledgement; a failure costs only that.
                let _delayed = stream.set_nodelay(true);
                // What the system holds for a client that is slow to take it is bounded, and what the client takes is
                // seen soon; a failure costs only that.
                let _unbounded = SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT);
                Ok((Socket::Tcp(stream), peer.into()))
            }
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
