//! MP4, M4A and 3GP: the boxes that describe the tracks.
//!
//! The walk goes from box to box by their headers, down one fixed path, and reads only the small boxes at its end;
//! media data and sample tables are skipped. A box that a decoder does not like costs one fact, not the whole file.

mod boxes;
mod fragments;
mod track;

use std::io::{Read, Seek};

use mp4_atom::{Atom, FourCC, Ftyp, Mvhd};

use super::facts::{Index, Mp4};
use super::fence::{Damage, Fence};
use boxes::{Boxes, Found, Kind};

/// So many brands, and so many tracks, are kept.
const MOST_KEPT: usize = 32;

pub(super) fn probe<R: Read + Seek>(file: &mut Fence<R>) -> Result<Mp4, Damage> {
    let mut boxes = Boxes::of(file);
    let top = boxes.top()?;
    let find = |kind: Kind| top.iter().find(|found| found.kind == kind);
    let moov = find(*b"moov").ok_or("it has no `moov` box, so nothing says what is in it")?;
    // Some writers put an empty one first.
    let media = top.iter().find(|found| found.kind == *b"mdat" && found.end > found.content);
    let index = match media {
        Some(media) if media.start < moov.start => Index::Last,
        _ => Index::First,
    };
    let (major_brand, compatible_brands) =
        find(*b"ftyp").map(|ftyp| brands(&mut boxes, ftyp)).unwrap_or_default();
    let parts = boxes.children(moov)?;
    let moofs: Vec<_> = top.iter().filter(|found| found.kind == *b"moof").copied().collect();
    let fragmented = !moofs.is_empty() || parts.iter().any(|part| part.kind == *b"mvex");
    let fragments = fragmented.then_some(&*moofs);
    let duration_ms =
        parts.iter().find(|part| part.kind == *b"mvhd").and_then(|mvhd| duration(&mut boxes, mvhd));
    let mut tracks = Vec::new();
    for trak in parts.iter().filter(|part| part.kind == *b"trak").take(MOST_KEPT) {
        tracks.push(track::read(&mut boxes, trak, fragments)?);
    }
    let has_media = media.is_some() || !Boxes::<R>::are_all(&top);
    Ok(Mp4 { major_brand, compatible_brands, duration_ms, index, fragmented, has_media, tracks })
}

fn brands<R: Read + Seek>(boxes: &mut Boxes<R>, ftyp: &Found) -> (String, Vec<String>) {
    match boxes.content(ftyp).map(|bytes| Ftyp::decode_body(&mut &*bytes)) {
        Ok(Ok(ftyp)) => {
            let compatible = ftyp.compatible_brands.into_iter().take(MOST_KEPT);
            (
                letters(ftyp.major_brand.into()),
                compatible.map(|brand: FourCC| letters(brand.into())).collect(),
            )
        }
        _ => Default::default(),
    }
}

/// In milliseconds; nothing if the header does not say, as in fragments.
fn duration<R: Read + Seek>(boxes: &mut Boxes<R>, mvhd: &Found) -> Option<u64> {
    let mvhd = Mvhd::decode_body(&mut &*boxes.content(mvhd).ok()?).ok()?;
    let unknown = mvhd.duration == 0 || mvhd.duration == u64::from(u32::MAX) || mvhd.duration == u64::MAX;
    let milliseconds = u128::from(mvhd.duration) * 1000 / u128::from(mvhd.timescale.max(1));
    u64::try_from(milliseconds).ok().filter(|_| !unknown)
}

/// Four letters as they are written, whatever bytes they are.
fn letters(four: Kind) -> String {
    four.escape_ascii().to_string()
}
