//! The body of a response: bytes from memory, or pieces of a file read one ahead of the client.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};

use super::record::Record;
use crate::semantics::ByteRange;
use crate::semantics::multipart::Multipart;
use crate::store::digest::PIECE;
use crate::store::{CheckedFile, Content};

/// What a client is sent after the header section, always of a known length.
///
/// An error ends the connection: a body is whole or visibly cut, never mixed.
#[derive(Debug, Default)]
pub struct ResponseBody {
    segments: VecDeque<Segment>,
    remaining: u64,
    /// The next piece of the file in front, on its way from the disk.
    reading: Option<JoinHandle<io::Result<Bytes>>>,
    record: Option<Record>,
}

/// A run of bytes from one source.
#[derive(Debug)]
enum Segment {
    Memory(Bytes),
    /// The bytes from `next` up to and without `end`.
    File {
        file: Arc<CheckedFile>,
        next: u64,
        end: u64,
    },
}

impl Segment {
    fn of(content: &Content, range: ByteRange) -> Self {
        let (next, end) = (range.first(), range.last() + 1);
        match content {
            Content::Memory(bytes) => {
                // In memory, so the positions fit.
                let position = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                Self::Memory(bytes.slice(position(next)..position(end)))
            }
            Content::File(file) => Self::File { file: Arc::clone(file), next, end },
        }
    }

    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { next, end, .. } => end - next,
        }
    }
}

impl ResponseBody {
    /// No bytes.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// These bytes.
    #[must_use]
    pub fn bytes(bytes: Bytes) -> Self {
        Self::of([Segment::Memory(bytes)])
    }

    /// All of `content`, which is `complete_length` bytes long.
    #[must_use]
    pub fn whole(content: &Content, complete_length: u64) -> Self {
        Self::of([match content {
            Content::Memory(bytes) => Segment::Memory(bytes.clone()),
            Content::File(file) => Segment::File { file: Arc::clone(file), next: 0, end: complete_length },
        }])
    }

    /// One range of `content`.
    #[must_use]
    pub fn range(content: &Content, range: ByteRange) -> Self {
        Self::of([Segment::of(content, range)])
    }

    /// Several ranges of `content`, framed.
    #[must_use]
    pub fn multipart(content: &Content, multipart: &Multipart) -> Self {
        let parts = multipart
            .parts()
            .iter()
            .flat_map(|(preamble, range)| [Segment::Memory(preamble.clone()), Segment::of(content, *range)]);
        Self::of(parts.chain([Segment::Memory(multipart.closing().clone())]))
    }

    fn of(segments: impl IntoIterator<Item = Segment>) -> Self {
        let segments: VecDeque<_> = segments.into_iter().filter(|segment| segment.len() > 0).collect();
        let remaining = segments.iter().map(Segment::len).sum();
        Self { segments, remaining, ..Self::default() }
    }

    /// How many bytes are still to come.
    #[must_use]
    pub fn remaining(&self) -> u64 {
        self.remaining
    }

    /// The same body, which tells `record` how it ends.
    #[must_use]
    pub fn recorded(mut self, record: Record) -> Self {
        self.record = Some(record);
        self
    }

    /// The next bytes of the segment in front.
    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        match self.segments.front_mut() {
            None => Poll::Ready(None),
            Some(Segment::Memory(bytes)) => {
                let bytes = std::mem::take(bytes);
                self.segments.pop_front();
                Poll::Ready(Some(Ok(bytes)))
            }
            Some(Segment::File { file, next, end }) => {
                let reading = self.reading.get_or_insert_with(|| read(file, *next));
                let piece = ready!(Pin::new(reading).poll(context));
                self.reading = None;
                let piece = match piece.map_err(io::Error::other).flatten() {
                    Ok(piece) => piece,
                    Err(error) => return Poll::Ready(Some(Err(error))),
                };
                let bytes = cut(&piece, *next, *end);
                *next += bytes.len() as u64;
                if next < end {
                    self.reading = Some(read(file, *next));
                } else {
                    self.segments.pop_front();
                }
                Poll::Ready(Some(Ok(bytes)))
            }
        }
    }
}

/// Starts to read the piece that has the byte at `position`.
fn read(file: &Arc<CheckedFile>, position: u64) -> JoinHandle<io::Result<Bytes>> {
    let file = Arc::clone(file);
    spawn_blocking(move || file.piece(position / PIECE as u64))
}

/// What of a piece lies from `next` up to `end`.
fn cut(piece: &Bytes, next: u64, end: u64) -> Bytes {
    let start = next % PIECE as u64;
    let stop = (start + (end - next)).min(piece.len() as u64);
    let position = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(piece.len());
    piece.slice(position(start)..position(stop))
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let bytes = ready!(self.poll_bytes(context));
        match (&bytes, &mut self.record) {
            (Some(Ok(bytes)), Some(record)) => record.send(bytes.len()),
            (Some(Err(error)), Some(record)) => record.fail(error.to_string()),
            _ => {}
        }
        if let Some(Ok(bytes)) = &bytes {
            self.remaining -= bytes.len() as u64;
        }
        Poll::Ready(bytes.map(|bytes| bytes.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.segments.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}
