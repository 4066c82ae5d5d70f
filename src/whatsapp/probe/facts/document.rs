//! What was found in a document.

use serde::Serialize;

/// The two ends of a PDF document (ISO 32000).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pdf {
    /// The version in the first line: `1.7`.
    pub version: String,
    /// Whether it is encrypted. It may still open without a password.
    pub encrypted: bool,
    /// Whether it ends with its end marker, and is not cut off.
    pub complete: bool,
}

/// The parts of an Office document since 2007 (ECMA-376).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ooxml {
    /// Which program it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<Office>,
    /// Whether it has macros.
    pub macros: bool,
}

/// The streams of a compound file ([MS-CFB]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Compound {
    /// Which program it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program: Option<Office>,
    /// Whether it has macros.
    pub macros: bool,
    /// Whether it is the envelope of an encrypted document since 2007 ([MS-OFFCRYPTO]).
    pub encrypted: bool,
}

/// The programs of Office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Office {
    /// Texts.
    Word,
    /// Sheets.
    Excel,
    /// Slides.
    PowerPoint,
}

/// The bytes of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Text {
    /// How its characters are written.
    pub encoding: Encoding,
    /// How many of its bytes were looked at: all, or up to the first that decided.
    pub bytes_read: u64,
}

/// How the characters of a text are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, or its part ASCII.
    Utf8 {
        /// Whether it begins with a byte order mark.
        byte_order_mark: bool,
        /// Whether it ends in the middle of a character.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        cut_off: bool,
    },
    /// UTF-16 or UTF-32, by its byte order mark or, where it has none, by its zeros.
    Wide {
        /// Which, by the name that `iconv` has for it: `UTF-16` with a mark, `UTF-16LE` without.
        form: &'static str,
    },
    /// Neither.
    Other {
        /// What it most probably is, by the name that browsers have for it: `windows-1252`.
        guess: &'static str,
    },
    /// It has bytes that no text has: control characters (WHATWG MIME Sniffing §3, "binary data byte").
    Binary,
}
