//! What comes from a client, one header section after the other.
//!
//! Until a header section is whole, a connection costs what it has sent; between two requests, nothing. Assets are only
//! read, so no request has content that is worth reading: one that has some is the last that is read on its connection,
//! and a second request that hides in it is never seen as one.

use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::request::Parts;
use tokio::io::{AsyncRead, ReadBuf};

use super::head::{Examined, HeadLimits, examine};
use crate::malformed::Malformed;

/// Bytes that are read at a time.
const CHUNK: usize = 4096;

/// A request that came.
#[derive(Debug)]
pub(super) struct Came {
    /// It, or what stands for a message that is none: then [`Malformed`] is among its extensions.
    pub(super) request: Arc<Parts>,
    /// Whether what follows it is left unread.
    pub(super) is_last: bool,
}

/// What has come and is not a request yet.
#[derive(Debug)]
pub(super) struct Inbox {
    limits: HeadLimits,
    rest: BytesMut,
    /// How long `rest` was when it was last looked at; 0 if it was not.
    looked: usize,
}

impl Inbox {
    /// Nothing yet. No header section passes that these limits do not allow.
    pub(super) fn new(limits: HeadLimits) -> Self {
        Self { limits, rest: BytesMut::new(), looked: 0 }
    }

    /// Whether nothing of a request is here.
    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next request; `None` if the client will send no more.
    ///
    /// # Errors
    /// If `io` cannot be read, or ends within a header section.
    pub(super) async fn request(&mut self, io: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Came>> {
        poll_fn(|context| self.poll_request(io, context)).await
    }

    fn poll_request(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<Option<Came>>> {
        loop {
            if let Some(came) = self.look() {
                return Poll::Ready(Ok(Some(came)));
            }
            // Not kept while nothing comes.
            let mut space = [const { MaybeUninit::uninit() }; CHUNK];
            let mut chunk = ReadBuf::uninit(&mut space);
            ready!(Pin::new(&mut *io).poll_read(context, &mut chunk))?;
            match chunk.filled() {
                [] if self.is_empty() => return Poll::Ready(Ok(None)),
                [] => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                bytes => self.rest.extend_from_slice(bytes),
            }
        }
    }

    /// The request that is here, if one is whole.
    fn look(&mut self) -> Option<Came> {
        if !is_worth_a_look(&self.rest, self.looked) {
            return None;
        }
        let bytes = std::mem::take(&mut self.rest).freeze();
        match examine(&bytes, self.limits) {
            Examined::Partial => {
                self.looked = bytes.len();
                self.rest = bytes.into();
                None
            }
            Examined::Whole(head) => {
                self.keep(&bytes, if head.has_content { bytes.len() } else { head.length });
                Some(Came { request: head.request, is_last: head.has_content })
            }
            Examined::Malformed(malformed) => {
                self.keep(&bytes, bytes.len());
                Some(Came { request: stand_in(malformed), is_last: true })
            }
        }
    }

    /// Keeps what comes from that place on.
    fn keep(&mut self, bytes: &Bytes, from: usize) {
        self.looked = 0;
        self.rest = bytes.get(from..).unwrap_or_default().into();
    }
}

/// Takes the place of a message that is none, so that it is answered, counted and logged like any other.
fn stand_in(malformed: Malformed) -> Arc<Parts> {
    let mut request = http::Request::new(()).into_parts().0;
    request.extensions.insert(malformed);
    Arc::new(request)
}

/// Whether a header section may have become whole, or wrong, since it was looked at. One that drips in is looked at as it
/// doubles, so that the work is in proportion to the bytes.
fn is_worth_a_look(rest: &[u8], looked: usize) -> bool {
    let since = rest.get(looked.saturating_sub(3)..).unwrap_or_default();
    !rest.is_empty()
        && (rest.len() >= 2 * looked || since.windows(2).any(|pair| pair == b"\n\n" || pair == b"\n\r"))
}
