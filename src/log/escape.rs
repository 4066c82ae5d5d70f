//! What keeps a client from writing lines of its own into the log, or into the terminal of whoever reads it.

use std::fmt::Write as _;

/// Appends `value` as nginx and Apache write it between quotes: printable ASCII as it is, `"`, `\` and every other byte
/// as `\x` and two hex digits.
pub fn quoted_bytes(line: &mut String, value: &[u8]) {
    let mut rest = value;
    while let Some((plain, byte, after)) = next_unplain(rest) {
        line.push_str(plain);
        // Writing to a string cannot fail.
        let _written = write!(line, "\\x{byte:02X}");
        rest = after;
    }
    line.push_str(ascii(rest));
}

/// The plain bytes before the first that is not, that one, and what follows it.
fn next_unplain(value: &[u8]) -> Option<(&str, u8, &[u8])> {
    let (plain, rest) = value.split_at(value.iter().position(|byte| !is_plain(*byte))?);
    rest.split_first().map(|(byte, after)| (ascii(plain), *byte, after))
}

/// Whether a byte means nothing but itself between quotes, here and in JSON.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}

/// Plain bytes as text.
fn ascii(plain: &[u8]) -> &str {
    str::from_utf8(plain).unwrap_or_default()
}

/// Appends `value` as a JSON string with its quotes (RFC 8259 §7). Whatever would end a line, move a cursor or turn the
/// direction of writing is escaped; a byte that is no UTF-8 becomes the four characters `\xHH`.
pub fn json_string(line: &mut String, value: &[u8]) {
    line.push('"');
    if value.iter().all(|byte| is_plain(*byte)) {
        line.push_str(ascii(value));
        line.push('"');
        return;
    }
    for chunk in value.utf8_chunks() {
        chunk.valid().chars().for_each(|c| json_char(line, c));
        for byte in chunk.invalid() {
            let _written = write!(line, "\\\\x{byte:02X}");
        }
    }
    line.push('"');
}

fn json_char(line: &mut String, c: char) {
    match c {
        '"' => line.push_str("\\\""),
        '\\' => line.push_str("\\\\"),
        c if is_active(c) => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _written = write!(line, "\\u{unit:04x}");
            }
        }
        c => line.push(c),
    }
}

/// Whether a character does more than be seen.
fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
