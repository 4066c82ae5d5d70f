//! Films in fragments: each has the delays of its own frames (ISO/IEC 14496-12 §8.8).

use std::io::{Read, Seek};

use super::boxes::{Boxes, Found};
use crate::whatsapp::probe::facts::BFrames;
use crate::whatsapp::probe::fence::Damage;

/// So many fragments are looked at: some writers make one of each frame.
const MOST_FRAGMENTS: usize = 16;

/// Whether the frames of a track are shown with different delays.
pub(super) fn b_frames<R: Read + Seek>(
    boxes: &mut Boxes<R>,
    trak: &Found,
    moofs: &[Found],
) -> Result<BFrames, Damage> {
    let Some(number) = track_id(boxes, trak)? else { return Ok(BFrames::Unknown) };
    let mut delays = Vec::new();
    for moof in moofs.iter().take(MOST_FRAGMENTS) {
        for traf in boxes.children(moof)?.iter().filter(|part| part.kind == *b"traf") {
            delays.extend(of_fragment(boxes, traf, number)?);
        }
    }
    Ok(match delays.split_first() {
        Some((first, rest)) if rest.iter().any(|delay| delay != first) => BFrames::Yes,
        Some((_, [_, ..])) => BFrames::No,
        _ => BFrames::Unknown,
    })
}

/// `tkhd`: version and flags, two times of four or eight bytes, the number.
fn track_id<R: Read + Seek>(boxes: &mut Boxes<R>, trak: &Found) -> Result<Option<[u8; 4]>, Damage> {
    let Some(tkhd) = boxes.child(trak, *b"tkhd")? else { return Ok(None) };
    let content = boxes.content(&tkhd)?;
    let at = if content.first() == Some(&1) { 20 } else { 12 };
    Ok(content.get(at..).and_then(|rest| rest.first_chunk()).copied())
}

/// The delays in a fragment, if it is of that track.
fn of_fragment<R: Read + Seek>(
    boxes: &mut Boxes<R>,
    traf: &Found,
    number: [u8; 4],
) -> Result<Vec<[u8; 4]>, Damage> {
    let parts = boxes.children(traf)?;
    let Some(tfhd) = parts.iter().find(|part| part.kind == *b"tfhd") else { return Ok(Vec::new()) };
    // Version and flags, the number of the track.
    if boxes.content(tfhd)?.get(4..8) != Some(&number) {
        return Ok(Vec::new());
    }
    let mut delays = Vec::new();
    for trun in parts.iter().filter(|part| part.kind == *b"trun") {
        delays.extend(of_run(&boxes.content(trun)?));
    }
    Ok(delays)
}

/// `trun`: flags that say which fields there are, the number of frames, two fields at most, then fields of each frame.
fn of_run(content: &[u8]) -> Vec<[u8; 4]> {
    let &[_, _, flags, fields, n3, n2, n1, n0, ref rest @ ..] = content else { return Vec::new() };
    let frames = u32::from_be_bytes([n3, n2, n1, n0]) as usize;
    let (words, _) = rest.as_chunks::<4>();
    // The offset of the data, and the flags of the first frame.
    let before = usize::from(fields & 1) + usize::from(fields >> 2 & 1);
    // Duration, size and flags of a frame come before its delay.
    let in_each = (flags & 0xf).count_ones() as usize;
    if flags & 8 == 0 {
        // None is delayed: two say so.
        return vec![[0; 4]; frames.min(2)];
    }
    let of_frames = words.get(before..).unwrap_or_default().chunks_exact(in_each);
    of_frames.take(frames).filter_map(|fields| fields.last()).copied().collect()
}
