//! What keeps a client from writing lines of its own into the log, or into the terminal of whoever reads it.

use std::io::Write as _;

/// Appends `value` as nginx and Apache write it between quotes: printable ASCII as it is, `"`, `\` and every other byte
/// as `\x` and two hex digits.
pub fn quoted_bytes(line: &mut Vec<u8>, value: &[u8]) {
    if are_plain(value) {
        line.extend_from_slice(value);
        return;
    }
    let mut rest = value;
    while let Some((plain, byte, after)) = next_unplain(rest) {
        line.extend_from_slice(plain);
        // Writing to memory cannot fail.
        let _written = write!(line, "\\x{byte:02X}");
        rest = after;
    }
    line.extend_from_slice(rest);
}

/// Appends a value that the client chose, with its quotes.
pub(super) fn quoted(line: &mut Vec<u8>, value: &[u8]) {
    line.push(b'"');
    quoted_bytes(line, value);
    line.push(b'"');
}

/// The plain bytes before the first that is not, that one, and what follows it.
fn next_unplain(value: &[u8]) -> Option<(&[u8], u8, &[u8])> {
    let (plain, rest) = value.split_at(value.iter().position(|byte| !is_plain(*byte))?);
    rest.split_first().map(|(byte, after)| (plain, *byte, after))
}

/// Whether a byte means nothing but itself between quotes, here and in JSON.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}

/// Whether all bytes are plain, as nearly always. Without an early end, which the processor takes many at a time for.
fn are_plain(value: &[u8]) -> bool {
    value.iter().fold(true, |plain, byte| plain & is_plain(*byte))
}

/// Appends text as `{:?}` writes it, quotes included.
pub(super) fn debug(line: &mut Vec<u8>, text: &str) {
    if are_plain(text.as_bytes()) {
        line.push(b'"');
        line.extend_from_slice(text.as_bytes());
        line.push(b'"');
    } else {
        let _written = write!(line, "{text:?}");
    }
}

/// Appends `value` as a JSON string with its quotes (RFC 8259 §7). Whatever would end a line, move a cursor or turn the
/// direction of writing is escaped; a byte that is no UTF-8 becomes the four characters `\xHH`.
pub fn json_string(line: &mut Vec<u8>, value: &[u8]) {
    line.push(b'"');
    if are_plain(value) {
        line.extend_from_slice(value);
        line.push(b'"');
        return;
    }
    for chunk in value.utf8_chunks() {
        chunk.valid().chars().for_each(|c| json_char(line, c));
        for byte in chunk.invalid() {
            let _written = write!(line, "\\\\x{byte:02X}");
        }
    }
    line.push(b'"');
}

fn json_char(line: &mut Vec<u8>, c: char) {
    match c {
        '"' => line.extend_from_slice(b"\\\""),
        '\\' => line.extend_from_slice(b"\\\\"),
        c if is_active(c) => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _written = write!(line, "\\u{unit:04x}");
            }
        }
        c => line.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

/// Whether a character does more than be seen.
fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
