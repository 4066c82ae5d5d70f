//! JPEG: the segments before the picture, each skipped by its length, and the end.

use std::io::{Read, Seek};

use super::facts::{Jpeg, JpegCoding, JpegColour};
use super::fence::{Damage, Fence};

/// So many segments come before the picture: a profile of 16 MiB has 255, photographs have some dozens.
const MOST_SEGMENTS: usize = 1 << 13;

/// The next marker is looked for in steps of so many bytes.
const STEP: u64 = 4 << 10;

/// The end of the picture is looked for in so many bytes at the end, for what cameras put behind it; where it is not
/// there, the picture itself is read through.
const TAIL: u64 = 64 << 10;

const START_OF_IMAGE: [u8; 2] = [0xff, 0xd8];
const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Jpeg, Damage> {
    if file.array()? != START_OF_IMAGE {
        return Err("it does not begin as a JPEG file".into());
    }
    let mut frame = None;
    let mut adobe_transform = None;
    for _ in 0..MOST_SEGMENTS {
        let (marker, end) = segment(file)?;
        match marker {
            // Start of frame; C4, C8 and CC are other things.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => frame = Some(Frame::read(file, marker)?),
            // APP14, "Adobe": its last byte says how the components were transformed.
            0xee => adobe_transform = adobe(file, end)?,
            // Start of scan: the picture begins.
            0xda => {
                let frame = frame.ok_or("it has no frame header before its picture")?;
                let complete = is_complete(file, end)?;
                return Ok(frame.describe(adobe_transform, complete));
            }
            _ => {}
        }
        file.go_to(end);
    }
    Err(file.give_up())
}

/// The next segment's marker and its end; the file stands at its content. Decoders forgive bytes that stand between
/// segments, and so does this; fill bytes before a marker are allowed.
fn segment<R: Read + Seek>(file: &mut Fence<R>) -> Result<(u8, u64), Damage> {
    let marker = next_marker(file, |_| true)?;
    // Restart markers, and TEM, stand alone.
    if matches!(marker, 0x01 | 0xd0..=0xd9) {
        return Ok((marker, file.position()));
    }
    let length = u64::from(u16::from_be_bytes(file.array()?));
    let content = length.checked_sub(2).ok_or("a segment is shorter than its own length")?;
    Ok((marker, file.position() + content))
}

/// The next marker of those that are looked for; the file stands behind it.
fn next_marker<R: Read + Seek>(file: &mut Fence<R>, is_looked_for: fn(u8) -> bool) -> Result<u8, Damage> {
    let is_marker = |pair: &[u8]| matches!(*pair, [0xff, marker @ (0x01..=0xfe)] if is_looked_for(marker));
    // As a rule it is the next two bytes.
    let mut most = 2;
    loop {
        let start = file.position();
        let bytes = file.piece(start, most)?;
        if let Some(at) = bytes.windows(2).position(is_marker) {
            file.go_to(start + at as u64 + 2);
            return bytes.get(at + 1).copied().ok_or("it ends too soon".into());
        }
        if bytes.len() < 2 {
            return Err("it ends too soon".into());
        }
        // The last byte may be the first half.
        file.go_to(start + bytes.len() as u64 - 1);
        most = STEP;
    }
}

struct Frame {
    marker: u8,
    bits: u8,
    height: u16,
    width: u16,
    components: u8,
}

impl Frame {
    fn read<R: Read + Seek>(file: &mut Fence<R>, marker: u8) -> Result<Self, Damage> {
        let [bits, y1, y0, x1, x0, components] = file.array()?;
        let (height, width) = (u16::from_be_bytes([y1, y0]), u16::from_be_bytes([x1, x0]));
        Ok(Self { marker, bits, height, width, components })
    }

    fn describe(self, adobe_transform: Option<u8>, complete: bool) -> Jpeg {
        let colour = match (self.components, adobe_transform) {
            (1, _) => JpegColour::Grey,
            (3, _) => JpegColour::Rgb,
            (4, Some(2)) => JpegColour::Ycck,
            (4, _) => JpegColour::Cmyk,
            _ => JpegColour::Unknown,
        };
        let coding = match self.marker {
            0xc0 | 0xc1 => JpegCoding::Sequential,
            0xc2 => JpegCoding::Progressive,
            _ => JpegCoding::Rare,
        };
        Jpeg { width: self.width, height: self.height, bits: self.bits, colour, coding, complete }
    }
}

/// "Adobe", version, two words of flags, transform: 12 bytes.
fn adobe<R: Read + Seek>(file: &mut Fence<R>, end: u64) -> Result<Option<u8>, Damage> {
    let content = file.piece(file.position(), end.saturating_sub(file.position()).min(12))?;
    Ok(content.starts_with(b"Adobe").then(|| content.get(11).copied()).flatten())
}

/// The end marker cannot occur within the coded picture, where every FF is followed by 00 or a restart marker. Where
/// it is not near the end of the file, it may be before a film or the padding that a camera put behind the picture. Of
/// a picture that is too large to be read through, the benefit of the doubt.
fn is_complete<R: Read + Seek>(file: &mut Fence<R>, scan: u64) -> Result<bool, Damage> {
    let from = scan.max(file.length().saturating_sub(TAIL));
    let tail = file.piece(from, TAIL)?;
    if tail.windows(2).any(|pair| pair == END_OF_IMAGE) {
        return Ok(true);
    }
    file.go_to(scan);
    Ok(ends(file) || file.stood_in_the_way())
}

/// Whether there is an end behind the scans, and what is between them.
fn ends<R: Read + Seek>(file: &mut Fence<R>) -> bool {
    let in_a_scan = |marker| !matches!(marker, 0x01 | 0xd0..=0xd7);
    loop {
        match next_marker(file, in_a_scan) {
            Ok(0xd9) => return true,
            // A table, or the header of the next scan.
            Ok(_) => match file.array() {
                Ok(length) => {
                    let length = u64::from(u16::from_be_bytes(length)).saturating_sub(2);
                    file.go_to(file.position() + length);
                }
                Err(_) => return false,
            },
            Err(_) => return false,
        }
    }
}
