//! Looks at each header section of HTTP/1 before the library that answers it does, and lets none pass that is not what
//! RFC 9112 says it is.
//!
//! What passes is handed on as it came, and only when it is whole: until then a connection costs what it has sent. What
//! does not is replaced by a request that says why ([`Malformed`]), so that it is answered, logged and counted like any
//! other. Assets are only read, so no request has content that is worth reading: one that has some is the last that is
//! read on its connection, and a second request that hides in it is never seen as one.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};

use super::head::{Examined, HeadLimits, examine};
use crate::malformed::Malformed;

/// Bytes that are read at a time.
const CHUNK: usize = 4096;

/// Takes the place of a header section that is none. It is answered, and the connection closed.
const STAND_IN: &[u8] = b"GET * HTTP/1.1\r\nHost: malformed\r\nConnection: close\r\n\r\n";

/// Whether what follows a header section is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Requests may have content.
    Taken,
    /// Whatever comes with a request that has content is left unread.
    Refused,
}

/// Why a request is the last on its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It has content, which is left unread.
    Content,
    /// It stands for a message that is none.
    Malformed(Malformed),
}

/// What was found on one connection that whoever answers its requests must know.
#[derive(Debug, Default)]
pub struct Last {
    /// The number of the last request on the connection, counted from 1, and why it is the last.
    found: OnceLock<(u64, Finding)>,
}

impl Last {
    /// Why that request is the last one, if it is.
    #[must_use]
    pub fn is(&self, number: u64) -> Option<Finding> {
        self.found.get().filter(|(last, _)| *last == number).map(|(_, finding)| *finding)
    }
}

/// A stream of which header sections are looked at.
#[derive(Debug)]
pub struct Screen<Io> {
    io: Io,
    /// `None` where all passes as it comes.
    limits: Option<HeadLimits>,
    /// A header section that is not whole yet, and how long it was when it was last looked at.
    partial: BytesMut,
    looked: usize,
    /// What has passed and is still to be read.
    passed: Bytes,
    /// How many header sections have passed.
    heads: u64,
    last: Arc<Last>,
    ended: bool,
}

impl<Io: AsyncRead + Unpin> Screen<Io> {
    /// `io`, of which no header section passes that these limits do not allow.
    pub fn new(io: Io, limits: HeadLimits, content: Content) -> Self {
        Self {
            io,
            limits: (content == Content::Refused).then_some(limits),
            partial: BytesMut::new(),
            looked: 0,
            passed: Bytes::new(),
            heads: 0,
            last: Arc::default(),
            ended: false,
        }
    }

    /// What is found about its last request.
    pub fn last(&self) -> Arc<Last> {
        Arc::clone(&self.last)
    }

    /// Whether nothing of a request is here.
    pub fn is_idle(&self) -> bool {
        self.partial.is_empty() && self.passed.is_empty()
    }

    /// Resolves when there is something to answer, or nothing more to come: then it is false.
    ///
    /// # Errors
    /// If it cannot be read.
    pub async fn request(&mut self) -> io::Result<bool> {
        std::future::poll_fn(|context| self.poll_pass(context)).await?;
        Ok(!self.passed.is_empty())
    }

    /// Gives back what was read and not used.
    pub fn unread(&mut self, bytes: Bytes) {
        if !bytes.is_empty() {
            self.passed =
                if self.passed.is_empty() { bytes } else { [bytes, self.passed.clone()].concat().into() };
        }
    }

    /// Whether more may have been sent than was read: closing at once could take the answer from a client that has not
    /// read it (RFC 9112 §9.6).
    pub fn is_unread(&self) -> bool {
        self.last.found.get().is_some() && !self.ended
    }

    /// Reads and forgets until the client closes the connection, or has sent `most` bytes more.
    pub async fn discard(&mut self, most: u64) {
        let _end = tokio::io::copy(&mut (&mut self.io).take(most), &mut tokio::io::sink()).await;
    }

    /// Ready when something has passed, or nothing more will.
    fn poll_pass(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.passed.is_empty() && !self.ended {
            if self.last.found.get().is_some() {
                // What comes now is not for us, and its end is not the end of the request before.
                return Poll::Pending;
            }
            let mut space = [const { MaybeUninit::uninit() }; CHUNK];
            let mut chunk = ReadBuf::uninit(&mut space);
            ready!(Pin::new(&mut self.io).poll_read(context, &mut chunk))?;
            match chunk.filled() {
                [] => self.ended = true,
                bytes => self.take(bytes),
            }
        }
        Poll::Ready(Ok(()))
    }

    fn take(&mut self, bytes: &[u8]) {
        let Some(limits) = self.limits else {
            self.passed = Bytes::copy_from_slice(bytes);
            return;
        };
        self.partial.extend_from_slice(bytes);
        if is_worth_a_look(&self.partial, self.looked) {
            self.look(limits);
        }
        if self.partial.is_empty() {
            (self.partial, self.looked) = (BytesMut::new(), 0);
        }
    }

    /// Lets pass what is whole.
    fn look(&mut self, limits: HeadLimits) {
        let mut passed = 0;
        loop {
            let rest = self.partial.get(passed..).unwrap_or_default();
            match examine(rest, limits) {
                Examined::Partial => break self.pass(passed, None),
                Examined::Whole { length, has_content } => {
                    passed += length;
                    self.heads += 1;
                    if has_content {
                        break self.pass(passed, Some(Finding::Content));
                    }
                }
                Examined::Malformed(malformed) => {
                    self.heads += 1;
                    break self.pass(passed, Some(Finding::Malformed(malformed)));
                }
            }
        }
    }

    /// Hands on so many bytes; if the last request is among them, nothing that comes behind it.
    fn pass(&mut self, length: usize, last: Option<Finding>) {
        let mut passed = self.partial.split_to(length);
        self.looked = self.partial.len();
        if let Some(finding) = last {
            self.partial = BytesMut::new();
            if let Finding::Malformed(_) = finding {
                passed.extend_from_slice(STAND_IN);
            }
            let _first = self.last.found.set((self.heads, finding));
        }
        self.passed = passed.freeze();
    }
}

/// Whether a header section may have become whole, or wrong, since it was looked at. One that drips in is looked at as it
/// doubles, so that the work is in proportion to the bytes.
fn is_worth_a_look(partial: &[u8], looked: usize) -> bool {
    let since = partial.get(looked.saturating_sub(3)..).unwrap_or_default();
    partial.len() >= 2 * looked || since.windows(2).any(|pair| pair == b"\n\n" || pair == b"\n\r")
}

impl<Io: AsyncRead + Unpin> AsyncRead for Screen<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_pass(context))?;
        let length = self.passed.len().min(buffer.remaining());
        buffer.put_slice(&self.passed[..length]);
        self.passed.advance(length);
        if self.passed.is_empty() {
            self.passed = Bytes::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Screen<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, slices)
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
