//! Text: whether it is UTF-8 to its end, and if not, what it may be.

use std::io::{Read, Seek};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::facts::{Encoding, Text};
use super::fence::{Damage, Fence};

/// It is read so far: as far as WhatsApp takes documents, 100 MB.
const MOST_READ: u64 = 100 << 20;

/// It is read in pieces of so many bytes.
const PIECE: u64 = 64 << 10;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Text, Damage> {
    file.widen(MOST_READ);
    let mut bytes = file.piece(0, PIECE)?;
    if bytes.starts_with(b"\xfe\xff") || bytes.starts_with(b"\xff\xfe") {
        return Ok(Text { encoding: Encoding::Utf16, bytes_read: file.position() });
    }
    let byte_order_mark = bytes.starts_with(b"\xef\xbb\xbf");
    let encoding = loop {
        match looks(&bytes) {
            Looks::Binary => break Encoding::Binary,
            Looks::Other => break guess(&bytes),
            Looks::Utf8UpTo(end) => bytes.drain(..end),
        };
        let next = file.piece(file.position(), PIECE.min(MOST_READ.saturating_sub(file.position())))?;
        match (next.is_empty(), bytes.is_empty()) {
            (true, true) => break Encoding::Utf8 { byte_order_mark },
            // The last character is cut off.
            (true, false) => break guess(&bytes),
            (false, _) => bytes.extend(next),
        }
    };
    Ok(Text { encoding, bytes_read: file.position() })
}

/// How a piece of text looks.
enum Looks {
    /// UTF-8, but for at most three bytes that may go on in the next piece.
    Utf8UpTo(usize),
    /// Something else.
    Other,
    /// Not a text.
    Binary,
}

fn looks(bytes: &[u8]) -> Looks {
    let is_binary = |byte: &u8| matches!(byte, 0x00..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    if bytes.iter().any(is_binary) {
        return Looks::Binary;
    }
    match str::from_utf8(bytes) {
        Ok(_) => Looks::Utf8UpTo(bytes.len()),
        Err(error) if error.error_len().is_none() => Looks::Utf8UpTo(error.valid_up_to()),
        Err(_) => Looks::Other,
    }
}

/// The detector weighs the bytes around those that are not UTF-8.
fn guess(bytes: &[u8]) -> Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    Encoding::Other { guess: detector.guess(None, Utf8Detection::Deny).name() }
}
