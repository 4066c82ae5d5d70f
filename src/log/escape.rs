//! What keeps a client from writing lines of its own into the log, or into the terminal of whoever reads it.

use std::fmt::Write as _;

/// Appends `value` as nginx and Apache write it between quotes: printable ASCII as it is, `"`, `\` and every other byte
/// as `\x` and two hex digits.
pub fn quoted_bytes(line: &mut String, value: &[u8]) {
    for &byte in value {
        if matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\') {
            line.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _written = write!(line, "\\x{byte:02X}");
        }
    }
}

/// Appends `value` as a JSON string with its quotes (RFC 8259 §7). Whatever would end a line, move a cursor or turn the
/// direction of writing is escaped; a byte that is no UTF-8 becomes the four characters `\xHH`.
pub fn json_string(line: &mut String, value: &[u8]) {
    line.push('"');
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
