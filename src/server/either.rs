//! A connection of one of two kinds, which are all the same to whoever reads and writes: over the network or by a Unix
//! socket, without TLS or with it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream of one of two kinds.
#[derive(Debug)]
pub enum Either<A, B> {
    /// Of the first kind.
    First(A),
    /// Of the second.
    Second(B),
}

impl<A: AsyncRead + Unpin, B: AsyncRead + Unpin> AsyncRead for Either<A, B> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::First(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Second(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl<A: AsyncWrite + Unpin, B: AsyncWrite + Unpin> AsyncWrite for Either<A, B> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::First(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Second(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::First(stream) => Pin::new(stream).poll_write_vectored(context, slices),
            Self::Second(stream) => Pin::new(stream).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::First(stream) => stream.is_write_vectored(),
            Self::Second(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::First(stream) => Pin::new(stream).poll_flush(context),
            Self::Second(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::First(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Second(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
