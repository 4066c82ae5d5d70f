//! What the bytes of a file are, whatever it is called.

use std::io::{self, Read, Seek};

use file_format::FileFormat;

/// So many bytes are looked at to tell text from binary data (WHATWG MIME Sniffing §5.2 reads 1,445).
const TEXT_SAMPLE: u64 = 8 * 1024;

/// What was found in the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// The signature of this media type, named as the sniffing library names it.
    Signature(Box<str>),
    /// Text, of a kind that its first bytes do not tell.
    Text,
    /// Bytes without a known signature.
    Unknown,
    /// No bytes.
    Empty,
}

/// Names under which the formats without a signature are written down.
const TEXT: &str = "text";
const UNKNOWN: &str = "unknown";
const EMPTY: &str = "empty";

impl Format {
    /// A name to write down: a media type, or a word without a slash. At most 255 bytes.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Signature(media_type) => media_type,
            Self::Text => TEXT,
            Self::Unknown => UNKNOWN,
            Self::Empty => EMPTY,
        }
    }

    /// The format of that [`name`](Self::name).
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            TEXT => Self::Text,
            UNKNOWN => Self::Unknown,
            EMPTY => Self::Empty,
            media_type => Self::Signature(media_type.into()),
        }
    }
}

/// Looks at the first bytes, and at such other places as the signature names.
///
/// # Errors
/// If the file cannot be read.
pub fn sniff(mut file: impl Read + Seek) -> io::Result<Format> {
    file.rewind()?;
    match FileFormat::from_reader(&mut file)? {
        FileFormat::Empty => Ok(Format::Empty),
        FileFormat::PlainText => Ok(Format::Text),
        FileFormat::ArbitraryBinaryData => text_or_unknown(file),
        known => Ok(Format::Signature(known.media_type().into())),
    }
}

/// Text in another encoding than UTF-8 is text too: it has a byte order mark, or none of the bytes that no
/// text has (WHATWG MIME Sniffing §3, "binary data byte").
fn text_or_unknown(mut file: impl Read + Seek) -> io::Result<Format> {
    file.rewind()?;
    let mut sample = Vec::new();
    file.take(TEXT_SAMPLE).read_to_end(&mut sample)?;
    let is_utf16 = sample.starts_with(b"\xfe\xff") || sample.starts_with(b"\xff\xfe");
    let is_binary = |byte: &u8| matches!(byte, 0x00..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f);
    let text = is_utf16 || !sample.iter().any(is_binary);
    Ok(if text { Format::Text } else { Format::Unknown })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn formats() {
        for (bytes, expected) in [
            (&b""[..], "empty"),
            (b"hello", "text"),
            (b"caf\xe9 in Latin-1\r\n", "text"),
            (b"\xff\xfeh\0i\0", "text"),
            (b"\x01\x02\x03\x80", "unknown"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
            (b"%PDF-1.7\n", "application/pdf"),
            (b"<!doctype html><html></html>", "text/html"),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "image/svg+xml"),
        ] {
            let format = sniff(Cursor::new(bytes)).expect("memory can be read");
            assert_eq!(format.name(), expected, "{}", bytes.escape_ascii());
            assert_eq!(Format::named(format.name()), format);
        }
    }
}
