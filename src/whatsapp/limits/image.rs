//! Images: "8-bit, RGB or RGBA".

use super::remedy::{self, convert};
use super::{Media, note, refuse, warn};
use crate::whatsapp::Finding;
use crate::whatsapp::probe::Facts;
use crate::whatsapp::probe::facts::{Jpeg, JpegCoding, JpegColour, Png, PngColour};

pub(super) fn rules(media: &Media<'_>) -> Vec<Finding> {
    match media.facts {
        Facts::Jpeg(jpeg) => jpeg_rules(jpeg),
        Facts::Png(png) => png_rules(png),
        _ => Vec::new(),
    }
}

fn jpeg_rules(jpeg: &Jpeg) -> Vec<Finding> {
    let colour = match jpeg.colour {
        JpegColour::Rgb => None,
        JpegColour::Cmyk | JpegColour::Ycck => {
            Some(refuse("jpeg-cmyk", "its colours are CMYK, for print, and an image must be RGB"))
        }
        JpegColour::Grey => Some(grey()),
        JpegColour::Unknown => Some(refuse("jpeg-colours", "its colours are neither grey nor RGB")),
    };
    let bits = (jpeg.bits != 8).then(|| too_deep("jpeg-not-8-bit", jpeg.bits));
    let coding = (jpeg.coding == JpegCoding::Rare).then(|| {
        warn("jpeg-coding", "it is coded without loss or by arithmetic, which phones do not decode")
    });
    let whole = (!jpeg.complete).then(cut_off);
    [colour, bits, coding]
        .into_iter()
        .flatten()
        .map(|finding| finding.remedy(convert(remedy::TO_JPEG)))
        .chain(whole)
        .collect()
}

fn png_rules(png: &Png) -> Vec<Finding> {
    let colour = match png.colour {
        PngColour::Rgb | PngColour::Rgba => None,
        PngColour::Grey | PngColour::GreyAlpha => Some(grey()),
        PngColour::Palette => {
            Some(warn("image-palette", "its colours come from a palette, and an image must be RGB or RGBA"))
        }
    };
    let bits = (png.bits > 8).then(|| too_deep("png-16-bit", png.bits));
    let moves = png.animated.then(|| {
        let detail = "it moves, and images on WhatsApp stand still: the first frame is what is seen";
        note("png-animated", detail)
    });
    let whole = (!png.complete).then(cut_off);
    let converted =
        [colour, bits].into_iter().flatten().map(|finding| finding.remedy(convert(remedy::TO_PNG)));
    converted.chain(moves).chain(whole).collect()
}

/// Meta's sentence leaves grey out; decoders turn it into RGB. Whether it fails is not known.
fn grey() -> Finding {
    warn("image-grey", "it has shades of grey only, and an image must be RGB or RGBA")
}

fn too_deep(code: &'static str, bits: u8) -> Finding {
    refuse(code, format!("its samples have {bits} bits, and an image must have 8"))
}

fn cut_off() -> Finding {
    warn("image-cut-off", "it has no end: the lower part of the picture may be missing")
        .remedy("copy or export it again; it may have been cut off on its way")
}
