//! Stickers: a square of 512 pixels.

use super::remedy::{self, convert};
use super::{Media, warn};
use crate::whatsapp::Finding;
use crate::whatsapp::probe::Facts;

const SIDE: u32 = 512;

/// Meta's page used to say so, and Meta's own apps for stickers still do.
pub(super) fn rules(media: &Media<'_>) -> Vec<Finding> {
    let Facts::WebP(webp) = media.facts else { return Vec::new() };
    if (webp.width, webp.height) == (SIDE, SIDE) {
        return Vec::new();
    }
    let detail =
        format!("it has {} × {} pixels, and a sticker should have {SIDE} × {SIDE}", webp.width, webp.height);
    let command = if webp.animation.is_some() { remedy::TO_ANIMATED_STICKER } else { remedy::TO_STICKER };
    vec![warn("sticker-size", detail).remedy(convert(command))]
}
