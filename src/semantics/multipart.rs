//! Several ranges in one body: `multipart/byteranges` (RFC 9110 §14.6).
//!
//! The framing is computed before a byte is sent, because the length of the body must be known: an asset
//! never goes out chunked.

use bytes::{BufMut, Bytes, BytesMut};
use http::HeaderValue;

use super::{ByteRange, Representation, field_value};

/// The framing of a body with several ranges: what stands before each part, and after the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multipart {
    parts: Vec<(Bytes, ByteRange)>,
    closing: Bytes,
    boundary: String,
}

impl Multipart {
    /// Frames `ranges` of `representation`, in their order.
    ///
    /// The boundary is a part of the representation's own version: a file that contains 96 bits of its own
    /// digest cannot be made, so the boundary never occurs in the content (RFC 2046 §5.1.1), and the same
    /// request has the same answer.
    #[must_use]
    pub fn new(ranges: &[ByteRange], representation: &Representation) -> Self {
        let boundary = hex::encode(representation.version.as_bytes()).split_off(40);
        let frame = |(index, range): (usize, &ByteRange)| {
            let start = if index == 0 { "--" } else { "\r\n--" };
            (preamble(start, &boundary, representation, *range), *range)
        };
        Self {
            parts: ranges.iter().enumerate().map(frame).collect(),
            closing: Bytes::from(format!("\r\n--{boundary}--\r\n")),
            boundary,
        }
    }

    /// Each part: the bytes that introduce it, and the range that follows them.
    #[must_use]
    pub fn parts(&self) -> &[(Bytes, ByteRange)] {
        &self.parts
    }

    /// The bytes that close the body.
    #[must_use]
    pub fn closing(&self) -> &Bytes {
        &self.closing
    }

    /// The bytes of the whole body, framing and ranges.
    #[must_use]
    pub fn content_length(&self) -> u64 {
        let part = |(preamble, range): &(Bytes, ByteRange)| preamble.len() as u64 + range.len();
        self.parts.iter().map(part).sum::<u64>() + self.closing.len() as u64
    }

    /// The value of `Content-Type`: the media type "and its required boundary parameter" (§15.3.7.2).
    #[must_use]
    pub fn content_type(&self) -> HeaderValue {
        field_value(format!("multipart/byteranges; boundary={}", self.boundary))
    }
}

/// The delimiter and the fields of one part. `Content-Type` goes first: common clients expect it there.
fn preamble(start: &str, boundary: &str, representation: &Representation, range: ByteRange) -> Bytes {
    let mut text = BytesMut::new();
    text.put_slice(start.as_bytes());
    text.put_slice(boundary.as_bytes());
    text.put_slice(b"\r\nContent-Type: ");
    text.put_slice(representation.content_type.as_bytes());
    text.put_slice(b"\r\nContent-Range: ");
    text.put_slice(range.content_range().as_bytes());
    text.put_slice(b"\r\n\r\n");
    text.freeze()
}
