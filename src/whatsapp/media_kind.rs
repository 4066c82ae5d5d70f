//! The five kinds of media that a message can carry.

use std::fmt;

use serde::Serialize;
use utoipa::ToSchema;

/// What a file is sent as: the `type` of a message, or of a header, that carries media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// Sound: a track, or a voice message.
    Audio,
    /// A file to open or to keep.
    Document,
    /// A picture, shown in the chat.
    Image,
    /// A WebP picture without a frame around it, still or moving.
    Sticker,
    /// A film, played in the chat.
    Video,
}

impl MediaKind {
    /// All of them, in the order of their names.
    pub const ALL: [Self; 5] = [Self::Audio, Self::Document, Self::Image, Self::Sticker, Self::Video];

    /// The name, as it stands in a message.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Image => "image",
            Self::Sticker => "sticker",
            Self::Video => "video",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for MediaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
