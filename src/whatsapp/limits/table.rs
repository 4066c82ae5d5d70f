//! Meta's table: a row for each kind of media, to be held beside its page.

use std::fmt;

use crate::whatsapp::MediaKind;

/// developers.facebook.com, "Media", "Supported media types". The pages of each kind of message, AWS's and Sinch's say
/// the same.
pub(crate) const MEDIA_PAGE: &str =
    "developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media";

/// What one kind of media takes.
#[derive(Debug)]
pub struct Limit {
    /// The kind.
    pub kind: MediaKind,
    /// The media types that it takes, as Meta spells them.
    pub content_types: &'static [&'static str],
    /// How large a file may be; a sticker that stands still.
    pub most: Size,
    /// How large a file may be that moves, where that differs.
    pub most_animated: Option<Size>,
}

/// A size as Meta writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// So many "KB".
    KB(u64),
    /// So many "MB".
    MB(u64),
}

impl Size {
    /// In bytes, read by powers of ten.
    #[must_use]
    pub const fn decimal(self) -> u64 {
        match self {
            Self::KB(count) => count * 1000,
            Self::MB(count) => count * 1_000_000,
        }
    }

    /// In bytes, read by powers of two: the larger reading.
    #[must_use]
    pub const fn binary(self) -> u64 {
        match self {
            Self::KB(count) => count << 10,
            Self::MB(count) => count << 20,
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KB(count) => write!(f, "{count} KB"),
            Self::MB(count) => write!(f, "{count} MB"),
        }
    }
}

/// The table.
#[rustfmt::skip]
pub(super) const LIMITS: [Limit; 5] = [
    Limit {
        kind: MediaKind::Audio,
        content_types: &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg; codecs=opus"],
        most: Size::MB(16), most_animated: None,
    },
    Limit {
        kind: MediaKind::Document,
        content_types: &[
            "text/plain",
            "application/pdf",
            "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.ms-powerpoint", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ],
        most: Size::MB(100), most_animated: None,
    },
    Limit {
        kind: MediaKind::Image,
        content_types: &["image/jpeg", "image/png"],
        most: Size::MB(5), most_animated: None,
    },
    Limit {
        kind: MediaKind::Sticker,
        content_types: &["image/webp"],
        most: Size::KB(100), most_animated: Some(Size::KB(500)),
    },
    Limit {
        kind: MediaKind::Video,
        content_types: &["video/mp4", "video/3gpp"],
        most: Size::MB(16), most_animated: None,
    },
];

impl Limit {
    /// The row of that kind.
    ///
    /// # Panics
    /// Never: there is a row for each.
    #[must_use]
    pub fn of(kind: MediaKind) -> &'static Self {
        LIMITS.iter().find(|limit| limit.kind == kind).expect("each kind has its row")
    }

    /// Whether it takes files of that type.
    #[must_use]
    pub fn takes(&self, content_type: &str) -> bool {
        self.content_types.contains(&content_type)
    }
}

/// The kinds that list this media type. Besides, anything can be sent as a document, unsupported.
pub fn kinds_that_take(content_type: &str) -> impl Iterator<Item = MediaKind> {
    LIMITS.iter().filter(move |limit| limit.takes(content_type)).map(|limit| limit.kind)
}
