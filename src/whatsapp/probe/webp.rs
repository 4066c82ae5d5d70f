//! WebP: the canvas, and the headers of the frames (RFC 9649).
//!
//! Decoders forgive a header that promises a colour profile or notes which are not there, and so does this.

use std::io::{Read, Seek};

use super::facts::{Animation, WebP};
use super::fence::{Damage, Fence};

/// So many chunks are looked at: each frame is one.
const MOST_CHUNKS: usize = 1 << 13;

/// Flags of the extended header.
const ALPHA: u8 = 0x10;
const ANIMATION: u8 = 0x02;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<WebP, Damage> {
    let [b'R', b'I', b'F', b'F', s0, s1, s2, s3, b'W', b'E', b'B', b'P'] = file.array()? else {
        return Err("it does not begin as a WebP file".into());
    };
    // The size does not count the eight bytes up to its own end (RFC 9649 §2.4); the last may be padding.
    let end = u64::from(u32::from_le_bytes([s0, s1, s2, s3])) + 8;
    if end > file.length() + 1 {
        return Err("it ends before the size in its header".into());
    }
    let (first, next) = Chunk::at(file, 12)?;
    match &first.name {
        b"VP8 " => lossy(&first),
        b"VP8L" => lossless(&first),
        b"VP8X" => extended(file, &first, next, end),
        _ => Err("it does not begin with a picture".into()),
    }
}

/// The header of a chunk, and how its content begins.
struct Chunk {
    name: [u8; 4],
    content: [u8; 16],
}

impl Chunk {
    /// The chunk there, and where the next one is.
    fn at<R: Read + Seek>(file: &mut Fence<R>, start: u64) -> Result<(Self, u64), Damage> {
        file.go_to(start);
        let [n0, n1, n2, n3, s0, s1, s2, s3] = file.array()?;
        let size = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
        let begins = file.piece(start + 8, size.min(16))?;
        let mut content = [0; 16];
        content.iter_mut().zip(begins).for_each(|(to, from)| *to = from);
        // Chunks of an odd size are padded.
        Ok((Self { name: [n0, n1, n2, n3], content }, start + 8 + size + size % 2))
    }
}

/// A frame of VP8: three bytes, a start code, and 14 bits for each side (RFC 6386 §9.1).
fn lossy(chunk: &Chunk) -> Result<WebP, Damage> {
    let [_, _, _, 0x9d, 0x01, 0x2a, w0, w1, h0, h1, ..] = chunk.content else {
        return Err("its picture does not begin as one".into());
    };
    let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Ok(WebP { width: side(w0, w1), height: side(h0, h1), alpha: false, animation: None })
}

/// A signature, 14 bits for each side, less one, and one for transparency (RFC 9649 §3.4).
fn lossless(chunk: &Chunk) -> Result<WebP, Damage> {
    let [0x2f, b0, b1, b2, b3, ..] = chunk.content else {
        return Err("its picture does not begin as one".into());
    };
    let bits = u32::from_le_bytes([b0, b1, b2, b3]);
    let (width, height) = ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
    Ok(WebP { width, height, alpha: bits >> 28 & 1 == 1, animation: None })
}

/// Flags, and 24 bits for each side of the canvas, less one (RFC 9649 §2.7).
fn extended<R: Read + Seek>(
    file: &mut Fence<R>,
    header: &Chunk,
    from: u64,
    end: u64,
) -> Result<WebP, Damage> {
    let [flags, _, _, _, w0, w1, w2, h0, h1, h2, ..] = header.content;
    let side = |low, middle, high| u32::from_le_bytes([low, middle, high, 0]) + 1;
    let (width, height) = (side(w0, w1, w2), side(h0, h1, h2));
    let (pictures, animation) = pictures(file, from, end)?;
    if pictures == 0 && animation.frames == 0 {
        return Err("it has no picture".into());
    }
    let animation = (flags & ANIMATION != 0).then_some(animation);
    Ok(WebP { width, height, alpha: flags & ALPHA != 0, animation })
}

/// How many pictures there are outside of frames, and the frames: each has its duration in three bytes.
fn pictures<R: Read + Seek>(file: &mut Fence<R>, from: u64, end: u64) -> Result<(u32, Animation), Damage> {
    let mut pictures = 0;
    let mut animation = Animation { frames: 0, duration_ms: 0 };
    let mut at = from;
    for _ in 0..MOST_CHUNKS {
        if at.saturating_add(8) > end.min(file.length()) {
            return Ok((pictures, animation));
        }
        let (chunk, next) = Chunk::at(file, at)?;
        match (&chunk.name, chunk.content) {
            (b"VP8 " | b"VP8L", _) => pictures += 1,
            (b"ANMF", [.., d0, d1, d2, _]) => {
                animation.frames += 1;
                animation.duration_ms += u64::from(u32::from_le_bytes([d0, d1, d2, 0]));
            }
            _ => {}
        }
        at = next;
    }
    Err(file.give_up())
}
