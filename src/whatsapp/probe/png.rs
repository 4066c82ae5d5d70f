//! PNG: the chunks before the picture, and the end.

use std::io::{BufReader, Read, Seek};

use png::{ColorType, Decoder};

use super::facts::{Png, PngColour};
use super::fence::{Damage, Fence};

/// The header is behind the signature: its length, its name, 13 bytes and a checksum.
const BEHIND_HEADER: u64 = 8 + 4 + 4 + 13 + 4;

/// So many chunks are looked at: colours, notes, and a picture in pieces of some kilobytes.
const MOST_CHUNKS: usize = 1 << 13;

/// The chunk at the end: no content, its name, and the checksum of that.
const END: [u8; 12] = *b"\0\0\0\0IEND\xae\x42\x60\x82";

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Png, Damage> {
    if file.piece(0, 16)?.ends_with(b"CgBI") {
        return Err("it is Apple's own variant of PNG, as apps have inside, which nothing else reads".into());
    }
    file.go_to(0);
    let mut decoder = Decoder::new(BufReader::with_capacity(64, &mut *file));
    let header = decoder.read_header_info().map_err(|_| "its header is damaged")?;
    let (width, height, bits) = (header.width, header.height, header.bit_depth as u8);
    let colour = colour(header.color_type);
    let (animated, picture) = up_to_the_picture(file)?;
    let complete = file.tail(END.len() as u64)? == END || ends(file, picture);
    Ok(Png { width, height, bits, colour, animated, complete })
}

/// Whether `acTL` comes before the first `IDAT` (PNG, third edition, 11.3.6.1), and where that is. Chunks are skipped:
/// notes can be long.
fn up_to_the_picture<R: Read + Seek>(file: &mut Fence<R>) -> Result<(bool, u64), Damage> {
    let mut animated = false;
    let mut at = BEHIND_HEADER;
    for _ in 0..MOST_CHUNKS {
        let (name, next) = chunk(file, at)?;
        match &name {
            b"acTL" => animated = true,
            b"IDAT" => return Ok((animated, at)),
            b"IEND" => return Err("it has no picture".into()),
            _ => {}
        }
        at = next;
    }
    Err(file.give_up())
}

/// Whether the end chunk follows, whatever may stand behind it. Of a picture in too many pieces, the benefit of the doubt.
fn ends<R: Read + Seek>(file: &mut Fence<R>, picture: u64) -> bool {
    let mut at = picture;
    for _ in 0..MOST_CHUNKS {
        match chunk(file, at) {
            Ok((name, _)) if &name == b"IEND" => return true,
            Ok((_, next)) => at = next,
            Err(_) => return file.stood_in_the_way(),
        }
    }
    true
}

/// The name of the chunk there, and where the next one is: behind the content, and a checksum.
fn chunk<R: Read + Seek>(file: &mut Fence<R>, at: u64) -> Result<([u8; 4], u64), Damage> {
    file.go_to(at);
    let [l3, l2, l1, l0, name @ ..]: [u8; 8] = file.array()?;
    let length = u64::from(u32::from_be_bytes([l3, l2, l1, l0]));
    Ok((name, file.position() + length + 4))
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
