//! Where media stands in a message, and what stands there.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Pointer, Position};
use crate::whatsapp::MediaKind;

/// One place of a message where media stands, as the sender wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medium {
    /// Where the key stands that names the file: see [`Medium::reference`]. By this, what is found about the file is put
    /// among the [`super::Remark`]s.
    pub at: Position,
    /// The media object, such as `/template/components/0/parameters/0/document`.
    pub pointer: Pointer,
    /// What it is sent as.
    pub kind: MediaKind,
    /// What it is part of.
    pub place: Place,
    /// Whether it is a voice message: always false for anything but audio.
    pub voice: bool,
    /// The name that a document is given in the chat; `None` for everything else.
    pub filename: Option<String>,
    /// The file.
    pub requested: Requested,
}

/// What a medium is part of. Some rules for the file depend on it: see each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The message is about it.
    Message,
    /// The header of reply buttons.
    ButtonHeader,
    /// The header of a button that opens a URL. Documented with links only, not with ids.
    CtaUrlHeader,
    /// The header of a card in an interactive carousel. Documented with links only, not with ids.
    CarouselCard,
    /// The header of a template. A document here is to be a PDF: one source says so.
    TemplateHeader,
    /// The header of a card in a carousel template. Meta's page shows ids only.
    TemplateCard,
    /// A part of the message whose other keys are not checked here, and go on as they are.
    Unchecked,
}

/// What a media object says of its file.
#[derive(Clone)]
pub(super) struct File {
    pub(super) requested: Requested,
    /// Of documents alone.
    pub(super) filename: Option<String>,
    /// Of audio alone.
    pub(super) voice: Option<bool>,
}

/// The file that is meant: exactly one of the three keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requested {
    /// `path`: a file of this origin. It has still to be found, and its link to be made.
    Path(String),
    /// `link`: a URL that the sender made, of this origin or another.
    Link(String),
    /// `id`: a file that was uploaded to WhatsApp.
    Id(String),
}

/// The file as WhatsApp takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sendable {
    /// A URL that Meta will fetch.
    Link(String),
    /// A file that was uploaded to WhatsApp.
    Id(String),
}

impl Medium {
    /// The key that names the file, such as `/image/path`: where a finding about the file belongs.
    #[must_use]
    pub fn reference(&self) -> Pointer {
        self.pointer.member(self.requested.key())
    }
}

impl Requested {
    /// Its key in the message.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Path(_) => "path",
            Self::Link(_) => "link",
            Self::Id(_) => "id",
        }
    }
}
