//! The body of a response: bytes from memory, or pieces read ahead of the client.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::record::Record;
use crate::semantics::ByteRange;
use crate::semantics::multipart::Multipart;
use crate::store::Content;
use crate::store::content::{Ahead, Pieces, Reading};

/// What a client is sent after the header section, always of a known length.
///
/// An error ends the connection: a body is whole or visibly cut, never mixed.
#[derive(Debug, Default)]
pub struct ResponseBody {
    segments: VecDeque<Segment>,
    remaining: u64,
    /// The next pieces of the segment in front, on their way. Those behind the first have room of their own.
    reading: VecDeque<(Reading, Option<Ahead>)>,
    record: Option<Box<Record>>,
}

/// A run of bytes from one source.
#[derive(Debug)]
enum Segment {
    Memory(Bytes),
    /// The bytes from `next` up to and without `end`.
    Pieces {
        pieces: Pieces,
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
            Content::Pieces(pieces) => Self::Pieces { pieces: pieces.clone(), next, end },
        }
    }

    fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::Pieces { next, end, .. } => end - next,
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
            Content::Pieces(pieces) => {
                Segment::Pieces { pieces: pieces.clone(), next: 0, end: complete_length }
            }
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
    pub fn recorded(mut self, record: Box<Record>) -> Self {
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
            Some(Segment::Pieces { pieces, next, end }) => {
                read_ahead(&mut self.reading, pieces, *next, *end);
                let Some((reading, _)) = self.reading.front_mut() else { return Poll::Ready(None) };
                let piece = ready!(Pin::new(reading).poll(context));
                self.reading.pop_front();
                let bytes = match piece.and_then(|piece| cut(&piece, pieces.size(), *next, *end)) {
                    Ok(bytes) => bytes,
                    Err(error) => return Poll::Ready(Some(Err(error))),
                };
                *next += bytes.len() as u64;
                if next < end {
                    read_ahead(&mut self.reading, pieces, *next, *end);
                } else {
                    self.segments.pop_front();
                }
                Poll::Ready(Some(Ok(bytes)))
            }
        }
    }
}

/// Begins to read the piece that has the byte at `next`, and as many behind it as are worth it and have room, but none from
/// `end` on.
fn read_ahead(reading: &mut VecDeque<(Reading, Option<Ahead>)>, pieces: &Pieces, next: u64, end: u64) {
    let first = next / pieces.size();
    let last = (end - 1) / pieces.size();
    for index in first + reading.len() as u64..=last.min(first + pieces.ahead()) {
        let room = pieces.room_ahead();
        if room.is_none() && !reading.is_empty() {
            break;
        }
        reading.push_back((pieces.read(index), room));
    }
}

/// What of a piece lies from `next` up to `end`. One that ends before that is an error: what comes behind it would be
/// sent in its place.
fn cut(piece: &Bytes, size: u64, next: u64, end: u64) -> io::Result<Bytes> {
    let start = next % size;
    let stop = (start + (end - next)).min(size);
    let position = |at: u64| usize::try_from(at).ok().filter(|at| *at <= piece.len());
    let range = position(start).zip(position(stop));
    range.map(|(start, stop)| piece.slice(start..stop)).ok_or_else(|| {
        io::Error::new(io::ErrorKind::UnexpectedEof, "a piece of the asset is shorter than it should be")
    })
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
            (Some(Err(error)), Some(record)) => record.fail(error),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_cut_and_one_that_is_too_short_is_an_error() {
        let piece = Bytes::from_static(b"01234567");
        for (length, next, end, expected) in [
            (8, 0, 20, Some(&b"01234567"[..])),
            (8, 11, 20, Some(b"34567")),
            (8, 11, 14, Some(b"345")),
            (4, 16, 20, Some(b"0123")),
            (4, 8, 20, None),
            (4, 13, 14, None),
            (0, 0, 1, None),
        ] {
            let cut = cut(&piece.slice(..length), 8, next, end);
            assert_eq!(cut.as_deref().ok(), expected, "{length} bytes, {next} to {end}");
        }
    }
}
