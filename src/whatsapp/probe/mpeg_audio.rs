//! Bare streams of frames, AAC and MP3: a frame, with another where it ends.
//!
//! Neither has a signature, and each may begin with a tag. So both are looked for, whichever the file is called; one
//! frame may be chance, two in the right distance are not.

use std::io::{Read, Seek};

use super::facts::{Adts, Facts, MpegAudio};
use super::fence::{Damage, Fence};

/// The first frame is looked for in so many bytes behind the tag.
const SEARCHED: u64 = 64 << 10;

/// Programs that change tags in place leave zeros behind them: so many at most.
const MOST_ZEROS: u64 = 1 << 20;

/// A tag of the second version begins with ten bytes, and its length has seven bits in each of the last four.
const TAG_HEADER: u64 = 10;

/// Programs that do not find each other's tags leave several.
const MOST_TAGS: usize = 4;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Facts, Damage> {
    let mut from = 0;
    for _ in 0..MOST_TAGS {
        from += tag_length(&file.piece(from, TAG_HEADER)?);
    }
    let bytes = behind_zeros(file, from)?;
    let to_the_end = file.position() >= file.length();
    let adts = first_frame(&bytes, to_the_end, adts_frame).map(|(at, adts)| (at, Facts::Adts(adts)));
    let mpeg = first_frame(&bytes, to_the_end, mpeg_frame).map(|(at, mpeg)| (at, Facts::MpegAudio(mpeg)));
    let first = adts.into_iter().chain(mpeg).min_by_key(|(at, _)| *at);
    first.map(|(_, facts)| facts).ok_or("it has no two frames of AAC or MP3 in a row".into())
}

/// What is searched: the bytes there, or those behind the zeros there.
fn behind_zeros<R: Read + Seek>(file: &mut Fence<R>, from: u64) -> Result<Vec<u8>, Damage> {
    let mut at = from;
    loop {
        let bytes = file.piece(at, SEARCHED)?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count() as u64;
        if zeros == 0 || at - from > MOST_ZEROS {
            return Ok(bytes);
        }
        at += zeros;
    }
}

/// The bytes that a tag of the second version takes (id3.org, `id3v2.4.0-structure`, 3.1).
fn tag_length(head: &[u8]) -> u64 {
    let &[b'I', b'D', b'3', _, _, flags, a, b, c, d] = head else { return 0 };
    let size = [a, b, c, d].into_iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
    let footer = if flags & 0x10 == 0 { 0 } else { TAG_HEADER };
    TAG_HEADER + size + footer
}

/// The first place with a frame that another follows, or the end of the file.
fn first_frame<T>(
    bytes: &[u8],
    to_the_end: bool,
    frame: fn(&[u8]) -> Option<(T, usize)>,
) -> Option<(usize, T)> {
    (0..bytes.len()).find_map(|at| {
        let (facts, length) = frame(bytes.get(at..)?)?;
        let next = at.checked_add(length)?;
        let follows = match bytes.get(next..) {
            Some([]) => to_the_end,
            Some(rest) => frame(rest).is_some(),
            None => false,
        };
        follows.then_some((at, facts))
    })
}

/// An ADTS header (ISO/IEC 13818-7 §6.2), and the length of its frame.
fn adts_frame(bytes: &[u8]) -> Option<(Adts, usize)> {
    const RATES: [u32; 13] = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
    ];
    let &[0xff, second, third, fourth, fifth, sixth, ..] = bytes else { return None };
    if second & 0xf6 != 0xf0 {
        return None;
    }
    let sample_rate = *RATES.get(usize::from(third >> 2 & 0xf))?;
    let channels = (third & 1) << 2 | fourth >> 6;
    let length = usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth >> 5);
    (length >= 7).then_some((Adts { channels, sample_rate }, length))
}

/// An MPEG audio header of layer II or III (ISO/IEC 11172-3 §2.4.1.3), and the length of its frame.
fn mpeg_frame(bytes: &[u8]) -> Option<(MpegAudio, usize)> {
    const RATES: [u32; 3] = [44_100, 48_000, 32_000];
    let &[0xff, second, third, fourth, ..] = bytes else { return None };
    if second & 0xe0 != 0xe0 {
        return None;
    }
    // MPEG 2 halves the sample rates of MPEG 1, and "2.5" halves them again.
    let halved = match second >> 3 & 3 {
        3 => 0,
        2 => 1,
        0 => 2,
        _ => return None,
    };
    let layer = 4 - (second >> 1 & 3);
    let kilobits = kilobits(layer, halved > 0, usize::from(third >> 4))?;
    let sample_rate = RATES.get(usize::from(third >> 2 & 3))? >> halved;
    let bytes_by_bits = if layer == 3 && halved > 0 { 72_000 } else { 144_000 };
    let length = bytes_by_bits * kilobits / sample_rate + u32::from(third >> 1 & 1);
    let channels = if fourth >> 6 == 3 { 1 } else { 2 };
    Some((MpegAudio { layer, channels, sample_rate }, usize::try_from(length).ok()?))
}

/// The bit rate of that index, in kbit/s: none for "free format" and the forbidden one.
fn kilobits(layer: u8, halved: bool, index: usize) -> Option<u32> {
    const LAYER_2: [u32; 14] = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
    const LAYER_3: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const HALVED: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let table = match (layer, halved) {
        (2 | 3, true) => HALVED,
        (2, false) => LAYER_2,
        (3, false) => LAYER_3,
        _ => return None,
    };
    table.get(index.checked_sub(1)?).copied()
}
