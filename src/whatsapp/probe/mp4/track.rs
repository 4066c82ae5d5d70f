//! A track: what its handler is, and what its first sample entry says of its codec.

use std::io::{Read, Seek};

use mp4_atom::{Atom, Audio, Decode, Esds, Visual};

use super::boxes::{Boxes, Found};
use super::{fragments, letters};
use crate::whatsapp::probe::facts::{AudioCodec, BFrames, H264, Track, VideoCodec};
use crate::whatsapp::probe::fence::Damage;

/// `profile_idc` of Baseline, with or without its constraints.
const BASELINE: u8 = 66;

/// Reads a track. `fragments` are those of the file, if it is in fragments.
pub(super) fn read<R: Read + Seek>(
    boxes: &mut Boxes<R>,
    trak: &Found,
    fragments: Option<&[Found]>,
) -> Result<Track, Damage> {
    let mdia = boxes.child(trak, *b"mdia")?.ok_or("a track has no `mdia` box")?;
    let hdlr = boxes.child(&mdia, *b"hdlr")?.ok_or("a track has no `hdlr` box")?;
    let handler = match *boxes.content(&hdlr)? {
        // Version and flags, a reserved word, and the handler.
        [_, _, _, _, _, _, _, _, a, b, c, d, ..] => [a, b, c, d],
        _ => return Err("a `hdlr` box is too short".into()),
    };
    if !matches!(&handler, b"vide" | b"soun") {
        return Ok(Track::Other { handler: letters(handler) });
    }
    let stbl = boxes.descendant(&mdia, &[*b"minf", *b"stbl"])?.ok_or("a track has no sample table")?;
    let entry = sample_entry(boxes, &stbl)?;
    if handler == *b"soun" {
        return audio(boxes, &entry);
    }
    let mut found = video(boxes, &entry)?;
    if let Track::Video { codec: VideoCodec::H264(h264), .. } = &mut found
        && h264.profile != BASELINE
    {
        h264.b_frames = b_frames(boxes, trak, &stbl, fragments)?;
    }
    Ok(found)
}

/// The first entry of `stsd`; others are for streams that change on the way.
fn sample_entry<R: Read + Seek>(boxes: &mut Boxes<R>, stbl: &Found) -> Result<Found, Damage> {
    let stsd = boxes.child(stbl, *b"stsd")?.ok_or("a track has no sample description")?;
    // Version and flags, and the number of entries.
    let entries = boxes.between(stsd.content + 8, stsd.end)?;
    entries.first().copied().ok_or("a track has an empty sample description".into())
}

/// As far as its description says.
fn video<R: Read + Seek>(boxes: &mut Boxes<R>, entry: &Found) -> Result<Track, Damage> {
    let content = boxes.content(entry)?;
    let mut rest = &*content;
    let Visual { width, height, .. } =
        Visual::decode(&mut rest).map_err(|_| "the description of its pictures is too short")?;
    let fields = (content.len() - rest.len()) as u64;
    let is_h264 = matches!(&entry.kind, b"avc1" | b"avc2" | b"avc3" | b"avc4");
    let codec = if is_h264 {
        let settings = boxes.between(entry.content + fields, entry.end)?;
        let avcc = settings.iter().find(|found| found.kind == *b"avcC");
        let avcc = avcc.ok_or("an H.264 track has no `avcC` box")?;
        // Version, profile, constraints, level: what follows is for decoders.
        let [_, profile, _, level, ..] = *boxes.content(avcc)? else {
            return Err("an `avcC` box is too short".into());
        };
        VideoCodec::H264(H264 { profile, level, b_frames: BFrames::No })
    } else {
        VideoCodec::Other { entry: letters(entry.kind) }
    };
    Ok(Track::Video { width, height, codec })
}

/// Frames are shown in another order than they are stored if they are shown with different delays. The first two
/// thousand runs of equal delays are looked at, or the first fragments.
fn b_frames<R: Read + Seek>(
    boxes: &mut Boxes<R>,
    trak: &Found,
    stbl: &Found,
    fragments: Option<&[Found]>,
) -> Result<BFrames, Damage> {
    let Some(ctts) = boxes.child(stbl, *b"ctts")? else {
        return match fragments {
            Some(moofs) => fragments::b_frames(boxes, trak, moofs),
            None => Ok(BFrames::No),
        };
    };
    let content = boxes.content(&ctts)?;
    // Version and flags, the number of runs; then each run's number of frames, and their delay.
    let (runs, _) = content.get(8..).unwrap_or_default().as_chunks::<8>();
    let mut delays = runs.iter().map(|[_, _, _, _, delay @ ..]| delay);
    let first = delays.next();
    Ok(if delays.any(|delay| Some(delay) != first) { BFrames::Yes } else { BFrames::No })
}

fn audio<R: Read + Seek>(boxes: &mut Boxes<R>, entry: &Found) -> Result<Track, Damage> {
    let content = boxes.content(entry)?;
    let mut rest = &*content;
    let Audio { channel_count: channels, .. } =
        Audio::decode(&mut rest).map_err(|_| "the description of its sound cannot be read")?;
    let fields = (content.len() - rest.len()) as u64;
    if entry.kind != *b"mp4a" {
        return Ok(Track::Audio { channels, codec: AudioCodec::Other { entry: letters(entry.kind) } });
    }
    let settings = boxes.between(entry.content + fields, entry.end).unwrap_or_default();
    Ok(match description(boxes, &settings) {
        Some((codec, described)) => Track::Audio { channels: described.unwrap_or(channels), codec },
        None => Track::Audio { channels, codec: AudioCodec::Undescribed },
    })
}

/// `mp4a` stands for any codec with an object type (ISO/IEC 14496-1 §7.2.6.6); AAC has four. Its channels are in its
/// own description: writers put 2 into the field of the sample entry, whatever is true.
fn description<R: Read + Seek>(
    boxes: &mut Boxes<R>,
    settings: &[Found],
) -> Option<(AudioCodec, Option<u16>)> {
    let esds = settings.iter().find(|found| found.kind == *b"esds")?;
    let config = Esds::decode_body(&mut &*boxes.content(esds).ok()?).ok()?.es_desc.dec_config;
    Some(match config.object_type_indication {
        0x40 | 0x66..=0x68 => {
            let channels = config.dec_specific.map(|specific| u16::from(specific.chan_conf));
            (AudioCodec::Aac, channels.filter(|channels| (1..=6).contains(channels)))
        }
        other => (AudioCodec::Other { entry: format!("mp4a.{other:02x}") }, None),
    })
}
