//! PDF: its first line, its end, and the dictionary that the end points at.

use std::io::{Read, Seek};

use super::facts::Pdf;
use super::fence::{Damage, Fence};

/// Readers accept the header within the first so many bytes, and the end marker within the last (ISO 32000-1, Annex H,
/// implementation notes 13 and 18).
const EDGE: u64 = 1024;

/// The trailer is looked for in so many bytes: at the end, and at the place that the end points at.
const TRAILER: u64 = 16 << 10;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Pdf, Damage> {
    // A version has three characters.
    let head = file.piece(0, EDGE + 3)?;
    let version = after(&head, b"%PDF-").ok_or("it does not begin as a PDF document")?;
    let version: Vec<u8> = version.iter().copied().take(3).filter(u8::is_ascii_graphic).collect();
    let tail = file.tail(TRAILER)?;
    let edge = tail.get(tail.len().saturating_sub(usize::try_from(EDGE).unwrap_or(usize::MAX))..);
    let complete = edge.is_some_and(|edge| after(edge, b"%%EOF").is_some());
    let lead = first(&head, b"%PDF-").unwrap_or_default() as u64;
    let encrypted = trailer_is_encrypted(file, &tail, lead)?;
    Ok(Pdf { version: String::from_utf8_lossy(&version).into_owned(), encrypted, complete })
}

/// The trailer names the encryption dictionary. It stands at the end, before `startxref`; or in the dictionary of a
/// cross-reference stream, at the offset that `startxref` gives; or, in a file for the web, behind the table there.
/// Offsets count from the header, whatever was put before it.
fn trailer_is_encrypted<R: Read + Seek>(file: &mut Fence<R>, tail: &[u8], lead: u64) -> Result<bool, Damage> {
    let behind = last(tail, b"trailer").and_then(|at| tail.get(at..)).unwrap_or_default();
    let cross_references = match startxref(tail) {
        Some(offset) => file.piece(offset.saturating_add(lead), TRAILER)?,
        None => Vec::new(),
    };
    let there = if cross_references.starts_with(b"xref") {
        after(&cross_references, b"trailer").unwrap_or_default()
    } else {
        &cross_references
    };
    Ok(names_encryption(behind) || names_encryption(there))
}

/// Whether the dictionary at the beginning of these bytes has the key; what follows it is another object.
fn names_encryption(dictionary: &[u8]) -> bool {
    let end =
        [&b"stream"[..], b"startxref", b"endobj"].iter().filter_map(|word| first(dictionary, word)).min();
    let dictionary = end.and_then(|end| dictionary.get(..end)).unwrap_or(dictionary);
    // Not `/EncryptMetadata`: a name ends at white space or a delimiter.
    let mut rest = dictionary;
    while let Some(value) = after(rest, b"/Encrypt") {
        if value.first().is_some_and(|next| !next.is_ascii_alphanumeric()) {
            return true;
        }
        rest = value;
    }
    false
}

/// The number behind the last `startxref`.
fn startxref(tail: &[u8]) -> Option<u64> {
    let behind = tail.get(last(tail, b"startxref")? + b"startxref".len()..)?.trim_ascii_start();
    let digits = behind.split(|byte| !byte.is_ascii_digit()).next()?;
    str::from_utf8(digits).ok()?.parse().ok()
}

fn first(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

fn last(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).rposition(|window| window == word)
}

fn after<'a>(bytes: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    bytes.get(first(bytes, word)? + word.len()..)
}
