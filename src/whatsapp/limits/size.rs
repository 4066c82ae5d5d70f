//! Whether a file is small enough.

use super::remedy::{self, convert};
use super::table::Size;
use super::{Limit, Media, refuse, warn};
use crate::whatsapp::probe::Facts;
use crate::whatsapp::{Finding, MediaKind};

pub(super) fn rule(kind: MediaKind, media: &Media<'_>) -> Option<Finding> {
    let limit = Limit::of(kind);
    let most = match limit.most_animated {
        Some(most) if moves(media.facts) => most,
        _ => limit.most,
    };
    let finding = match Fit::of(media.length, most) {
        Fit::Fits => return None,
        Fit::Between => warn(
            "size-near-limit",
            format!(
                "it has {} bytes: within {most} only if that means units of {}, and Meta does not say",
                media.length,
                unit(most),
            ),
        ),
        Fit::TooLarge => refuse(
            "too-large",
            format!(
                "it has {} bytes, and {} may have {most}, {} bytes",
                media.length,
                described(kind, media),
                most.binary()
            ),
        ),
    };
    Some(finding.remedy(smaller(kind, media)))
}

/// How a length compares to a size whose unit is not defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Fits,
    /// In the larger reading of the unit alone.
    Between,
    TooLarge,
}

impl Fit {
    fn of(length: u64, most: Size) -> Self {
        if length > most.binary() {
            Self::TooLarge
        } else if length > most.decimal() {
            Self::Between
        } else {
            Self::Fits
        }
    }
}

fn unit(size: Size) -> &'static str {
    match size {
        Size::KB(_) => "1,024 bytes",
        Size::MB(_) => "1,048,576 bytes",
    }
}

fn moves(facts: &Facts) -> bool {
    matches!(facts, Facts::WebP(webp) if webp.animation.is_some())
}

fn described(kind: MediaKind, media: &Media<'_>) -> &'static str {
    match kind {
        MediaKind::Audio => "audio",
        MediaKind::Document => "a document",
        MediaKind::Image => "an image",
        MediaKind::Sticker if moves(media.facts) => "a sticker that moves",
        MediaKind::Sticker => "a sticker that stands still",
        MediaKind::Video => "a video",
    }
}

/// What to do about it. Larger things fit as a document, where they do not exceed that.
fn smaller(kind: MediaKind, media: &Media<'_>) -> String {
    let command = match kind {
        MediaKind::Audio => remedy::TO_OPUS,
        MediaKind::Document => return "make it smaller, or send its address in a text message".into(),
        MediaKind::Image => remedy::TO_SMALLER_JPEG,
        MediaKind::Sticker if moves(media.facts) => remedy::TO_ANIMATED_STICKER,
        MediaKind::Sticker => remedy::TO_STICKER,
        MediaKind::Video => remedy::TO_SMALLER_MP4,
    };
    let as_document = Fit::of(media.length, Limit::of(MediaKind::Document).most) == Fit::Fits;
    let or = if as_document && kind != MediaKind::Sticker { "; or send it as document" } else { "" };
    format!("{}{or}", convert(command))
}
