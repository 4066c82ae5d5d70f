//! Why a body cannot be read as a message at all.

use std::fmt;

use super::parse::{LONGEST_KEY, MAX_DEPTH};
use super::{Pointer, Position, Remark};
use crate::whatsapp::{Finding, Severity};

/// What keeps a body from being a JSON object that is worth reading. `Display` is a sentence without a full stop; it
/// repeats nothing of the body but single characters and the names of members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotJson {
    /// There is nothing, or white space only.
    Empty,
    /// It begins with a byte order mark. "Implementations MUST NOT add a byte order mark (U+FEFF) to the beginning of a
    /// networked-transmitted JSON text" (RFC 8259 §8.1).
    ByteOrderMark,
    /// "JSON text exchanged between systems that are not part of a closed ecosystem MUST be encoded using UTF-8"
    /// (RFC 8259 §8.1). Line and column of the first wrong byte count from 1.
    NotUtf8 {
        /// The line.
        line: usize,
        /// The column, in characters.
        column: usize,
    },
    /// It is not JSON. Line and column count from 1.
    Syntax {
        /// The line.
        line: usize,
        /// The column, in characters.
        column: usize,
        /// What is wrong there.
        detail: String,
    },
    /// Arrays and objects stand in one another more than 64 deep.
    TooDeep {
        /// The first that stands too deep.
        pointer: Pointer,
    },
    /// An object has two members of one name. Parsers take either of the two: "The names within an object SHOULD be
    /// unique" (RFC 8259 §4).
    DuplicateKey {
        /// The second of them.
        pointer: Pointer,
    },
    /// The name of a member has more than 256 bytes. Every name of a message is known, and each is short.
    KeyTooLong {
        /// The object that has it.
        pointer: Pointer,
        /// The length of the name.
        bytes: usize,
    },
    /// It is another kind of value.
    NotAnObject {
        /// Which: `an array`.
        found: &'static str,
    },
}

impl NotJson {
    /// The first byte of `text` that is not UTF-8 is at `valid`.
    pub(super) fn not_utf8(text: &[u8], valid: usize) -> Self {
        let (before, _) = text.split_at(valid);
        let line = before.rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
        Self::NotUtf8 {
            line: before.split(|&byte| byte == b'\n').count(),
            column: 1 + String::from_utf8_lossy(line).chars().count(),
        }
    }

    /// The value that is meant, where it has a place of its own: otherwise the whole document.
    #[must_use]
    pub fn pointer(&self) -> Pointer {
        match self {
            Self::TooDeep { pointer } | Self::DuplicateKey { pointer } | Self::KeyTooLong { pointer, .. } => {
                pointer.clone()
            }
            _ => Pointer::default(),
        }
    }

    /// The same in the shape of everything else that is found.
    #[must_use]
    pub fn finding(&self) -> Finding {
        let found = Finding::new(Severity::Refuse, self.code(), self.to_string(), self.source());
        match self.remedy() {
            Some(remedy) => found.remedy(remedy),
            None => found,
        }
    }

    /// The same as a remark: it is the only one of its document.
    #[must_use]
    pub fn remark(&self) -> Remark {
        Remark { at: Position::default(), pointer: self.pointer(), finding: self.finding() }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty-body",
            Self::ByteOrderMark => "byte-order-mark",
            Self::NotUtf8 { .. } => "not-utf-8",
            Self::Syntax { .. } => "not-json",
            Self::TooDeep { .. } => "too-deep",
            Self::DuplicateKey { .. } => "duplicate-key",
            Self::KeyTooLong { .. } => "key-too-long",
            Self::NotAnObject { .. } => "not-an-object",
        }
    }

    fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Empty | Self::NotAnObject { .. } => {
                Some("send one message as a JSON object: `{\"to\": …}`")
            }
            Self::ByteOrderMark => Some("save or send it as UTF-8 without a byte order mark"),
            Self::NotUtf8 { .. } => Some("encode the body in UTF-8"),
            Self::DuplicateKey { .. } => Some("keep one of the two"),
            Self::KeyTooLong { .. } => Some("remove the member: WhatsApp has none of such a name"),
            Self::Syntax { .. } | Self::TooDeep { .. } => None,
        }
    }

    fn source(&self) -> &'static str {
        match self {
            Self::DuplicateKey { .. } => "RFC 8259 §4",
            Self::ByteOrderMark | Self::NotUtf8 { .. } => "RFC 8259 §8.1",
            Self::TooDeep { .. } | Self::KeyTooLong { .. } => "RFC 8259 §9",
            Self::Empty | Self::Syntax { .. } | Self::NotAnObject { .. } => "RFC 8259 §2",
        }
    }
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the body is empty"),
            Self::ByteOrderMark => f.write_str("the body begins with a byte order mark"),
            Self::NotUtf8 { line, column } => write!(f, "line {line}, column {column}: this is not UTF-8"),
            Self::Syntax { line, column, detail } => write!(f, "line {line}, column {column}: {detail}"),
            Self::TooDeep { .. } => {
                write!(f, "arrays and objects stand in one another more than {MAX_DEPTH} deep")
            }
            Self::DuplicateKey { .. } => f.write_str("the object has two members of this name"),
            Self::KeyTooLong { bytes, .. } => {
                write!(
                    f,
                    "the object has a member with a name of {bytes} bytes, where {LONGEST_KEY} are read"
                )
            }
            Self::NotAnObject { found } => write!(f, "the body is {found}, not an object"),
        }
    }
}

impl std::error::Error for NotJson {}
