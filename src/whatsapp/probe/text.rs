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
    if let Some(form) = wide(&bytes) {
        return Ok(Text { encoding: Encoding::Wide { form }, bytes_read: file.position() });
    }
    let byte_order_mark = bytes.starts_with(b"\xef\xbb\xbf");
    // One byte that begins a character proves nothing: whole ones must have come before.
    let mut beyond_ascii = false;
    let encoding = loop {
        match looks(&bytes) {
            Looks::Binary => break Encoding::Binary,
            Looks::Other => break guess(&bytes),
            Looks::Utf8UpTo(end) => beyond_ascii |= bytes.drain(..end).any(|byte| !byte.is_ascii()),
        }
        let next = file.piece(file.position(), PIECE.min(MOST_READ.saturating_sub(file.position())))?;
        let utf8 = |cut_off| Encoding::Utf8 { byte_order_mark, cut_off };
        match (next.is_empty(), bytes.is_empty()) {
            (true, true) => break utf8(false),
            (true, false) if beyond_ascii => break utf8(file.position() >= file.length()),
            (true, false) => break guess(&bytes),
            (false, _) => bytes.extend(next),
        }
    };
    Ok(Text { encoding, bytes_read: file.position() })
}

/// What is found at the beginning, if it is text.
pub(super) fn glance<R: Read + Seek>(file: &mut Fence<R>) -> Result<Option<Text>, Damage> {
    let bytes = file.piece(0, PIECE)?;
    let encoding = match (wide(&bytes), looks(&bytes)) {
        (Some(form), _) => Encoding::Wide { form },
        (None, Looks::Binary) => return Ok(None),
        (None, Looks::Other) => guess(&bytes),
        (None, Looks::Utf8UpTo(_)) => {
            Encoding::Utf8 { byte_order_mark: bytes.starts_with(b"\xef\xbb\xbf"), cut_off: false }
        }
    };
    Ok(Some(Text { encoding, bytes_read: file.position() }))
}

/// Text in units of two or four bytes: by its mark or, without one, by the zeros that European letters have in it.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 4] = [
        (b"\xff\xfe\0\0", "UTF-32"),
        (b"\0\0\xfe\xff", "UTF-32"),
        (b"\xff\xfe", "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
    ];
    let marked = MARKS.into_iter().find(|(mark, _)| bytes.starts_with(mark));
    marked.map(|(_, form)| form).or_else(|| by_zeros(bytes))
}

fn by_zeros(bytes: &[u8]) -> Option<&'static str> {
    let (twos, fours) = (bytes.as_chunks::<2>().0, bytes.as_chunks::<4>().0);
    // The last unit may be the first half of a character.
    let whole = twos.split_last().map_or(twos, |(_, whole)| whole);
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        char::decode_utf16(whole.iter().copied().map(unit)).collect::<Result<Vec<_>, _>>().ok()
    };
    let utf32 = |unit: fn([u8; 4]) -> u32| {
        fours.iter().map(|four| char::from_u32(unit(*four))).collect::<Option<Vec<_>>>()
    };
    [
        ("UTF-32LE", utf32(u32::from_le_bytes)),
        ("UTF-32BE", utf32(u32::from_be_bytes)),
        ("UTF-16LE", utf16(u16::from_le_bytes)),
        ("UTF-16BE", utf16(u16::from_be_bytes)),
    ]
    .into_iter()
    .find_map(|(form, text)| text.filter(|text| is_written(text)).map(|_| form))
}

/// Whether somebody wrote that: half of it at least are Latin letters, signs and spaces, and nothing is a control
/// character.
fn is_written(text: &[char]) -> bool {
    let latin = |c: &&char| u8::try_from(**c).is_ok();
    let binary = |c: &char| u8::try_from(*c).is_ok_and(is_binary);
    text.len() >= 4 && 2 * text.iter().filter(latin).count() >= text.len() && !text.iter().any(binary)
}

/// Whether the first bytes of a file look like text, in whatever encoding.
#[must_use]
pub fn is_text(bytes: &[u8]) -> bool {
    wide(bytes).is_some() || !bytes.iter().copied().any(is_binary)
}

/// What no text has (WHATWG MIME Sniffing §3, "binary data byte").
fn is_binary(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)
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
    if bytes.iter().copied().any(is_binary) {
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
