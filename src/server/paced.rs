//! A stream that tells what it carries, so that whoever takes too little of it can be told from whoever does not.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::activity::Activity;
use super::pace::{self, Pace};

/// A stream whose bytes are counted. It belongs next to the socket, below TLS: what counts is what goes over the wire.
#[derive(Debug)]
pub struct Paced<Io> {
    io: Io,
    activity: Arc<Activity>,
    pace: Pace,
    /// Since when there is no room for more.
    full: Option<Instant>,
}

/// What can be told how much it should hold for whoever reads.
pub trait Holds {
    /// From now on it should hold no more than so many bytes, beside those on their way. This is a wish.
    fn hold(&self, bytes: u32);

    /// Takes what it has room for now, whether or not it has said that there is any.
    ///
    /// # Errors
    /// `WouldBlock` if there is none; otherwise as the system says.
    fn offer(&self, bytes: &[u8]) -> io::Result<usize>;
}

impl<Io: Holds> Paced<Io> {
    /// `io`, whose bytes are noted.
    pub fn new(io: Io, activity: Arc<Activity>) -> Self {
        io.hold(pace::USUAL);
        Self { io, activity, pace: Pace::default(), full: None }
    }

    /// Offers bytes unasked, if somebody wants to know what room there is: the system does not say before half of what it
    /// holds has been taken, but takes more before.
    fn offer(&self, bytes: &[u8]) -> Option<usize> {
        let offered = self.activity.take_question().then(|| self.io.offer(bytes))?;
        let taken = offered.ok().filter(|taken| *taken > 0)?;
        self.activity.send(Some(taken));
        Some(taken)
    }

    fn note(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Ready(Ok(bytes)) => {
                self.activity.send(Some(*bytes));
                if let Some(since) = self.full.take()
                    && let Some(held) = self.pace.made_room(since.elapsed())
                {
                    self.io.hold(held);
                }
            }
            Poll::Ready(Err(_)) => {}
            Poll::Pending => {
                self.activity.send(None);
                self.full.get_or_insert_with(Instant::now);
            }
        }
        written
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Paced<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.io).poll_read(context, buffer);
        self.activity.receive(buffer.filled().len() - before);
        read
    }
}

impl<Io: AsyncWrite + Holds + Unpin> AsyncWrite for Paced<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(taken) = self.offer(bytes) {
            return Poll::Ready(Ok(taken));
        }
        let written = Pin::new(&mut self.io).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if let Some(first) = slices.iter().find(|slice| !slice.is_empty())
            && let Some(taken) = self.offer(first)
        {
            return Poll::Ready(Ok(taken));
        }
        let written = Pin::new(&mut self.io).poll_write_vectored(context, slices);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}
