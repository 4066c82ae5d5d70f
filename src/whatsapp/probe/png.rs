//! PNG: the chunks before the picture, and the end.

use std::io::{BufReader, Read, Seek};

use png::{ColorType, Decoder};

use super::facts::{Png, PngColour};
use super::fence::{Damage, Fence};

/// The header is behind the signature: its length, its name, 13 bytes and a checksum.
const BEHIND_HEADER: u64 = 8 + 4 + 4 + 13 + 4;

/// So many chunks come before the picture: colours and notes.
const MOST_CHUNKS: usize = 1024;

/// The end chunk is looked for in so many bytes at the end.
const TAIL: u64 = 4 << 10;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Png, Damage> {
    let mut decoder = Decoder::new(BufReader::with_capacity(64, &mut *file));
    let header = decoder.read_header_info().map_err(Damage::said)?;
    let (width, height, bits) = (header.width, header.height, header.bit_depth as u8);
    let colour = colour(header.color_type);
    let animated = is_animated(file)?;
    let complete = file.tail(TAIL)?.windows(4).any(|word| word == b"IEND");
    Ok(Png { width, height, bits, colour, animated, complete })
}

/// `acTL` comes before the first `IDAT` (PNG, third edition, 11.3.6.1). Chunks are skipped: notes can be long.
fn is_animated<R: Read + Seek>(file: &mut Fence<R>) -> Result<bool, Damage> {
    file.go_to(BEHIND_HEADER);
    for _ in 0..MOST_CHUNKS {
        let [l3, l2, l1, l0, name @ ..]: [u8; 8] = file.array()?;
        match &name {
            b"acTL" => return Ok(true),
            b"IDAT" => return Ok(false),
            b"IEND" => return Err("it has no picture".into()),
            _ => {}
        }
        // The content, and a checksum.
        let rest = u64::from(u32::from_be_bytes([l3, l2, l1, l0])) + 4;
        file.go_to(file.position().saturating_add(rest));
    }
    Ok(false)
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
