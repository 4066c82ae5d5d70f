//! PNG: the chunks before the picture, and the end.

use std::io::{BufReader, Read, Seek};

use png::{ColorType, Decoder, Limits};

use super::facts::{Png, PngColour};
use super::fence::{Damage, Fence};

/// The chunks before the picture are decoded into so much memory.
const MOST_MEMORY: usize = 1 << 20;

/// The end chunk is looked for in so many bytes at the end.
const TAIL: u64 = 4 << 10;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Png, Damage> {
    let complete = file.tail(TAIL)?.windows(4).any(|word| word == b"IEND");
    file.go_to(0);
    let mut decoder = Decoder::new_with_limits(BufReader::new(file), Limits { bytes: MOST_MEMORY });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(Damage::said)?;
    let (width, height, bits) = (header.width, header.height, header.bit_depth as u8);
    let colour = colour(header.color_type);
    let reader = decoder.read_info().map_err(Damage::said)?;
    let animated = reader.info().animation_control.is_some();
    Ok(Png { width, height, bits, colour, animated, complete })
}

fn colour(colour: ColorType) -> PngColour {
    match colour {
        ColorType::Grayscale => PngColour::Grey,
        ColorType::GrayscaleAlpha => PngColour::GreyAlpha,
        ColorType::Indexed => PngColour::Palette,
        ColorType::Rgb => PngColour::Rgb,
        ColorType::Rgba => PngColour::Rgba,
    }
}
